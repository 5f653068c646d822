"""One request as those who work on it may see it: plain values made from what the guard let in; the sight is
journalled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat
from sqlalchemy import select

from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.tables import among
from app.organisations.models import Organisation
from app.policy.groups import Group
from app.policy.words import ScopeWord
from app.policy.work import Work
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestNote, RequestStep
from app.requests.queues import is_late
from app.requests.stages import IN_HAND, OUTCOMES
from app.requests.working import linked_to, request_of, running_of
from app.services import queries as services
from app.services.models import Service
from app.staff.models import Hat

HERE = 44
GROUP_TITLES = {"name": "Name", "address": "Address", "channels": "Telephone and e-mail", "birth": "Date of birth",
                "needs": "Needs"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the job came with, and why whoever does it has it. A telephone is there as dialled and as read."""

    title: str
    lines: tuple[str, ...] = field(repr=False)
    why: str = ""
    telephones: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def read(self) -> tuple[str, ...]:
        """Everything in it, to be read."""
        return (*self.lines, *(words for _, words in self.telephones))


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the request."""

    title: str
    when: datetime
    who: str
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sight:
    """The request. ``in_hand`` says whether its job may still be seen; otherwise what is left is a stub."""

    ref: str
    service: str
    lgsl: int
    status: str
    intake: bool
    taken_by: str
    responsible: str
    responsible_telephone: str | None
    unit: str | None
    taken_on: datetime
    promised_by: date | None
    late: bool
    outcome: str | None
    partner: str | None
    in_hand: bool
    place: str = field(repr=False)
    told: tuple[Told, ...] = field(repr=False)
    because: tuple[str, ...]
    happened: tuple[Happened, ...] = field(repr=False)
    ended_on: datetime | None
    ended_as: str | None
    dispose_by: date | None
    disposed_on: datetime | None


def see(work: Work, ref: str) -> Sight:
    """The request of that reference. Raises NotFound."""
    request = request_of(work, ref)
    service = services.service(work.session, request.lgsl)
    job = work.session.get(RequestJob, request.id)
    copies = {row.grp: row.value for row in work.session.scalars(
        select(RequestCopy).where(RequestCopy.request_id == request.id))}
    record(work, "request.seen", [Subject(key, [Group(group) for group in copies]) for key in linked_to(work, request)],
           {"request": request.ref, "groups": sorted(copies)})
    return _drawn(work, request, service, job, copies)


def _drawn(work: Work, request: Request, service: Service, job: RequestJob | None, copies: Mapping[str, Any]) -> Sight:
    named = {row.id: row for row in work.session.scalars(select(Organisation))}
    own = work.actor.organisation_kind != "council"
    last = _last(work, request) if own else running_of(work, request)
    scopes = basis_of(work, "request", [request.id])[request.id].scopes
    held = ScopeWord.ASSIGNED in scopes if own else last is not None and request.status in IN_HAND
    responsible = named.get(request.responsible_id) if request.responsible_id else None
    return Sight(
        request.ref, service.name, service.lgsl, request.status, request.intake, named[request.taken_by_id].name,
        responsible.name if responsible else "", responsible.telephone if responsible else None, request.unit,
        request.taken_at, request.promised_by, is_late(work, request), OUTCOMES.get(request.outcome or ""),
        named[last.organisation_id].name if last is not None else None, held,
        ", ".join(filter(None, (job.place, job.postcode))) if job else "",
        (*_copies(service, copies), *_details(service, job)), tuple(job.because) if job else (),
        _happened(work, request, {key: row.name for key, row in named.items()}) if held or not own else (),
        last.ended_at if last else None, last.ended_as if last else None, last.dispose_by if last else None,
        last.disposed_at if last else None)


def _last(work: Work, request: Request) -> Assignment | None:
    return work.session.scalar(
        select(Assignment).where(Assignment.request_id == request.id,
                                 Assignment.organisation_id == work.actor.organisation_id)
        .order_by(Assignment.ended_at.is_not(None), Assignment.assigned_at.desc()).limit(1))


def _copies(service: Service, copies: Mapping[str, Any]) -> list[Told]:
    why = {need.group: need.why for need in service.needs}
    return [Told(GROUP_TITLES[group], lines_of(group, copies[group]), why.get(group, ""),
                 tuple(map(_rung, copies[group].get("telephones", ()))) if group == "channels" else ())
            for group in GROUP_TITLES if group in copies]


def lines_of(group: str, value: Any) -> tuple[str, ...]:
    """A copy of a field group, as lines to read. Telephones are told apart, since they are there to be rung."""
    if group == "name":
        return tuple(" ".join(filter(None, (name.get("given"), name.get("family")))) for name in value)
    if group == "address":
        return tuple(line for place in value for line in (*place["lines"], place["postcode"]))
    if group == "channels":
        return tuple(value.get("emails", ()))
    return tuple(value) if isinstance(value, list) else (str(value),)


def _rung(number: str) -> tuple[str, str]:
    known = phonenumbers.parse(number)
    written = PhoneNumberFormat.NATIONAL if known.country_code == HERE else PhoneNumberFormat.INTERNATIONAL
    return number, phonenumbers.format_number(known, written)


def _details(service: Service, job: RequestJob | None) -> list[Told]:
    if job is None:
        return []
    return [Told(each.label, (_said(job.details[each.name]),), each.why)
            for each in service.fields if job.details.get(each.name) not in (None, "")]


def _said(value: Any) -> str:
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def _happened(work: Work, request: Request, named: Mapping[Any, str]) -> tuple[Happened, ...]:
    steps: Sequence[RequestStep] = work.session.scalars(
        select(RequestStep).where(RequestStep.request_id == request.id).order_by(RequestStep.at, RequestStep.id)).all()
    notes = work.session.scalars(select(RequestNote).where(RequestNote.request_id == request.id)).all()
    roles = {hat.id: hat.role.replace("_", " ") for hat in work.session.scalars(
        select(Hat).where(among(Hat.id, {row.hat_id for row in notes})))}
    found = [Happened(step.status.capitalize(), step.at, named[step.organisation_id]) for step in steps]
    found += [Happened("Note", row.at, ", ".join(filter(None, (roles.get(row.hat_id), named[row.organisation_id]))),
                       row.words) for row in notes]
    return tuple(sorted(found, key=lambda each: each.when, reverse=True))
