"""Requests: the stub that several may see, the job that those who do it see, the copy of the contact details given for
it, the link to a record, and the assignments to partners. Each is a table, because each has other eyes.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.protection import protected

STATUSES = ("queued", "passed", "assigned", "accepted", "started", "completed", "closed", "cancelled")
OPEN_STATUSES = ("queued", "passed", "assigned", "accepted", "started", "completed")
REQUEST = "request.id"
TAKING = (Action.REQUEST_TAKE, Action.INTAKE_TAKE)
WORKING = (Action.REQUEST_WORK, Action.REQUEST_PASS, Action.REQUEST_ASSIGN, Action.REQUEST_CLOSE, Action.REQUEST_CANCEL,
           Action.REQUEST_CHASE)
DOING = (Action.REQUEST_ACCEPT, Action.REQUEST_REFUSE, Action.REQUEST_UPDATE, Action.REQUEST_COMPLETE)


@protected("request", group=Group.STUB, writes=(*TAKING, *WORKING, *DOING))
class Request(Base):
    """The stub: reference, service, councils, status word, dates, outcome. Nothing personal."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("(closed_at IS NOT NULL) = (status IN ('closed', 'cancelled'))", name="closed_at"),
        CheckConstraint("intake OR permission IS NULL", name="permission_is_of_an_intake"),
        Index("ix_request_taken_by", "taken_by_id", "taken_at", "id"),
        Index("ix_request_responsible", "responsible_id", "taken_at", "id"),
        Index("ix_request_intake_home", "intake_home_id", postgresql_where=text("intake_home_id IS NOT NULL")),
        Index("ix_request_intake_open", "intake_home_id",
              postgresql_where=text("intake_home_id IS NOT NULL AND closed_at IS NULL")),
        Index("ix_request_queue", "responsible_id", literal_column("coalesce(promised_by, '9999-12-31'::date)"), "id",
              postgresql_where=text("closed_at IS NULL")),
    )
    id: Mapped[Key]
    ref: Mapped[Folded] = mapped_column(unique=True)
    lgsl: Mapped[int]
    unit: Mapped[str | None]
    taken_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    taken_in: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact.id"))
    responsible_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    queue: Mapped[str | None]
    intake: Mapped[bool]
    intake_home_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    permission: Mapped[str | None]
    status: Mapped[str]
    outcome: Mapped[str | None]
    taken_at: Mapped[datetime]
    promised_by: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


@protected("request", group=Group.JOB, parent="request_id", writes=(*TAKING, *WORKING, *DOING))
class RequestJob(Base):
    """What is to be done and where: the service's own fields, the place, why it was routed so."""

    __tablename__ = "request_job"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST), primary_key=True)
    postcode: Mapped[str]
    place: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    because: Mapped[list[str]] = mapped_column(JSONB)
    own_reference: Mapped[str | None]


@protected("request", group_column="grp", parent="request_id", writes=TAKING)
class RequestCopy(Base):
    """The request's own copy of one field group, as it was given for this request (R3)."""

    __tablename__ = "request_copy"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST), primary_key=True)
    grp: Mapped[Folded] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


@protected("resident", parent="resident_id", writes=(*TAKING, Action.INTAKE_LINK))
class RequestResident(Base):
    """Which record a request belongs to. Seen by those alone who may see the record."""

    __tablename__ = "request_resident"
    __table_args__ = (Index(None, "resident_id"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id"))


@protected("request", group=Group.STUB, parent="request_id",
           writes=(*TAKING, *WORKING, *DOING, Action.DISPOSAL_CONFIRM))
class Assignment(Base):
    """A request in the hands of a partner, under an agreement; refusal, withdrawal and completion set ``ended_at``."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("ended_as IN ('refused', 'withdrawn', 'completed', 'closed')", name="ended_as"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        Index("uq_assignment_running", "request_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_assignment_running", "organisation_id", "request_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_assignment_organisation", "organisation_id", "assigned_at"),
    )
    id: Mapped[Key]
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"))
    assigned_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None]
    dispose_by: Mapped[date | None]
    chased_at: Mapped[datetime | None]
    disposed_at: Mapped[datetime | None]


@protected("request", group=Group.STUB, parent="request_id", writes=(*TAKING, *WORKING, *DOING, Action.INTAKE_LINK))
class RequestStep(Base):
    """One step in the life of a request: the status word it led to, when, by which organisation."""

    __tablename__ = "request_step"
    __table_args__ = (Index(None, "request_id", "at"),)

    id: Mapped[Key]
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST))
    status: Mapped[str]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime]


@protected("request", group=Group.JOB, parent="request_id", writes=(*WORKING, *DOING))
class RequestNote(Base):
    """Words that belong to the doing of the job: a refusal's reason, an update, why it was passed or cancelled."""

    __tablename__ = "request_note"
    __table_args__ = (Index(None, "request_id", "at"),)

    id: Mapped[Key]
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST))
    words: Mapped[str]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
    at: Mapped[datetime]


@protected("request", group=Group.JOB, parent="request_id", writes=(Action.INTAKE_LINK,))
class IntakeKept(Base):
    """The home council looked at an intake and found none of its residents in it. Nobody else may know of it."""

    __tablename__ = "intake_kept"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(REQUEST), primary_key=True)
    hat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hat.id"))
    at: Mapped[datetime]
