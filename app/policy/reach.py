"""What one hat may read and write for one purpose, compiled to SQL criteria: for each protected table the rows it may see.

A reach is made once for a policy version, role, organisation, unit, purpose and set of actions, and holds no facts about
the asker: those come as parameter values with each statement.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    exists,
    false,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption

from app.policy.actions import Action, Kind
from app.policy.criteria import Taken, all_of, any_of, deciding_row, deciding_table, different, right, table_of
from app.policy.groups import GROUPS_OF, Group
from app.policy.protection import PROTECTED, Protection
from app.policy.purposes import Purpose
from app.policy.rules import Withholding
from app.policy.scopes import ORG, place_of
from app.policy.words import Role, ScopeWord, decides

Granted = Mapping[ScopeWord, frozenset[Group]]
# What is granted, what is granted beside it, and what shows the further rows that a row points at.
Claim = tuple[Granted, Granted | None, Granted | None]


class Rules(Protocol):
    """What a reach asks of the rulebook."""

    def allowed(self, role: Role, organisation: str, unit: str, action: Action, purpose: Purpose) -> Granted: ...

    def withheld(self, role: Role, organisation: str) -> tuple[Withholding, ...]: ...


@dataclass(frozen=True)
class Wearer:
    """The words that the policy knows a hat by."""

    role: Role
    organisation: str
    unit: str


class Frozen(CriteriaOption):
    """The criteria of a reach as one option that never changes, so that a number serves as its key in the statement cache.

    Spelling the whole policy out for each statement's key took 40 ms a read, and thirty options of one criterion each took a
    third of a millisecond. Values are never part of it: the asker's come as parameters, the others are constants of a criterion.
    """

    __slots__ = ("criteria", "number")
    inherit_cache = True
    propagate_to_loaders = True
    _numbers = count()

    def __init__(self, criteria: Mapping[type, ColumnElement[bool]]) -> None:
        self.criteria = [LoaderCriteriaOption(model, criterion, include_aliases=True) for model, criterion in criteria.items()]
        self.number = next(self._numbers)

    def _gen_cache_key(self, _anonymous: Any, _parameters: Any) -> tuple[Any, ...]:
        return (Frozen, self.number)

    def process_compile_state(self, compile_state: Any) -> None:
        """Each criterion is put on, whatever is selected."""
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _mapper_entities: Any) -> None:
        """The same for a select whose columns were replaced."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """What holds in the whole statement, in what it selects from too."""
        for criterion in self.criteria:
            criterion.get_global_criteria(attributes)


@dataclass(frozen=True)
class Way:
    """One rule by which rows of a table that hang on others are reached: those that say they are of one of ``groups`` (None: all
    of them), where the deciding row meets ``criterion``, and any further one that they point at ``shown``."""

    groups: tuple[str, ...] | None
    criterion: ColumnElement[bool]
    shown: ColumnElement[bool]


@dataclass(frozen=True)
class Hanging:
    """How rows of a table hang on others, for who makes very many at once: ``statement`` selects of ``keys``, deciding rows, each
    with what it meets; ``ways`` are the groups (None: all) beside the place of what the deciding row has to meet for them."""

    statement: Select[Any]
    ways: tuple[tuple[tuple[str, ...] | None, int], ...]


@dataclass(frozen=True)
class Reach:
    """The compiled sight of a hat. ``reading`` and ``writing`` give, per kind, the scopes and groups that were granted; ``masks``
    are the masks, and what councils withhold from this hat."""

    wearer: Wearer
    purpose: Purpose
    needs: frozenset[Action]
    reading: Mapping[str, Granted]
    writing: Mapping[Action, Granted]
    masks: tuple[Withholding, ...]
    # Statements made once, because the key of a statement is remembered with it.
    _made: dict[tuple[str, object], Any] = field(default_factory=dict, repr=False, compare=False)
    _worn: WeakKeyDictionary[Executable, Executable] = field(default_factory=WeakKeyDictionary, repr=False, compare=False)

    @property
    def content(self) -> Hashable:
        """What the SQL of this reach is made from: two hats for which it is equal differ in nothing but their values."""
        return (self.wearer.role, self.purpose, self.needs, self.masks, *(
            tuple(sorted((str(kind), tuple(sorted(granted.items()))) for kind, granted in about.items()))
            for about in (self.reading, self.writing)))

    def worn_by(self, wearer: Wearer) -> "Reach":
        """The same reach for a hat of the same content; what is compiled for one is compiled for both."""
        return replace(self, wearer=wearer)

    def put_on(self, statement: Executable) -> Executable:
        """A read with one criterion for each protected table, ``false`` where nothing is granted. Made once for a statement
        that is made once."""
        known = self._worn.get(statement)
        if known is None:
            option = self._once("option", None, lambda: Frozen({model: self.readable(model) for model in PROTECTED}))
            known = self._worn[statement] = statement.options(option)
        return known

    def readable(self, model: type) -> ColumnElement[bool]:
        """The rows of a protected table that may be read."""
        return self._rows(model, self.reading.get(PROTECTED[model].kind, {}))

    def writable(self, model: type) -> ColumnElement[bool]:
        """The rows of a protected table that may stand before and after a change."""
        ways = [self._rows(model, *claim) for claim in self._claims(model)]
        return or_(*ways) if ways else false()

    def _claims(self, model: type) -> Iterator[Claim]:
        """What the actions claimed grant of a table, as ``_rows`` takes it."""
        protection = PROTECTED[model]
        for action in protection.writes & self.writing.keys():
            granted = self.writing[action]
            if not granted:
                continue
            here = {scope: groups for scope, groups in granted.items() if decides(action.kind, scope) == protection.kind}
            if here and _speaks_of(protection, action):
                yield here, self.reading.get(protection.kind, {}), None
            elif here:
                yield dict.fromkeys(here, frozenset(Group)), None, self.reading.get(protection.kind)
            else:
                # Something of another kind is changed beside what is read here (a note beside a resident).
                yield self.reading.get(protection.kind, {}), None, None

    def labelled(self, kind: str) -> tuple[tuple[ScopeWord, ...], Select[Any]]:
        """The granted scopes of a kind, and a select of each key in ``keys`` with, per scope, whether it lets the row in."""
        def made() -> tuple[tuple[ScopeWord, ...], Select[Any]]:
            table = deciding_table(kind)
            granted = self.reading.get(kind, {})
            words = tuple(sorted(granted))
            holds = [or_(*different(self._through(kind, table, word, group) for group in sorted(granted[word])))
                     .label(f"by_{word}") for word in words]
            return words, select(table.c.id, *holds).where(_among_keys(table.c.id))

        return self._once("labelled", kind, made)  # type: ignore[no-any-return]

    def shown(self, kind: str) -> tuple[tuple[Group, ...], Select[Any]]:
        """The granted groups of a kind, and a select of each key in ``keys`` with, per group, whether that row shows it."""
        def made() -> tuple[tuple[Group, ...], Select[Any]]:
            table = deciding_table(kind)
            groups = tuple(sorted(frozenset().union(*self.reading.get(kind, {}).values())))
            shows = [self.deciding(kind, table, group).label(f"of_{group}") for group in groups]
            return groups, select(table.c.id, *shows).where(_among_keys(table.c.id))

        return self._once("shown", kind, made)  # type: ignore[no-any-return]

    def written(self, model: type) -> Select[Any]:
        """A select of those of ``keys`` (primary keys of a protected table) that may stand before and after a change."""
        def made() -> Select[Any]:
            columns = list(table_of(model).primary_key.columns)
            wanted = (_among_keys(columns[0]) if len(columns) == 1
                      else tuple_(*columns).in_(bindparam("keys", expanding=True)))
            return select(*columns).where(wanted, self.writable(model))

        return self._once("written", model, made)  # type: ignore[no-any-return]

    def hanging(self, model: type) -> Hanging:
        """The same question as ``written`` asks of rows, asked of those that they hang on: by what new rows say that point at no
        others, a few rows that decide answer for very many."""
        def made() -> Hanging:
            protection = PROTECTED[model]
            table = deciding_table(protection.kind)
            ways = [way for claim in self._claims(model) for way in self._ways(protection, table, *claim)]
            met = different(way.criterion for way in ways)
            where = [next(at for at, known in enumerate(met) if known is way.criterion) for way in ways]
            labelled = [criterion.label(f"met_{at}") for at, criterion in enumerate(met)]
            return Hanging(select(table.c.id, *labelled).where(_among_keys(table.c.id)),
                           tuple((way.groups, at) for way, at in zip(ways, where, strict=True)))

        return self._once("hanging", model, made)  # type: ignore[no-any-return]

    def _once(self, what: str, about: object, make: Callable[[], Any]) -> Any:
        found = self._made.get((what, about))
        return found if found is not None else self._made.setdefault((what, about), make())

    def groups(self, kind: str, scopes: Iterable[ScopeWord]) -> frozenset[Group]:
        """The groups that these scopes grant for a kind, masks apart."""
        granted = self.reading.get(kind, {})
        return frozenset().union(*(granted.get(scope, frozenset()) for scope in scopes))

    def deciding(self, kind: str, table: FromClause, group: Group | None) -> ColumnElement[bool]:
        """The rows of a deciding table through which a group (None: anything at all) may be read."""
        return self._deciding(kind, table, self.reading.get(kind, {}), group)

    def _rows(self, model: type, granted: Granted, beside: Granted | None = None,
              seen: Granted | None = None) -> ColumnElement[bool]:
        """The rows that grants reach. With ``beside``, a row that tells of two groups is reached by one of them that is
        granted where ``beside`` grants both: who changes an address changes what is filed under name and address.
        Of the further rows that it points at it is enough that ``beside``, or ``seen``, shows them."""
        protection, table = PROTECTED[model], table_of(model)
        if protection.parent is None:
            return self._deciding(protection.kind, table, granted, protection.group)
        row = deciding_row(protection.kind)
        ways = self._ways(protection, row, granted, beside, seen)
        if protection.group_column is None:
            return and_(*_pointing(protection, table, row, ways[0].criterion, ways[0].shown))
        # One look at the row that decides, whatever the group: each look costs row security anew.
        column = table.c[protection.group_column]
        named = [(or_(*(column == word for word in way.groups or ())), way) for way in ways]
        return and_(or_(false(), *(of for of, _ in named)), *_pointing(
            protection, table, row, or_(false(), *(and_(of, way.criterion) for of, way in named)),
            or_(false(), *(and_(of, way.shown) for of, way in named))))

    def _ways(self, protection: Protection, decider: FromClause, granted: Granted, beside: Granted | None,
              seen: Granted | None) -> list[Way]:
        if protection.group_column is not None:
            return self._by_group(protection, decider, granted, beside)
        criterion = self._deciding(protection.kind, decider, granted, protection.group)
        shows = beside or seen
        return [Way(None, criterion, criterion if shows is None else self._deciding(
            protection.kind, decider, shows, protection.group))]

    def _by_group(self, protection: Protection, decider: FromClause, granted: Granted, beside: Granted | None) -> list[Way]:
        """Each row by the group it says it is of. Groups that are shown by the same rule are asked for together."""
        ways: list[tuple[ColumnElement[bool], ColumnElement[bool], list[str]]] = []
        for word, parts in protection.group_words(granted.values(), beside.values() if beside else ()):
            reached = different(self._deciding(protection.kind, decider, granted, part) for part in parts)
            seen = different(self._deciding(protection.kind, decider, beside or {}, part) for part in parts)
            criterion = all_of(reached if len(parts) == 1 or beside is None else (any_of(reached), *seen))
            shown = criterion if beside is None else all_of(seen)
            same = next((words for known, _, words in ways if known is criterion), None)
            if same is None:
                ways.append((criterion, shown, [word]))
            else:
                same.append(word)
        return [Way(tuple(words), criterion, shown) for criterion, shown, words in ways]

    def _deciding(self, kind: str, table: FromClause, granted: Granted, group: Group | None) -> ColumnElement[bool]:
        return any_of(different(self._through(kind, table, scope, wanted) for scope, groups in sorted(granted.items())
                                for wanted in self._asked(groups, group, kind, scope)))

    def _through(self, kind: str, table: FromClause, scope: ScopeWord, group: Group | None) -> ColumnElement[bool]:
        return right(kind, table, scope, group, self._taken(kind, scope, group))

    def _taken(self, kind: str, scope: ScopeWord, group: Group | None) -> tuple[Taken, ...]:
        """What the masks take from a scope for a group, each with where this hat may stand to be spared."""
        takes = (mask for mask in self.masks if place_of(kind, mask.word) is not None
                 and (mask.takes(scope, group) if group is not None else _takes_all(mask, kind, scope)))
        return tuple((mask.word, tuple(lift.where for lift in mask.lifts_for(self.wearer.role, self.purpose)
                                       if scope in lift.scopes)) for mask in takes)

    def _asked(self, groups: frozenset[Group], group: Group | None, kind: str, scope: ScopeWord) -> list[Group | None]:
        """Which groups to try a scope with: the one asked for if it is granted; for *anything at all*, every granted one. Where
        all are granted one question serves, unless several masks that take a part each may together take the whole. Of a job
        they are tried one by one: a mask may take the only one that it shows."""
        if group is not None:
            return [group] if group in groups else []
        whole = _all_groups(kind)
        parted = {each for mask in self.masks if not _takes_all(mask, kind, scope) for each in whole if mask.takes(scope, each)}
        return [None] if groups >= whole > parted and scope is not ScopeWord.ASSIGNED else list(sorted(groups))


def compile_reach(rules: Rules, wearer: Wearer, purpose: Purpose, needs: frozenset[Action], *,
                  talking: bool = True) -> Reach:
    """The reach of a hat for what a view said it needs.

    Who is not ``talking`` to anybody reads of conversations those that were held or are just being opened, and not
    those with residents whose history a conversation would show.
    """
    reading: dict[str, dict[ScopeWord, frozenset[Group]]] = {}
    writing: dict[Action, Granted] = {}
    for action in needs:
        granted = rules.allowed(wearer.role, wearer.organisation, wearer.unit, action, purpose)
        if action.changes:
            writing[action] = granted
        if action.changes and action is not Action.INTAKE_LINK:
            continue
        for scope, groups in granted.items():
            kind = decides(action.kind, scope)
            if kind == Kind.CONTACT and not talking and scope is not ScopeWord.TAKEN:
                continue
            if kind is not None:
                here = reading.setdefault(kind, {})
                here[scope] = here.get(scope, frozenset()) | groups
    frozen = MappingProxyType({kind: MappingProxyType(granted) for kind, granted in reading.items()})
    return Reach(wearer, purpose, needs, frozen, MappingProxyType(writing),
                 rules.withheld(wearer.role, wearer.organisation))


def _among_keys(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column is one of the parameter ``keys``: one array, so that the SQL is the same for any number of them."""
    return column == any_(bindparam("keys", type_=ARRAY(column.type)))


def _pointing(protection: Protection, table: Table, decider: FromClause, criterion: ColumnElement[bool],
              shown: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    """Whether the row that decides for this one meets a criterion, any further one that it points at is shown, and it is the
    asker's own where one owns it."""
    assert protection.parent is not None
    for column in (protection.parent, *protection.beside):
        met = criterion if column == protection.parent else shown
        reached = exists().where(decider.c.id == table.c[column], met).correlate(table)
        yield or_(table.c[column].is_(None), reached) if table.c[column].nullable else reached
    if protection.owner is not None:
        yield table.c[protection.owner] == ORG


def _all_groups(kind: str) -> frozenset[Group]:
    return frozenset(GROUPS_OF[Kind(kind)])


def _takes_all(mask: Withholding, kind: str, scope: ScopeWord) -> bool:
    return all(mask.takes(scope, group) for group in _all_groups(kind))


def _speaks_of(protection: Protection, action: Action) -> bool:
    """Whether an action's grants name the field groups of this table, so that they limit it group by group."""
    if protection.group is None and protection.group_column is None:
        return False
    return protection.kind == "resident" and action.kind is Kind.RESIDENT
