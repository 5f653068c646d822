"""What is wrong with a set of rules that can be read all the same: rules that forbid each other, that others say already,
and that can never decide anything. Each is named with its line, its sentence and a mend.

What may not be granted at all is refused before, by ``reading`` and ``promises``.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from app.policy.actions import Action, Kind
from app.policy.groups import Group
from app.policy.narrowings import NARROWINGS
from app.policy.plainly import Plain, could_be, groups_of, hats, is_for, purposes_of
from app.policy.purposes import Purpose
from app.policy.reading import GRANTS, MASKS, ROLES
from app.policy.rules import EVERY, NO_UNIT, Effect, Grant, Lift, Mask, Narrowing, Tables, Vocabulary, heirs
from app.policy.sentences import by_line, grant_sentence, inheritance_sentence, joined, lift_sentence, narrowing_sentence
from app.policy.words import OF_PARTNERS, Role, ScopeWord

# Rights that only a council can have to a row, and only a partner.
OF_COUNCILS_ONLY = frozenset({ScopeWord.HOME, ScopeWord.KEPT, ScopeWord.CONSENTED, ScopeWord.SERVED, ScopeWord.TAKEN,
                              ScopeWord.RESPONSIBLE, ScopeWord.INTAKE})
OF_PARTNERS_ONLY = frozenset({ScopeWord.ASSIGNED, ScopeWord.PAST})
# A disclosure opens the record, not the conversations and requests beside it.
NOWHERE = frozenset({(Kind.CONTACT, ScopeWord.DISCLOSED), (Kind.REQUEST, ScopeWord.DISCLOSED)})


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """One thing to look at: where, what the line says, what is wrong with it, and how to mend it."""

    file: str
    line: int
    sentence: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.problem}. {self.mend}\n  It says: {self.sentence}"


# One question that a rule answers: who asks (role, organisation, unit), of which group, for what.
@dataclass(frozen=True, slots=True)
class _Case:
    role: Role
    organisation: str
    unit: str
    group: Group
    purpose: Purpose


def doubts(tables: Tables, vocabulary: Vocabulary, used: Collection[Action] | None = None) -> tuple[Doubt, ...]:
    """Everything to look at, in the order of the files. ``used`` are the actions that any page, call or job asks for."""
    return tuple(sorted({*_of_grants(tables, vocabulary, used), *_of_inheritances(tables, vocabulary),
                         *_of_lifts(tables, vocabulary), *_of_narrowings(tables, vocabulary)}))


def _of_grants(tables: Tables, vocabulary: Vocabulary, used: Collection[Action] | None) -> Iterator[Doubt]:
    judge = _Judge(tables, vocabulary)
    for line in by_line(tables.grants):
        found = _never(line[0], vocabulary, judge.below, used) or judge.beside_others(line)
        if found is not None:
            yield Doubt(GRANTS, line[0].line, grant_sentence(*line), *found)


# What is wrong, how to mend it.
_Found = tuple[str, str]


def _never(grant: Grant, vocabulary: Vocabulary, below: dict[Role, frozenset[Role]],
           used: Collection[Action] | None) -> _Found | None:
    """Why a rule can never decide anything, whatever the others say."""
    return next(filter(None, (check(grant, vocabulary, below[grant.role]) for check in _CHECKS)),
                _unused(grant, used))


def _not_loaded(grant: Grant, vocabulary: Vocabulary, _: Collection[Role]) -> _Found | None:
    if grant.organisation != EVERY and grant.organisation not in vocabulary.organisations:
        return f"{grant.organisation} is not loaded, so it is for nobody", "Load the organisation, or take the line out."
    if grant.unit != EVERY and grant.unit not in vocabulary.units_of(grant.organisation):
        return f"the unit {grant.unit} is not loaded, so it is for nobody", "Load the unit, or take the line out."
    return None


def _no_such_hat(grant: Grant, vocabulary: Vocabulary, roles: Collection[Role]) -> _Found | None:
    if any(could_be(vocabulary, grant.organisation, role) for role in roles):
        return None
    return (f"nobody of {grant.organisation} is {grant.role}: it is of the kind {vocabulary.kinds[grant.organisation]}",
            "Name another organisation, or write * for every one.")


def _no_such_right(grant: Grant, _: Vocabulary, roles: Collection[Role]) -> _Found | None:
    if (grant.action.kind, grant.scope) in NOWHERE:
        return f"{grant.scope} holds for no {grant.action.kind}", "Take the line out, or use another scope."
    if grant.scope in OF_COUNCILS_ONLY and all(role in OF_PARTNERS for role in roles):
        return f"{grant.scope} holds for councils only, and {grant.role} is a partner's", "Use assigned, past or disclosed."
    if grant.scope in OF_PARTNERS_ONLY and not any(role in OF_PARTNERS for role in roles):
        return f"{grant.scope} holds for partners only, and {grant.role} is a council's", "Use another scope."
    return None


def _unused(grant: Grant, used: Collection[Action] | None) -> _Found | None:
    if used is None or grant.action in used:
        return None
    return f"no page, call or job asks for {grant.action}", "Take the line out until there is one."


_CHECKS: tuple[Callable[[Grant, Vocabulary, Collection[Role]], _Found | None], ...] = (
    _not_loaded, _no_such_hat, _no_such_right)


class _Judge:
    """Sets each line beside the others that speak of the same action and scope."""

    def __init__(self, tables: Tables, vocabulary: Vocabulary) -> None:
        self.vocabulary, self.below = vocabulary, dict(heirs(tables.inheritances))
        self._chapters: dict[tuple[Action, ScopeWord], list[Grant]] = {}
        for grant in tables.grants:
            self._chapters.setdefault((grant.action, grant.scope), []).append(grant)

    def beside_others(self, line: Sequence[Grant]) -> _Found | None:
        """A contradiction, something said already, or a deny of what nothing allows."""
        others = [grant for grant in self._chapters[line[0].action, line[0].scope] if grant not in line]
        cases = [case for grant in line for case in self._cases(grant)]
        allows = [grant for grant in others if grant.effect is Effect.ALLOW]
        denies = [grant for grant in others if grant.effect is Effect.DENY]
        if line[0].effect is Effect.ALLOW:
            return self._beaten(line, cases, denies) or self._said(cases, allows, "gives")
        # A deny must be written for every heir of its role as well: that one says it again is no fault.
        own = [grant for grant in denies if grant.role is line[0].role]
        if not any(self._takes_in(grant, case) for case in cases for grant in allows):
            return "nothing allows what it forbids", "Keep it as a bar against later rules, or take it out."
        return self._said(cases, own, "forbids")

    def _beaten(self, line: Sequence[Grant], cases: Sequence[_Case], denies: Sequence[Grant]) -> _Found | None:
        left = {case.group for case in cases if not any(self._takes_in(grant, case) for grant in denies)}
        beaten = {group for grant in line for group in groups_of(grant)} - left
        if not beaten:
            return None
        by = sorted({grant.line for grant in denies for case in cases
                     if case.group in beaten and self._takes_in(grant, case)})
        what = "" if not left else f" of {joined(sorted(beaten))}"
        return (f"all that it allows{what} is forbidden by {_lines(by)}", "A deny beats every allow: take one of them out,"
                " or narrow the deny.")

    def _said(self, cases: Sequence[_Case], others: Sequence[Grant], verb: str) -> _Found | None:
        by: set[int] = set()
        for case in cases:
            saying = next((grant.line for grant in others if self._takes_in(grant, case)), None)
            if saying is None:
                return None
            by.add(saying)
        return f"{_lines(sorted(by))} {verb if len(by) == 1 else verb.rstrip('s')} all of it already", "Take one of them out."

    def _cases(self, grant: Grant) -> list[_Case]:
        chapter = self._chapters[grant.action, grant.scope]
        return [_Case(role, organisation, unit, group, purpose) for role in sorted(self.below[grant.role])
                for organisation, unit in hats(self.vocabulary, chapter, grant.organisation, grant.unit)
                if could_be(self.vocabulary, organisation, role)
                for group in sorted(groups_of(grant)) for purpose in purposes_of(grant.purpose)]

    def _takes_in(self, grant: Grant, case: _Case) -> bool:
        return (case.role in self.below[grant.role] and is_for(grant.organisation, case.organisation)
                and is_for(grant.unit, case.unit) and case.group in groups_of(grant) and is_for(grant.purpose, case.purpose))


def _lines(numbers: Sequence[int]) -> str:
    return f"line {numbers[0]}" if len(numbers) == 1 else f"lines {joined([str(number) for number in numbers])}"


def _of_inheritances(tables: Tables, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """Inheritances that add nothing."""
    for pair in tables.inheritances:
        rest = replace(tables, inheritances=tuple(other for other in tables.inheritances if other != pair))
        if _all_that(pair.role, Plain(tables, vocabulary)) == _all_that(pair.role, Plain(rest, vocabulary)):
            yield Doubt(ROLES, pair.line, inheritance_sentence(pair), f"{pair.role} gains nothing by it", "Take the line out.")


def _all_that(role: Role, plain: Plain) -> list[object]:
    """All that a role may do, wherever it is."""
    return [dict(plain.allowed(role, organisation, unit, action, purpose)) for action in Action for purpose in Purpose
            for organisation, unit in hats(plain.vocabulary, plain.tables.grants)]


def _of_lifts(tables: Tables, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """Lifts that spare nobody, or nobody through one of their scopes."""
    plain = Plain(tables, vocabulary)
    for mask in tables.masks:
        for lift in mask.lifts:
            idle = [scope for scope in sorted(lift.scopes) if not _spares(plain, mask, lift, scope)]
            if idle:
                rest = "the line" if len(idle) == len(lift.scopes) else joined([str(scope) for scope in idle])
                yield Doubt(MASKS, lift.line, lift_sentence(mask.word, lift),
                            f"it spares nobody through {joined([str(scope) for scope in idle])}", f"Take {rest} out.")


def _spares(plain: Plain, mask: Mask, lift: Lift, scope: ScopeWord) -> bool:
    """Whether the role has anything through a scope that the mask would take and the lift gives back."""
    if scope not in mask.scopes or lift.role in OF_PARTNERS:
        return False
    return any(groups & mask.groups for action in Action for purpose in purposes_of(lift.purpose)
               for organisation, unit in hats(plain.vocabulary, plain.tables.grants)
               for word, groups in plain.allowed(lift.role, organisation, unit, action, purpose).items() if word is scope)


def _of_narrowings(tables: Tables, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """What a council withholds though another line withholds all of it, or though nobody who is meant has any of it."""
    plain = Plain(tables, vocabulary)
    for narrowing in tables.narrowings:
        said = [other.line for other in tables.narrowings if other is not narrowing and _takes_in_all(other, narrowing)]
        if said:
            yield Doubt(NARROWINGS, narrowing.line, narrowing_sentence(narrowing), f"{_lines(said)} withholds all of it already",
                        "Take one of them out.")
        elif not _takes_from_anybody(plain, narrowing):
            yield Doubt(NARROWINGS, narrowing.line, narrowing_sentence(narrowing), "nobody who is meant has any of it",
                        "Keep it as a bar against later rules, or take it out.")


def _takes_in_all(one: Narrowing, other: Narrowing) -> bool:
    """Whether one narrowing withholds all that another does."""
    return (one.council == other.council and one.groups >= other.groups
            and (EVERY in one.organisations or one.organisations >= other.organisations)
            and (EVERY in one.roles or one.roles >= other.roles))


def _takes_from_anybody(plain: Plain, narrowing: Narrowing) -> bool:
    named = sorted(narrowing.organisations - {EVERY}) or [each for each, _ in hats(plain.vocabulary, plain.tables.grants)]
    return any(narrowing.takes(scope, group) for organisation in named for role in Role
               if narrowing.is_for(role, organisation) and could_be(plain.vocabulary, organisation, role)
               for action in Action for purpose in Purpose
               for unit in (NO_UNIT, *plain.vocabulary.units_of(organisation))
               for scope, groups in plain.allowed(role, organisation, unit, action, purpose).items() for group in groups)
