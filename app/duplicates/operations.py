"""What is done to pairs: the rule keeps those it found for its council's queue, people say which are not one person.

What was said outranks the score: a pair told apart is in no queue until somebody says to look again.
"""

import uuid
from collections.abc import Sequence

from app.duplicates import queries
from app.duplicates.alike import Alike, alike_each
from app.duplicates.models import NOT_SAME, DuplicateAnswer, DuplicatePair
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.values import home_id

COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH)
Pair = tuple[uuid.UUID, uuid.UUID]


def in_order(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """The two keys as a pair is kept."""
    return (one, other) if one < other else (other, one)


def compare(work: Work, resident_id: uuid.UUID) -> int:
    """Bring the queue of this council up to date with one record: how many pairs it now has there."""
    return compare_each(work, [resident_id])


def compare_each(work: Work, ids: Sequence[uuid.UUID]) -> int:
    """The same with several records, one after another; what is asked of the database is asked for all of them at once."""
    kept = {(row.first_id, row.second_id): row for row in queries.kept_of(work, ids)}
    found = _worth_keeping(work, ids)
    for resident_id in ids:
        old = {pair for pair in kept if resident_id in pair}
        new = found.get(resident_id, {})
        for pair in old - new.keys():
            work.session.delete(kept.pop(pair))
        for pair, each in new.items():
            kept[pair] = _keep(work, pair, each, kept.get(pair))
        work.session.flush()
        if added := new.keys() - old:
            _journal(work, "pair.found", {key for pair in added for key in pair}, {"pairs": len(added)})
    return sum(map(len, found.values()))


def _worth_keeping(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[Pair, Alike]]:
    """The pairs of each record for this council: one of the two is its own, and nobody said that they are two people."""
    ours, rows = work.actor.organisation_id, residents.residents(work, ids)
    apart = queries.told_apart(work, ids)
    found = alike_each(work, residents.seen(work, sorted(rows)), but={key: {key, *apart[key]} for key in rows})
    own = {key for key, row in rows.items() if home_id(row, work.today) == ours}
    return {key: {in_order(key, each.resident.id): each for each in others
                  if key in own or home_id(each.resident, work.today) == ours} for key, others in found.items()}


def _keep(work: Work, pair: Pair, found: Alike, kept: DuplicatePair | None) -> DuplicatePair:
    judged = found.judgement
    said = {"bits": round(judged.bits, 2), "verdict": str(judged.verdict), "model": judged.model}
    if kept is None:
        kept = DuplicatePair(council_id=work.actor.organisation_id, first_id=pair[0], second_id=pair[1], found_at=work.now, **said)
        work.session.add(kept)
    elif any(getattr(kept, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(kept, name, value)
    return kept


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
