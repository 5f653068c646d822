"""The registry of scopes and masks: each feature writes the SQL of the rights that its own tables grant, once, and hands it
in here. What a scope may be used for is the rulebook's matter; how it is put on a read is the reach's.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy import BindParameter, ColumnElement, Date, DateTime, FromClause, Text, Uuid, bindparam

from app.policy.groups import Group
from app.policy.words import LiftWord, MaskWord, Of, ScopeWord

W = TypeVar("W")

# The facts about the asker, as parameters: the SQL text is then the same for everybody with the same reach, and a
# statement run outside a unit of work fails for want of a value instead of answering.
ORG: BindParameter[uuid.UUID] = bindparam("jc_org", type_=Uuid)
PERSON: BindParameter[uuid.UUID] = bindparam("jc_person", type_=Uuid)
UNIT: BindParameter[str] = bindparam("jc_unit", type_=Text)
NOW: BindParameter[datetime] = bindparam("jc_now", type_=DateTime(timezone=True))
TODAY: BindParameter[date] = bindparam("jc_today", type_=Date)
ON: BindParameter[date] = bindparam("jc_on", type_=Date)

# Of a deciding table (or an alias of it) and a group (None: any), the rows to which the scope is a right.
Criterion = Callable[[FromClause, Group | None], ColumnElement[bool]]


# Of a deciding table, the rows where a mask bites, or where a hat stands that a lift asks for.
Place = Callable[[FromClause], ColumnElement[bool]]
# Of a deciding table and the slug of a council, the rows that are of its residents.
Whose = Callable[[FromClause, str], ColumnElement[bool]]

_scopes: dict[tuple[str, ScopeWord], Criterion] = {}
_masks: dict[tuple[str, MaskWord], Place] = {}
_lifts: dict[tuple[str, LiftWord], Place] = {}
_of_councils: dict[str, Whose] = {}
SCOPES: Mapping[tuple[str, ScopeWord], Criterion] = MappingProxyType(_scopes)
MASKS: Mapping[tuple[str, MaskWord], Place] = MappingProxyType(_masks)
LIFTS: Mapping[tuple[str, LiftWord], Place] = MappingProxyType(_lifts)


def scope(kind: str, word: ScopeWord) -> Callable[[Criterion], Criterion]:
    """Register the SQL of a scope for one kind. Raises ValueError where it is registered already."""

    def register(criterion: Criterion) -> Criterion:
        if (kind, word) in _scopes:
            raise ValueError(f"the scope {word} of {kind} is written twice")
        _scopes[kind, word] = criterion
        return criterion

    return register


def mask(kind: str, word: MaskWord) -> Callable[[Place], Place]:
    """Register where a mask bites for one kind. A mask that a kind does not register does not reach that kind."""
    return _register(_masks, (kind, word))


def lift(kind: str, word: LiftWord) -> Callable[[Place], Place]:
    """Register where a hat stands at the place that a lift asks for."""
    return _register(_lifts, (kind, word))


def of_council(kind: str) -> Callable[[Whose], Whose]:
    """Register which rows of a kind are of a council's residents. A kind that does not is not reached by what councils withhold."""

    def register(whose: Whose) -> Whose:
        if kind in _of_councils:
            raise ValueError(f"whose a {kind} is is written twice")
        _of_councils[kind] = whose
        return whose

    return register


def place_of(kind: str, word: MaskWord | Of) -> Place | None:
    """Where what a mask or a narrowing stands on is so; None where it does not reach the kind."""
    if isinstance(word, MaskWord):
        return _masks.get((kind, word))
    whose, council = _of_councils.get(kind), word.council
    return None if whose is None else lambda table: whose(table, council)


def _register(registry: dict[tuple[str, W], Place], key: tuple[str, W]) -> Callable[[Place], Place]:
    def register(place: Place) -> Place:
        if key in registry:
            raise ValueError(f"{key[1]} of {key[0]} is written twice")
        registry[key] = place
        return place

    return register
