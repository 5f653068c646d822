"""The rulebook's answers worked out from the rules themselves, without Casbin: for questions about the policy, of which
there are very many at once. What people may do is never decided here; a test holds it to Casbin's answers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Protocol

from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, Group
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NO_UNIT, Effect, Every, Grant, Mask, Tables, Vocabulary, heirs
from app.policy.words import OF_PARTNERS, SCOPES_OF, Role, ScopeWord

# Stands for every organisation that no rule names, where none is loaded.
ANY_OTHER: Final = "-"
COUNCIL: Final = "council"
Allowed = Mapping[ScopeWord, frozenset[Group]]


class Answers(Protocol):
    """What is asked of a policy, whoever works the answers out."""

    tables: Tables
    vocabulary: Vocabulary

    def allowed(self, role: Role, organisation: str, unit: str | None, action: Action, purpose: Purpose) -> Allowed: ...


class Plain:
    """The answers of some tables. Unlike a rulebook it costs next to nothing to make."""

    def __init__(self, tables: Tables, vocabulary: Vocabulary) -> None:
        self.tables = tables
        self.vocabulary = vocabulary
        self.below = heirs(tables.inheritances)
        self._above = {role: frozenset(other for other in Role if role in self.below[other]) for role in Role}
        self._grants: dict[Action, list[Grant]] = {}
        for grant in tables.grants:
            self._grants.setdefault(grant.action, []).append(grant)

    def allowed(self, role: Role, organisation: str, unit: str | None, action: Action, purpose: Purpose) -> Allowed:
        """The scopes through which the action is allowed, and the groups each gives."""
        found: dict[Effect, dict[ScopeWord, set[Group]]] = {Effect.ALLOW: {}, Effect.DENY: {}}
        for grant in self._grants.get(action, ()):
            if (grant.role in self._above[role] and is_for(grant.organisation, organisation)
                    and is_for(grant.unit, unit or NO_UNIT) and is_for(grant.purpose, purpose)):
                found[grant.effect].setdefault(grant.scope, set()).update(groups_of(grant))
        left = {scope: frozenset(groups - found[Effect.DENY].get(scope, set()))
                for scope, groups in found[Effect.ALLOW].items() if scope in SCOPES_OF[action.kind]}
        return MappingProxyType({scope: groups for scope, groups in sorted(left.items()) if groups})


def is_for(written: str, asked: str) -> bool:
    """Whether a word of a rule takes in what is asked for."""
    return written in (EVERY, asked)


def groups_of(grant: Grant) -> frozenset[Group]:
    """The groups that a rule names, or every one that its action's kind has."""
    kinds = GROUPS_OF[grant.action.kind]
    return kinds if grant.group == EVERY else kinds & {Group(grant.group)}


def hats(vocabulary: Vocabulary, grants: Iterable[Grant], organisation: str = EVERY, unit: str = EVERY) -> list[tuple[str, str]]:
    """Organisations and units that stand for all there are: those that rules name, and of each kind one that none names."""
    grants = list(grants)
    named = {grant.organisation for grant in grants} - {EVERY}
    if organisation != EVERY:
        known = [organisation]
    else:
        others = {vocabulary.kinds.get(each, ""): each for each in sorted(vocabulary.organisations - named, reverse=True)}
        known = [*sorted(named), *sorted(others.values())] if vocabulary.organisations else [*sorted(named), ANY_OTHER]
    units = {grant.unit for grant in grants} - {EVERY}
    return [(each, wanted) for each in known
            for wanted in ([unit] if unit != EVERY else [*sorted(units & vocabulary.units_of(each)), NO_UNIT])]


def could_be(vocabulary: Vocabulary, organisation: str, role: Role) -> bool:
    """Whether somebody of an organisation may have a role; where its kind is not known, anybody may have any."""
    kind = vocabulary.kinds.get(organisation)
    return kind is None or (kind == COUNCIL) != (role in OF_PARTNERS)


def purposes_of(purpose: Purpose | Every) -> Collection[Purpose]:
    """The purposes that a rule is for."""
    return tuple(Purpose) if purpose == EVERY else (Purpose(purpose),)


def without(tables: Tables, taken: Grant | Mask | object) -> Tables:
    """The tables without one line: a grant takes those of its line with it, a mask stays without a lift."""
    def kept(mask: Mask) -> Mask:
        return replace(mask, lifts=tuple(lift for lift in mask.lifts if lift is not taken))

    line = (taken.line, taken.words[:4], taken.words[5:]) if isinstance(taken, Grant) else None
    return replace(
        tables, inheritances=tuple(pair for pair in tables.inheritances if pair is not taken),
        grants=tuple(grant for grant in tables.grants if (grant.line, grant.words[:4], grant.words[5:]) != line),
        masks=tuple(kept(mask) for mask in tables.masks if mask is not taken),
        narrowings=tuple(narrowing for narrowing in tables.narrowings if narrowing is not taken))
