"""The policy in English: one sentence for each line of it, for pages, explanations and the command line."""

from collections.abc import Collection, Iterable

from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, IN_FORCE, NONE_NEEDED, Effect, Every, Grant, Inheritance, Lift, Mask
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
    return f"{rule_sentence(*grants)} {_behind(grants[0])}"


def rule_sentence(*grants: Grant) -> str:
    """Only who may do what, of which groups and rows, and what for."""
    grant = grants[0]
    may = "may" if grant.effect is Effect.ALLOW else "must not"
    parts = [f"{started(who(grant.role, grant.organisation, grant.unit))} {may} {grant.action.sentence.rstrip(',')}",
             _of_groups(grant.action, [each.group for each in grants]), _of_scope(grant.scope)]
    purpose = "for any purpose" if grant.purpose == EVERY else f"to {Purpose(grant.purpose).sentence}"
    return ", ".join(part for part in [*parts, purpose] if part) + "."


def who(role: Role, organisation: str, unit: str = EVERY) -> str:
    """The people meant: a role, and the organisation and unit if one is named."""
    of_organisation = "" if organisation == EVERY else f" of {organisation}"
    in_unit = "" if unit == EVERY else f" in the unit {unit}"
    return f"{role.sentence}{of_organisation}{in_unit}"


def _of_groups(action: Action, groups: Collection[Group | Every]) -> str:
    if EVERY in groups:
        return f"every part of the {action.kind}"
    named = [Group(group).sentence for group in groups if group != Group.NONE]
    return f"namely {joined(named)}" if named else ""


def _of_scope(scope: ScopeWord) -> str:
    return "" if scope is ScopeWord.ANY else f"of {scope.sentence}"


def _behind(grant: Grant) -> str:
    facts = []
    if grant.basis is not None:
        facts.append(f"Lawful basis: {grant.basis.sentence}.")
    if grant.agreement == IN_FORCE:
        facts.append("Under the agreement in force.")
    elif grant.agreement != NONE_NEEDED:
        facts.append(f"Under the agreement {grant.agreement}.")
    facts.append(f"{started(grant.owner)} answers for this; review by {grant.review.isoformat()}.")
    return " ".join(facts)


def mask_sentence(mask: Mask) -> str:
    """What a mask takes away, and whom it spares."""
    groups = "everything" if mask.groups == frozenset(Group) else joined(
        [group.sentence for group in sorted(mask.groups)])
    lifts = "".join(" " + lift_sentence(lift) for lift in mask.lifts)
    return f"Where {mask.word.sentence}, we withhold {groups} reached as {joined(sorted(mask.scopes))}.{lifts}"


def lift_sentence(lift: Lift) -> str:
    """Whom a mask spares."""
    purpose = "" if lift.purpose == EVERY else f", to {Purpose(lift.purpose).sentence}"
    return f"Not from {lift.role.sentence} {lift.where.sentence} through {joined(sorted(lift.scopes))}{purpose}."


def inheritance_sentence(pair: Inheritance) -> str:
    """Which role has another's allows."""
    return f"{started(pair.role.sentence)} may do whatever {pair.includes.sentence} may."


def lacking_sentence(scope: ScopeWord) -> str:
    """What is not so when a scope does not hold."""
    return f"This is not {_NAMED[scope]}."


def obtaining_sentence(scope: ScopeWord) -> str | None:
    """What somebody could do to make a scope hold; None where it is a fact that nobody can ask for."""
    return _OBTAINED.get(scope)


def standing_sentence(mask: MaskWord) -> str:
    """Why a mask takes sight away."""
    return f"It is withheld because {mask.sentence}."


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
