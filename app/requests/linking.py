"""The home council's side of a blind intake (R18): which of its own residents the caller may be, in words, and the link
to one of them or to none. The taker learns nothing of it: no step is written, no status changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.journal.record import Subject, record
from app.journal.showing import basis_of, show
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.matching import folding, spoken
from app.matching.judging import Judgement
from app.matching.person import Pair, Person
from app.matching.waterfall import Waterfall
from app.policy.groups import Group
from app.policy.words import ScopeWord
from app.policy.work import Work
from app.requests.models import IntakeKept, Request, RequestCopy, RequestResident
from app.requests.working import Done, linked_to, request_of, standing
from app.residents import keys
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.weighing import drawn, weigh_all

MOST_CANDIDATES = 10
COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resident of one's own who may be the caller, and why."""

    ref: str
    name: str = field(repr=False)
    address_line: str = field(repr=False)
    steps: Waterfall = field(repr=False)

    @property
    def reasons(self) -> tuple[tuple[str, float], ...]:
        """The clues with what each adds in bits, the weightiest first."""
        return tuple(sorted(((row.words, row.bits) for row in self.steps.rows[1:]), key=lambda each: -each[1]))


def candidates(work: Work, ref: str) -> list[Candidate]:
    """The residents of this council who may be the caller, likeliest first."""
    request = intake_of(work, ref)
    said = said_in(work, request)
    records = residents.seen(work, residents.answering(work, keys_for(said)))
    judged = dict(zip(records, weigh_all(work, said, list(records.values())), strict=True))
    likely = sorted((key for key in records if judged[key].bits >= judged[key].lines.likely), key=lambda key: -judged[key].bits)
    rows = residents.residents(work, likely[:MOST_CANDIDATES])
    return show(work, "intake.compared", [rows[key] for key in likely if key in rows],
                lambda row, _basis: _candidate(row, records[row.id], judged[row.id]), COMPARED,
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


def said_in(work: Work, request: Request) -> Person:
    """What the caller said, from the request's own copy, as a record would be seen."""
    rows = work.session.scalars(select(RequestCopy).where(RequestCopy.request_id == request.id))
    value: Mapping[str, Any] = {row.grp: row.value for row in rows}
    channels, born = value.get(Group.CHANNELS, {}), value.get(Group.BIRTH)
    return Person(
        names=[(name.get("given", ""), name.get("family", "")) for name in value.get(Group.NAME, ())],
        addresses=[("\n".join(place["lines"]), place["postcode"]) for place in value.get(Group.ADDRESS, ())],
        telephones=list(channels.get("telephones", ())), emails=list(channels.get("emails", ())),
        born=date.fromisoformat(born) if born else None)


def keys_for(said: Person) -> list[str]:
    """The keys to ask for: a telephone, an e-mail address, a whole name, a postcode. How much is alike is weighed after."""
    names = {keys.full(same, surname) for given, family in map(_folded, said.names) for first in given.split()[:1]
             for same in spoken.same_names(first) for surname in spoken.surnames(family)}
    return sorted({*map(keys.telephone, said.telephones), *map(keys.email, said.emails), *names,
                   *(keys.whole_postcode(postcode) for postcode in said.postcodes)})


def _folded(pair: Pair) -> Pair:
    return folding.name(pair[0]), folding.name(pair[1])


def _candidate(row: Resident, known: Person, judgement: Judgement) -> Candidate:
    name = " ".join(filter(None, known.names[0])) if known.names else ""
    return Candidate(row.ref, name, known.present_address, drawn(judgement))
