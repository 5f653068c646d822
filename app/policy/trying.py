"""What the examples try of a policy: which rules, masks and cells none of them touches, and which would be missed if a line
were gone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.policy.examples import Answer, Case, Example, answer, run
from app.policy.matrix import Cell, said_by
from app.policy.narrowings import NARROWINGS
from app.policy.plainly import Answers, Plain, could_be, hats, is_for, without
from app.policy.reading import GRANTS, MASKS, ROLES
from app.policy.rules import EVERY, Grant, Inheritance, Lift, Mask, Narrowing
from app.policy.sentences import (
    by_line,
    grant_sentence,
    inheritance_sentence,
    lift_sentence,
    narrowing_sentence,
    taking_sentence,
)
from app.policy.words import MaskWord


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the policy: where it stands, what it says, and the rule itself (of grants, the first)."""

    file: str
    number: int
    sentence: str
    rule: Grant | Inheritance | Mask | Lift | Narrowing
    group: tuple[Grant, ...] = ()
    mask: MaskWord | None = None

    def __str__(self) -> str:
        return f"{self.file}, line {self.number}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Tried:
    """A line, the examples that touch it, and those of them that fail when it is taken out."""

    line: Line
    touched_by: tuple[Example, ...]
    missed_by: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every line with what touches and misses it, and the cells of the table that no example touches."""

    lines: tuple[Tried, ...]
    untouched_cells: tuple[Cell, ...]

    @property
    def untouched(self) -> tuple[Line, ...]:
        """The lines that no example touches."""
        return tuple(tried.line for tried in self.lines if not tried.touched_by)

    @property
    def unmissed(self) -> tuple[Line, ...]:
        """The lines that could be taken out without an example that fails."""
        return tuple(tried.line for tried in self.lines if not tried.missed_by)


def lines(policy: Answers) -> Iterator[Line]:
    """Every line of a policy, in the order of its files."""
    tables = policy.tables
    for grants in by_line(tables.grants):
        yield Line(GRANTS, grants[0].line, grant_sentence(*grants), grants[0], grants)
    for pair in tables.inheritances:
        yield Line(ROLES, pair.line, inheritance_sentence(pair), pair)
    for mask in tables.masks:
        yield Line(MASKS, mask.line, taking_sentence(mask), mask, (), mask.word)
        for lift in mask.lifts:
            yield Line(MASKS, lift.line, lift_sentence(mask.word, lift), lift, (), mask.word)
    for narrowing in tables.narrowings:
        yield Line(NARROWINGS, narrowing.line, narrowing_sentence(narrowing), narrowing)


def coverage(policy: Answers, examples: Collection[Example]) -> Coverage:
    """What the examples touch of a policy, and what would be missed. The rules' own answers are used, not Casbin's."""
    plain = Plain(policy.tables, policy.vocabulary)
    answered = [(case, answer(plain, case)) for example in examples for case in example.cases(plain)]
    found = []
    for line in lines(plain):
        touching = tuple(dict.fromkeys(case.example for case, given in answered if _touches(plain, line, case, given)))
        # What a line does not touch comes out the same without it: only the others need asking again.
        rest = Plain(without(plain.tables, line.rule), plain.vocabulary)
        found.append(Tried(line, touching, tuple(outcome.example for outcome in run(rest, touching) if not outcome.right)))
    asked = {Cell(case.example.role, case.example.purpose, scope, case.action)
             for case, given in answered for scope in given.granted}
    return Coverage(tuple(found), tuple(sorted(_cells(plain) - asked)))


def _cells(plain: Plain) -> set[Cell]:
    return {cell for organisation, unit in hats(plain.vocabulary, plain.tables.grants)
            for cell in said_by(plain, organisation, unit) if could_be(plain.vocabulary, organisation, cell.role)}


def _touches(plain: Plain, line: Line, case: Case, given: Answer) -> bool:
    """Whether a line has to do with the answer to a case."""
    if isinstance(line.rule, Grant):
        return any(_speaks_to(plain, grant, case) for grant in line.group)
    if isinstance(line.rule, Inheritance):
        return any(_through(plain, line.rule, grant, case) for grant in plain.tables.grants
                   if grant.action is case.action and _speaks_to(plain, grant, case))
    if isinstance(line.rule, Mask):
        return line.rule.word in given.biting
    if isinstance(line.rule, Narrowing):
        meant = line.rule.is_for(case.example.role, case.organisation)
        return meant and line.rule.word in given.biting and any(line.rule.takes(scope, case.group) for scope in given.granted)
    lift = line.rule
    return (lift.role is case.example.role and lift.purpose in (EVERY, case.example.purpose)
            and any(word is line.mask and scope in lift.scopes for word, scope in given.lifted))


def _speaks_to(plain: Plain, grant: Grant, case: Case) -> bool:
    """Whether a grant or a deny is about a case, and its scope holds."""
    example = case.example
    return (grant.action is case.action and grant.group in (EVERY, case.group) and is_for(grant.organisation, case.organisation)
            and is_for(grant.unit, case.unit) and is_for(grant.purpose, example.purpose)
            and example.role in plain.below[grant.role] and grant.scope in case.holding)


def _through(plain: Plain, pair: Inheritance, grant: Grant, case: Case) -> bool:
    """Whether a role has a grant by way of an inheritance."""
    return (grant.role is not case.example.role and case.example.role in plain.below[pair.role]
            and pair.includes in plain.below[grant.role])
