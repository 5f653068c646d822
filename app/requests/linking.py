"""The home council's side of a blind intake (R18): which of its own residents the caller may be, in words, and the link
to one of them or to none. The taker learns nothing of it: no step is written, no status changes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from app.journal.record import Subject, record
from app.journal.showing import basis_of, show
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.matching import folding, spoken
from app.policy.groups import Group
from app.policy.words import ScopeWord
from app.policy.work import Work
from app.requests.models import IntakeKept, Request, RequestCopy, RequestResident
from app.requests.working import Done, linked_to, request_of, standing
from app.residents import keys
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.ranking import Seen

MOST_CANDIDATES = 10
COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS)
# What speaks for a record being the caller's, by its words, and how much.
REASONS = {"same telephone": 4, "same e-mail address": 4, "same surname": 3, "surname sounds alike": 2,
           "same first name": 1, "same postcode": 2, "same first line of the address": 1}
ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a caller said of themselves, as far as a record can be compared with it. Folded for comparing."""

    telephones: frozenset[str] = field(default=frozenset(), repr=False)
    emails: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    places: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resident of one's own who may be the caller, and why."""

    ref: str
    name: str = field(repr=False)
    address_line: str = field(repr=False)
    reasons: tuple[str, ...] = ()


def candidates(work: Work, ref: str) -> list[Candidate]:
    """The residents of this council who may be the caller, likeliest first."""
    request = intake_of(work, ref)
    said = said_in(work, request)
    records = residents.seen(work, _alike(work, said))
    reasons = {key: reasons_for(said, known) for key, known in records.items()}
    likely = sorted((key for key in records if weight(reasons[key]) >= ENOUGH),
                    key=lambda key: -weight(reasons[key]))
    rows = residents.residents(work, likely[:MOST_CANDIDATES])
    return show(work, "intake.compared", [rows[key] for key in likely if key in rows],
                lambda row, _basis: _candidate(row, records[row.id], reasons[row.id]), COMPARED,
                {"request": request.ref})


def link(work: Work, ref: str, resident: str) -> Done:
    """The caller is this resident: from now on the request belongs to the record."""
    request = intake_of(work, ref)
    found = residents.one(work, resident)
    if ScopeWord.HOME not in basis_of(work, "resident", [found.id])[found.id].scopes:
        raise NotFound()
    answer = standing(work, request)
    record(work, "intake.linked", [Subject(found.id, COMPARED, (ScopeWord.HOME,))], {"request": request.ref})
    work.session.add(RequestResident(request_id=request.id, resident_id=found.id))
    work.session.flush()
    return answer


def keep_unlinked(work: Work, ref: str) -> Done:
    """None of this council's residents is the caller. Sent twice it says the same."""
    request = intake_of(work, ref)
    if work.session.get(IntakeKept, request.id) is None:
        work.session.add(IntakeKept(request_id=request.id, hat_id=work.actor.hat_id, at=work.now))
        work.session.flush()
        record(work, "intake.kept-unlinked", (), {"request": request.ref})
    return standing(work, request)


def intake_of(work: Work, ref: str) -> Request:
    """The unlinked intake of that reference, held against a second link until the transaction ends.

    Raises NotFound for what cannot be seen, Conflict naming the state for what is linked or closed.
    """
    seen = request_of(work, ref)
    work.session.execute(select(func.pg_advisory_xact_lock(seen.id.int & (2**63 - 1))))
    request = work.session.scalar(
        select(Request).where(Request.id == seen.id).execution_options(populate_existing=True))
    if request is None:
        raise NotFound()
    if ScopeWord.INTAKE in basis_of(work, "request", [request.id])[request.id].scopes:
        return request
    if request.closed_at is None and request.intake and request.intake_home_id != work.actor.organisation_id:
        raise NotPermitted("Only the council where the caller lives links an intake to a record.")
    state = request.status if request.closed_at else "linked" if linked_to(work, request) else "no open intake"
    raise Conflict(f"This request is “{state}”: it cannot be linked now.", kind="wrong-state", facts={"state": state})


def said_in(work: Work, request: Request) -> Said:
    """What the caller said, from the request's own copy."""
    rows = work.session.scalars(select(RequestCopy).where(RequestCopy.request_id == request.id))
    value: Mapping[str, Any] = {row.grp: row.value for row in rows}
    channels = value.get(Group.CHANNELS, {})
    return Said(
        frozenset(channels.get("telephones", ())), frozenset(channels.get("emails", ())),
        frozenset((folding.name(name.get("given", "")), folding.name(name.get("family", "")))
                  for name in value.get(Group.NAME, ())),
        frozenset((place["postcode"], folding.name((place["lines"] or [""])[0]))
                  for place in value.get(Group.ADDRESS, ())))


def reasons_for(said: Said, known: Seen) -> tuple[str, ...]:
    """The words for everything in which a record is like what was said."""
    names = {(folding.name(given), folding.name(family)) for given, family in known.names}
    families, wanted = {family for _, family in names}, {family for _, family in said.names}
    holds = {
        "same telephone": not said.telephones.isdisjoint(known.telephones),
        "same e-mail address": not said.emails.isdisjoint(known.emails),
        "same surname": not wanted.isdisjoint(families),
        "surname sounds alike": wanted.isdisjoint(families)
        and not set(map(spoken.sound, filter(None, wanted))).isdisjoint(map(spoken.sound, filter(None, families))),
        "same first name": not {given for given, _ in said.names if given}.isdisjoint(given for given, _ in names),
        "same postcode": not {postcode for postcode, _ in said.places}.isdisjoint(
            postcode for _, postcode in known.addresses),
        "same first line of the address": not {line for _, line in said.places if line}.isdisjoint(
            folding.name(line) for line, _ in known.addresses)}
    return tuple(words for words, held in holds.items() if held)


def weight(reasons: Sequence[str]) -> int:
    """How much these reasons say together."""
    return sum(REASONS[words] for words in reasons)


def _alike(work: Work, said: Said) -> list[uuid.UUID]:
    """The residents with one strong clue or two lesser ones in common: the guard lets in one's own alone."""
    return residents.answering(work, keys_for(said))


def keys_for(said: Said) -> list[str]:
    """The keys to ask for: a telephone, an e-mail address, a whole name, a postcode. How much is alike is weighed after."""
    names = {keys.full(same, surname) for given, family in said.names for first in given.split()[:1]
             for same in spoken.same_names(first) for surname in spoken.surnames(family)}
    return sorted({*map(keys.telephone, said.telephones), *map(keys.email, said.emails), *names,
                   *(keys.whole_postcode(postcode) for postcode, _ in said.places)})


def _candidate(row: Resident, known: Seen, reasons: tuple[str, ...]) -> Candidate:
    name = " ".join(filter(None, known.names[0])) if known.names else ""
    return Candidate(row.ref, name, ", ".join(filter(None, known.addresses[0])) if known.addresses else "", reasons)
