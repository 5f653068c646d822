"""The journal: one entry for every view, search, change, release and refusal. Added to, read by those entitled, never changed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Key
from app.policy.protection import protected


@protected("journal")
class Entry(Base):
    """What happened, by which hat, for which purpose, under which policy version. ``facts`` holds counts, never values."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index(None, "organisation_id", "at"),
        Index("ix_journal_entry_newest", "at", "id"),
        Index("ix_journal_entry_refused", "organisation_id", "at", postgresql_where=text("event = 'refused'")),
        Index(None, "number", unique=True),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    at: Mapped[datetime]
    event: Mapped[str]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    hat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("hat.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str | None]
    contact_id: Mapped[uuid.UUID | None]
    request_id: Mapped[str | None]
    policy_version: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)

    # Those who may add an entry may not read it back, not even the number it was given.
    __mapper_args__ = {"eager_defaults": False}


@protected("journal")
class EntrySubject(Base):
    """Which resident an entry is about; an entry may be about several (a page of results) or none."""

    __tablename__ = "journal_subject"
    __table_args__ = (Index(None, "resident_id", "entry_id"),)

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal_entry.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    groups: Mapped[list[str]] = mapped_column(JSONB)
    scopes: Mapped[list[str]] = mapped_column(JSONB)


class Seal(Base):
    """A sealed run of entries: the hash over them and over the seal before, so that a change or a cut shows (R23)."""

    __tablename__ = "journal_seal"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_number: Mapped[int] = mapped_column(BigInteger)
    last_number: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]
