"""Questions to the records: one by its reference, those that have certain keys, and what of them may be seen.

Everything is read through the guard. A key is asked for by equality and with the council in front, so that an index
serves under row security and the time taken does not tell what another council holds.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.kernel.tables import among
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


def one(work: Work, typed: str, *, lock: bool = False) -> Resident:
    """The record of a reference, however it was typed. Raises NotFound, as well for what may not be seen.

    ``lock`` holds it until the unit of work ends, for who is about to change it.
    """
    ref = parse_reference(typed)
    asked = select(Resident).where(Resident.ref == (ref or ""))
    found = work.session.scalar(asked.with_for_update() if lock else asked)
    if found is None:
        raise NotFound()
    return found


def answering(work: Work, wanted: Collection[str]) -> list[uuid.UUID]:
    """The records that have one of these keys: of the council's own, and of those shared with it.

    Written as two ways of one statement, so that either's index serves and no key of another's record is touched.
    """
    ours = ResidentKey.council_id == work.actor.organisation_id
    found = work.session.scalars(select(ResidentKey.resident_id).where(
        or_(and_(among(ResidentKey.key, wanted), ours), and_(among(ResidentKey.key, wanted), ResidentKey.shared)),
    ).limit(AT_MOST)) if wanted else ()
    return list(dict.fromkeys(found))


def residents(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Resident]:
    """Those of these records that may be seen."""
    return {row.id: row for row in work.session.scalars(select(Resident).where(among(Resident.id, ids)))} if ids else {}


def of_each(work: Work, column: InstrumentedAttribute[uuid.UUID], ids: Collection[uuid.UUID],
            *order: Any) -> dict[uuid.UUID, list[Any]]:
    """The rows of one table that hang on these residents, by resident. ``column`` is the one that points at them."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in work.session.scalars(select(column.class_).where(among(column, ids)).order_by(*order)):
            found[getattr(row, column.key)].append(row)
    return found


def seen(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Seen]:
    """What may be seen of these records for finding them."""
    names = of_each(work, ResidentName.resident_id, ids, ResidentName.position)
    addresses = of_each(work, ResidentAddress.resident_id, ids, ResidentAddress.since.desc())
    channels = of_each(work, ResidentChannel.resident_id, ids, ResidentChannel.position)
    births = of_each(work, ResidentBirth.resident_id, ids)
    return {key: Seen(
        names=[(row.given, row.family) for row in names[key]],
        addresses=[(row.lines[0] if row.lines else "", row.postcode) for row in addresses[key]],
        telephones=[row.value for row in channels[key] if row.kind == "telephone"],
        emails=[row.value for row in channels[key] if row.kind == "email"],
        born=births[key][0].born if births[key] else None,
    ) for key in ids}
