"""Questions to the records: one by its reference, those that have certain keys, and what of them may be seen.

Everything is read through the guard. A key is asked for by equality and with the council in front, so that an index
serves under row security and the time taken does not tell what another council holds.
"""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    desc,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.kernel.tables import among
from app.matching.person import Person
from app.organisations.models import Organisation
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChannel,
    ResidentKey,
    ResidentName,
)
from app.residents.scopes import HOME_TODAY

# More keys than this answer only when what was asked says next to nothing.
AT_MOST = 1000
# The groups that records are found and compared by.
COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH)


def one(work: Work, typed: str, *, lock: bool = False) -> Resident:
    """The record of a reference, however it was typed. Raises NotFound, as well for what may not be seen.

    The reference of a record that was joined to another leads to that one, where it may be seen.
    ``lock`` holds it until the unit of work ends, for who is about to change it.
    """
    found = work.session.scalar(select(Resident).where(Resident.ref == (parse_reference(typed) or "")))
    if found is None:
        raise NotFound()
    found = survivor_of(work, found)
    if lock:
        work.session.scalar(select(Resident).where(Resident.id == found.id).with_for_update().execution_options(
            populate_existing=True))
    return found


def survivor_of(work: Work, resident: Resident) -> Resident:
    """The record that this one was joined to, or itself where that is out of sight or there is none."""
    if resident.merged_into is None:
        return resident
    return work.session.scalar(select(Resident).where(Resident.id == resident.merged_into)) or resident


def joined_to(work: Work, resident: Resident) -> list[Resident]:
    """The records that were joined to this one and may be seen."""
    if not resident.joined:
        return []
    return list(work.session.scalars(
        select(Resident).where(Resident.merged_into == resident.id).order_by(Resident.merged_at, Resident.id)))


def of_one_person(work: Work, resident: Resident) -> list[uuid.UUID]:
    """The keys of all records of this person that may be seen, the one in hand first."""
    return [resident.id, *(row.id for row in joined_to(work, resident))]


# Between keys that are sent as one text: three thousand of them one by one take psycopg longer than PostgreSQL takes to answer.
BETWEEN = "\n"


def _has_one_of(name: str) -> ColumnElement[bool]:
    return ResidentKey.key == any_(func.string_to_array(bindparam(name, type_=Text), BETWEEN, type_=ARRAY(ResidentKey.key.type)))


# The keys are said twice: said once, PostgreSQL looks for them in the keys of all councils and then leaves out those of others.
_ASKED = select(ResidentKey.resident_id).where(or_(
    and_(_has_one_of("among_own"), ResidentKey.council_id == bindparam("of_council", type_=Uuid)),
    and_(_has_one_of("among_shared"), ResidentKey.shared))).limit(bindparam("at_most", type_=Integer))
_ASKED_AMONG = _ASKED.where(ResidentKey.resident_id == any_(bindparam("among", type_=ARRAY(Uuid))))


def answering(work: Work, wanted: Collection[str], most: int = AT_MOST) -> list[uuid.UUID]:
    """The records that have one of these keys: of the council's own, and of those shared with it; those with most of them first."""
    return [key for key, _ in answers(work, wanted, most).most_common()]


def answers(work: Work, wanted: Collection[str], most: int = AT_MOST,
            among: Collection[uuid.UUID] | None = None) -> Counter[uuid.UUID]:
    """The same, with how many of the keys each has; of all records, or ``among`` these alone."""
    if not wanted or among is not None and not among:
        return Counter()
    keys = BETWEEN.join(wanted)
    asked = {"among_own": keys, "among_shared": keys, "of_council": work.actor.organisation_id, "at_most": most}
    if among is None:
        return Counter(work.session.scalars(_ASKED, asked))
    return Counter(work.session.scalars(_ASKED_AMONG, asked | {"among": list(among)}))


_OF_IDS = select(Resident).where(Resident.id == any_(bindparam("ids", type_=ARRAY(Uuid))), Resident.merged_into.is_(None))


def residents(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Resident]:
    """Those of these records that may be seen and stand for themselves."""
    return {row.id: row for row in work.session.scalars(_OF_IDS, {"ids": list(ids)})} if ids else {}


_WITH_HOMES = _OF_IDS.outerjoin(Organisation, Organisation.id == HOME_TODAY).add_columns(Organisation.slug)


def with_homes(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Resident, str | None]]:
    """The same, each with the slug of its home council today: None outside the partnership."""
    return {row.id: (row, slug) for row, slug in work.session.execute(_WITH_HOMES, {"ids": list(ids)})} if ids else {}


def of_each(work: Work, column: InstrumentedAttribute[uuid.UUID], ids: Collection[uuid.UUID],
            *order: Any) -> dict[uuid.UUID, list[Any]]:
    """The rows of one table that hang on these residents, by resident. ``column`` is the one that points at them."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in work.session.scalars(select(column.class_).where(among(column, ids)).order_by(*order)):
            found[getattr(row, column.key)].append(row)
    return found


def seen(work: Work, ids: Collection[uuid.UUID], groups: Collection[Group] = COMPARED, *,
         taken_over: bool = True) -> dict[uuid.UUID, Person]:
    """What may be seen of these groups of these records for finding and comparing them; without ``taken_over`` only what each said
    before any other was joined to it."""
    held: dict[tuple[str, uuid.UUID], list[Any]] = defaultdict(list)
    if ids and groups:
        for key, what, one, other, day, _ in work.session.execute(_held(frozenset(groups), taken_over), {"ids": list(ids)}):
            held[what, key].append(_value(what, one, other, day))
    return {key: Person(names=held["name", key], addresses=held["address", key], telephones=held["telephone", key],
                      emails=held["email", key], born=next(iter(held["born", key]), None)) for key in ids}


def _value(what: str, one: Any, other: Any, day: date | None) -> Any:
    if what == "address":
        return "\n".join(json.loads(one)), other
    return day if what == "born" else (one, other) if what == "name" else other


@cache
def _held(groups: frozenset[Group], taken_over: bool) -> Select[Any] | CompoundSelect[Any]:
    """The bare values of these groups, in one statement and in their order: a search looks at hundreds of records to show a few."""
    name, address, channel, birth = ResidentName, ResidentAddress, ResidentChannel, ResidentBirth
    none, ids = cast(null(), Text), bindparam("ids", type_=ARRAY(Uuid))
    values: dict[Group, tuple[Any, ...]] = {
        Group.NAME: (literal("name"), name.given, name.family, cast(null(), Date), name.position),
        Group.ADDRESS: (literal("address"), cast(address.lines, Text), address.postcode, address.since,
                        cast(null(), Integer)),
        Group.CHANNELS: (channel.kind, none, channel.value, cast(null(), Date), channel.position),
        Group.BIRTH: (literal("born"), none, none, birth.born, cast(null(), Integer))}
    parts = []
    for group, model in ((Group.NAME, name), (Group.ADDRESS, address), (Group.CHANNELS, channel), (Group.BIRTH, birth)):
        if group in groups:
            own = () if taken_over else (model.merged_from.is_(None),)
            what, one, other, day, place = values[group]
            parts.append(select(model.resident_id, what.label("what"), one.label("one"), other.label("other"), day.label("day"),
                                place.label("place")).where(model.resident_id == any_(ids), *own))
    whole = union_all(*parts) if len(parts) > 1 else parts[0]
    return whole.order_by("place", desc("day"))
