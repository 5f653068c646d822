"""The steps of a request that is being worked on: each verb one short transaction that holds the request's row, changes
it and its assignment, writes the step and the journal. Taking requests is next door; linking one to a record is
`linking`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from app.kernel.ids import parse_reference
from app.organisations.models import Agreement, Organisation, Unit
from app.organisations.queries import councils
from app.policy.words import ScopeWord
from app.policy.work import Work
from app.requests import promises
from app.requests.models import Assignment, Request, RequestNote, RequestResident, RequestStep
from app.requests.partners import agreement_with
from app.requests.stages import IN_HAND, OUTCOMES, Side, Verb, step, wrong_state
from app.services import queries as services

EVENTS = {Verb.ACCEPT: "accepted", Verb.REFUSE: "refused", Verb.START: "started", Verb.UPDATE: "updated",
          Verb.COMPLETE: "completed", Verb.ASSIGN: "assigned", Verb.TAKE_BACK: "taken-back", Verb.NOTE: "noted",
          Verb.PASS: "passed", Verb.CANCEL: "cancelled", Verb.CLOSE: "closed"}


@dataclass(frozen=True, slots=True)
class Done:
    """How a request stands after a step, as far as the one who stepped may know."""

    ref: str
    status: str
    responsible: str | None
    provider: str | None
    promised_by: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A request whose row is held until the transaction ends, its assignment in hand, the residents one may know of."""

    request: Request
    running: Assignment | None
    side: Side
    residents: tuple[uuid.UUID, ...]


def accept(work: Work, ref: str) -> Done:
    """The partner takes the job on."""
    held = _hold(work, ref, Verb.ACCEPT)
    _job(held).accepted_at = work.now
    return _stepped(work, held, Verb.ACCEPT)


def refuse(work: Work, ref: str, reason: str) -> Done:
    """The partner hands the job back, into the queue of the council responsible."""
    return _stepped(work, _hold(work, ref, Verb.REFUSE), Verb.REFUSE, words=reason)


def start(work: Work, ref: str) -> Done:
    """The partner begins."""
    held = _hold(work, ref, Verb.START)
    _job(held).started_at = work.now
    return _stepped(work, held, Verb.START)


def update(work: Work, ref: str, note: str) -> Done:
    """The partner says how far it is."""
    return _stepped(work, _hold(work, ref, Verb.UPDATE), Verb.UPDATE, words=note)


def complete(work: Work, ref: str, outcome: str, note: str | None = None) -> Done:
    """The partner is done: its sight ends with this transaction, and its duty to dispose begins."""
    held = _hold(work, ref, Verb.COMPLETE)
    held.request.outcome = _outcome(outcome)
    return _stepped(work, held, Verb.COMPLETE, words=note)


def assign(work: Work, ref: str, to: str) -> Done:
    """The council gives the request to a partner; one that had it in hand loses it."""
    held = _hold(work, ref, Verb.ASSIGN)
    agreement = agreement_with(work, held.request, to)
    if held.running is not None and held.running.agreement_id == agreement.id:
        raise Invalid({"to": [f"“{to}” has this request in hand already"]})
    held.request.outcome = None
    made = Assignment(request_id=held.request.id, organisation_id=agreement.partner_id, agreement_id=agreement.id,
                      assigned_at=work.now)
    return _stepped(work, held, Verb.ASSIGN, provider=made, facts={"partner": to})


def take_back(work: Work, ref: str, reason: str) -> Done:
    """The council takes a job back from the partner that has it in hand."""
    return _stepped(work, _hold(work, ref, Verb.TAKE_BACK), Verb.TAKE_BACK, words=reason)


def note(work: Work, ref: str, words: str) -> Done:
    """The council writes something down about the doing."""
    return _stepped(work, _hold(work, ref, Verb.NOTE), Verb.NOTE, words=words)


def cancel(work: Work, ref: str, reason: str) -> Done:
    """The request is not to be done any more."""
    held = _hold(work, ref, Verb.CANCEL)
    return _stepped(work, held, Verb.CANCEL, words=reason)


def close(work: Work, ref: str, outcome: str | None = None, note: str | None = None) -> Done:
    """The council answers for its being done."""
    held = _hold(work, ref, Verb.CLOSE)
    held.request.outcome = _outcome(outcome or held.request.outcome or "done")
    return _stepped(work, held, Verb.CLOSE, words=note)


def pass_on(work: Work, ref: str, to: str, reason: str) -> Done:
    """The council responsible passes the request to another, which answers for it from now on, with its own promise."""
    held = _hold(work, ref, Verb.PASS)
    receiver = _council(work, to)
    after = step(held.request.status, Verb.PASS, held.side)
    _write(work, held, after.status, reason)
    work.session.flush()
    _end(work, held, after.ends_as)
    facts = {"request": ref, "status": after.status, "to": receiver.slug}
    record(work, "request.passed", [Subject(each) for each in held.residents], facts)
    local = services.local(work.session, held.request.lgsl, receiver.id, work.on)
    unit = work.session.get(Unit, local.unit_id) if local else None
    promised = promises.promised(work, local)
    request = held.request
    work.session.flush()
    work.session.expunge(request)
    work.session.execute(select(func.wall.pass_on(request.id, receiver.id, unit.slug if unit else None, promised)))
    return Done(request.ref, after.status, receiver.slug, None, promised, None)


def request_of(work: Work, ref: str) -> Request:
    """The request of that reference, where it may be seen. Raises NotFound."""
    written = parse_reference(ref)
    found = work.session.scalar(select(Request).where(Request.ref == written)) if written else None
    if found is None:
        raise NotFound()
    return found


