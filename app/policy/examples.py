"""Worked examples of the policy: what people expect in a situation, a line each, read strictly, and what the policy answers.

Which rights a situation gives is for ``situations``; which rules no example tells of, for ``trying``.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from app.policy.actions import ABOUT_RESIDENTS, Action, Kind
from app.policy.groups import GROUPS_OF, Group
from app.policy.plainly import COUNCIL, Answers, could_be, hats
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NO_UNIT, Vocabulary
from app.policy.sheets import Fault, PolicyRefused, Row, Sheet, Word
from app.policy.situations import (
    Disclosure,
    Facts,
    Job,
    Matter,
    Sharing,
    State,
    Whose,
    holding,
    places,
    standing,
)
from app.policy.words import OF_PARTNERS, MaskWord, Of, Role, ScopeWord

EXAMPLES: Final = "examples.csv"
HEADER: Final = ("name", "rule", "role", "organisation", "unit", "purpose", "actions", "groups", "home", "keeper", "sharing",
                 "objection", "state", "matter", "job", "disclosure", "contact", "answer")
RULES: Final = frozenset(f"R{number}" for number in range(1, 24))
_EMPTY: Final = frozenset({"", "-"})
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Example:
    """One line: a hat asks something in a situation, and this is what people expect it to be answered."""

    name: str
    rule: str
    role: Role
    organisation: str
    unit: str
    purpose: Purpose
    actions: tuple[Action, ...]
    groups: tuple[Group, ...]
    facts: Facts
    answer: bool
    line: int = 0

    def cases(self, policy: Answers) -> Iterator["Case"]:
        """Each single question in it. Where no organisation is named, it is for every one that has the role."""
        for organisation, unit in hats(policy.vocabulary, policy.tables.grants, self.organisation, self.unit):
            if not could_be(policy.vocabulary, organisation, self.role):
                continue
            for action in self.actions:
                for group in sorted(GROUPS_OF[action.kind] & set(self.groups)):
                    yield Case(self, organisation, unit, action, group)


@dataclass(frozen=True, slots=True)
class Case:
    """One hat's question about one action and one group."""

    example: Example
    organisation: str
    unit: str
    action: Action
    group: Group

    def __str__(self) -> str:
        hat = f"{self.example.role} of {self.organisation}" + (f", unit {self.unit}" if self.unit != NO_UNIT else "")
        return f"{hat}: {self.action} {self.group}"

    @property
    def facts(self) -> Facts:
        """The situation as this hat's organisation stands in it."""
        told = self.example.facts
        return replace(told, home=Whose.OWN, keeper=Whose.OWN) if told.of == self.organisation else told

    @property
    def holding(self) -> frozenset[ScopeWord]:
        """The rights that hold."""
        return holding(self.facts, self.example.role, self.example.purpose, self.action, self.group)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policy answers to a case: the scopes through which it is a yes, those that were granted and hold, and what
    masks and councils' own narrowings took or would have taken of them but for a lift."""

    left: frozenset[ScopeWord]
    granted: frozenset[ScopeWord]
    biting: frozenset[MaskWord | Of]
    lifted: frozenset[tuple[MaskWord | Of, ScopeWord]]

    @property
    def yes(self) -> bool:
        """Whether anything is left."""
        return bool(self.left)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an example came out: the cases that were answered otherwise than it says."""

    example: Example
    otherwise: tuple[Case, ...]
    asked: int

    @property
    def right(self) -> bool:
        """Whether the policy answers what the example says."""
        return not self.otherwise

    def __str__(self) -> str:
        meant, said = ("yes", "no") if self.example.answer else ("no", "yes")
        return (f"{EXAMPLES}, line {self.example.line}, {self.example.rule}: “{self.example.name}” expects {meant}, and the"
                f" policy answers {said} ({'; '.join(map(str, self.otherwise))})")


def run(policy: Answers, examples: Iterable[Example]) -> tuple[Outcome, ...]:
    """What a policy answers to each example."""
    found = []
    for example in examples:
        cases = list(example.cases(policy))
        otherwise = tuple(case for case in cases if answer(policy, case).yes is not example.answer)
        found.append(Outcome(example, otherwise, len(cases)))
    return tuple(found)


def answer(policy: Answers, case: Case) -> Answer:
    """What a policy answers to one case."""
    example, holds = case.example, case.holding
    allowed = policy.allowed(example.role, case.organisation, case.unit, case.action, example.purpose)
    granted = frozenset(scope for scope in holds if case.group in allowed.get(scope, frozenset()))
    gone: set[ScopeWord] = set()
    biting: set[MaskWord | Of] = set()
    lifted: set[tuple[MaskWord | Of, ScopeWord]] = set()
    for scope in granted:
        on_row, at = standing(case.facts, case.action, scope), places(case.facts, case.action, scope)
        for mask in policy.tables.withheld(example.role, case.organisation):
            if mask.word not in on_row:
                continue
            taken, spared = mask.sorts((scope,), case.group, example.role, example.purpose, at)
            gone |= taken
            biting |= {mask.word} if taken else set()
            lifted |= {(mask.word, each) for each in spared}
    return Answer(granted - gone, granted, frozenset(biting), frozenset(lifted))


def read(text: str, vocabulary: Vocabulary) -> tuple[Example, ...]:
    """The examples of a file, none of an empty one. Raises ``PolicyRefused`` with every fault found."""
    if not text.strip():
        return ()
    faults: list[Fault] = []
    found: dict[str, Example] = {}
    for row in Sheet(EXAMPLES, HEADER, faults).rows(text):
        example = _example(row, vocabulary)
        if row["name"] in found:
            row.fault("name", f"line {found[row['name']].line} has the same name", "Give each example a name of its own.")
        elif example is not None:
            found[example.name] = example
    if faults:
        raise PolicyRefused(faults)
    return tuple(found.values())


def _example(row: Row, vocabulary: Vocabulary) -> Example | None:
    role, purpose = row.word("role", Role), row.word("purpose", Purpose)
    actions = _words(row, "actions", Action)
    said = [_named(row), _rule(row), _organisation(row, vocabulary), _unit(row, vocabulary)]
    yes = _yes_or_no(row, "answer", None)
    groups = _groups(row, actions) if actions else None
    facts = _facts(row, actions, vocabulary) if actions else None
    if role is None or purpose is None or not actions or groups is None or facts is None or yes is None or not all(said):
        return None
    if not _fits(row, role, facts):
        return None
    return Example(row["name"], row["rule"], role, _or(row, "organisation", EVERY), _or(row, "unit", NO_UNIT), purpose, actions,
                   groups, facts, yes, row.line)


def _or(row: Row, column: str, usual: str) -> str:
    return usual if row[column] in _EMPTY else row[column]


def _named(row: Row) -> bool:
    if row["name"] not in _EMPTY:
        return True
    row.fault("name", "the example has no name", "Write a sentence that says what is expected.")
    return False


def _rule(row: Row) -> bool:
    if row["rule"] in RULES:
        return True
    row.fault("rule", f"{row['rule']!r} is not one of the rules", "Write R1 to R23: the promise that the example is about.")
    return False


def _organisation(row: Row, vocabulary: Vocabulary) -> bool:
    name = _or(row, "organisation", EVERY)
    if name == EVERY or name in vocabulary.organisations:
        return True
    row.fault("organisation", f"{name!r} is not an organisation of this partnership", "Leave it empty for every one that has"
              " the role.")
    return False


def _unit(row: Row, vocabulary: Vocabulary) -> bool:
    name = _or(row, "unit", NO_UNIT)
    if name == NO_UNIT or name in vocabulary.units_of(_or(row, "organisation", EVERY)):
        return True
    row.fault("unit", f"{name!r} is not a unit of {_or(row, 'organisation', EVERY)}", "Leave it empty for a hat without one.")
    return False


def _yes_or_no(row: Row, column: str, usual: bool | None) -> bool | None:
    if row[column] in _EMPTY and usual is not None:
        return usual
    if row[column] in ("yes", "no"):
        return row[column] == "yes"
    row.fault(column, f"{row[column]!r} is neither yes nor no" if row[column] else "nothing is written", "Write yes or no.")
    return None


def _words(row: Row, column: str, words: type[Word]) -> tuple[Word, ...]:
    """The words of a cell; none if one of them is not known."""
    found = [row.one(column, text, words) for text in row[column].split() or [""]]
    known = tuple(word for word in found if word is not None)
    if len(set(known)) < len(known):
        row.fault(column, "a word is named twice", "Take one of them out.")
    return known if len(known) == len(found) else ()


def _several(row: Row, column: str, words: type[Word]) -> frozenset[Word]:
    return frozenset() if row[column] in _EMPTY else frozenset(_words(row, column, words))


def _one(row: Row, column: str, words: type[Word], usual: Word) -> Word | None:
    return usual if row[column] in _EMPTY else row.word(column, words)


def _groups(row: Row, actions: Collection[Action]) -> tuple[Group, ...] | None:
    """The groups meant; ``*`` means every one of each action, and of what has none none need be said."""
    kinds = [GROUPS_OF[action.kind] for action in actions]
    if row["groups"] == EVERY or (row["groups"] in _EMPTY and all(groups == {Group.NONE} for groups in kinds)):
        return tuple(sorted(frozenset().union(*kinds)))
    found = _words(row, "groups", Group)
    for action in actions:
        foreign = set(found) - GROUPS_OF[action.kind]
        if foreign:
            row.fault("groups", f"{action} has no group {', '.join(sorted(foreign))}",
                      f"It has {', '.join(sorted(GROUPS_OF[action.kind]))}.")
            return None
    return found or None


def _facts(row: Row, actions: Collection[Action], vocabulary: Vocabulary) -> Facts | None:
    """The situation. Where the home council is named, its own narrowings count; where it is only *own* or *other*, none does."""
    matter, states = _several(row, "matter", Matter), _several(row, "state", State)
    named = row["home"] in vocabulary.organisations and vocabulary.kinds.get(row["home"], COUNCIL) == COUNCIL
    if named and row["keeper"] not in _EMPTY:
        row.fault("keeper", f"{row['home']} is the home, and keeps the record", "Leave it empty.")
    home, keeper = Whose.OTHER if named else _home(row, actions, matter), _one(row, "keeper", Whose, Whose.NONE)
    sharing, objection = _one(row, "sharing", Sharing, Sharing.NOT_ASKED), _yes_or_no(row, "objection", False)
    job, disclosure = _one(row, "job", Job, Job.NONE), _one(row, "disclosure", Disclosure, Disclosure.NONE)
    contact = row["contact"] if row["contact"] not in _EMPTY else "open"
    if contact not in ("open", "none"):
        row.fault("contact", f"{contact!r} is neither open nor none", "Leave it empty for an open contact.")
        return None
    if home is None or keeper is None or sharing is None or objection is None or job is None or disclosure is None:
        return None
    return Facts(home, keeper if keeper is not Whose.NONE else home, sharing, objection, states - {State.PLAIN}, matter, job,
                 disclosure, contact == "open", row["home"] if named else "")


def _home(row: Row, actions: Collection[Action], matter: Collection[Matter]) -> Whose | None:
    """Whose resident it is. It must be said where a resident may be behind it: silence would make every no true."""
    if row["home"] not in _EMPTY:
        return row.word("home", Whose)
    about = any(action.kind in ABOUT_RESIDENTS or action.kind is Kind.JOURNAL for action in actions)
    if about and not {Matter.UNLINKED, Matter.OWN} & set(matter):
        row.fault("home", "it is not said whose resident it is", f"Write one of: {', '.join(Whose)}; or unlinked under matter"
                  " where nobody is known.")
        return None
    return Whose.NONE


def _fits(row: Row, role: Role, facts: Facts) -> bool:
    """Whether the facts can be true of such a role."""
    if role in OF_PARTNERS and Whose.OWN in (facts.home, facts.keeper):
        row.fault("home", f"{role} is a partner's, and a partner is nobody's council", "Write other or none.")
        return False
    if role not in OF_PARTNERS and facts.job is not Job.NONE:
        row.fault("job", f"{role} is a council's, and jobs are assigned to partners", "Leave it empty, or use matter.")
        return False
    if facts.home is Whose.NONE and facts.keeper is Whose.NONE and role not in OF_PARTNERS and row["home"] not in _EMPTY:
        row.fault("keeper", "somebody must keep the record of a resident without a home council", "Write own or other.")
        return False
    return True

