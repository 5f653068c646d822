"""The tables of the policy itself: which version is live, and what a program has sent once already."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded


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