def standing(work: Work, request: Request) -> Done:
    """How a request stands."""
    return _done(work, request, running_of(work, request))


def running_of(work: Work, request: Request) -> Assignment | None:
    """The assignment in hand, where it may be seen: a partner sees its own alone."""
    return work.session.scalar(
        select(Assignment).where(Assignment.request_id == request.id, Assignment.ended_at.is_(None)))


def linked_to(work: Work, request: Request) -> tuple[uuid.UUID, ...]:
    """The resident that the request is linked to, where one may know."""
    rows = work.session.scalars(select(RequestResident).where(RequestResident.request_id == request.id))
    return tuple(row.resident_id for row in rows)


def _hold(work: Work, ref: str, verb: Verb) -> Held:
    """Hold the row, then read everything afresh: whoever held it before has left a new state."""
    seen = request_of(work, ref)
    locked = work.session.scalar(select(Request.id).where(Request.id == seen.id).with_for_update())
    request = work.session.scalar(
        select(Request).where(Request.id == seen.id).execution_options(populate_existing=True))
    if request is None:
        raise NotFound()
    side, running = _side(work, request), running_of(work, request)
    if side is Side.PARTNER:
        _check_in_hand(work, request, running, verb)
    step(request.status, verb, side)
    if locked is None:
        raise NotPermitted("Only the council responsible, the one that took it or the resident's own may do this.")
    return Held(request, running, side, linked_to(work, request))


def _side(work: Work, request: Request) -> Side:
    if work.actor.organisation_kind != "council":
        return Side.PARTNER
    return Side.RESPONSIBLE if request.responsible_id == work.actor.organisation_id else Side.TAKER


def _check_in_hand(work: Work, request: Request, running: Assignment | None, verb: Verb) -> None:
    """A job that ended for this partner, or was lost with its agreement or to an objection, takes no step."""
    if running is None:
        last = work.session.scalar(select(Assignment).where(Assignment.request_id == request.id)
                                   .order_by(Assignment.assigned_at.desc()).limit(1))
        state = last.ended_as if last and last.ended_as else request.status
        if state in (request.status, "closed"):
            raise wrong_state(request.status, verb)
        raise Conflict(f"This job is no longer with you (“{state}”): it cannot be {verb.done} now.", kind="wrong-state",
                       facts={"state": state})
    if ScopeWord.ASSIGNED not in basis_of(work, "request", [request.id])[request.id].scopes:
        raise Conflict(f"This job is no longer with you (“withdrawn”): it cannot be {verb.done} now.",
                       kind="wrong-state", facts={"state": "withdrawn"})


def _stepped(work: Work, held: Held, verb: Verb, *, words: str | None = None, provider: Assignment | None = None,
             facts: Mapping[str, Any] | None = None) -> Done:
    """Write the step: the request first, while its partner still holds it, then the assignment."""
    request = held.request
    after = step(request.status, verb, held.side)
    if after.status in ("closed", "cancelled"):
        request.closed_at = work.now
    if held.side is Side.RESPONSIBLE and after.status != request.status:
        request.queue = None
    _write(work, held, after.status, words)
    work.session.flush()
    _end(work, held, after.ends_as)
    if provider is not None:
        work.session.add(provider)
        work.session.flush()
    record(work, f"request.{EVENTS[verb]}", [Subject(each) for each in held.residents],
           {"request": request.ref, "status": after.status, **(facts or {})})
    return _done(work, request, provider or (held.running if after.status in IN_HAND else None))


def _done(work: Work, request: Request, in_hand: Assignment | None) -> Done:
    return Done(request.ref, request.status, _slug(work, request.responsible_id),
                _slug(work, in_hand.organisation_id) if in_hand else None, request.promised_by, request.outcome)


def _write(work: Work, held: Held, status: str, words: str | None) -> None:
    own, request = work.actor.organisation_id, held.request
    if status != request.status:
        work.session.add(RequestStep(request_id=request.id, status=status, organisation_id=own, at=work.now))
        request.status = status
    if words:
        work.session.add(RequestNote(request_id=request.id, words=words, organisation_id=own, hat_id=work.actor.hat_id,
                                     at=work.now))


def _end(work: Work, held: Held, ends_as: str | None) -> None:
    """End the assignment in hand; what was received under it is to be disposed of by a day that its agreement names."""
    if held.running is None or ends_as is None:
        return
    agreement = work.session.get_one(Agreement, held.running.agreement_id)
    held.running.ended_at, held.running.ended_as = work.now, ends_as
    held.running.dispose_by = work.today + timedelta(days=agreement.disposal_days)
    work.session.flush()
    record(work, "disposal.instructed", (), {"request": held.request.ref, "agreement": agreement.slug,
                                             "by": held.running.dispose_by.isoformat()})


def _job(held: Held) -> Assignment:
    assert held.running is not None, "a partner steps with a job in hand alone"
    return held.running


def _outcome(word: str) -> str:
    if word not in OUTCOMES:
        raise Invalid({"outcome": [f"“{word}” is not an outcome: choose one of {', '.join(OUTCOMES)}"]})
    return word


def _council(work: Work, slug: str) -> Organisation:
    others = {each.slug: each for each in councils(work.session, work.on) if each.id != work.actor.organisation_id}
    if slug not in others:
        raise Invalid({"to": [f"“{slug}” is no other council here: choose one of {', '.join(others)}"]})
    return others[slug]


def _slug(work: Work, organisation_id: uuid.UUID | None) -> str | None:
    found = work.session.get(Organisation, organisation_id) if organisation_id else None
    return found.slug if found else None
