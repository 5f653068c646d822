"""What an adviser types in the one box, with slips: whether the person meant comes first, or among the first five."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.matching.judging import judge
from app.matching.person import Person
from app.matching.weighing import shipped
from app.residents import fitting, probes, ranking
from app.residents.clues import read
from bench.matching import blocking, households
from bench.matching.households import slip

TODAY = date(2026, 11, 23)
FIRST, FEW = 1, 5
# How the search itself does it (app/residents/finding.py): of those that agree best few are weighed.
MOST_WEIGHED = 30


@dataclass(frozen=True)
class Typed:
    """One way of asking: which details, each of which may hold a slip. ``several`` says whether they are two or more."""

    words: str
    several: bool
    parts: tuple[Callable[[Person, random.Random, bool], str], ...] = field(repr=False)


def _given(person: Person, chance: random.Random, wrong: bool) -> str:
    given = person.names[0][0]
    if not wrong:
        return given
    short = households.SHORT.get(given.casefold())
    return chance.choice(short) if short and chance.random() < 0.5 else slip(given, chance)


def _family(person: Person, chance: random.Random, wrong: bool) -> str:
    return slip(person.names[0][1], chance) if wrong else person.names[0][1]


def _name(person: Person, chance: random.Random, wrong: bool) -> str:
    if not wrong:
        return f"{_given(person, chance, False)} {_family(person, chance, False)}"
    which = chance.choice(("given", "family", "order"))
    given, family = _given(person, chance, which == "given"), _family(person, chance, which == "family")
    return f"{family} {given}" if which == "order" else f"{given} {family}"


def _postcode(person: Person, chance: random.Random, wrong: bool) -> str:
    written = person.addresses[0][1]
    if not wrong:
        return written
    at = chance.choice([at for at, character in enumerate(written) if character != " " and at > 1])
    others = "0123456789" if written[at].isdigit() else "ABDEFGHJLNPQRSTUWXYZ"
    return written[:at] + chance.choice(others) + written[at + 1:]


def _born(person: Person, chance: random.Random, wrong: bool) -> str:
    born = person.born or TODAY
    if wrong and born.day <= 12 and chance.random() < 0.5:
        born = date(born.year, born.day, born.month)
    elif wrong:
        born = households.in_year(born, chance)
    return f"{born:%d/%m/%Y}"


def _telephone(person: Person, chance: random.Random, wrong: bool) -> str:
    national = "0" + person.telephones[-1].removeprefix("+44")
    return national[:3] + households.digit_slipped(national[3:], chance) if wrong else national


ASKED = (
    Typed("name and postcode", True, (_name, _postcode)), Typed("name and date of birth", True, (_name, _born)),
    Typed("name and telephone", True, (_name, _telephone)), Typed("surname and postcode", True, (_family, _postcode)),
    Typed("surname and date of birth", True, (_family, _born)), Typed("date of birth and postcode", True, (_born, _postcode)),
    Typed("all of them", True, (_name, _postcode, _born, _telephone)), Typed("telephone", False, (_telephone,)),
    Typed("name", False, (_name,)),
)


class File:
    """The records on file, under their keys, and the search as the application does it, without a database."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.under = blocking.filed(people)
        self.frequencies = blocking.counted(people)

    def found(self, text: str) -> list[int]:
        """Who comes, best first."""
        clues, scores = read(text, TODAY), dict[int, int]()
        for number, wanted in enumerate(probes.rounds(clues)):
            further = [at for at in self._holders(wanted(clues)) if at not in scores]
            scores |= {at: ranking.score(clues, self.people[at]) for at in further}
            if ranking.plenty(clues, scores.values(), surely=number == 0):
                break
        shown = [at for at, score in scores.items() if score >= ranking.WORTH_SHOWING]
        bits = {at: max(judge(self.people[at], said, shipped(), self.frequencies).bits
                        for said in fitting.described(clues)) for at in sorted(shown, key=lambda at: -scores[at])[:MOST_WEIGHED]}
        return sorted(bits, key=lambda at: (-bits[at], -scores[at], at))

    def _holders(self, keys: Sequence[str]) -> list[int]:
        return list(dict.fromkeys(at for key in keys for at in self.under.get(key, ())))[:blocking.MOST_BEARERS]


def measured(count: int, times: int, seed: int) -> dict[str, object]:
    """Ask for so many people in each of the ways, with no slip, with one and with two."""
    people = [person for home in households.world(count, seed) for person in home]
    file, chance = File(people), random.Random(seed + 2)
    asked = [at for at, person in enumerate(people) if person.born and person.telephones]
    print(f"\nthe box, over {len(people):,} people: the one meant comes first / among the first five, with 0, 1 and 2 slips")
    figures: dict[str, object] = {}
    total: dict[int, list[tuple[bool, bool]]] = {0: [], 1: [], 2: []}
    for typed in ASKED:
        row = {slips: [_once(file, typed, slips, chance.choice(asked), chance) for _ in range(max(times // 27, 10))]
               for slips in range(3) if slips <= len(typed.parts)}
        print(f"{typed.words:30}" + "".join(f"{_share(hits, 0):10.3f} /{_share(hits, 1):6.3f}" for hits in row.values()))
        figures[typed.words] = {slips: [_share(hits, 0), _share(hits, 1)] for slips, hits in row.items()}
        for slips, hits in row.items():
            total[slips] += hits if typed.several else []
    print(f"{'two details or more':30}" + "".join(f"{_share(hits, 0):10.3f} /{_share(hits, 1):6.3f}" for hits in total.values()))
    figures["two details or more"] = {slips: [_share(hits, 0), _share(hits, 1)] for slips, hits in total.items()}
    return figures


def _once(file: File, typed: Typed, slips: int, at: int, chance: random.Random) -> tuple[bool, bool]:
    wrong = set(chance.sample(range(len(typed.parts)), slips))
    words = [part(file.people[at], chance, number in wrong) for number, part in enumerate(typed.parts)]
    chance.shuffle(words)
    found = file.found(" ".join(words))
    return at in found[:FIRST], at in found[:FEW]


def _share(hits: Sequence[tuple[bool, bool]], which: int) -> float:
    return sum(hit[which] for hit in hits) / len(hits) if hits else 0.0
