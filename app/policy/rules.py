"""The policy as values: its files as text, and the grants, inheritances, masks, lifts and narrowings that a strict reading gives.

How text becomes these is for ``reading``; what they answer together is for ``rulebook``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from app.policy.actions import ABOUT_RESIDENTS, Action
from app.policy.groups import BARE, Group
from app.policy.purposes import Purpose
from app.policy.words import NARROWED, Basis, LiftWord, MaskWord, Of, Role, ScopeWord

Every = Literal["*"]
EVERY: Final[Every] = "*"
NO_UNIT: Final = "-"
NONE_NEEDED: Final = "-"
IN_FORCE: Final = "in-force"
# In the order of the fields of ``PolicyFiles``.
FILES: Final = ("model.conf", "roles.csv", "grants.csv", "masks.csv", "matrix.csv", "examples.csv", "narrowings.csv")
OPTIONAL: Final = frozenset({"examples.csv", "narrowings.csv"})


class Effect(StrEnum):
    """What a grant does. A deny beats every allow."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """The policy's files as text, wherever they are kept. ``matrix`` and ``examples`` decide nothing: they are what people
    expect, and a policy may be without them, as it may be without ``narrowings``."""

    model: str
    roles: str
    grants: str
    masks: str
    matrix: str = ""
    examples: str = ""
    narrowings: str = ""

    @classmethod
    def read(cls, folder: Path) -> "PolicyFiles":
        """The files in a folder. A missing or undecodable one raises, naming itself."""
        return cls.of({name: (folder / name).read_text(encoding="utf-8-sig")
                       for name in FILES if name not in OPTIONAL or (folder / name).exists()})

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "PolicyFiles":
        """The files by their names; one that is not there is empty."""
        return cls(*(content.get(name, "") for name in FILES))

    @property
    def content(self) -> dict[str, str]:
        """The files by their names, as a version or a draft keeps them."""
        return dict(zip(FILES, (self.model, self.roles, self.grants, self.masks, self.matrix, self.examples,
                                self.narrowings), strict=True))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that the loaded partnership adds: its organisations' slugs and, of each, its units' slugs and its kind
    where that is known."""

    organisations: frozenset[str] = frozenset()
    units: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, organisations: Collection[str], units: Mapping[str, Collection[str]] | None = None,
           kinds: Mapping[str, str] | None = None) -> "Vocabulary":
        """The same from any collections."""
        kept = {organisation: frozenset(names) for organisation, names in (units or {}).items()}
        return cls(frozenset(organisations), MappingProxyType(kept), MappingProxyType(dict(kinds or {})))

    def units_of(self, organisation: str) -> frozenset[str]:
        """The units of one organisation; of all of them together for ``*``."""
        if organisation == EVERY:
            return frozenset().union(*self.units.values())
        return self.units.get(organisation, frozenset())


