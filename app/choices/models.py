"""What a resident said: choices on a matter, and objections to an organisation. Append-only: who, when, wording."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Key
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.protection import protected

MATTERS = ("sharing", "passing", "sensitive", "news", "surveys", "related-services")
ANSWERS = ("given", "refused", "withdrawn")


@protected("resident", group=Group.CHOICES, parent="resident_id",
           writes=(Action.CHOICE_RECORD, Action.RESIDENT_RECORD, Action.RESIDENT_IMPORT))
class Choice(Base):
    """One answer on one matter. No row on a matter means *not asked*. The latest row is the present answer."""

    __tablename__ = "choice"
    __table_args__ = (
        CheckConstraint(f"matter IN {MATTERS}", name="matter"),
        CheckConstraint(f"answer IN {ANSWERS}", name="answer"),
        Index(None, "resident_id", "matter", "at"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))
    matter: Mapped[str]
    answer: Mapped[str]
    wording_version: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))


@protected("resident", group=Group.CHOICES, parent="resident_id", writes=(Action.OBJECTION_RECORD,))
class Objection(Base):
    """"Do not pass my details to that organisation", or (``active`` false) the taking back of it."""

    __tablename__ = "objection"
    __table_args__ = (Index(None, "resident_id", "organisation_id", "at"),)

    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    active: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
