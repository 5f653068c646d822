"""The policy in English: one sentence for each line of it, for pages, explanations and the command line."""

from collections.abc import Collection, Iterable
from datetime import date

from app.kernel.days import day_words
from app.policy import phrases
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, IN_FORCE, NONE_NEEDED, Effect, Every, Grant, Inheritance, Lift, Mask, Narrowing, Withholding
from app.policy.words import MaskWord, Role, ScopeWord


def joined(words: Collection[str]) -> str:
    """Words in their order with commas and a last *and*."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def started(text: str) -> str:
    """The same with a capital to begin it."""
    return text[:1].upper() + text[1:]


def by_line(grants: Iterable[Grant]) -> list[tuple[Grant, ...]]:
    """Grants that were written on one line and differ in their group only, together, in the order written."""
    lines: dict[tuple[int, tuple[str, ...], Effect], list[Grant]] = {}
    for grant in grants:
        words = (*grant.words[:4], *grant.words[5:])
        lines.setdefault((grant.line, words, grant.effect), []).append(grant)
    return [tuple(line) for line in lines.values()]


def grant_sentence(*grants: Grant) -> str:
    """What grants of one line say, with what stands behind it: basis, agreement, who answers, review."""
    return f"{rule_sentence(*grants).rstrip('.')}{_behind(grants[0])}."


def rule_sentence(*grants: Grant) -> str:
    """Only who may do what, of which groups and rows, and what for."""
    grant = grants[0]
    may = phrases.MAY if grant.effect is Effect.ALLOW else phrases.MUST_NOT
    groups = _of_groups(grant.action, [each.group for each in grants])
    return (f"{started(who(grant.role, grant.organisation, grant.unit))}{may}{action_words(grant.action)}{groups}"
            f"{_of_scope(grant.scope)}{_of_purpose(grant.purpose)}.")


def action_words(action: Action) -> str:
    """An action without the comma that may end it."""
    return action.sentence.rstrip(",")


def who(role: Role, organisation: str, unit: str = EVERY) -> str:
    """The people meant: a role, and the organisation and unit if one is named."""
    of_organisation = "" if organisation == EVERY else f"{phrases.OF}{organisation}"
    in_unit = "" if unit == EVERY else f"{phrases.IN_UNIT}{unit}"
    return f"{role.sentence}{of_organisation}{in_unit}"


def _of_groups(action: Action, groups: Collection[Group | Every]) -> str:
    if EVERY in groups:
        return phrases.EVERY_PART
    named = [Group(group).sentence for group in groups if group != Group.NONE]
    return f"{phrases.leading(action)}{joined(named)}" if named else ""


def _of_scope(scope: ScopeWord) -> str:
    return "" if scope is ScopeWord.ANY else f"{phrases.WHERE}{phrases.CONDITIONS[scope]}"


def _of_purpose(purpose: Purpose | Every) -> str:
    return phrases.EVERY_PURPOSE if purpose == EVERY else f"{phrases.PURPOSE}{Purpose(purpose).sentence}"


def _behind(grant: Grant) -> str:
    basis = f"{phrases.BASIS}{grant.basis.sentence}" if grant.basis is not None else ""
    return f"{basis}{_under(grant.agreement)}{_answering(grant.owner, grant.review)}"


def _under(agreement: str) -> str:
    if agreement == NONE_NEEDED:
        return ""
    return f"{phrases.AGREEMENT}{phrases.IN_FORCE_WORDS if agreement == IN_FORCE else agreement}"


def _answering(owner: str, review: date) -> str:
    return f"{phrases.OWNER}{owner}{phrases.REVIEW}{day_words(review)}"


def mask_sentence(mask: Mask) -> str:
    """What a mask takes away, and whom it spares: the sentences of all its lines."""
    return " ".join([taking_sentence(mask), *(lift_sentence(mask.word, lift) for lift in mask.lifts)])


def taking_sentence(mask: Mask) -> str:
    """What a mask takes away."""
    groups = phrases.EVERYTHING if mask.groups == frozenset(Group) else joined(
        [group.sentence for group in sorted(mask.groups)])
    return (f"Where {mask.word.sentence}{phrases.WITHHOLD}{groups}{phrases.REACHED}{_rights(mask.scopes)}"
            f"{_answering(mask.owner, mask.review)}.")


def lift_sentence(mask: MaskWord, lift: Lift) -> str:
    """Whom a mask spares."""
    return (f"Where {mask.sentence}{phrases.SPARE}{lift.role.sentence} {lift.where.sentence}{phrases.OF_WHAT}"
            f"{_rights(lift.scopes)}{_of_purpose(lift.purpose)}{_answering(lift.owner, lift.review)}.")


def narrowing_sentence(narrowing: Narrowing) -> str:
    """What a council withholds of its own residents, from whom and why."""
    return (f"{phrases.NARROWS}{narrowing.council}{phrases.WITHHOLDS}{_withheld(narrowing)}{phrases.FROM}{_whom(narrowing)}"
            f"{phrases.BECAUSE}{narrowing.reason}{_answering(narrowing.owner, narrowing.review)}.")


def _withheld(narrowing: Narrowing) -> str:
    return phrases.EVERYTHING if narrowing.groups == RESIDENT_GROUPS else joined(
        [group.sentence for group in sorted(narrowing.groups)])


def _whom(narrowing: Narrowing) -> str:
    roles = phrases.EVERYBODY if EVERY in narrowing.roles else joined([Role(role).sentence for role in sorted(narrowing.roles)])
    return roles if EVERY in narrowing.organisations else f"{roles}{phrases.OF}{joined(sorted(narrowing.organisations))}"


def _rights(scopes: Collection[ScopeWord]) -> str:
    return joined([phrases.RIGHTS[scope] for scope in sorted(scopes)])


def inheritance_sentence(pair: Inheritance) -> str:
    """Which role has another's allows."""
    return f"{started(pair.role.sentence)}{phrases.INCLUDES}{pair.includes.sentence}{phrases.MAY_TOO}."


