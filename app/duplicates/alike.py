"""Which records may be one person's: those that have a key in common, weighed one by one. All through the guard, so that a
record out of sight is not found, not counted and not compared.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.duplicates import queries as pairs
from app.matching.judging import Judgement, judge, settle, two_people
from app.matching.person import Person
from app.policy.work import Work
from app.residents import keys, queries
from app.residents.models import Resident
from app.residents.weighing import counted, possible, weigh_all

# Of so many candidates of one kind of key the further ones are no likelier: a key that more have says too little.
SHARP = ("t:", "e:", "b:", "f:", "p:")


@dataclass(frozen=True, slots=True)
class Alike:
    """A record with what was seen of it for weighing, and what came of it."""

    resident: Resident
    seen: Person
    judgement: Judgement


def alike(work: Work, whom: Person, but: Collection[uuid.UUID] = ()) -> list[Alike]:
    """The records of this hat's sight that may be the same person's as what is said, likeliest first."""
    found = queries.seen(work, [key for key in candidates(work, whom) if key not in but])
    seen = {key: other for key, other in found.items() if not two_people(whom, other)}
    weighed = dict(zip(seen, weigh_all(work, whom, list(seen.values())), strict=True))
    likely = [key for key, judgement in weighed.items() if possible(judgement)]
    rows = queries.residents(work, likely)
    them = [Alike(rows[key], seen[key], weighed[key]) for key in likely if key in rows]
    return sorted(them, key=lambda each: (-each.judgement.bits, each.resident.id))


def alike_each(work: Work, whom: Mapping[uuid.UUID, Person], but: Mapping[uuid.UUID, Collection[uuid.UUID]]
               ) -> dict[uuid.UUID, list[Alike]]:
    """The same for several records at once, in as many statements as for one. ``but`` are for each those that are not looked at."""
    answered = {key: [other for other in found if other not in but[key]] for key, found in _candidates_each(work, whom).items()}
    seen = {**queries.seen(work, sorted(set().union(*answered.values()) - whom.keys())), **whom}
    near = {key: [other for other in others if not two_people(seen[key], seen[other])] for key, others in answered.items()}
    common = counted(work, (seen[key] for key in set(near).union(*near.values())))
    weighed = {key: dict(zip(others, settle([judge(seen[key], seen[other], common.weights, common.frequencies)
                                             for other in others], common.weights), strict=True)) for key, others in near.items()}
    likely = {key: [other for other, judgement in judged.items() if possible(judgement)] for key, judged in weighed.items()}
    rows = queries.residents(work, sorted(set().union(*likely.values())))
    return {key: sorted((Alike(rows[other], seen[other], weighed[key][other]) for other in others if other in rows),
                        key=lambda each: (-each.judgement.bits, each.resident.id)) for key, others in likely.items()}


def _candidates_each(work: Work, whom: Mapping[uuid.UUID, Person]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who has a key in common with each. Where so many answer that not all are read, each is asked for by itself."""
    wanted = {key: {filed for _, filed in keys.keys_of(seen)} for key, seen in whom.items()}
    holders = pairs.filed_under(work, sorted(set().union(*wanted.values())))
    if holders is None:
        return {key: candidates(work, seen) for key, seen in whom.items()}
    return {key: list(dict.fromkeys(holder for filed in sorted(under) for holder in holders.get(filed, ())))
            for key, under in wanted.items()}


def candidates(work: Work, whom: Person) -> list[uuid.UUID]:
    """Who has a key in common: what is sharp first, so that many of one sound do not crowd it out."""
    wanted = {key for _, key in keys.keys_of(whom)}
    sharp = {key for key in wanted if key.startswith(SHARP)}
    found = [*queries.answering(work, sorted(sharp)), *queries.answering(work, sorted(wanted - sharp))]
    return list(dict.fromkeys(found))


def seen_of(work: Work, resident: Resident) -> Person:
    """What may be seen of one record for weighing it."""
    found: Mapping[uuid.UUID, Person] = queries.seen(work, [resident.id])
    return found[resident.id]