@dataclass(frozen=True, slots=True)
class Grant:
    """One rule: the eight words that Casbin reads, and beside them what people need to answer for it.

    ``line`` is where it was written; a line that names several groups gives one grant for each.
    """

    role: Role
    organisation: str
    unit: str
    action: Action
    group: Group | Every
    purpose: Purpose | Every
    scope: ScopeWord
    effect: Effect
    basis: Basis | None
    agreement: str
    owner: str
    review: date
    line: int = field(default=0, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The rule's seven words without its effect."""
        return (str(self.role), self.organisation, self.unit, str(self.action), str(self.group), str(self.purpose),
                str(self.scope))

    @property
    def about_residents(self) -> bool:
        """Whether a resident's data is behind it."""
        return about_residents(self.action)


@dataclass(frozen=True, slots=True)
class Inheritance:
    """``role`` has every allow of ``includes`` as well."""

    role: Role
    includes: Role
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Lift:
    """What spares a role from a mask: standing ``where``, for a purpose, through some scopes."""

    role: Role
    purpose: Purpose | Every
    where: LiftWord
    scopes: frozenset[ScopeWord]
    owner: str
    review: date
    line: int = field(default=0, compare=False)

    @property
    def spares(self) -> tuple[Role, Purpose | Every, LiftWord, frozenset[ScopeWord]]:
        """The lift without who answers for it."""
        return self.role, self.purpose, self.where, self.scopes


@dataclass(frozen=True, slots=True)
class Mask:
    """What a mask takes away (each of ``groups`` through each of ``scopes``), and from whom it does not."""

    word: MaskWord
    scopes: frozenset[ScopeWord]
    groups: frozenset[Group]
    lifts: tuple[Lift, ...]
    owner: str
    review: date
    line: int = field(default=0, compare=False)

    def takes(self, scope: ScopeWord, group: Group) -> bool:
        """Whether it takes this group through this scope, lifts apart."""
        return scope in self.scopes and group in self.groups

    def lifts_for(self, role: Role, purpose: Purpose) -> tuple[Lift, ...]:
        """The lifts that this role has for this purpose; the row decides whether it stands there."""
        return tuple(lift for lift in self.lifts if lift.role == role and lift.purpose in (EVERY, purpose))

    def sorts(self, scopes: Iterable[ScopeWord], group: Group, role: Role, purpose: Purpose,
              at: Collection[LiftWord]) -> tuple[frozenset[ScopeWord], frozenset[ScopeWord]]:
        """Of these scopes those that it takes, standing on the row, and those that it would but for a lift where the viewer
        stands (``at``)."""
        meant = frozenset(scope for scope in scopes if self.takes(scope, group))
        lifted = frozenset(scope for lift in self.lifts_for(role, purpose) if lift.where in at for scope in lift.scopes)
        return meant - lifted, meant & lifted


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a council withholds of its own residents, beyond the partnership's policy: these groups, from these organisations in
    these roles (``*``: all). It can only take away, and is asked as a mask is; the council's own information officer it spares."""

    council: str
    groups: frozenset[Group]
    organisations: frozenset[str]
    roles: frozenset[Role | Every]
    reason: str
    owner: str
    review: date
    line: int = field(default=0, compare=False)

    @property
    def word(self) -> Of:
        """What must be so of a resident."""
        return Of(self.council)

    @property
    def scopes(self) -> frozenset[ScopeWord]:
        """The scopes that it takes."""
        return NARROWED

    @property
    def all_groups(self) -> frozenset[Group]:
        """Every group of which something may be taken."""
        return self.groups | BARE if Group.HISTORY in self.groups else self.groups

    def is_for(self, role: Role, organisation: str) -> bool:
        """Whether it is meant for somebody of an organisation in a role."""
        named = not self.organisations.isdisjoint({EVERY, organisation}) and not self.roles.isdisjoint({EVERY, role})
        return named and (role, organisation) != (Role.INFORMATION_OFFICER, self.council)

    def takes(self, scope: ScopeWord, group: Group) -> bool:
        """Whether it takes this group through this scope. Which requests there were is history to whoever sees it by the
        resident's agreement alone."""
        groups = self.all_groups if scope is ScopeWord.CONSENTED else self.groups
        return scope in NARROWED and group in groups

    def lifts_for(self, role: Role, purpose: Purpose) -> tuple[Lift, ...]:
        """None: whom it spares it does not name."""
        return ()

    def sorts(self, scopes: Iterable[ScopeWord], group: Group, role: Role, purpose: Purpose,
              at: Collection[LiftWord]) -> tuple[frozenset[ScopeWord], frozenset[ScopeWord]]:
        """Of these scopes those that it takes; it lifts none."""
        return frozenset(scope for scope in scopes if self.takes(scope, group)), frozenset()


# Whatever takes sight away after the union of the grants.
Withholding = Mask | Narrowing


@dataclass(frozen=True, slots=True)
class Tables:
    """A whole policy that was read without a fault."""

    model: str
    inheritances: tuple[Inheritance, ...]
    grants: tuple[Grant, ...]
    masks: tuple[Mask, ...]
    narrowings: tuple[Narrowing, ...] = ()

    def withheld(self, role: Role, organisation: str) -> tuple[Withholding, ...]:
        """All that takes sight away from somebody: the masks, and what councils withhold of their own residents."""
        return (*self.masks, *(each for each in self.narrowings if each.is_for(role, organisation)))


def about_residents(action: Action) -> bool:
    """Whether a resident's data is behind an action: the journal counts where its values are read."""
    return action.kind in ABOUT_RESIDENTS or action is Action.JOURNAL_READ


def heirs(inheritances: Collection[Inheritance]) -> Mapping[Role, frozenset[Role]]:
    """For each role, the roles that have its allows: itself and all that include it, however far."""
    found = {role: {role} for role in Role}
    for _ in Role:
        for pair in inheritances:
            found[pair.includes] |= found[pair.role]
    return {role: frozenset(those) for role, those in found.items()}
