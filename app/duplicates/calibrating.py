"""What a council's reviewers decided, as levels of agreement: the pairs they joined or called one person's, and those they told
apart.

Read through the guard as a team leader for the purpose of matching, who sees these records anyway. What comes of it holds counts
and no value of anybody; what new weights would be made of it is for ``matching.calibrating``.
"""

import random
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.duplicates.alike import candidates
from app.duplicates.models import NOT_SAME, SAME, DuplicateAnswer, DuplicatePair, ResidentMerge
from app.journal.record import record
from app.matching.calibrating import Levels
from app.matching.judging import Verdict, judge, levels
from app.matching.person import Person
from app.matching.queries import Standard
from app.matching.weighing import Weights
from app.policy.actions import Action
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.weighing import counted

NEEDS = frozenset({Action.RESIDENT_MATCH, Action.RESIDENT_PAIR})
# So many records are looked at for pairs that nobody decided.
LOOKED_AT, AT_RANDOM = 400, 4000
Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Decided:
    """The pairs of a council: what was decided of them, those in its queue, and others for a model."""

    same: Sequence[tuple[Person, Person]]
    apart: Sequence[tuple[Person, Person]]
    waiting: Sequence[tuple[Person, Person]]
    undecided: Sequence[tuple[Person, Person]]
    unlike: Sequence[tuple[Person, Person]]
    standard: Standard

    def levels_of(self, pairs: Iterable[tuple[Person, Person]]) -> list[Levels]:
        """At which level each comparison of each pair comes out."""
        return [levels(one, other, self.standard.weights, self.standard.frequencies) for one, other in pairs]

    def verdicts(self, pairs: Iterable[tuple[Person, Person]], weights: Weights) -> list[Verdict]:
        """What these weights make of pairs."""
        return [judge(one, other, weights, self.standard.frequencies).verdict for one, other in pairs]

    def changes(self, new: Weights) -> Mapping[tuple[Verdict, Verdict], int]:
        """How many pairs of the queue would be judged otherwise, by what they are now and would be."""
        return Counter((was, would) for was, would in zip(
            self.verdicts(self.waiting, self.standard.weights), self.verdicts(self.waiting, new), strict=True) if was is not would)


def decided(work: Work, *, modelled: bool) -> Decided:
    """What there is to learn from, journalled. ``modelled`` reads pairs that nobody decided as well."""
    same, apart = _decided(work)
    waiting = [(row.first_id, row.second_id) for row in work.session.scalars(select(DuplicatePair))]
    undecided, unlike = _others(work) if modelled else ([], [])
    every = {key for pairs in (same, apart, waiting, undecided, unlike) for pair in pairs for key in pair}
    # What was taken over from the record that was joined would agree with it of itself.
    seen = residents.seen(work, every, taken_over=False)
    record(work, "matching.calibrated", facts={"same": len(same), "apart": len(apart), "looked-at": len(every)})

    def laid(pairs: Iterable[Pair]) -> list[tuple[Person, Person]]:
        return [(seen[one], seen[other]) for one, other in pairs if seen[one].names and seen[other].names]

    return Decided(laid(same), laid(apart), laid(waiting), laid(undecided), laid(unlike), counted(work, seen.values()))


def _decided(work: Work) -> tuple[list[Pair], list[Pair]]:
    said: dict[Pair, str] = {}
    for row in work.session.scalars(select(DuplicateAnswer).order_by(DuplicateAnswer.at, DuplicateAnswer.id)):
        said[row.first_id, row.second_id] = row.answer
    joined = {(min(row.survivor_id, row.other_id), max(row.survivor_id, row.other_id)) for row in work.session.scalars(
        select(ResidentMerge).where(ResidentMerge.undone_at.is_(None)))}
    same = joined | {pair for pair, answer in said.items() if answer == SAME}
    return sorted(same), sorted(pair for pair, answer in said.items() if answer == NOT_SAME and pair not in joined)


def _others(work: Work) -> tuple[list[Pair], list[Pair]]:
    """Pairs with a key in common, and pairs at random, of some hundreds of the records that may be seen."""
    keys = list(work.session.scalars(
        select(Resident.id).where(Resident.merged_into.is_(None)).order_by(Resident.ref).limit(LOOKED_AT)))
    seen = residents.seen(work, keys)
    alike = {(min(key, other), max(key, other)) for key, found in candidates(work, seen).items() for other in found if other != key}
    chance = random.Random(len(keys))
    unlike = {(min(two), max(two)) for two in (chance.sample(keys, 2) for _ in range(AT_RANDOM))} if len(keys) > 1 else set()
    return sorted(alike), sorted(unlike - alike)
