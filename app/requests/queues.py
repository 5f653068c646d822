"""The lists that people work from: a partner's jobs, the queue of the council responsible, the intakes that wait for
linking. All through the guard, the late first, in keyset pages."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, exists, func, literal_column, select, tuple_

from app.journal.showing import basis_of
from app.kernel.errors import Invalid
from app.kernel.tables import among
from app.organisations import queries as organisations
from app.organisations.models import Agreement, AgreementCouncil, Organisation
from app.organisations.queries import holds
from app.policy.words import ScopeWord
from app.policy.work import Work
from app.requests.models import Assignment, IntakeKept, Request, RequestJob
from app.requests.stages import COMPLETED, IN_HAND, WAITING

LAST: ColumnElement[date] = literal_column("'9999-12-31'::date", Date)
BY_PROMISE = func.coalesce(Request.promised_by, LAST)
SHOWN = {"waiting": WAITING, "in-hand": IN_HAND, "completed": COMPLETED}
PAGE = 25


@dataclass(frozen=True, slots=True)
class Job:
    """A job on a partner's list. ``lost`` is one whose sight ended while it ran: only its reference is left."""

    ref: str
    service: str
    place: str
    status: str
    promised_by: date | None
    late: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Queued:
    """A request in a council's queue. ``flags`` are what calls for somebody's hand."""

    ref: str
    service: str
    unit: str | None
    queue: str | None
    status: str
    promised_by: date | None
    late: bool
    partner: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``next`` is what the next begins after."""

    items: Sequence[Queued]
    next: str | None


def jobs(work: Work, limit: int = 200) -> list[Job]:
    """The jobs that this partner has in hand, the most urgent first."""
    rows = work.session.execute(
        select(Request, Assignment).join(Assignment, Assignment.request_id == Request.id)
        .where(Assignment.organisation_id == work.actor.organisation_id, Assignment.ended_at.is_(None),
               Request.closed_at.is_(None))
        .order_by(BY_PROMISE, Request.id).limit(limit)).all()
    requests = [request for request, _ in rows]
    held = basis_of(work, "request", [request.id for request in requests])
    places, names = _places(work, requests), organisations.service_names(work.session, {request.lgsl for request in requests})
    return [Job(request.ref, names[request.lgsl], places.get(request.id, ""), request.status, request.promised_by,
                is_late(work, request), ScopeWord.ASSIGNED not in held[request.id].scopes) for request in requests]


def queue(work: Work, *, unit: str | None = None, shown: str | None = None, after: str | None = None) -> Page:
    """The open requests that this council answers for, the late first."""
    query = _open(work).order_by(BY_PROMISE, Request.id).limit(PAGE + 1)
    if unit:
        query = query.where(Request.unit == unit)
    if shown:
        query = query.where(Request.status.in_(SHOWN[shown]))
    if after:
        query = query.where(tuple_(BY_PROMISE, Request.id) > tuple_(*_cursor(after)))
    rows = work.session.scalars(query).all()
    items = _queued(work, rows[:PAGE])
    return Page(items, _cursor_of(rows[PAGE - 1]) if len(rows) > PAGE else None)


def to_reassign(work: Work) -> list[Queued]:
    """The requests whose partner in hand lost sight of them, to an objection or with its agreement."""
    keys = _objected(work) | set(work.session.scalars(_ended_agreements(work)))
    query = _open(work).where(among(Request.id, keys)).order_by(BY_PROMISE, Request.id).limit(PAGE)
    return _queued(work, work.session.scalars(query).all()) if keys else []


def intakes(work: Work, after: str | None = None) -> tuple[list[Request], str | None]:
    """The intakes of this home council that nobody linked or decided to leave, the oldest first."""
    kept = select(IntakeKept.request_id).where(IntakeKept.request_id == Request.id).exists()
    query = (select(Request).where(Request.intake_home_id == work.actor.organisation_id, Request.intake,
                                   Request.closed_at.is_(None), ~kept)
             .order_by(Request.taken_at, Request.id).limit(PAGE + 1))
    if after:
        begun = work.session.scalar(select(Request.taken_at).where(Request.id == _key(after)))
        query = query.where(tuple_(Request.taken_at, Request.id) > tuple_(begun, _key(after))) if begun else query
    rows = list(work.session.scalars(query))
    return rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None


def is_late(work: Work, request: Request) -> bool:
    """Whether the day promised is over and the work is not done."""
    return (request.promised_by is not None and request.promised_by < work.today
            and request.status in WAITING | IN_HAND)


def _open(work: Work) -> Select[Request]:
    return select(Request).where(Request.responsible_id == work.actor.organisation_id, Request.closed_at.is_(None))


def _queued(work: Work, rows: Sequence[Request]) -> list[Queued]:
    keys = [row.id for row in rows]
    latest: dict[uuid.UUID, Assignment] = {}
    for held in work.session.scalars(select(Assignment).where(among(Assignment.request_id, keys))
                                     .order_by(Assignment.assigned_at, Assignment.id)):
        latest[held.request_id] = held
    named = {row.id: row.name for row in work.session.scalars(
        select(Organisation).where(among(Organisation.id, {held.organisation_id for held in latest.values()})))}
    objected, ended = _objected(work), set(work.session.scalars(_ended_agreements(work)))
    names = organisations.service_names(work.session, {row.lgsl for row in rows})

    def drawn(row: Request) -> Queued:
        held = latest.get(row.id)
        partner = named.get(held.organisation_id) if held is not None else None
        back = held is not None and held.ended_as == "refused" and row.status in WAITING
        flags = [words for words, there in (("objection: reassign", row.id in objected),
                                            ("agreement ended: reassign", row.id in ended),
                                            (f"handed back by {partner}", back)) if there]
        return Queued(row.ref, names[row.lgsl], row.unit, row.queue, row.status, row.promised_by,
                      is_late(work, row), partner if held is not None and held.ended_at is None else None, tuple(flags))

    return [drawn(row) for row in rows]


def _objected(work: Work) -> set[uuid.UUID]:
    return set(work.session.scalar(select(func.wall.objected_jobs("council"))) or ())


def _ended_agreements(work: Work) -> Select[uuid.UUID]:
    """The jobs whose agreement is over, or is no longer with this council."""
    party = exists().where(AgreementCouncil.agreement_id == Agreement.id, AgreementCouncil.council_id == Request.responsible_id)
    return (select(Assignment.request_id).join(Agreement, Agreement.id == Assignment.agreement_id)
            .join(Request, Request.id == Assignment.request_id)
            .where(Assignment.ended_at.is_(None), Request.closed_at.is_(None),
                   Request.responsible_id == work.actor.organisation_id, ~(holds(Agreement.valid, work.on) & party)))


def _places(work: Work, rows: Sequence[Request]) -> Mapping[uuid.UUID, str]:
    found = work.session.scalars(select(RequestJob).where(among(RequestJob.request_id, [row.id for row in rows])))
    return {job.request_id: ", ".join(filter(None, (job.place, job.postcode))) for job in found}


def _cursor_of(row: Request) -> str:
    return f"{row.promised_by or date.max}.{row.id}"


def _cursor(text: str) -> tuple[date, uuid.UUID]:
    day, _, key = text.partition(".")
    try:
        return date.fromisoformat(day), _key(key)
    except ValueError:
        raise Invalid({"after": ["This is no place in the list: begin it again without “after”"]}) from None


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid({"after": ["This is no place in the list: begin it again without “after”"]}) from None
