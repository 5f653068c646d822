"""What another policy would give that one does not: who gains what through which right, and which masks would withhold less.

Pure, and about rules alone: how many residents a gain reaches takes rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.plainly import Plain, could_be
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NO_UNIT, Mask, Tables, Vocabulary
from app.policy.sentences import who
from app.policy.words import MaskWord, Role, ScopeWord

# Rights over a council's own residents and over nobody's: whoever gains through any other gains sight of other councils'.
OF_ONES_OWN = frozenset({ScopeWord.HOME, ScopeWord.KEPT, ScopeWord.SERVED, ScopeWord.OWN, ScopeWord.ANY})


@dataclass(frozen=True, slots=True, order=True)
class Gain:
    """One thing that a hat would be given. ``reaches_others`` says whether it is over more than its council's own."""

    organisation: str
    unit: str
    role: Role
    purpose: Purpose
    action: Action
    scope: ScopeWord
    group: Group

    @property
    def reaches_others(self) -> bool:
        return self.scope not in OF_ONES_OWN

    def __str__(self) -> str:
        unit = "" if self.unit == NO_UNIT else f", unit {self.unit}"
        return f"{who(self.role, self.organisation)}{unit}: {self.action} {self.group}, {self.scope}, to {self.purpose.sentence}"


@dataclass(frozen=True, slots=True, order=True)
class Laxer:
    """A mask that would take less: this group through this scope, or from fewer roles."""

    mask: MaskWord
    scope: ScopeWord
    group: Group
    spared: str = ""

    def __str__(self) -> str:
        whom = f" from {self.spared}" if self.spared else ""
        return f"Where {self.mask.sentence}: {self.group} would no longer be withheld through {self.scope}{whom}"


@dataclass(frozen=True, slots=True, order=True)
class Freed:
    """A group that a council would no longer withhold of its own residents from an organisation and a role (``*``: all)."""

    council: str
    organisation: str
    role: str
    group: Group

    def __str__(self) -> str:
        of_everybody = self.role == EVERY and self.organisation == EVERY
        people = "everybody" if self.role == EVERY else Role(self.role).sentence
        whom = people if of_everybody or self.organisation == EVERY else f"{people} of {self.organisation}"
        return f"Of residents of {self.council}: {self.group} would no longer be withheld from {whom}"


def gains(before: Tables, after: Tables, vocabulary: Vocabulary) -> list[Gain]:
    """Everything that some hat of a loaded organisation has after and had not before."""
    actions = _touched(before, after)
    old, new = Plain(before, vocabulary), Plain(after, vocabulary)
    return sorted(gain for organisation in vocabulary.organisations for unit in (*vocabulary.units_of(organisation), NO_UNIT)
                  for role in Role if could_be(vocabulary, organisation, role)
                  for gain in _of_a_hat(old, new, organisation, unit, role, actions))


def laxer(before: Tables, after: Tables) -> list[Laxer | Freed]:
    """Everything that some mask, or some council of its own residents, withholds before and no longer after."""
    return [*sorted(_taken(before) - _taken(after) | (_spared(after) - _spared(before))), *sorted(_freed(before, after))]


def narrows_only(before: Tables, after: Tables, vocabulary: Vocabulary) -> bool:
    """Whether nobody would have anything after that they had not before."""
    return not gains(before, after, vocabulary) and not laxer(before, after)


def councils_affected(before: Tables, after: Tables, vocabulary: Vocabulary, councils: frozenset[str]) -> frozenset[str]:
    """The councils whose residents or staff a change affects; none where nobody gains or loses anything."""
    changes = [*gains(before, after, vocabulary), *gains(after, before, vocabulary)]
    if any(each.reaches_others or each.organisation not in councils for each in changes) or laxer(before, after) or laxer(
            after, before):
        return councils
    return frozenset(each.organisation for each in changes)


def _touched(before: Tables, after: Tables) -> frozenset[Action]:
    """The actions that some rule speaks of before or after only; all of them where an inheritance changed."""
    if set(before.inheritances) != set(after.inheritances):
        return frozenset(Action)
    return frozenset(grant.action for grant in set(before.grants) ^ set(after.grants))


def _of_a_hat(old: Plain, new: Plain, organisation: str, unit: str, role: Role, actions: frozenset[Action]) -> Iterator[Gain]:
    for action in actions:
        for purpose in Purpose:
            had = old.allowed(role, organisation, unit, action, purpose)
            for scope, groups in new.allowed(role, organisation, unit, action, purpose).items():
                for group in groups - had.get(scope, frozenset()):
                    yield Gain(organisation, unit, role, purpose, action, scope, group)


def _taken(tables: Tables) -> set[Laxer]:
    return {Laxer(mask.word, scope, group) for mask in tables.masks for scope in mask.scopes for group in mask.groups}


def _spared(tables: Tables) -> set[Laxer]:
    """Every lift, as what it leaves to whom: a lift that comes makes its mask take less."""
    return {Laxer(mask.word, scope, group, f"{lift.role} {lift.where.sentence} for {lift.purpose}") for mask in tables.masks
            for lift in mask.lifts for scope in lift.scopes for group in _groups(mask)}


def _freed(before: Tables, after: Tables) -> set[Freed]:
    """What was withheld by some narrowing, word by word, and is in none after: one that names fewer, instead of all, frees."""
    return {Freed(each.council, organisation, str(role), group) for each in before.narrowings for organisation in each.organisations
            for role in each.roles for group in each.groups
            if not any(each.council == other.council and group in other.groups and not other.roles.isdisjoint({EVERY, role})
                       and not other.organisations.isdisjoint({EVERY, organisation}) for other in after.narrowings)}


def _groups(mask: Mask) -> frozenset[Group]:
    return mask.groups
