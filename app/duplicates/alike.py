"""Which records may be one person's: those that have a key in common, weighed one by one. All through the guard, so that a
record out of sight is not found, not counted and not compared.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from app.duplicates import queries as pairs
from app.duplicates import resembling
from app.matching.judging import Judgement, judge, settle
from app.matching.person import Person
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries
from app.residents.models import Resident
from app.residents.weighing import counted, possible

# Who has keys in common with somebody, and which.
Shared = Mapping[uuid.UUID, set[str]]
NOT_ON_FILE = uuid.UUID(int=0)
NAME_AND_BIRTH, ADDRESS_AND_CHANNELS = (Group.NAME, Group.BIRTH), (Group.ADDRESS, Group.CHANNELS)


@dataclass(frozen=True, slots=True)
class Alike:
    """A record with what was seen of it for weighing, and what came of it."""

    resident: Resident
    seen: Person
    judgement: Judgement


def alike(work: Work, whom: Person, but: Collection[uuid.UUID] = ()) -> list[Alike]:
    """The records of this hat's sight that may be the same person's as what is said, likeliest first."""
    return alike_each(work, {NOT_ON_FILE: whom}, {NOT_ON_FILE: but})[NOT_ON_FILE]


def alike_each(work: Work, whom: Mapping[uuid.UUID, Person], but: Mapping[uuid.UUID, Collection[uuid.UUID]]
               ) -> dict[uuid.UUID, list[Alike]]:
    """The same for several at once. ``but`` are for each the records that are not looked at."""
    near, seen = _near(work, whom, but)
    common = counted(work, (*(whom[key] for key, others in near.items() if others), *seen.values()))
    weighed = {key: dict(zip(others, settle([judge(whom[key], seen[other], common.weights, common.frequencies)
                                             for other in others], common.weights), strict=True)) for key, others in near.items()}
    likely = {key: [other for other, judgement in judged.items() if possible(judgement)] for key, judged in weighed.items()}
    rows = queries.residents(work, sorted(set().union(*likely.values())))
    return {key: sorted((Alike(rows[other], seen[other], weighed[key][other]) for other in others if other in rows),
                        key=lambda each: (-each.judgement.bits, each.resident.id)) for key, others in likely.items()}


def _near(work: Work, whom: Mapping[uuid.UUID, Person], but: Mapping[uuid.UUID, Collection[uuid.UUID]]
          ) -> tuple[dict[uuid.UUID, list[uuid.UUID]], dict[uuid.UUID, Person]]:
    """Which records are worth weighing beside each, and what is seen of them: what names and dates of birth rule out is not read
    further."""
    answered = {key: {other: shared for other, shared in found.items() if other not in but[key]}
                for key, found in candidates(work, whom).items()}
    named = queries.seen(work, sorted(set().union(*answered.values())), NAME_AND_BIRTH)
    near = {key: [other for other, shared in others.items() if resembling.worth_weighing(whom[key], named[other], shared)]
            for key, others in answered.items()}
    rest = queries.seen(work, sorted(set().union(*near.values())), ADDRESS_AND_CHANNELS)
    return near, {key: replace(seen, names=named[key].names, born=named[key].born) for key, seen in rest.items()}


def candidates(work: Work, whom: Mapping[uuid.UUID, Person]) -> Mapping[uuid.UUID, Shared]:
    """For each of these people, who has keys in common with them, and which."""
    wanted = {key: resembling.asked_for(seen) for key, seen in whom.items()}
    holders = pairs.filed_under(work, dict(sorted({key: most for asked in wanted.values() for key, most in asked.items()}.items())))
    found: dict[uuid.UUID, dict[uuid.UUID, set[str]]] = {key: defaultdict(set) for key in whom}
    for key, asked in wanted.items():
        for each in asked.keys() & holders.keys():
            for other in holders[each]:
                found[key][other].add(each)
    return found


def seen_of(work: Work, resident: Resident) -> Person:
    """What may be seen of one record for weighing it."""
    found: Mapping[uuid.UUID, Person] = queries.seen(work, [resident.id])
    return found[resident.id]
