"""The session that a unit of work reads and writes through: it puts the reach on every read, and checks every written
row against what the actions claimed may leave, before and after the change. Row security stands behind it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Insert, Text, bindparam, cast, event, func, insert, inspect, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from app.kernel.errors import NotFound, NotPermitted
from app.policy.actions import Action
from app.policy.protection import PROTECTED, deciding_model
from app.policy.reach import Reach

# Actions that hand a request over or end the hand that held it: what they write is checked while it is still held.
HANDING_OVER = frozenset({Action.REQUEST_PASS, Action.REQUEST_REFUSE, Action.REQUEST_COMPLETE, Action.REQUEST_CLOSE,
                          Action.REQUEST_CANCEL})
# Actions that make a request for somebody else to see: its parts are checked through the request made in the same work.
TAKING_UP = frozenset({Action.REQUEST_TAKE, Action.INTAKE_TAKE})


class GuardedSession(Session):
    """A session with a reach. Without one it cannot be made."""

    def __init__(self, reach: Reach, values: Mapping[str, Any], **options: Any) -> None:
        super().__init__(autoflush=False, expire_on_commit=False, **options)
        self.reach = reach
        self.values = dict(values)
        self.made: set[tuple[type, Any]] = set()

    def add_many(self, model: type, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write new rows of one table in one statement, under the same checks as ``add``: for who makes very many. All say
        the same columns, their keys among them; the session does not know them afterwards."""
        if not rows:
            return
        guarded = model in PROTECTED and PROTECTED[model].kind != "journal"
        if guarded:
            _claimed(self, model)
            if _handed_over(self, model) or _may_close(self, model) or _taken_up(self, model):
                raise NotPermitted("These are checked one by one: what is written may end the sight of it.")
        self.connection().execute(_inserting(model, tuple(rows[0])), _by_column(model, rows))
        if guarded and _say_all(model, rows):
            _all_hang_well(self, model, rows)
        elif guarded:
            key: Sequence[Any] = inspect(model).primary_key
            _all_reached(self, model, [tuple(row[column.key] for column in key) for row in rows])


@event.listens_for(GuardedSession, "do_orm_execute")
def _put_the_reach_on(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, GuardedSession)
    if state.is_update or state.is_delete or state.is_insert:
        if state.bind_mapper is None or state.bind_mapper.class_ in PROTECTED:
            raise NotPermitted("Protected rows are changed one by one, never by a statement over many.")
        return
    given = state.parameters or {}
    assert isinstance(given, Mapping), "a read has one set of parameters"
    state.statement = session.reach.put_on(state.statement)
    state.parameters = {**given, **session.values}


