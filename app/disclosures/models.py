"""Sharing without permission: which field groups of one resident the law opens to whom, and until when (R4)."""

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Key


class Disclosure(Base):
    """A lawful disclosure in force from ``since`` to ``until``, to an organisation or to one person of it."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("until > since", name="period"),
        CheckConstraint("reviewer_id IS NULL OR reviewer_id <> opened_by_id", name="nobody_reviews_their_own"),
        Index(None, "resident_id"),
        Index(None, "organisation_id"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text))
    ground: Mapped[str]
    requester: Mapped[str]
    authority: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
