"""Takes a request at first contact: decides where it goes, keeps what the service needs and no more, and hands it on,
all in one transaction. What happens to it afterwards is for those who carry it out.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.contacts import queries as contacts
from app.contacts.models import Contact
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Invalid, NotFound, Unroutable
from app.kernel.ids import new_reference
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.places import queries as places
from app.places.postcodes import normalise
from app.policy.groups import Group
from app.policy.idempotency import body_hash, remember, remembered
from app.policy.work import Work
from app.requests import copies, intakes, promises
from app.requests.asking import details_of
from app.requests.facts import limits_of, routing_facts
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestResident, RequestStep
from app.requests.routing import Decision, Option, decide
from app.residents.models import Resident
from app.services import queries as services
from app.services.models import Service

# A request that waits in a queue is looked at within a working day.
QUEUE_TARGET = (1, "working-days")
PERMISSIONS = ("given", "refused")


@dataclass(frozen=True, slots=True)
class Taking:
    """What an adviser was told: for a resident by reference, or from a caller whose record cannot be seen from here."""

    lgsl: int
    postcode: str = field(repr=False)
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    resident: str | None = None
    intake: Mapping[str, Any] | None = field(default=None, repr=False)
    permission: str | None = None
    address_line: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom a caller rings who did not permit passing anything on."""

    name: str
    telephone: str | None
    homepage: str | None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Nothing was kept: the caller did not permit it. Where they may turn, and why there."""

    decision: Decision
    ring: Ring | None


def take(work: Work, command: Taking) -> Request:
    """The request taken, copied, linked and handed on.

    Raises NotFound for a resident who may not be seen, Invalid naming each field, Unroutable if nobody here takes it.
    """
    return _taken(work, command)[0]


def take_once(work: Work, command: Taking, route: str, key: str | None, body: Any) -> tuple[str, tuple[str, ...]]:
    """The reference, and why it went where it went; for a key sent before the same reference, and no reasons."""
    # The key is hashed with what was sent, which alone could be guessed from its hash.
    hashed = body_hash([key, body])
    known = remembered(work, route, key, hashed) if key else None
    if known is not None:
        return known, ()
    request, decision = _taken(work, command)
    if key:
        remember(work, route, key, hashed, request.ref)
    return request.ref, decision.because


def without_permission(work: Work, command: Taking) -> NotTaken:
    """The caller permits nothing: nothing of theirs is kept, and they are told whom to ring."""
    known_service(work, command.lgsl)
    decision = _decided(work, command, None)
    record(work, "request.not_permitted", facts={"lgsl": command.lgsl})
    return NotTaken(decision, _whom_to_ring(work, decision))


def _taken(work: Work, command: Taking) -> tuple[Request, Decision]:
    contact = contacts.current(work)
    if contact is None:
        raise NotFound()
    resident = contacts.resident(work, command.resident) if command.resident is not None else None
    service = known_service(work, command.lgsl)
    decision = _decided(work, command, resident)
    details, errors = details_of(service.fields, command.details)
    if errors:
        raise Invalid({"details": errors})
    _check_whose(command)
    copied = _copied(work, command, service, resident)
    return _keep(work, contact, command, decision, resident, details, copied), decision


def known_service(work: Work, lgsl: int) -> Service:
    """The service. Raises Invalid for a code that the list has not."""
    if work.session.get(Service, lgsl) is None:
        raise Invalid({"lgsl": [f"{lgsl} is not the code of a service here: look it up in the catalogue"]})
    return services.service(work.session, lgsl)


def decision_for(work: Work, lgsl: int, postcode: str, answers: Mapping[str, str], *, resident: Resident | None = None,
                 on: date | None = None, address_line: str | None = None) -> Decision:
    """Where it would go. Changes nothing."""
    return decide(routing_facts(work, lgsl, postcode, on, answers=answers, address_line=address_line,
                                limits=limits_of(work, resident)))


def _decided(work: Work, command: Taking, resident: Resident | None) -> Decision:
    """The decision, where it is one to act on."""
    decision = decision_for(work, command.lgsl, command.postcode, command.answers, resident=resident,
                            address_line=command.address_line)
    if decision.question is not None:
        asked = decision.question
        raise Invalid({"answers": {asked.key: [f"{asked.words} Answer {_or(asked.options)}"]}})
    if decision.signpost is not None:
        told = decision.signpost
        raise Unroutable(told.words, kind="signpost", facts={"because": list(decision.because), "signpost": {
            "name": told.name, "homepage": told.homepage, "telephone": told.telephone}})
    return decision


def _or(options: tuple[Option, ...]) -> str:
    return "; or ".join(f"{option.key} ({option.words})" for option in options)


def _check_whose(command: Taking) -> None:
    errors: dict[str, list[str]] = {}
    if command.resident is not None and command.intake is not None:
        errors["intake"] = ["Name the resident or take what a caller says, not both"]
    if command.permission is not None and command.permission not in PERMISSIONS:
        errors["permission"] = ["Say given or refused"]
    elif command.intake is not None and command.permission is None:
        errors["permission"] = ["Ask whether what the caller said may be passed on for this request: given or refused"]
    elif command.permission == "refused":
        errors["permission"] = ["The caller permits nothing to be passed on: nothing is kept"]
    elif command.intake is None and command.permission is not None:
        errors["permission"] = ["This permission belongs to an intake: a resident's choices stand on the record"]
    if errors:
        raise Invalid(errors)


def _copied(work: Work, command: Taking, service: Service, resident: Resident | None) -> dict[Group, Any]:
    needed = {need.group: (need.required, need.why) for need in service.needs}
    if resident is not None:
        return copies.copy_of(work, resident, needed)
    if command.intake is not None:
        return intakes.copy_of(command.intake, normalise(command.postcode).written, needed)
    must = [f"{copies.GROUP_WORDS[Group(group)]} ({why.rstrip('.')})" for group, (required, why) in needed.items()
            if required]
    if must:
        raise Invalid({"resident": [f"This service needs {', '.join(must)}: name the resident, or take an intake"]})
    return {}


def _keep(work: Work, contact: Contact, command: Taking, decision: Decision, resident: Resident | None,
          details: Mapping[str, Any], copied: Mapping[Group, Any]) -> Request:
    slugs = {row.slug: row.id for row in work.session.scalars(select(Organisation))}
    taker = work.actor.organisation_id
    responsible = slugs[decision.responsible] if decision.responsible else taker
    request = Request(
        ref=new_reference(), lgsl=command.lgsl, unit=decision.unit, taken_by_id=taker, taken_in=contact.id,
        responsible_id=responsible, queue=decision.queue, intake=command.intake is not None,
        intake_home_id=_intake_home(work, command, copied, slugs), permission=command.permission,
        status=_status(decision, responsible == taker), outcome=None, taken_at=work.now,
        promised_by=_promised(work, decision), closed_at=None)
    work.session.add(request)
    work.session.flush()
    work.session.add(RequestJob(
        request_id=request.id, postcode=normalise(command.postcode).written, place=None, own_reference=None,
        answers=dict(command.answers), details=dict(details), because=list(decision.because)))
    work.session.add_all(RequestCopy(request_id=request.id, grp=str(group), value=value)
                         for group, value in copied.items())
    if resident is not None:
        work.session.add(RequestResident(request_id=request.id, resident_id=resident.id))
    _hand_on(work, request, decision, slugs)
    _journal(work, request, decision, resident, copied)
    work.session.flush()
    return request


def _status(decision: Decision, own: bool) -> str:
    if decision.provider is not None:
        return "assigned"
    return "queued" if own else "passed"


def _hand_on(work: Work, request: Request, decision: Decision, slugs: Mapping[str, uuid.UUID]) -> None:
    """To the council that answers and to the partner that does it, in one breath: no second call, no second person."""
    if decision.provider is not None and decision.agreement_id is not None:
        work.session.add(Assignment(
            request_id=request.id, organisation_id=slugs[decision.provider], agreement_id=decision.agreement_id,
            assigned_at=work.now, accepted_at=None, started_at=None, ended_at=None, ended_as=None, dispose_by=None,
            disposed_at=None))
    work.session.add(RequestStep(request_id=request.id, status=request.status, organisation_id=request.taken_by_id,
                                 at=work.now))


def _promised(work: Work, decision: Decision) -> date | None:
    target = decision.target if decision.outcome == "route" else QUEUE_TARGET
    return promises.day_of(work, *target) if target is not None else None


def _intake_home(work: Work, command: Taking, copied: Mapping[Group, Any],
                 slugs: Mapping[str, uuid.UUID]) -> uuid.UUID | None:
    """The home council of where the caller lives: there the record is, if there is one."""
    if command.intake is None:
        return None
    lives = copied[Group.ADDRESS][0]["postcode"] if Group.ADDRESS in copied else command.postcode
    home = places.find(work.session, lives, work.on).home
    return slugs.get(home.member or "") if home is not None else None


def _whom_to_ring(work: Work, decision: Decision) -> Ring | None:
    slug = decision.responsible or work.actor.organisation
    council = organisations.organisation(work.session, slug)
    return Ring(council.name, council.telephone, council.homepage)


def _journal(work: Work, request: Request, decision: Decision, resident: Resident | None,
             copied: Mapping[Group, Any]) -> None:
    subjects = []
    if resident is not None:
        basis = basis_of(work, "resident", [resident.id]).get(resident.id)
        subjects = [Subject(resident.id, list(copied), basis.scopes if basis else ())]
    record(work, "request.taken", subjects, {
        "request": request.ref, "lgsl": request.lgsl, "responsible": decision.responsible,
        "provider": decision.provider, "intake": request.intake, "groups": sorted(map(str, copied))})
