"""What is done to pairs: the rule keeps those it found for its council's queue, people say which are not one person.

What was said outranks the score: a pair told apart is in no queue until somebody says to look again.
"""

import uuid

from sqlalchemy import or_, select

from app.duplicates import queries
from app.duplicates.alike import Alike, alike, seen_of
from app.duplicates.models import NOT_SAME, DuplicateAnswer, DuplicatePair
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.values import home_id

COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH)
Pair = tuple[uuid.UUID, uuid.UUID]


def in_order(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """The two keys as a pair is kept."""
    return (one, other) if one < other else (other, one)


def compare(work: Work, resident_id: uuid.UUID) -> int:
    """Bring the queue of this council up to date with one record: how many pairs it now has there."""
    resident = residents.residents(work, [resident_id]).get(resident_id)
    kept = {in_order(row.first_id, row.second_id): row for row in work.session.scalars(select(DuplicatePair).where(
        or_(DuplicatePair.first_id == resident_id, DuplicatePair.second_id == resident_id)))}
    found = {} if resident is None else _worth_keeping(work, resident)
    for pair in kept.keys() - found.keys():
        work.session.delete(kept[pair])
    for pair, each in found.items():
        _keep(work, pair, each, kept.get(pair))
    work.session.flush()
    new = found.keys() - kept.keys()
    if new:
        _journal(work, "pair.found", {key for pair in new for key in pair}, {"pairs": len(new)})
    return len(found)


def _worth_keeping(work: Work, resident: Resident) -> dict[Pair, Alike]:
    """The pairs of a record for this council: one of the two is its own, and nobody said that they are two people."""
    ours = work.actor.organisation_id
    apart = queries.told_apart(work, resident.id)
    found = alike(work, seen_of(work, resident), but={resident.id, *apart})
    own = home_id(resident, work.today) == ours
    return {in_order(resident.id, each.resident.id): each for each in found
            if own or home_id(each.resident, work.today) == ours}


def _keep(work: Work, pair: Pair, found: Alike, kept: DuplicatePair | None) -> None:
    judged = found.judgement
    said = {"bits": round(judged.bits, 2), "verdict": str(judged.verdict), "model": judged.model}
    if kept is None:
        work.session.add(DuplicatePair(council_id=work.actor.organisation_id, first_id=pair[0], second_id=pair[1],
                                       found_at=work.now, **said))
    elif any(getattr(kept, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(kept, name, value)


def answer(work: Work, ref: str, other: str, said: str) -> None:
    """Write down what a team leader says of a pair. Raises NotFound for either record out of sight."""
    pair = queries.pair(work, ref, other)
    first, second = in_order(pair[0].id, pair[1].id)
    work.session.add(DuplicateAnswer(first_id=first, second_id=second, council_id=work.actor.organisation_id, answer=said,
                                     at=work.now, hat_id=work.actor.hat_id))
    kept = queries.kept(work, first, second)
    if kept is not None and said == NOT_SAME:
        work.session.delete(kept)
    work.session.flush()
    _journal(work, "pair.answered", {first, second}, {"answer": said})
    if said != NOT_SAME:
        compare(work, first)


def _journal(work: Work, event: str, keys: set[uuid.UUID], facts: dict[str, object]) -> None:
    bases = basis_of(work, "resident", list(keys))
    record(work, event, [Subject(key, COMPARED, bases[key].scopes) for key in sorted(keys) if key in bases], facts)
