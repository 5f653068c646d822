"""The tables of drafts. Nothing of a resident is in them: they are read by whoever may read the policy, and written by who
maintains it. What makes a draft a version is a function of the database, which counts the approvals itself."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key

OPEN, SUBMITTED, PUBLISHED, WITHDRAWN = STATES = ("open", "submitted", "published", "withdrawn")
BEGUN, EDITED, UPDATED, HANDED_IN, RETURNED, READ, APPROVED, AGREED, TIGHTENED, GIVEN_UP = (
    "begun", "edited", "brought-up-to-date", "submitted", "returned", "read", "approved", "agreed", "tightened", "withdrawn")
ACTS = (BEGUN, EDITED, UPDATED, HANDED_IN, RETURNED, READ, APPROVED, AGREED, TIGHTENED, PUBLISHED, GIVEN_UP)
# object_not_in_prerequisite_state: what the database says of a draft with which this cannot be done now.
NOT_NOW = "55000"
# What a draft would change is being worked out, is known, or was given up for a later attempt.
WORKING, DONE, LEFT = WEIGHING = ("working", "done", "left")


class Draft(Base):
    """A policy in the making. ``base`` is the version that it changes, ``content`` its files by name, ``councils`` those of
    whom somebody must approve; ``version`` counts the edits, so that two do not overwrite each other."""

    __tablename__ = "policy_draft"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"), Index(None, "state", "created_at"))

    id: Mapped[Key]
    ref: Mapped[Folded] = mapped_column(unique=True)
    title: Mapped[str]
    reason: Mapped[str]
    base: Mapped[int] = mapped_column(ForeignKey("policy_version.number"))
    content: Mapped[dict[str, str]] = mapped_column(JSONB)
    fingerprint: Mapped[str | None]
    councils: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    returned_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    live_from: Mapped[datetime | None]
    number: Mapped[int | None] = mapped_column(ForeignKey("policy_version.number"))
    version: Mapped[int]
    created_at: Mapped[datetime]


class DraftStep(Base):
    """What was done to a draft, by whom and when. An approval holds for the fingerprint that it names and no other."""

    __tablename__ = "policy_draft_step"
    __table_args__ = (CheckConstraint(f"act IN {ACTS}", name="act"), Index(None, "draft_id", "at"))

    id: Mapped[Key]
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("policy_draft.id"))
    at: Mapped[datetime]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    act: Mapped[Folded]
    fingerprint: Mapped[str | None]
    words: Mapped[str | None]


class PolicyImpact(Base):
    """What a draft of one fingerprint would change beside one version, counted at one moment: ``result`` says it in plain values
    without small numbers. ``position`` of ``total`` tells how far it is. Written by the database's own functions alone."""

    __tablename__ = "policy_impact"
    __table_args__ = (CheckConstraint(f"state IN {WEIGHING}", name="state"), Index(None, "draft_id", "asked_at"),
                      Index(None, "job_id"))

    id: Mapped[Key]
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("policy_draft.id"))
    fingerprint: Mapped[str]
    base: Mapped[int]
    state: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    as_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    blocked: Mapped[bool]
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    job_id: Mapped[uuid.UUID]
    nonce: Mapped[str]
