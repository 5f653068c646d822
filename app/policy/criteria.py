"""The SQL of rights, made once: what a scope grants of a deciding table, less what masks take of it, and their ands and ors.

Nothing here is about an asker, whose values come as parameters: what one hat's sight is compiled to serves every other's, and two
rules that come to the same are one and the same object.
"""

from collections.abc import Iterable
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, FromClause, Table, and_, false, inspect, not_, or_

from app.policy.groups import Group
from app.policy.protection import deciding_model
from app.policy.scopes import LIFTS, SCOPES, place_of
from app.policy.words import LiftWord, MaskWord, Of, ScopeWord

# A mask, or a council's narrowing, and where one must stand to be spared.
Taken = tuple[MaskWord | Of, tuple[LiftWord, ...]]
# So many criteria are remembered: those of all kinds, scopes and groups, under masks as different hats have them.
REMEMBERED = 4096
NOBODY: ColumnElement[bool] = false()


@lru_cache(maxsize=REMEMBERED)
def right(kind: str, table: FromClause, scope: ScopeWord, group: Group | None, taken: tuple[Taken, ...]) -> ColumnElement[bool]:
    """The rows to which a scope is a right for a group, less what is taken. Nothing in it is about the asker: it is made once, and
    groups of which a scope says the same share it."""
    criterion = SCOPES.get((kind, scope))
    if criterion is None:
        return NOBODY
    made = and_(criterion(table, group), *(not_(_bite(kind, table, *each)) for each in taken))
    said = _said(kind, table, scope, taken)
    same = next((known for known in said if known.compare(made)), None)
    if same is None:
        said.append(made)
    return made if same is None else same


@lru_cache(maxsize=REMEMBERED)
def _said(_kind: str, _table: FromClause, _scope: ScopeWord, _taken: tuple[Taken, ...]) -> list[ColumnElement[bool]]:
    """What a scope was found to say, of whichever group: one list for ever, empty at first, to which ``right`` adds what is new."""
    return []


@lru_cache(maxsize=REMEMBERED)
def any_of(criteria: tuple[ColumnElement[bool], ...]) -> ColumnElement[bool]:
    """The rows that meet one of them; none where there are none."""
    return or_(*criteria) if criteria else NOBODY


@lru_cache(maxsize=REMEMBERED)
def all_of(criteria: tuple[ColumnElement[bool], ...]) -> ColumnElement[bool]:
    """The rows that meet each of them."""
    return and_(*criteria)


def _bite(kind: str, table: FromClause, word: MaskWord | Of, spared: tuple[LiftWord, ...]) -> ColumnElement[bool]:
    place = place_of(kind, word)
    assert place is not None
    return and_(place(table), not_(or_(*(LIFTS[kind, where](table) for where in spared)))) if spared else place(table)


def different(criteria: Iterable[ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
    """Each criterion once: most groups are shown by the same rule, and PostgreSQL would weigh every repetition."""
    return tuple({id(each): each for each in criteria}.values())


def table_of(model: type) -> Table:
    """The table of a model."""
    return inspect(model).local_table


def deciding_table(kind: str) -> Table:
    """The table whose rows decide for a kind, for who writes a criterion over it. What is selected from it passes the guard by."""
    return table_of(deciding_model(kind))


@cache
def deciding_row(kind: str) -> FromClause:
    """The row that decides for others, under a name of its own."""
    return deciding_table(kind).alias()
