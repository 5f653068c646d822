"""Pairs of records that may be one person's, as each council's queue holds them, and what people said of a pair.

A row is seen by who may see both records now: a withdrawal takes the pair out of sight with the record, and nothing has to
be tidied up for it. No value of a record is kept here: why two records are alike is worked out again for whoever looks.
"""

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key
from app.policy.actions import Action
from app.policy.protection import protected

RESIDENT, ORGANISATION = "resident.id", "organisation.id"
SAME, NOT_SAME, LOOK_AGAIN = "same", "not-same", "look-again"
ANSWERS = (SAME, NOT_SAME, LOOK_AGAIN)


@protected("resident", parent="first_id", beside=("second_id",), owner="council_id", writes=(Action.RESIDENT_PAIR,))
class DuplicatePair(Base):
    """Two records that are alike enough to be looked at, in the queue of one council. ``bits`` weighs the evidence."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        Index("uq_duplicate_pair", "council_id", "first_id", "second_id", unique=True),
        Index("ix_duplicate_pair_queue", "council_id", "bits", "id"),
        Index(None, "first_id"),
        Index(None, "second_id"),
    )
    id: Mapped[Key]
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ORGANISATION))
    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    second_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    bits: Mapped[float]
    verdict: Mapped[str]
    model: Mapped[str]
    found_at: Mapped[datetime]


@protected("resident", parent="first_id", beside=("second_id",), writes=(Action.RESIDENT_PAIR,))
class DuplicateAnswer(Base):
    """What a council's team leader said of a pair. Added to and never changed; the last answer of each council holds."""

    __tablename__ = "duplicate_answer"
    __table_args__ = (
        CheckConstraint(f"answer IN {ANSWERS}", name="answer"),
        CheckConstraint("first_id < second_id", name="in_order"),
        Index(None, "first_id", "second_id", "at"),
        Index(None, "second_id"),
    )
    id: Mapped[Key]
    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    second_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ORGANISATION))
    answer: Mapped[Folded]
    at: Mapped[datetime]
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))


@protected("resident", parent="survivor_id", beside=("other_id",), writes=(Action.RESIDENT_MERGE,))
class ResidentMerge(Base):
    """Two records were found to be one person's and joined: which one others lead to, by whom, why, and whether it was
    undone. ``fingerprint`` is that of the preview that was agreed to, ``version`` the survivor's with which it was done;
    ``raised`` are the records that were protected by it."""

    __tablename__ = "resident_merge"
    __table_args__ = (
        CheckConstraint("survivor_id <> other_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        Index(None, "survivor_id"),
        Index("uq_resident_merge_standing", "other_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    )
    id: Mapped[Key]
    survivor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ORGANISATION))
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    fingerprint: Mapped[Folded]
    version: Mapped[int]
    raised: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("hat.id"))


class MatchDue(Base):
    """A record that a council's rule has yet to compare, since it is new or changed. Kept by the database alone."""

    __tablename__ = "match_due"
    __table_args__ = (Index(None, "council_id", "since"),)

    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"), primary_key=True)
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ORGANISATION), primary_key=True)
    since: Mapped[datetime]