def lacking_sentence(scope: ScopeWord) -> str:
    """What is not so when a scope does not hold."""
    return f"This is not {_NAMED[scope]}."


def obtaining_sentence(scope: ScopeWord) -> str | None:
    """What somebody could do to make a scope hold; None where it is a fact that nobody can ask for."""
    return _OBTAINED.get(scope)


def standing_sentence(mask: MaskWord) -> str:
    """Why a mask takes sight away."""
    return f"It is withheld because {mask.sentence}."


def withholding_sentence(mask: Withholding) -> str:
    """Why a mask, or what a council withholds of its own residents, takes sight away."""
    return narrowing_sentence(mask) if isinstance(mask, Narrowing) else standing_sentence(mask.word)


def ending_sentence(mask: Withholding) -> str:
    """What would take it out of the way."""
    if isinstance(mask, Narrowing):
        return f"{mask.council} would have to withhold {_withheld(mask)} from {_whom(mask)} no longer."
    return lifting_sentence(mask)


def lifting_sentence(mask: Mask) -> str:
    """What would take a mask out of the way."""
    spared = [f"{lift.role.sentence} {lift.where.sentence}" for lift in mask.lifts]
    ended = {MaskWord.OBJECTION: "The resident would have to withdraw the objection.",
             MaskWord.OWN_RECORD: "Somebody who is not related would have to do it.",
             MaskWord.PROTECTED: "The protection would have to end.",
             MaskWord.RESTRICTED: "The restriction would have to end."}[mask.word]
    return f"{ended} {started(joined(sorted(set(spared))))} may see it." if spared else ended


_NAMED = {
    ScopeWord.ANY: "public reference",
    ScopeWord.ASSIGNED: "an open request assigned to this organisation, under an agreement in force",
    ScopeWord.CONSENTED: "a resident who agreed to sharing between the councils",
    ScopeWord.DISCLOSED: "named by a lawful disclosure that is still open",
    ScopeWord.HOME: "a resident of this council",
    ScopeWord.INTAKE: "an intake passed to this council for linking",
    ScopeWord.KEPT: "a record that this council keeps",
    ScopeWord.OWN: "a matter of this organisation",
    ScopeWord.PAST: "a request that was assigned to this organisation",
    ScopeWord.RESPONSIBLE: "a request that this council is responsible for",
    ScopeWord.SERVED: "a resident of this council with a request of the officer's service",
    ScopeWord.TAKEN: "something that this council took",
}
_OBTAINED = {
    ScopeWord.ASSIGNED: "The request would have to be assigned to this organisation and open, under an agreement in"
                        " force.",
    ScopeWord.CONSENTED: "The resident would have to agree to sharing between the councils.",
    ScopeWord.DISCLOSED: "A lawful disclosure would have to be recorded.",
    ScopeWord.INTAKE: "An intake would have to be passed to this council.",
    ScopeWord.RESPONSIBLE: "The request would have to be routed to this council.",
    ScopeWord.SERVED: "The resident would have to have a request of the officer's service.",
    ScopeWord.TAKEN: "This council would have to take it, in an open contact.",
}
