"""Marks the tables that hold what is protected: of which kind each is, which field group it makes, and how it hangs on the
row that decides. The guard filters what is marked here; a test compares the marks with the database's row security.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from app.policy.actions import Action
from app.policy.groups import Group

T = TypeVar("T", bound=type)


@dataclass(frozen=True)
class Protection:
    """``parent`` is the column that points at the deciding row of ``kind`` (None: this table is that row).

    The group is ``group`` for every row, or what ``group_column`` says of each; with neither, any granted group shows it.
    A row of ``together`` tells of two groups at once, so that it takes both to see it.
    ``writes`` are the actions that may leave a row of this table written. ``beside`` are further columns that point at
    deciding rows: where one does, it takes that row's sight as well. ``owner`` names the organisation whose row it is,
    where no other may see it.
    """

    kind: str
    group: Group | None
    group_column: str | None
    parent: str | None
    writes: frozenset[Action]
    together: tuple[tuple[Group, ...], ...] = ()
    beside: tuple[str, ...] = ()
    owner: str | None = None

    def group_words(self, granted: Iterable[frozenset[Group]],
                    beside: Iterable[frozenset[Group]]) -> list[tuple[str, tuple[Group, ...]]]:
        """What the group column may say to who was granted these groups, each with the groups that it takes.

        Of two groups together one is enough where the other is granted ``beside``.
        """
        alone = frozenset().union(*granted)
        both = alone.union(*beside)
        parts: list[tuple[Group, ...]] = [(group,) for group in sorted(alone)]
        parts += [each for each in self.together if both.issuperset(each) and not alone.isdisjoint(each)]
        return [("+".join(each), each) for each in parts]


_PROTECTED: dict[type, Protection] = {}
PROTECTED: Mapping[type, Protection] = MappingProxyType(_PROTECTED)


def protected(kind: str, *, group: Group | None = None, group_column: str | None = None,
              parent: str | None = None, writes: Iterable[Action] = (),
              together: Iterable[tuple[Group, ...]] = (), beside: Iterable[str] = (),
              owner: str | None = None) -> Callable[[T], T]:
    """Mark a mapped class as protected. Without ``parent`` it is the deciding table of its kind."""

    def mark(model: T) -> T:
        _PROTECTED[model] = Protection(kind, group, group_column, parent, frozenset(writes), tuple(together),
                                       tuple(beside), owner)
        return model

    return mark


def deciding_model(kind: str) -> type:
    """The mapped class whose rows decide for a kind. Raises LookupError for a kind that no table has."""
    for model, protection in _PROTECTED.items():
        if protection.kind == kind and protection.parent is None:
            return model
    raise LookupError(kind)
