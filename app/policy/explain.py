"""Why a yes or a no: the line that decides, the lines that nearly did, and what would change the answer.

It judges words and facts that are handed to it. Whether the asker may be told, and which scopes hold for a row and
which masks bite on it, is for whoever asks.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.rulebook import Rulebook
from app.policy.rules import EVERY, NO_UNIT, Effect, Grant, Withholding
from app.policy.sentences import (
    by_line,
    ending_sentence,
    grant_sentence,
    lacking_sentence,
    obtaining_sentence,
    started,
    who,
    withholding_sentence,
)
from app.policy.words import MaskWord, Of, Role, ScopeWord


class Outcome(StrEnum):
    """How it came out."""

    YES = "yes"
    NOTHING_ALLOWS = "nothing-allows"
    FORBIDDEN = "forbidden"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Hat:
    """Whom the question is about, in words: a role, an organisation and perhaps a unit."""

    role: Role
    organisation: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """May this hat do this, to this group, for this purpose, where these scopes hold and these masks bite?

    ``biting`` names the masks that stand on the row and are not lifted for this hat, and the council whose resident it is.
    """

    hat: Hat
    action: Action
    group: Group
    purpose: Purpose
    holding: frozenset[ScopeWord] = frozenset()
    biting: frozenset[MaskWord | Of] = frozenset()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A grant that would have allowed it but for one condition: its column, and what failed in words."""

    grant: Grant
    column: str
    failed: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The outcome, the sentences behind it, what would change it, and the grants that decided."""

    outcome: Outcome
    because: tuple[str, ...]
    would_change: tuple[str, ...]
    deciding: tuple[Grant, ...] = ()
    near: tuple[NearMiss, ...] = ()


def explain(rulebook: Rulebook, question: Question) -> Explanation:
    """The answer that Casbin and the masks give, and why."""
    granted = _granted(rulebook, question)
    reached = granted & question.holding
    left = _left(rulebook, question, reached)
    if left:
        deciding = _deciding(rulebook, question, left, Effect.ALLOW)
        return Explanation(Outcome.YES, _sentences(rulebook, deciding), _undoing(left), deciding)
    near = tuple(_near_misses(rulebook, question))
    change = tuple(_changes(rulebook, question, granted))
    if reached:
        because = tuple(withholding_sentence(mask) for mask in _in_the_way(rulebook, question, reached))
        overrode = _deciding(rulebook, question, reached, Effect.ALLOW)
        said = tuple(f"It overrides: {sentence}" for sentence in _sentences(rulebook, overrode))
        return Explanation(Outcome.FORBIDDEN, because + said, change, overrode, near)
    denies = _deciding(rulebook, question, question.holding, Effect.DENY)
    if denies:
        return Explanation(Outcome.FORBIDDEN, _sentences(rulebook, denies), change, denies, near)
    if any(obtaining_sentence(scope) for scope in granted):
        because = tuple(lacking_sentence(scope) for scope in sorted(granted))
        return Explanation(Outcome.MISSING, because, change, (), near)
    because = tuple(f"{_line_of(rulebook, miss.grant)} But {miss.failed}" for miss in near)
    return Explanation(Outcome.NOTHING_ALLOWS, because or ("No line of the policy comes near to allowing it.",), change,
                       (), near)


def _granted(rulebook: Rulebook, question: Question) -> frozenset[ScopeWord]:
    """The scopes through which the group would be allowed, whether or not they hold."""
    hat = question.hat
    allowed = rulebook.allowed(hat.role, hat.organisation, hat.unit, question.action, question.purpose)
    return frozenset(scope for scope, groups in allowed.items() if question.group in groups)


def _left(rulebook: Rulebook, question: Question, scopes: Collection[ScopeWord]) -> frozenset[ScopeWord]:
    """The scopes that no biting mask takes."""
    return frozenset(scope for scope in scopes if not any(
        mask.takes(scope, question.group) for mask in _biting(rulebook, question)))


def _biting(rulebook: Rulebook, question: Question) -> list[Withholding]:
    hat = question.hat
    return [mask for mask in rulebook.withheld(hat.role, hat.organisation) if mask.word in question.biting]


def _in_the_way(rulebook: Rulebook, question: Question, scopes: Collection[ScopeWord]) -> list[Withholding]:
    return [mask for mask in _biting(rulebook, question) if any(mask.takes(scope, question.group) for scope in scopes)]


def _failing(rulebook: Rulebook, question: Question, grant: Grant) -> dict[str, str]:
    """The conditions of a grant that the question does not meet: column and words."""
    hat, failing = question.hat, {}
    if hat.role not in rulebook.heirs()[grant.role]:
        failing["role"] = f"this is asked for {hat.role.sentence}."
    if grant.organisation not in (EVERY, hat.organisation):
        failing["organisation"] = f"this is asked for {hat.organisation}."
    if grant.unit not in (EVERY, hat.unit or NO_UNIT):
        failing["unit"] = f"the hat's unit is {hat.unit}." if hat.unit else "the hat carries no unit."
    if grant.group not in (EVERY, question.group):
        failing["group"] = f"this asks for {question.group.sentence}."
    if grant.purpose not in (EVERY, question.purpose):
        failing["purpose"] = f"the purpose is to {question.purpose.sentence}."
    if grant.scope not in question.holding:
        failing["scope"] = lacking_sentence(grant.scope)[0].lower() + lacking_sentence(grant.scope)[1:]
    return failing


def _deciding(rulebook: Rulebook, question: Question, scopes: Collection[ScopeWord],
              effect: Effect) -> tuple[Grant, ...]:
    return tuple(grant for grant in rulebook.grants()
                 if grant.action is question.action and grant.effect is effect and grant.scope in scopes
                 and not _failing(rulebook, question, grant).keys() - {"scope"})


def _near_misses(rulebook: Rulebook, question: Question) -> Iterator[NearMiss]:
    """Allows of the very action that fail in one condition only; of one line's groups the first."""
    seen = set()
    for grant in rulebook.grants():
        if grant.action is not question.action or grant.effect is not Effect.ALLOW:
            continue
        failing = _failing(rulebook, question, grant)
        if len(failing) == 1:
            (column, failed), = failing.items()
            if (grant.line, column) not in seen:
                seen.add((grant.line, column))
                yield NearMiss(grant, column, failed)


