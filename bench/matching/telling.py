"""New records against those on file, as somebody rings: looked for by the keys, weighed, settled; and what would follow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.duplicates import resembling
from app.matching.frequencies import Frequencies
from app.matching.judging import Judgement, Verdict, judge, settle
from app.matching.person import Person
from app.matching.weighing import Weights
from bench.matching import blocking
from bench.matching.households import Caller, Kind

FEW = 3


@dataclass
class Told:
    """What came of all callers."""

    callers: Counter[Kind] = field(default_factory=Counter)
    linked: Counter[Kind] = field(default_factory=Counter)
    reviewed: Counter[Kind] = field(default_factory=Counter)
    rightly: int = 0
    among_few: int = 0
    wrong: list[tuple[Caller, Person, Judgement]] = field(default_factory=list, repr=False)

    def add(self, file: "File", caller: Caller) -> None:
        """One caller rings."""
        judged = file.judged(caller.said)
        self.callers[caller.kind] += 1
        self.among_few += caller.who is not None and caller.who in [at for at, _ in judged[:FEW]]
        linked = [(at, judgement) for at, judgement in judged if judgement.verdict is Verdict.LINK]
        if linked:
            self.linked[caller.kind] += 1
            self.rightly += linked[0][0] == caller.who
            if linked[0][0] != caller.who:
                self.wrong.append((caller, file.people[linked[0][0]], linked[0][1]))
        elif any(judgement.verdict is Verdict.REVIEW for _, judgement in judged):
            self.reviewed[caller.kind] += 1

    @property
    def precision(self) -> float:
        """Of those linked without a person, how many are who they were taken for."""
        linked = self.linked.total()
        return self.rightly / linked if linked else 1.0


class File:
    """The records on file, under their keys."""

    def __init__(self, people: Sequence[Person], weights: Weights, frequencies: Frequencies | None = None) -> None:
        self.people = people
        self.weights = weights
        self.under = blocking.filed(people)
        self.frequencies = frequencies or blocking.counted(people)

    def judged(self, said: Person) -> list[tuple[int, Judgement]]:
        """Everybody on file who is worth weighing beside this person, likeliest first: as the application chooses them."""
        shared: dict[int, set[str]] = {}
        for key, most in resembling.asked_for(said).items():
            bearers = self.under.get(key, ())
            for at in bearers if len(bearers) <= most else ():
                shared.setdefault(at, set()).add(key)
        candidates = [at for at, keys in sorted(shared.items()) if resembling.worth_weighing(said, self.people[at], keys)]
        judgements = settle([judge(said, self.people[at], self.weights, self.frequencies) for at in candidates], self.weights)
        return sorted(zip(candidates, judgements, strict=True), key=lambda pair: -pair[1].bits)
