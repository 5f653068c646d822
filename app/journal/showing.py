"""The way out: says through which scopes each row was let in, checks that once more against the reach, and journals the sight.
Rows go in; what a page or an answer may use are the plain values made from them."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from app.journal.record import Subject, record
from app.policy.groups import Group
from app.policy.words import ScopeWord
from app.policy.work import Work

log = structlog.get_logger(__name__)


class HasKey(Protocol):
    """A row of the deciding table of residents."""

    id: uuid.UUID


R = TypeVar("R", bound=HasKey)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a row may be seen: the scopes that let it in, and the groups that the rules grant through them."""

    scopes: tuple[ScopeWord, ...]
    groups: frozenset[Group]


def basis_of(work: Work, kind: str, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Basis]:
    """For each of these rows of a deciding table, why it may be seen. A row that may not is absent."""
    words, asked = work.reach.labelled(kind)
    if not keys or not words:
        return {}
    rows = work.session.connection().execute(asked, {**work.session.values, "keys": list(keys)}).all()
    found = {}
    for key, *holds in rows:
        scopes = tuple(word for word, held in zip(words, holds, strict=True) if held)
        if scopes:
            found[key] = Basis(scopes, work.reach.groups(kind, scopes))
    return found


def groups_shown(work: Work, kind: str, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[Group]]:
    """For each of these rows the groups that are shown of it, masks and the row's own facts taken into account."""
    groups, asked = work.reach.shown(kind)
    if not keys or not groups:
        return {}
    rows = work.session.connection().execute(asked, {**work.session.values, "keys": list(keys)}).all()
    return {key: frozenset(group for group, shown in zip(groups, shows, strict=True) if shown) for key, *shows in rows}


def show(work: Work, event: str, residents: Iterable[R], value: Callable[[R, Basis], V],
         groups: Collection[Group], facts: Mapping[str, object] | None = None) -> list[V]:
    """The plain values of residents, in order, and one journal entry about all of them.

    ``groups`` are the field groups that ``value`` uses. A row that has no scope of the reach is dropped and reported: the
    guard should not have let it in.
    """
    rows = list(residents)
    known = basis_of(work, "resident", [row.id for row in rows])
    stray = [row for row in rows if row.id not in known]
    if stray:
        log.error("rows without a scope were dropped", count=len(stray))
    kept = [row for row in rows if row.id in known]
    subjects = [Subject(row.id, [g for g in groups if g in known[row.id].groups], known[row.id].scopes) for row in kept]
    record(work, event, subjects, facts)
    return [value(row, known[row.id]) for row in kept]
