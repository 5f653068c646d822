"""Requests as a program is told of them: what the guard let in, by group, with the sight journalled."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.tables import among
from app.organisations.models import Organisation
from app.policy.groups import Group
from app.policy.work import Work
from app.requests import queries
from app.requests.models import Request, RequestCopy, RequestJob, RequestResident
from app.requests.routing import Decision
from app.requests.taking import NotTaken
from app.residents.models import Resident


def seen(work: Work, rows: Sequence[Request]) -> list[dict[str, Any]]:
    """What may be seen of these requests: a group that is not granted is absent."""
    keys = [row.id for row in rows]
    jobs = {job.request_id: job for job in work.session.scalars(
        select(RequestJob).where(among(RequestJob.request_id, keys)))}
    copies: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for copy in work.session.scalars(select(RequestCopy).where(among(RequestCopy.request_id, keys))):
        copies[copy.request_id][copy.grp] = copy.value
    residents = {key: (resident_id, ref) for key, resident_id, ref in work.session.execute(
        select(RequestResident.request_id, Resident.id, Resident.ref)
        .join(Resident, Resident.id == RequestResident.resident_id)
        .where(among(RequestResident.request_id, keys)))}
    _journal(work, rows, copies, residents)
    basis = basis_of(work, "request", keys)
    return [stub(work, row) | _job(jobs.get(row.id)) | copies[row.id] | {
        "basis": [str(scope) for scope in basis[row.id].scopes]} | (
            {"resident": residents[row.id][1]} if row.id in residents else {}) for row in rows if row.id in basis]


def stub(work: Work, row: Request) -> dict[str, Any]:
    """Reference, service, councils, status word, dates, outcome: nothing of a person."""
    slugs = _slugs(work)
    provider = queries.in_whose_hands(work, row)
    return {"ref": row.ref, "lgsl": row.lgsl, "taken_by": slugs[row.taken_by_id],
            "responsible": slugs[row.responsible_id] if row.responsible_id else None,
            "provider": slugs[provider] if provider else None, "unit": row.unit, "queue": row.queue,
            "intake": row.intake, "status": row.status, "outcome": row.outcome, "taken_at": row.taken_at,
            "promised_by": row.promised_by, "closed_at": row.closed_at}


def taken(work: Work, ref: str, because: Sequence[str]) -> dict[str, Any]:
    """The answer to taking a request, read under the rights of the moment. The reasons are told to whoever takes it."""
    row = queries.one(work, ref)
    job = work.session.scalar(select(RequestJob).where(RequestJob.request_id == row.id))
    return stub(work, row) | {"because": list(because) or (job.because if job is not None else [])}


def not_taken(told: NotTaken) -> dict[str, Any]:
    """The answer where the caller permitted nothing: no reference, for nothing was kept."""
    return {"ref": None, "lgsl": None, "taken_by": None, "responsible": told.decision.responsible, "provider": None,
            "status": "not-taken", "promised_by": None, "because": list(told.decision.because),
            "ring": told.ring and {"name": told.ring.name, "telephone": told.ring.telephone,
                                   "homepage": told.ring.homepage}}


def decided(decision: Decision) -> dict[str, Any]:
    """A decision in plain values."""
    asked, told = decision.question, decision.signpost
    return {"outcome": decision.outcome, "responsible": decision.responsible, "provider": decision.provider,
            "unit": decision.unit, "queue": decision.queue, "because": list(decision.because),
            "will_see": list(decision.will_see)} | (
        {"question": {"key": asked.key, "words": asked.words, "answers": [
            {"key": option.key, "words": option.words} for option in asked.options]}} if asked is not None else {}) | (
        {"signpost": {"name": told.name, "homepage": told.homepage, "telephone": told.telephone,
                      "words": told.words}} if told is not None else {})


def _job(job: RequestJob | None) -> dict[str, Any]:
    if job is None:
        return {}
    return {"postcode": job.postcode, "answers": job.answers, "details": job.details, "because": job.because,
            "own_reference": job.own_reference}


def _journal(work: Work, rows: Collection[Request], copies: Mapping[uuid.UUID, Mapping[str, Any]],
             residents: Mapping[uuid.UUID, tuple[uuid.UUID, str]]) -> None:
    """One entry for the sight of them all; about each resident once, with the groups that were shown."""
    groups: dict[uuid.UUID, set[Group]] = defaultdict(set)
    for key, (resident_id, _ref) in residents.items():
        groups[resident_id] |= {Group.STUB, *(Group(name) for name in copies[key])}
    record(work, "request.seen", [Subject(resident_id, shown) for resident_id, shown in groups.items()],
           {"requests": [row.ref for row in rows]})


def _slugs(work: Work) -> dict[uuid.UUID, str]:
    return {row.id: row.slug for row in work.session.scalars(select(Organisation))}
