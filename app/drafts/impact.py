"""Who would see more, or less, of whom under a draft than under the policy that it changes, over every class of alike rows: exact,
because each class is judged as any of its rows would be. And which gains no approval can allow.

Pure. How it is told to people, and which small numbers are withheld, is for ``impact_words``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.drafts.alike import Counted, Kind, Met, met
from app.drafts.eyes import Pair, changed
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.plainly import COUNCIL, Plain
from app.policy.purposes import Purpose
from app.policy.reach import Wearer
from app.policy.rules import NO_UNIT, Tables, Vocabulary
from app.policy.situations import Facts, Sharing, State, Whose
from app.policy.words import OF_PARTNERS, ScopeWord

NOT_GIVEN = frozenset({str(Sharing.REFUSED), str(Sharing.WITHDRAWN), str(Sharing.NOT_ASKED)})


class Barred(StrEnum):
    """Why a gain can be approved by nobody."""

    NO_CHOICE = "no-choice"
    OBJECTED = "objected"
    SENSITIVE = "sensitive"
    NO_AGREEMENT = "no-agreement"


class Standing(StrEnum):
    """Whose resident it is, seen from the viewer."""

    OWN = "own"
    KEPT = "kept"
    OTHER = "other"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, order=True)
class Whom:
    """Those whom a line is about. ``said`` is the choice that counts for this viewer, empty where none does: about sharing for a
    council that is not the resident's own, about passing on for a partner. ``law`` says that the law alone opens it."""

    standing: Standing
    said: str = ""
    objected: bool = False
    marks: tuple[str, ...] = ()
    known: bool = True
    law: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A hat that would gain, or lose, sight of one group, for a purpose and in one way of looking."""

    wearer: tuple[str, str, str]
    purpose: Purpose
    action: Action
    kind: Kind
    group: Group
    gains: bool

    @classmethod
    def of(cls, pair: Pair, kind: Kind, group: Group, *, gains: bool) -> "Line":
        """The line of a hat's two views."""
        wearer = pair.before.wearer
        return cls((wearer.organisation, str(wearer.role), wearer.unit), pair.before.purpose, pair.action, kind, group, gains)


Found = Mapping[Line, Mapping[Whom, int]]


def weigh(before: Tables, after: Tables, vocabulary: Vocabulary, counted: Counted,
          pairs: Iterable[Pair] | None = None) -> Found:
    """What is worth telling of ``every_line``. ``pairs`` are those of ``changed``, where they are known already."""
    if pairs is None:
        pairs = changed(Plain(before, vocabulary), Plain(after, vocabulary), vocabulary)
    return _without_units_that_say_no_more(every_line(pairs, counted))


def every_line(pairs: Iterable[Pair], counted: Counted) -> Mapping[Line, Counter[Whom]]:
    """Every line, and how many of each class it is about."""
    found: dict[Line, Counter[Whom]] = {}
    pairs = list(pairs)
    seen = Projected(counted, frozenset().union(*(eyes.narrowing for pair in pairs for eyes in (pair.before, pair.after))))
    # Most units of a council are the same to a rule, and so are the people they meet: what was judged once is not judged again.
    known: dict[tuple[Any, ...], Judged] = {}
    for pair in pairs:
        for kind in sorted(pair.kinds):
            rows = seen.rows(kind, pair.before.wearer)
            key = (kind, pair.before.wearer.role, pair.before.purpose, pair.before.given(kind), pair.after.given(kind),
                   pair.before.masks, pair.after.masks, rows)
            if key not in known:
                known[key] = _judged(pair, kind, seen, rows)
            for (group, gains), whom in known[key].items():
                found[Line.of(pair, kind, group, gains=gains)] = whom
    return found


Rows = frozenset[tuple[tuple[Met, ...], int]]
Judged = Mapping[tuple[Group, bool], Counter[Whom]]


