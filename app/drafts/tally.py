"""How many of each class every hat sees under one policy, and which of these numbers may be told: none under five, and none from
which one could be worked out. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.drafts.alike import Counted, Kind, Request, Resident
from app.drafts.eyes import LOOKING_AT, Eyes, hats
from app.drafts.impact import Projected, Rows
from app.drafts.impact_words import withheld
from app.policy.figures import EVERYBODY, FEW, FEWEST, UNKNOWN, Figure, apart, whom
from app.policy.groups import Group
from app.policy.plainly import COUNCIL, Plain
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.reach import Wearer
from app.policy.rules import NO_UNIT, Vocabulary
from app.policy.situations import Sharing

COUNTED = (Kind.RESIDENT, Kind.REQUEST)
Of = tuple[Wearer, Purpose, Kind, Group]
# How many of those who are alike.
Many = dict[str, int]


@dataclass(frozen=True)
class Tally:
    """What may be told: of every hat, and of how many there are."""

    figures: Mapping[Of, Mapping[str, Figure]]
    there_are: Mapping[Kind, Mapping[str, Figure]]

    def rows(self) -> list[dict[str, Any]]:
        """As the database keeps it: a row for each hat and purpose."""
        told: dict[tuple[Wearer, Purpose], dict[str, dict[str, dict[str, Any]]]] = defaultdict(lambda: defaultdict(dict))
        for (wearer, purpose, kind, group), figures in self.figures.items():
            told[wearer, purpose][str(kind)][str(group)] = _kept(figures)
        return [{"organisation": wearer.organisation, "role": str(wearer.role), "unit": wearer.unit, "purpose": str(purpose),
                 "told": kinds} for (wearer, purpose), kinds in told.items()]

    def all(self) -> dict[str, dict[str, Any]]:
        """How many there are, as the database keeps it."""
        return {str(kind): _kept(figures) for kind, figures in self.there_are.items()}


def _kept(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Without what is told of whoever is not in it."""
    return {those: figure.kept for those, figure in figures.items() if figure != FEW}


def tally(policy: Plain, counted: Counted) -> Tally:
    """The counts of a policy."""
    words = policy.vocabulary
    there_are, seen = {kind: _sizes(counted, kind, words) for kind in COUNTED}, _seen(policy, counted)
    pools = {(kind, those): apart([many, *(each[those] for of, each in seen.items() if of[2] is kind)])
             for kind, sizes in there_are.items() for those, many in sizes.items()}
    figures = {of: {those: pools[of[2], those][many] for those, many in each.items()} for of, each in seen.items()}
    for of, each in _units_that_would_tell(seen):
        figures[of] |= each
    telling = _telling(seen)
    return Tally({of: each | {EVERYBODY: _sum(each, seen[of])} for of, each in figures.items() if of[:2] in telling},
                 {kind: _of_all(kind, sizes, pools) for kind, sizes in there_are.items()})


def _of_all(kind: Kind, sizes: Many, pools: Mapping[tuple[Kind, str], Mapping[int, Figure]]) -> dict[str, Figure]:
    told = {those: pools[kind, those][many] for those, many in sizes.items()}
    return told | {EVERYBODY: _sum(told, sizes)}


def _those(row: Resident | Request) -> str:
    return UNKNOWN if row.base is None else whom(row.base.home, row.base.sharing)


def _sizes(counted: Counted, kind: Kind, words: Vocabulary) -> Many:
    """With a nought for those who could be and are not: that nobody is among them is told no more than that few are."""
    homes = [None, *sorted(words.organisations - {slug for slug, each in words.kinds.items() if each != COUNCIL})]
    those = [whom(home, sharing) for home in homes for sharing in Sharing]
    found: Many = dict.fromkeys([*those, UNKNOWN] if kind is Kind.REQUEST else those, 0)
    for row, many in counted.of(kind).items():
        found[_those(row)] = found.get(_those(row), 0) + many
    return found