@event.listens_for(GuardedSession, "before_flush")
def _check_before(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    assert isinstance(session, GuardedSession)
    changed = [row for row in session.dirty if session.is_modified(row)] + list(session.deleted)
    for model, rows in _protected(changed).items():
        _claimed(session, model)
        _all_reached(session, model, [inspect(row).identity for row in rows])
    for model, rows in _protected(session.new).items():
        _claimed(session, model)
        if _may_close(session, model):
            _all_seen(session, model, rows)
        elif _handed_over(session, model):
            parent = PROTECTED[model].parent
            assert parent is not None, "nothing that decides is made while handing over"
            decider = deciding_model(PROTECTED[model].kind)
            _all_reached(session, decider, [(getattr(row, parent),) for row in rows])


@event.listens_for(GuardedSession, "after_flush")
def _check_after(session: Session, _context: UOWTransaction) -> None:
    assert isinstance(session, GuardedSession)
    for model, rows in _protected(session.new).items():
        if _taken_up(session, model):
            _made_here(session, model, rows)
        elif not _handed_over(session, model) and not _may_close(session, model):
            _all_reached(session, model, _keys(rows))
    for model, rows in _protected(row for row in session.dirty if session.is_modified(row)).items():
        if not _handed_over(session, model) and not _may_close(session, model):
            _all_reached(session, model, _keys(rows))
    session.made |= {(type(row), row.id) for row in session.new if hasattr(row, "id")}


@lru_cache(maxsize=64)
def _inserting(model: type, columns: tuple[str, ...]) -> Insert:
    """One statement for any number of rows: an array for each column. Row security judges each row all the same."""
    def values(name: str) -> ColumnElement[Any]:
        kind: Any = inspect(model).columns[name].type
        if isinstance(kind, JSONB):
            return cast(func.unnest(bindparam(name, type_=ARRAY(Text))), JSONB)
        return func.unnest(bindparam(name, type_=ARRAY(Text() if isinstance(kind, Text) else kind)))

    return insert(model).from_select(list(columns), select(*map(values, columns)), include_defaults=False)


def _by_column(model: type, rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name in rows[0]:
        held = [row[name] for row in rows]
        found[name] = [json.dumps(each, ensure_ascii=False) for each in held] \
            if isinstance(inspect(model).columns[name].type, JSONB) else held
    return found


def _say_all(model: type, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether new rows say all that decides on them but what the one row says on which each hangs."""
    protection = PROTECTED[model]
    return (protection.parent is not None and protection.owner is None
            and (protection.group_column is None or protection.group_column in rows[0])
            and all(row[protection.parent] is not None for row in rows)
            and not any(row.get(column) is not None for column in protection.beside for row in rows))


def _all_hang_well(session: GuardedSession, model: type, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same as ``_all_reached``, of new rows that say all that decides: each row that decides is asked once for all of them."""
    protection, hanging = PROTECTED[model], session.reach.hanging(model)
    assert protection.parent is not None
    said = {(row[protection.parent], row.get(protection.group_column or "")) for row in rows}
    found = session.connection().execute(hanging.statement, {**session.values, "keys": list({key for key, _ in said})})
    met = {key: meets for key, *meets in found}
    if any(not any(met[key][at] and (groups is None or group in groups) for groups, at in hanging.ways)
           if key in met else True for key, group in said):
        raise NotFound()


def _protected(rows: Iterable[object]) -> dict[type, list[object]]:
    found: dict[type, list[object]] = defaultdict(list)
    for row in rows:
        if type(row) in PROTECTED and PROTECTED[type(row)].kind != "journal":
            found[type(row)].append(row)
    return found


def _claimed(session: GuardedSession, model: type) -> None:
    if not PROTECTED[model].writes & session.reach.needs:
        raise NotPermitted(f"Nothing that was asked for here may change a {model.__name__}.")


def _handed_over(session: GuardedSession, model: type) -> bool:
    return PROTECTED[model].kind == "request" and bool(HANDING_OVER & session.reach.needs)


def _may_close(session: GuardedSession, model: type) -> bool:
    """What a resident says may end the very right through which it was written down: it is checked before it is."""
    return bool({Action.CHOICE_RECORD, Action.OBJECTION_RECORD} & PROTECTED[model].writes & session.reach.needs)


def _all_seen(session: GuardedSession, model: type, rows: list[object]) -> None:
    """Every row these hang on may be seen now."""
    decider, parent = deciding_model(PROTECTED[model].kind), PROTECTED[model].parent
    assert parent is not None
    wanted = {getattr(row, parent) for row in rows}
    if len(session.scalars(select(decider).where(inspect(decider).primary_key[0].in_(wanted))).all()) < len(wanted):
        raise NotFound()


def _taken_up(session: GuardedSession, model: type) -> bool:
    return (PROTECTED[model].kind == "request" and PROTECTED[model].parent is not None
            and bool(TAKING_UP & PROTECTED[model].writes & session.reach.needs))


def _made_here(session: GuardedSession, model: type, rows: list[object]) -> None:
    """The parts of a request being taken: what goes with it leaves the taker's sight, so its own row answers."""
    decider, parent = deciding_model(PROTECTED[model].kind), PROTECTED[model].parent
    assert parent is not None
    if any((decider, getattr(row, parent)) not in session.made for row in rows):
        raise NotFound()


def _keys(rows: list[object]) -> list[Any]:
    return [inspect(row).mapper.primary_key_from_instance(row) for row in rows]


def _all_reached(session: GuardedSession, model: type, keys: list[Any]) -> None:
    """Every one of these rows, as it stands in the database now, lies within what may be written."""
    flat = len(inspect(model).primary_key) == 1
    wanted = {key[0] if flat else tuple(key) for key in keys}
    found = session.connection().execute(session.reach.written(model), {**session.values, "keys": list(wanted)}).all()
    if len(found) < len(wanted):
        raise NotFound()