class Projected:
    """What the rows of a kind are to each hat, and how many are alike; ``narrowing`` are the councils of whose residents more
    may be withheld."""

    def __init__(self, counted: Counted, narrowing: frozenset[str]) -> None:
        self.counted, self.narrowing = counted, narrowing
        self._known: dict[tuple[object, Wearer], Rows] = {}
        self._alike: dict[Rows, Rows] = {}
        self._by_facts: dict[tuple[Rows, Group], Mapping[frozenset[Facts], list[tuple[tuple[Met, ...], int]]]] = {}

    def rows(self, kind: Kind, wearer: Wearer) -> Rows:
        """The rows to a hat, the same object where they are the same; the journal's are the residents'."""
        key = (kind in (Kind.REQUEST, Kind.CONTACT) and kind, wearer)
        if key not in self._known:
            found: Counter[tuple[Met, ...]] = Counter()
            for row, many in self.counted.of(kind).items():
                found[met(row, wearer, self.narrowing)] += many
            made = frozenset((row, many) for row, many in found.items() if many)
            self._known[key] = self._alike.setdefault(made, made)
        return self._known[key]

    def by_facts(self, rows: Rows, group: Group) -> Mapping[frozenset[Facts], list[tuple[tuple[Met, ...], int]]]:
        """The rows by the facts that hold of them for one group: only those decide."""
        if (rows, group) not in self._by_facts:
            found: dict[frozenset[Facts], list[tuple[tuple[Met, ...], int]]] = defaultdict(list)
            for row, many in rows:
                found[frozenset(each.for_group(group) for each in row)].append((row, many))
            self._by_facts[rows, group] = found
        return self._by_facts[rows, group]


def _judged(pair: Pair, kind: Kind, seen: Projected, rows: Rows) -> Judged:
    found: dict[tuple[Group, bool], Counter[Whom]] = defaultdict(Counter)
    for group in sorted(pair.before.groups(kind) | pair.after.groups(kind)):
        for facts, alike in seen.by_facts(rows, group).items():
            had, has = (eyes.through(kind, group, facts) for eyes in (pair.before, pair.after))
            if bool(had) is not bool(has):
                for row, many in alike:
                    found[group, bool(has)][_whom(pair.before.wearer, row, has or had)] += many
    return found


def _whom(wearer: Wearer, row: tuple[Met, ...], through: frozenset[ScopeWord]) -> Whom:
    """Of several people in one conversation the one who permitted least."""
    law = through == {ScopeWord.DISCLOSED}
    return max((_one(wearer, each, law) for each in row),
               key=lambda whom: (whom.standing is Standing.OTHER, whom.said in NOT_GIVEN, whom.objected, whom))


def _one(wearer: Wearer, row: Met, law: bool) -> Whom:
    facts = row.facts
    if not facts.linked:
        return Whom(Standing.NOBODY, row.passing or "", known=False, law=law)
    standing = (Standing.OWN if facts.home is Whose.OWN else Standing.KEPT if facts.keeper is Whose.OWN
                else Standing.NOBODY if facts.home is Whose.NONE else Standing.OTHER)
    marks = tuple(sorted(str(state) for state in facts.states & {State.PROTECTED, State.RESTRICTED}))
    if standing in (Standing.OWN, Standing.KEPT):
        return Whom(standing, "", facts.objection, marks, law=law)
    said = row.passing or str(Sharing.NOT_ASKED) if wearer.role in OF_PARTNERS else str(facts.sharing)
    return Whom(standing, said, facts.objection, marks, law=law)


def _without_units_that_say_no_more(found: Mapping[Line, Counter[Whom]]) -> Found:
    """Without the lines of a unit that the line of those without one says already, for as many or more."""
    def said(line: Line, whom: Mapping[Whom, int]) -> bool:
        organisation, role, unit = line.wearer
        whole: Mapping[Whom, int] = found.get(replace(line, wearer=(organisation, role, NO_UNIT)), {})
        return unit != NO_UNIT and all(many <= whole.get(each, 0) for each, many in whom.items())

    return {line: whom for line, whom in found.items() if not said(line, whom)}


def barred(line: Line, whom: Whom, vocabulary: Vocabulary, in_force: frozenset[str]) -> frozenset[Barred]:
    """Why this gain can be approved by nobody. ``in_force`` are the partners that have an agreement in force.

    A choice counts where somebody else's organisation would see more: what a resident's own council sees of them is not what
    they were asked about. Where the law alone opens a record no choice counts.
    """
    if not line.gains:
        return frozenset()
    own = whom.standing in (Standing.OWN, Standing.KEPT)
    organisation = line.wearer[0]
    partner = vocabulary.kinds.get(organisation, COUNCIL) != COUNCIL
    so = {Barred.NO_CHOICE: not own and not whom.law and whom.said in NOT_GIVEN,
          Barred.OBJECTED: not own and not whom.law and whom.objected,
          Barred.SENSITIVE: line.group is Group.SENSITIVE,
          Barred.NO_AGREEMENT: partner and organisation not in in_force}
    return frozenset(reason for reason, holds in so.items() if holds)
