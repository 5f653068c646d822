"""The plain value of a record for the API: each group that is shown under its own name, and a fingerprint of it all.

Rows go in and values come out here and in ``journal.showing`` alone.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.journal.showing import Basis, groups_shown, show
from app.organisations.models import Organisation
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.wall import plan_once
from app.policy.work import Work
from app.residents import parts, queries
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChannel,
    ResidentIdentity,
    ResidentName,
    ResidentNeed,
    ResidentPreference,
    ResidentSensitive,
)

Value = dict[str, Any]


def shown(work: Work, resident: Resident, event: str = "resident.seen") -> Value:
    """What may be seen of one record, journalled."""
    plan_once(work.session)
    groups = groups_shown(work, "resident", [resident.id]).get(resident.id, frozenset())
    found = show(work, event, [resident], lambda row, basis: _value(work, row, basis, groups), groups)
    return found[0]


def out_of_sight(ref: str, home: str | None) -> Value:
    """What is left to say of a record after a change that put it out of the asker's sight: what the asker just said."""
    return {"ref": ref, "home": home, "basis": [], "withheld": sorted(map(str, RESIDENT_GROUPS))}


def etag(value: Mapping[str, Any]) -> str:
    """The fingerprint of what is visible: it changes when anything that this asker sees does."""
    written = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def slug_of(work: Work, resident: Resident) -> str | None:
    """The home council today, in the word that programs know."""
    return work.session.scalar(select(Organisation.slug).where(Organisation.id == home_id(resident, work.today)))


def home_id(resident: Resident, today: date) -> Any:
    """The key of the home council on a day."""
    moved = resident.home_until is not None and resident.home_until <= today
    return resident.next_home_id if moved else resident.home_id


def _value(work: Work, resident: Resident, basis: Basis, groups: frozenset[Group]) -> Value:
    value: Value = {
        "ref": resident.ref,
        "home": slug_of(work, resident),
        "basis": [str(scope) for scope in basis.scopes],
        "withheld": sorted(str(group) for group in RESIDENT_GROUPS - basis.groups),
    }
    for group in sorted(groups & RESIDENT_GROUPS):
        reading = READINGS.get(group) or parts.readings().get(group)
        if reading is not None:
            value[str(group)] = reading(work, resident)
    return value


def _names(work: Work, resident: Resident) -> list[Value]:
    rows = queries.of_each(work, ResidentName.resident_id, [resident.id], ResidentName.position)[resident.id]
    return [{"given": row.given, "family": row.family, "kind": row.kind} for row in rows]


def _addresses(work: Work, resident: Resident) -> list[Value]:
    rows = queries.of_each(work, ResidentAddress.resident_id, [resident.id], ResidentAddress.since.desc())[resident.id]
    return [{"lines": list(row.lines), "postcode": row.postcode, "from": row.since, "until": row.until} for row in rows]


def _channels(work: Work, resident: Resident) -> Value:
    rows = queries.of_each(work, ResidentChannel.resident_id, [resident.id], ResidentChannel.position)[resident.id]
    preferred = work.session.scalar(select(ResidentPreference).where(ResidentPreference.resident_id == resident.id))
    return {
        "telephones": [row.value for row in rows if row.kind == "telephone"],
        "emails": [row.value for row in rows if row.kind == "email"],
        "preferred": {"channel": preferred.channel, "language": preferred.language} if preferred else None,
    }


def _birth(work: Work, resident: Resident) -> date | None:
    found = work.session.scalar(select(ResidentBirth).where(ResidentBirth.resident_id == resident.id))
    return found.born if found else None


def _needs(work: Work, resident: Resident) -> list[str]:
    rows = queries.of_each(work, ResidentNeed.resident_id, [resident.id], ResidentNeed.id)[resident.id]
    return [row.words for row in rows]


def _identity(work: Work, resident: Resident) -> list[Value]:
    checks = queries.of_each(work, ResidentIdentity.resident_id, queries.of_one_person(work, resident)).values()
    rows = sorted((row for of_one in checks for row in of_one), key=lambda row: row.at, reverse=True)
    return [{"at": row.at.isoformat(), "matched": list(row.matched)} for row in rows[:5]]


def _sensitive(work: Work, resident: Resident) -> list[str]:
    held = queries.of_each(work, ResidentSensitive.resident_id, queries.of_one_person(work, resident), ResidentSensitive.id)
    return [row.detail for rows in held.values() for row in rows]


READINGS: Mapping[Group, parts.Reading] = {
    Group.NAME: _names, Group.ADDRESS: _addresses, Group.CHANNELS: _channels, Group.BIRTH: _birth, Group.NEEDS: _needs,
    Group.IDENTITY: _identity, Group.SENSITIVE: _sensitive,
}
