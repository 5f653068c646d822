"""The tables of the policy itself: which version is live, how many it was counted to reach, and what a program has sent once
already."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Day, Folded, Key

# Being counted, counted, or given up for a later attempt.
WORKING, DONE, LEFT = COUNTING = ("working", "done", "left")


class PolicyVersion(Base):
    """A published policy, which never changes. Of those whose time it is the highest number is live; one that ends by itself
    (it was tightened in haste) leaves the one before it. ``content`` are its files by name. A process that cannot read it,
    or finds another fingerprint, answers nothing."""

    __tablename__ = "policy_version"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fingerprint: Mapped[str]
    content: Mapped[dict[str, str]] = mapped_column(JSONB)
    published_at: Mapped[datetime]
    live_from: Mapped[datetime]
    live_until: Mapped[datetime | None]
    reason: Mapped[str]


class Idempotency(Base):
    """An Idempotency-Key that a person has used on a route: which reference came of it, and the hash of what was sent."""

    __tablename__ = "idempotency"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    route: Mapped[Folded] = mapped_column(primary_key=True)
    key: Mapped[Folded] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]


class ReachCount(Base):
    """One counting of how many every hat reaches, under a version and on a day; ``position`` of ``total`` tells how far it is.
    ``there_are`` says how many there are of each kind, whoever sees them. Written by the database's own functions alone."""

    __tablename__ = "reach_count"
    __table_args__ = (CheckConstraint(f"state IN {COUNTING}", name="state"), Index(None, "asked_at"), Index(None, "job_id"))

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(ForeignKey("policy_version.number"))
    day: Mapped[Day]
    state: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    as_at: Mapped[datetime | None]
    there_are: Mapped[dict[str, Any]] = mapped_column(JSONB)
    job_id: Mapped[uuid.UUID]
    nonce: Mapped[str]


class ReachFigure(Base):
    """What was counted for one hat and purpose: ``told`` holds, for each kind, those who are alike and each group, a number that
    may be told. What is not in it is given to that hat by no rule. A unit that adds nothing has no row."""

    __tablename__ = "reach_figure"

    count_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reach_count.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
