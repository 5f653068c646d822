"""The record of a resident: one row that says whose record it is, and beside it one table for each field group.

Groups are tables so that a group is withheld as a row is: what is not granted is in no SQL result.
``shared`` and ``objected_to`` are kept by triggers from the append-only choices and objections; nothing else writes
them. A record that was joined to another (``merged_into``) keeps all that is its own; what the other took over from it is
marked ``merged_from`` there, and is seen by who may see both.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.secrets_at_rest import Encrypted
from app.kernel.tables import Base, Folded, Key
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.protection import protected
from app.residents.keys import TOGETHER

RESIDENT = "resident.id"
BY_HAND = (Action.RESIDENT_RECORD, Action.RESIDENT_CHANGE)
RECORDING = (*BY_HAND, Action.RESIDENT_IMPORT, Action.RESIDENT_MERGE)
MERGED_FROM = ("merged_from",)
MOVING = (*RECORDING, Action.RESIDENT_MOVE)


@protected("resident", writes=MOVING)
class Resident(Base):
    """Whose record this is. The home from ``home_until`` on is ``next_home_id`` (None: outside the partnership)."""

    __tablename__ = "resident"
    __table_args__ = (
        Index("ix_resident_home", "home_id", "id"),
        Index("ix_resident_next_home", "next_home_id", postgresql_where=text("next_home_id IS NOT NULL")),
        Index("ix_resident_keeper", "keeper_id", "id"),
        Index("ix_resident_shared", "id", postgresql_where=text("shared")),
        Index("ix_resident_protected", "id", postgresql_where=text("protected")),
        Index("ix_resident_restricted", "id", postgresql_where=text("restricted")),
        Index("ix_resident_objected_to", "objected_to", postgresql_using="gin"),
        Index("ix_resident_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )
    id: Mapped[Key]
    ref: Mapped[Folded] = mapped_column(unique=True)
    home_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    home_until: Mapped[date | None]
    next_home_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    keeper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    objected_to: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    protected: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime]
    # The record that this one was joined to, since when; and whether others were joined to this one.
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))
    merged_at: Mapped[datetime | None]
    joined: Mapped[bool] = mapped_column(server_default=text("false"))

    __mapper_args__ = {"version_id_col": version}


@protected("resident", group=Group.NAME, parent="resident_id", writes=RECORDING, beside=MERGED_FROM)
class ResidentName(Base):
    """A name the resident goes or went by. ``kind``: usual, legal, birth, former, known_as."""

    __tablename__ = "resident_name"
    __table_args__ = (
        CheckConstraint("kind IN ('usual', 'legal', 'birth', 'former', 'known_as')", name="kind"),
        Index(None, "resident_id"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    kind: Mapped[str]
    given: Mapped[str]
    family: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


@protected("resident", group=Group.ADDRESS, parent="resident_id", writes=MOVING, beside=MERGED_FROM)
class ResidentAddress(Base):
    """Where the resident lives or lived: ``since`` is the first day, ``until`` the first day it is no longer so."""

    __tablename__ = "resident_address"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="period"),
        Index(None, "resident_id"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    lines: Mapped[list[str]] = mapped_column(JSONB)
    postcode: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


@protected("resident", group=Group.CHANNELS, parent="resident_id", writes=RECORDING, beside=MERGED_FROM)
class ResidentChannel(Base):
    """A telephone (E.164) or an e-mail address; ``typed`` keeps a telephone as it was said."""

    __tablename__ = "resident_channel"
    __table_args__ = (
        CheckConstraint("kind IN ('telephone', 'email')", name="kind"),
        Index(None, "resident_id"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    kind: Mapped[str]
    value: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


@protected("resident", group=Group.CHANNELS, parent="resident_id", writes=RECORDING)
class ResidentPreference(Base):
    """How and in what language the resident wants to be reached (a BCP 47 tag)."""

    __tablename__ = "resident_preference"

    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT), primary_key=True)
    channel: Mapped[str]
    language: Mapped[str]


@protected("resident", group=Group.BIRTH, parent="resident_id", writes=RECORDING, beside=MERGED_FROM)
class ResidentBirth(Base):
    """The date of birth."""

    __tablename__ = "resident_birth"

    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT), primary_key=True)
    born: Mapped[date]
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


@protected("resident", group=Group.NEEDS, parent="resident_id", writes=RECORDING, beside=MERGED_FROM)
class ResidentNeed(Base):
    """Something that changes how a service is delivered: an interpreter, large print, a relay call."""

    __tablename__ = "resident_need"
    __table_args__ = (Index(None, "resident_id"),)

    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    words: Mapped[str]
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


@protected("resident", group=Group.IDENTITY, parent="resident_id", writes=BY_HAND)
class ResidentIdentity(Base):
    """One check of who was calling: which facts were matched, and so how well the caller was verified."""

    __tablename__ = "resident_identity"
    __table_args__ = (Index(None, "resident_id"),)

    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    contact_id: Mapped[uuid.UUID | None]
    matched: Mapped[list[str]] = mapped_column(JSONB)
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))


@protected("resident", group=Group.SENSITIVE, parent="resident_id", writes=BY_HAND)
class ResidentSensitive(Base):
    """Special category data, held only by explicit choice and encrypted (AES-GCM) before it reaches the database."""

    __tablename__ = "resident_sensitive"
    __table_args__ = (Index(None, "resident_id"),)

    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    detail: Mapped[str] = mapped_column(Encrypted)


@protected("resident", group_column="grp", parent="resident_id", writes=MOVING, beside=MERGED_FROM)
class ResidentChange(Base):
    """One change of one field group: what stood before and after, at which version, by which hat."""

    __tablename__ = "resident_change"
    __table_args__ = (Index(None, "resident_id", "version"),)

    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    grp: Mapped[str]
    version: Mapped[int]
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
    merged_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(RESIDENT))


class FindQuestion(Base):
    """What somebody at a desk asked for, encrypted, under a token that may stand in an address. Never what was found."""

    __tablename__ = "find_question"
    __table_args__ = (Index(None, "sign_in_id", "at"),)

    id: Mapped[Key]
    sign_in_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_in.id"))
    token: Mapped[Folded] = mapped_column(unique=True)
    question: Mapped[str] = mapped_column(Encrypted)
    # A word of the list of reasons, where one was needed.
    reason: Mapped[str | None]
    suggesting: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


@protected("resident", group_column="grp", parent="resident_id", writes=MOVING, together=TOGETHER)
class ResidentKey(Base):
    """What a resident can be found by: folded text, one row a key and a council that may come to ask.

    ``council_id`` and ``shared`` are copied from the resident by a trigger so that an index can lead with them; the
    resident's own row still decides.
    """

    __tablename__ = "resident_key"
    __table_args__ = (
        Index("ix_resident_key_council", "council_id", "key"),
        Index("ix_resident_key_shared", "key", postgresql_where=text("shared")),
        Index(None, "resident_id"),
    )
    id: Mapped[Key]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    grp: Mapped[Folded]
    key: Mapped[Folded]