def _seen(policy: Plain, counted: Counted) -> dict[Of, Many]:
    """How many of each every hat sees of which a rule gives it anything."""
    sizes = {kind: _sizes(counted, kind, policy.vocabulary) for kind in COUNTED}
    parts = {those: Counted() for each in sizes.values() for those in each}
    for kind in COUNTED:
        for row, many in counted.of(kind).items():
            parts[_those(row)].of(kind)[row] += many
    narrowing = frozenset(each.council for each in policy.tables.narrowings)
    judge = _Judge({kind: {those: Projected(parts[those], narrowing) for those in sizes[kind]} for kind in COUNTED})
    return {(wearer, purpose, kind, group): judge.many(eyes, kind, group)
            for wearer in hats(policy.vocabulary) for purpose in Purpose if purpose not in WITHOUT_RESIDENTS
            for kind in COUNTED for eyes in [Eyes.of(policy, wearer, purpose, frozenset({LOOKING_AT[kind]}))]
            for group in eyes.groups(kind)}


class _Judge:
    """What was judged once is not judged again: most units of a council are the same to a rule."""

    def __init__(self, parts: Mapping[Kind, Mapping[str, Projected]]) -> None:
        self._parts = parts
        self._known: dict[tuple[Any, ...], int] = {}

    def many(self, eyes: Eyes, kind: Kind, group: Group) -> Many:
        return {those: self._of(part, part.rows(kind, eyes.wearer), eyes, kind, group)
                for those, part in self._parts[kind].items()}

    def _of(self, part: Projected, rows: Rows, eyes: Eyes, kind: Kind, group: Group) -> int:
        key = (kind, group, eyes.wearer.role, eyes.purpose, eyes.given(kind), eyes.masks, rows)
        if key not in self._known:
            self._known[key] = sum(many for facts, alike in part.by_facts(rows, group).items()
                                   if eyes.through(kind, group, facts) for _, many in alike)
        return self._known[key]


def _sum(told: Mapping[str, Figure], really: Mapping[str, int]) -> Figure:
    """The sum of figures, which tells of those that are withheld only within which five numbers their own sum lies."""
    if all(figure.least == figure.most for figure in told.values()):
        return Figure(sum(really.values()), sum(really.values()))
    least = sum(figure.least for figure in told.values())
    least += (sum(really.values()) - least) // FEWEST * FEWEST
    return Figure(least, least + FEWEST - 1)


def _units_that_would_tell(seen: Mapping[Of, Many]) -> Iterator[tuple[Of, dict[str, Figure]]]:
    """Units whose number would tell another's: the whole is known from those who belong to none."""
    families: dict[tuple[Any, ...], list[Of]] = defaultdict(list)
    for of in seen:
        wearer, *same = of
        families[(wearer.role, wearer.organisation, *same)].append(of)
    for family in families.values():
        whole = next((of for of in family if of[0].unit == NO_UNIT), None)
        units = [of for of in family if of[0].unit != NO_UNIT and whole is not None and seen[of] != seen[whole]]
        for those in seen[whole] if whole and units else ():
            of_units = [seen[of][those] for of in units]
            rest = max(seen[whole][those] - sum(of_units), 0) if whole else 0
            for of, many, told in zip(units, of_units, withheld([*of_units, rest])[1], strict=False):
                if told is None and many >= FEWEST:
                    yield of, {those: Figure(FEWEST, None)}


def _telling(seen: Mapping[Of, Many]) -> set[tuple[Wearer, Purpose]]:
    """The hats that are told of by themselves: a unit only where it sees other than those without one."""
    def whole(of: Of) -> Of:
        wearer, *rest = of
        return Wearer(wearer.role, wearer.organisation, NO_UNIT), *rest  # type: ignore[return-value]

    return {of[:2] for of, many in seen.items() if of[0].unit == NO_UNIT or seen.get(whole(of)) != many}
