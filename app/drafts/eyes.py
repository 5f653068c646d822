"""What one hat sees for one purpose under some policy, in situations told in plain facts: the rules themselves and the table of
``situations``, without Casbin and without a row. Which hats another policy changes anything for is said here as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.drafts.alike import Kind
from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.plainly import Allowed, Plain, could_be
from app.policy.purposes import Purpose
from app.policy.reach import Granted, Wearer, compile_reach
from app.policy.rules import NO_UNIT, Mask, Narrowing, Vocabulary, Withholding
from app.policy.situations import HOLDS, Facts, places, standing
from app.policy.words import SCOPES_OF, Role, ScopeWord, decides
from app.staff.words import role_fits

# Looking at each kind: the action in whose name masks and places are asked for.
LOOKING_AT: Final[Mapping[Kind, Action]] = {
    Kind.RESIDENT: Action.RESIDENT_SEE, Kind.REQUEST: Action.REQUEST_SEE, Kind.CONTACT: Action.CONTACT_SEE,
    Kind.JOURNAL: Action.JOURNAL_READ}
# Every action that shows something of what is counted. Linking an intake reads the residents it may be about.
SHOWING: Final = frozenset(
    action for action in Action if (not action.changes or action is Action.INTAKE_LINK)
    and {decides(action.kind, scope) for scope in SCOPES_OF[action.kind]} & set(Kind))
# The groups of which each kind has a table; the stub of a resident tells that there is a record.
SHOWN: Final[Mapping[Kind, frozenset[Group]]] = {
    Kind.RESIDENT: RESIDENT_GROUPS | {Group.STUB}, Kind.CONTACT: frozenset({Group.STUB}),
    Kind.REQUEST: GROUPS_OF[Action.REQUEST_SEE.kind] - {Group.HISTORY}, Kind.JOURNAL: frozenset({Group.NONE})}


@dataclass(frozen=True)
class _Rules:
    """A policy as what compiles a reach asks it."""

    plain: Plain

    def allowed(self, role: Role, organisation: str, unit: str | None, action: Action, purpose: Purpose) -> Allowed:
        return self.plain.allowed(role, organisation, unit, action, purpose)

    def withheld(self, role: Role, organisation: str) -> tuple[Withholding, ...]:
        return self.plain.tables.withheld(role, organisation)


@dataclass(frozen=True)
class Eyes:
    """One hat's sight."""

    wearer: Wearer
    purpose: Purpose
    reading: Mapping[str, Granted]
    masks: tuple[Withholding, ...]

    @classmethod
    def of(cls, policy: Plain, wearer: Wearer, purpose: Purpose, looking: frozenset[Action]) -> "Eyes":
        """Through these actions, a conversation being open."""
        reach = compile_reach(_Rules(policy), wearer, purpose, looking)
        return cls(wearer, purpose, reach.reading, reach.masks)

    @property
    def narrowing(self) -> frozenset[str]:
        """The councils that withhold anything of their own residents from this hat."""
        return frozenset(mask.council for mask in self.masks if isinstance(mask, Narrowing))

    def given(self, kind: Kind) -> frozenset[tuple[ScopeWord, frozenset[Group]]]:
        """Every right and the groups that it gives."""
        return frozenset(self.reading.get(str(kind), {}).items())

    def groups(self, kind: Kind) -> frozenset[Group]:
        """The groups that any right gives."""
        return frozenset().union(*self.reading.get(str(kind), {}).values()) & SHOWN[kind]

    def through(self, kind: Kind, group: Group, facts: frozenset[Facts]) -> frozenset[ScopeWord]:
        """The rights through which a group of a row is seen of which any of these holds, masks taken into account."""
        return frozenset(scope for each in facts for scope in self._left(kind, group, each))

    def _left(self, kind: Kind, group: Group, facts: Facts) -> Iterator[ScopeWord]:
        action = LOOKING_AT[kind]
        for scope, groups in self.reading.get(str(kind), {}).items():
            holds = HOLDS.get((str(kind), scope))
            if group not in groups or holds is None or not holds(facts, group):
                continue
            on_row, at = standing(facts, action, scope), places(facts, action, scope)
            if not any(mask.sorts((scope,), group, self.wearer.role, self.purpose, at)[0]
                       for mask in self.masks if mask.word in on_row):
                yield scope


@dataclass(frozen=True)
class Pair:
    """The same hat looking in the same way under one policy and under another, and the kinds of which the two may not show it
    the same."""

    action: Action
    before: Eyes
    after: Eyes
    kinds: frozenset[Kind]


def hats(vocabulary: Vocabulary) -> Iterator[Wearer]:
    """Every hat that somebody of a loaded organisation could wear, be it worn or not."""
    for organisation in sorted(vocabulary.organisations):
        kind = vocabulary.kinds.get(organisation)
        for role in Role:
            if could_be(vocabulary, organisation, role) and (kind is None or role_fits(role, kind)):
                for unit in (NO_UNIT, *sorted(vocabulary.units_of(organisation))):
                    yield Wearer(role, organisation, unit)


def changed(before: Plain, after: Plain, vocabulary: Vocabulary) -> list[Pair]:
    """The hats, purposes and ways of looking for which two policies may show different things of anybody."""
    return [pair for wearer in hats(vocabulary) for masked in (_masked(before, after, wearer),)
            for purpose in Purpose for action in sorted(SHOWING)
            if (pair := _pair(before, after, wearer, purpose, action, masked)) is not None]


def _masked(before: Plain, after: Plain, wearer: Wearer) -> bool:
    """Whether masks, or what councils withhold from a hat, are not the same."""
    had, has = (_masks(policy.tables.withheld(wearer.role, wearer.organisation)) for policy in (before, after))
    return had != has


def _pair(before: Plain, after: Plain, wearer: Wearer, purpose: Purpose, action: Action, masked: bool) -> Pair | None:
    had, has = (policy.allowed(wearer.role, wearer.organisation, wearer.unit, action, purpose) for policy in (before, after))
    if had == has and not (masked and has):
        return None
    eyes = [Eyes.of(policy, wearer, purpose, frozenset({action})) for policy in (before, after)]
    kinds = frozenset(kind for kind in Kind if any(each.groups(kind) for each in eyes) and (
        eyes[0].reading.get(str(kind)) != eyes[1].reading.get(str(kind)) or masked and kind in (Kind.RESIDENT, Kind.REQUEST)))
    return Pair(action, eyes[0], eyes[1], kinds) if kinds else None


def _masks(masks: tuple[Withholding, ...]) -> set[object]:
    return {(mask.word, mask.scopes, mask.groups, frozenset(lift.spares for lift in mask.lifts) if isinstance(mask, Mask) else None)
            for mask in masks}
