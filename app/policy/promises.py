"""What no policy may grant, however it is approved: each promise says what is wrong with a grant and how to mend it.

The spelling of words is for ``reading``; this judges grants whose every word is known.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, Group
from app.policy.plainly import Plain, hats
from app.policy.purposes import WITHOUT_RESIDENTS as PURPOSES_WITHOUT_RESIDENTS
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NONE_NEEDED, Effect, Grant, Tables, Vocabulary
from app.policy.words import ADVISING, PARTNER_ROLES, PARTNER_SCOPES, SCOPES_OF, WITHOUT_RESIDENTS, Role, ScopeWord

# Column, what is wrong, how to mend it.
Broken = tuple[str, str, str]
Promise = Callable[[Grant, Role], Broken | None]


def _list(words: Collection[str]) -> str:
    return ", ".join(sorted(words))


def _scope_makes_sense(grant: Grant, _: Role) -> Broken | None:
    sensible = SCOPES_OF[grant.action.kind]
    if grant.scope in sensible:
        return None
    return "scope", f"{grant.scope} says nothing about {grant.action}", f"Use one of: {_list(sensible)}."


def _group_makes_sense(grant: Grant, _: Role) -> Broken | None:
    groups = GROUPS_OF[grant.action.kind]
    if grant.group == EVERY or grant.group in groups:
        return None
    return "group", f"{grant.action} has no group {grant.group}", f"Use {_list(groups)}, or *."


def _residents_stay_out_of_running(grant: Grant, _: Role) -> Broken | None:
    if not grant.about_residents or (grant.purpose != EVERY and grant.purpose not in PURPOSES_WITHOUT_RESIDENTS):
        return None
    mend = f"Name one of: {_list(set(Purpose) - PURPOSES_WITHOUT_RESIDENTS)}."
    return "purpose", f"{grant.purpose} would use a resident's data to run the partnership or to plan", mend


def _roles_without_residents(grant: Grant, role: Role) -> Broken | None:
    if not grant.about_residents or role not in WITHOUT_RESIDENTS:
        return None
    return "role", f"{role} must never be given a resident's data", f"Take {grant.action} away from {role}."


def _advisers_never_sensitive(grant: Grant, role: Role) -> Broken | None:
    covered = grant.group == Group.SENSITIVE or (
        grant.group == EVERY and Group.SENSITIVE in GROUPS_OF[grant.action.kind])
    if role not in ADVISING or not covered or grant.scope == ScopeWord.DISCLOSED:
        return None
    wide = " (that is what * covers)" if grant.group == EVERY else ""
    return "group", f"{role} must not be given sensitive{wide}", "Name the groups that are needed, without sensitive."


def _partners_only_for_the_job(grant: Grant, role: Role) -> Broken | None:
    if not grant.about_residents or role not in PARTNER_ROLES or grant.scope in PARTNER_SCOPES:
        return None
    return ("scope", f"{role} may reach residents only through a job or a disclosure, not through {grant.scope}",
            f"Use one of: {_list(PARTNER_SCOPES)}.")


def _partners_under_an_agreement(grant: Grant, role: Role) -> Broken | None:
    needs_one = grant.about_residents and grant.scope in (ScopeWord.ASSIGNED, ScopeWord.PAST)
    if not needs_one or grant.agreement != NONE_NEEDED:
        return None
    return "agreement", f"{role} may receive nothing without an agreement", "Write in-force, or the agreement's slug."


def _disclosures_only_to_protect(grant: Grant, _: Role) -> Broken | None:
    if (grant.scope == ScopeWord.DISCLOSED) == (grant.purpose == Purpose.PROTECT):
        return None
    return ("purpose", f"disclosed and protect belong together, not {grant.scope} with {grant.purpose}",
            "Use disclosed with protect, or another scope with another purpose.")


def _basis_is_named(grant: Grant, _: Role) -> Broken | None:
    if not grant.about_residents or grant.basis is not None:
        return None
    return "basis", "a resident's data needs a lawful basis", "Write one, for example public_task."


FOR_EVERY_GRANT: tuple[Promise, ...] = (_scope_makes_sense, _group_makes_sense)
FOR_ALLOWS: tuple[Promise, ...] = (
    _residents_stay_out_of_running, _roles_without_residents, _advisers_never_sensitive, _partners_only_for_the_job,
    _partners_under_an_agreement, _disclosures_only_to_protect, _basis_is_named)


def broken_by(grant: Grant, heirs: Mapping[Role, frozenset[Role]]) -> Iterator[Broken]:
    """What a grant breaks, judged for its own role and for every role that would inherit it."""
    promises = FOR_EVERY_GRANT + (FOR_ALLOWS if grant.effect is Effect.ALLOW else ())
    for promise in promises:
        for role in (grant.role, *sorted(heirs[grant.role] - {grant.role})):
            broken = promise(grant, role)
            if broken is not None:
                yield broken
                break


def hidden_denies(grants: Collection[Grant], heirs: Mapping[Role, frozenset[Role]]) -> Iterator[tuple[Grant, Role]]:
    """Denies that another role would inherit without a line of its own saying so."""
    said = {grant.words for grant in grants if grant.effect is Effect.DENY}
    for grant in grants:
        if grant.effect is Effect.DENY:
            for heir in sorted(heirs[grant.role] - {grant.role}):
                if (str(heir), *grant.words[1:]) not in said:
                    yield grant, heir


# What it takes to keep the policy: to read it, and to say who may.
MAINTAINING = frozenset({Action.POLICY_READ, Action.POLICY_DRAFT, Action.POLICY_APPROVE, Action.PERSON_MANAGE})


def locked_out(tables: Tables, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """What is wrong, and how to mend it, where no administrator anywhere could maintain the policy any more."""
    plain = Plain(tables, vocabulary)
    missing = [sorted(action for action in MAINTAINING if ScopeWord.ANY not in plain.allowed(
        Role.ADMINISTRATOR, organisation, unit, action, Purpose.RUN)) for organisation, unit in hats(vocabulary, tables.grants)]
    least = min(missing, key=len)
    if not least:
        return None
    return ("no administrator could maintain the policy any more",
            f"Let {Role.ADMINISTRATOR} have {' and '.join(least)} for {Purpose.RUN} again, and forbid it to nobody.")
