"""Questions to the records: one by its reference, those that have certain keys, and what of them may be seen.

Everything is read through the guard. A key is asked for by equality and with the council in front, so that an index
serves under row security and the time taken does not tell what another council holds.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.kernel.tables import among
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
from app.residents.ranking import Seen

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


def answering(work: Work, wanted: Collection[str], most: int = AT_MOST) -> list[uuid.UUID]:
    """The records that have one of these keys: of the council's own, and of those shared with it; those with most of them first.

    Written as two ways of one statement, so that either's index serves and no key of another's record is touched.
    """
    ours = ResidentKey.council_id == work.actor.organisation_id
    found = work.session.scalars(select(ResidentKey.resident_id).where(
        or_(and_(among(ResidentKey.key, wanted), ours), and_(among(ResidentKey.key, wanted), ResidentKey.shared)),
    ).limit(most)) if wanted else ()
    return [key for key, _ in Counter(found).most_common()]


def residents(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Resident]:
    """Those of these records that may be seen and stand for themselves."""
    return {row.id: row for row in work.session.scalars(select(Resident).where(
        among(Resident.id, ids), Resident.merged_into.is_(None)))} if ids else {}


def of_each(work: Work, column: InstrumentedAttribute[uuid.UUID], ids: Collection[uuid.UUID],
            *order: Any) -> dict[uuid.UUID, list[Any]]:
    """The rows of one table that hang on these residents, by resident. ``column`` is the one that points at them."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in work.session.scalars(select(column.class_).where(among(column, ids)).order_by(*order)):
            found[getattr(row, column.key)].append(row)
    return found


def seen(work: Work, ids: Collection[uuid.UUID], groups: Collection[Group] = COMPARED, *,
         taken_over: bool = True) -> dict[uuid.UUID, Seen]:
    """What may be seen of these groups of these records for finding and comparing them; without ``taken_over`` only what each said
    before any other was joined to it."""
    def held(group: Group, owner: InstrumentedAttribute[uuid.UUID], columns: Sequence[InstrumentedAttribute[Any]],
             *order: Any) -> dict[uuid.UUID, list[Any]]:
        wanted = ids if group in groups else ()
        return _values(work, wanted, owner, columns, *order, taken_over=taken_over)

    names = held(Group.NAME, ResidentName.resident_id, (ResidentName.given, ResidentName.family), ResidentName.position)
    addresses = held(Group.ADDRESS, ResidentAddress.resident_id, (ResidentAddress.lines, ResidentAddress.postcode),
                     ResidentAddress.since.desc())
    channels = held(Group.CHANNELS, ResidentChannel.resident_id, (ResidentChannel.kind, ResidentChannel.value),
                    ResidentChannel.position)
    births = held(Group.BIRTH, ResidentBirth.resident_id, (ResidentBirth.born,))
    return {key: Seen(
        names=names[key],
        addresses=[(lines[0] if lines else "", postcode) for lines, postcode in addresses[key]],
        telephones=[value for kind, value in channels[key] if kind == "telephone"],
        emails=[value for kind, value in channels[key] if kind == "email"],
        born=births[key][0][0] if births[key] else None,
    ) for key in ids}


def _values(work: Work, ids: Collection[uuid.UUID], owner: InstrumentedAttribute[uuid.UUID],
            columns: Sequence[InstrumentedAttribute[Any]], *order: Any, taken_over: bool = True) -> dict[uuid.UUID, list[Any]]:
    """Bare values by resident: a search looks at hundreds of records to show a few."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    if ids:
        own = () if taken_over else (owner.class_.merged_from.is_(None),)
        for key, *values in work.session.execute(select(owner, *columns).where(among(owner, ids), *own).order_by(*order)):
            found[key].append(tuple(values))
    return found