def _line_of(rulebook: Rulebook, grant: Grant) -> str:
    """The sentence of the whole line that a grant was written on."""
    return next(grant_sentence(*line) for line in by_line(rulebook.grants()) if grant in line)


def _sentences(rulebook: Rulebook, grants: Collection[Grant]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_line_of(rulebook, grant) for grant in grants))


def _undoing(left: Collection[ScopeWord]) -> tuple[str, ...]:
    """What would turn a yes into a no: the one thing it stands on, if it is only one."""
    if len(left) != 1:
        return (f"Nothing single: it is reached as {' and as '.join(sorted(left))}.",)
    scope, = left
    return (f"It ends when it is no longer so: {scope} ({scope.sentence}).",)


def _changes(rulebook: Rulebook, question: Question, granted: frozenset[ScopeWord]) -> Iterator[str]:
    """Each single fact that would turn the no into a yes: a mask gone, a scope gained, another purpose, another hat."""
    for mask in _in_the_way(rulebook, question, granted):
        without = Question(question.hat, question.action, question.group, question.purpose, question.holding,
                           question.biting - {mask.word})
        if _yes(rulebook, without):
            yield ending_sentence(mask)
    for scope in sorted(granted - question.holding):
        obtained = obtaining_sentence(scope)
        if obtained and _left(rulebook, question, {scope}):
            yield obtained
    for purpose in Purpose:
        asked = Question(question.hat, question.action, question.group, purpose, question.holding, question.biting)
        if purpose is not question.purpose and _yes(rulebook, asked):
            yield f"The purpose would have to be to {purpose.sentence}."
    for role in Role:
        hat = Hat(role, question.hat.organisation, question.hat.unit)
        asked = Question(hat, question.action, question.group, question.purpose, question.holding, question.biting)
        if role is not question.hat.role and _yes(rulebook, asked):
            yield f"{started(who(role, question.hat.organisation))} may."


def _yes(rulebook: Rulebook, question: Question) -> bool:
    return bool(_left(rulebook, question, _granted(rulebook, question) & question.holding))
