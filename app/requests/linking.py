"""The home council's side of a blind intake (R18): which of its own residents the caller may be, in words, and the link to
one of them or to none. The taker learns nothing of it: no step is written, no status changes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select

from app.journal.record import Subject, record
from app.journal.showing import basis_of, show
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.kernel.ids import parse_reference
from app.policy.groups import Group
from app.policy.work import Work
from app.policy.words import ScopeWord
from app.requests.models import IntakeKept, Request, RequestCopy, RequestResident
from app.requests.working import Done, linked_to, request_of, standing
from app.residents.models import Resident, ResidentAddress, ResidentChannel, ResidentName

MOST_CANDIDATES = 10
COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS)
# What speaks for a record being the caller's, by its words, and how much.
REASONS = {"same telephone": 4, "same e-mail address": 4, "same surname": 3, "same first name": 1, "same postcode": 2,
           "same first line of the address": 1}
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


@dataclass(frozen=True, slots=True)
class _Record:
    """The rows of one resident that are compared."""

    names: Sequence[ResidentName]
    addresses: Sequence[ResidentAddress]
    channels: Sequence[ResidentChannel]


def candidates(work: Work, ref: str) -> list[Candidate]:
    """The residents of this council who may be the caller, likeliest first."""
    request = intake_of(work, ref)
    said = said_in(work, request)
    keys = _alike(work, said)
    records = {key: _record(work, key) for key in keys}
    reasons = {key: reasons_for(said, record) for key, record in records.items()}
    likely = sorted((key for key in keys if weight(reasons[key]) >= ENOUGH), key=lambda key: -weight(reasons[key]))
    rows = {row.id: row for row in work.session.scalars(select(Resident).where(Resident.id.in_(likely)))}
    return show(work, "intake.compared", [rows[key] for key in likely[:MOST_CANDIDATES] if key in rows],
                lambda row, _basis: _candidate(row, records[row.id], reasons[row.id]), COMPARED, {"request": request.ref})


def link(work: Work, ref: str, resident: str) -> Done:
    """The caller is this resident: from now on the request belongs to the record."""
    request = intake_of(work, ref)
    written = parse_reference(resident)
    found = work.session.scalar(select(Resident).where(Resident.ref == written)) if written else None
    if found is None or ScopeWord.HOME not in basis_of(work, "resident", [found.id])[found.id].scopes:
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
        frozenset(channels.get("telephones", ())), frozenset(map(_folded, channels.get("emails", ()))),
        frozenset((_folded(name.get("given", "")), _folded(name.get("family", ""))) for name in value.get(Group.NAME, ())),
        frozenset((place["postcode"], _folded((place["lines"] or [""])[0])) for place in value.get(Group.ADDRESS, ())))


def reasons_for(said: Said, known: _Record) -> tuple[str, ...]:
    """The words for everything in which a record is like what was said."""
    holds = {
        "same telephone": any(row.value in said.telephones for row in known.channels),
        "same e-mail address": any(_folded(row.value) in said.emails for row in known.channels),
        "same surname": any(_folded(row.family) in {family for _, family in said.names} for row in known.names),
        "same first name": any(_folded(row.given) in {given for given, _ in said.names} for row in known.names),
        "same postcode": any(row.postcode in {postcode for postcode, _ in said.places} for row in known.addresses),
        "same first line of the address": any(
            _folded(row.lines[0]) in {line for _, line in said.places} for row in known.addresses if row.lines)}
    return tuple(words for words, held in holds.items() if held)


def weight(reasons: Sequence[str]) -> int:
    """How much these reasons say together."""
    return sum(REASONS[words] for words in reasons)


def _alike(work: Work, said: Said) -> list[uuid.UUID]:
    """The residents with one strong clue or two lesser ones in common: the guard lets in one's own alone."""
    by_channel = select(ResidentChannel.resident_id).where(or_(
        ResidentChannel.value.in_(said.telephones), func.lower(ResidentChannel.value).in_(said.emails)))
    families = {family for _, family in said.names if family}
    postcodes = {postcode for postcode, _ in said.places}
    by_name = (select(ResidentName.resident_id).join(
        ResidentAddress, ResidentAddress.resident_id == ResidentName.resident_id).where(
            ResidentAddress.postcode.in_(postcodes), func.lower(ResidentName.family).in_(families)))
    by_both = select(ResidentName.resident_id).where(
        func.lower(ResidentName.family).in_(families),
        func.lower(ResidentName.given).in_({given for given, _ in said.names if given}))
    found = [key for query in (by_channel, by_name, by_both) for key in work.session.scalars(query.limit(50))]
    return list(dict.fromkeys(found))


def _record(work: Work, key: uuid.UUID) -> _Record:
    def rows(model: Any) -> list[Any]:
        return list(work.session.scalars(select(model).where(model.resident_id == key)))

    return _Record(rows(ResidentName), rows(ResidentAddress), rows(ResidentChannel))


def _candidate(row: Resident, known: _Record, reasons: tuple[str, ...]) -> Candidate:
    names = sorted(known.names, key=lambda name: (name.kind != "usual", name.position))
    places = sorted(known.addresses, key=lambda place: place.since, reverse=True)
    return Candidate(row.ref, " ".join(filter(None, (names[0].given, names[0].family))) if names else "",
                     ", ".join((*places[0].lines, places[0].postcode)) if places else "", reasons)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
