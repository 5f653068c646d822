"""Conversations: the contact itself holds nothing personal; who it was with, and what was noted, stand in other tables.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.protection import protected

CHANNELS = ("telephone", "counter", "web", "letter", "email")
OUTCOMES = ("resolved", "request-sent", "passed-on", "call-back", "signposted", "answered", "abandoned")


@protected("contact", group=Group.STUB, writes=(Action.CONTACT_OPEN, Action.CONTACT_CHANGE, Action.CONTACT_END))
class Contact(Base):
    """One conversation on one line, under one hat. Without a ``contact_person`` row it is anonymous."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
        Index("ix_contact_organisation", "organisation_id", "started_at"),
        Index("ix_contact_open", "organisation_id", postgresql_where=text("ended_at IS NULL")),
        Index("uq_contact_open_in_browser", "sign_in_id", unique=True,
              postgresql_where=text("ended_at IS NULL AND in_browser")),
    )
    id: Mapped[Key]
    ref: Mapped[Folded] = mapped_column(unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    line: Mapped[str]
    channel: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
    sign_in_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_in.id"))
    in_browser: Mapped[bool]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    resolved_at_first_contact: Mapped[bool | None]
    topic_lgsl: Mapped[int | None]
    # Which kinds of fact the caller confirmed in this conversation: words such as "name", never what was said.
    verified: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))


@protected("resident", group=Group.HISTORY, parent="resident_id", writes=(Action.CONTACT_OPEN, Action.CONTACT_CHANGE))
class ContactPerson(Base):
    """Which resident a contact was with."""

    __tablename__ = "contact_person"
    __table_args__ = (Index(None, "resident_id"),)

    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))


@protected("resident", group=Group.HISTORY, parent="resident_id", writes=(Action.CONTACT_CHANGE, Action.CONTACT_END))
class ContactNote(Base):
    """What was noted of a conversation with a resident; ``promised_by`` makes it a promise. Of an anonymous one none.
    """

    __tablename__ = "contact_note"
    __table_args__ = (Index(None, "resident_id", "at"),)

    id: Mapped[Key]
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact.id"))
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))
    words: Mapped[str]
    promised_by: Mapped[date | None]
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
