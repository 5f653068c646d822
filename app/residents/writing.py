"""Puts what is wanted into the tables of a record, group by group: the rows, the version kept of each, and the keys.

Who may do so is checked by the guard and the wall; which home follows from an address is for ``homes``.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.policy.groups import Group
from app.policy.work import Work
from app.residents import keys, queries
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChange,
    ResidentChannel,
    ResidentKey,
    ResidentName,
    ResidentNeed,
    ResidentPreference,
)
from app.residents.values import READINGS, home_id
from app.residents.wanted import Address, Recorded

FOUND_BY = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH)
# Where among others of its kind a row stands.
PLACES = ("position", "until")


def write(work: Work, resident: Resident, wanted: Recorded, addresses: list[Address] | None) -> list[Group]:
    """Bring every group that was sent to what is wanted. The groups that changed are returned, in their order."""
    groups = list(wanted.groups())
    before = {group: READINGS[group](work, resident) for group in groups}
    for group in groups:
        _write_group(work, resident, group, wanted, addresses)
    work.session.flush()
    after = {group: READINGS[group](work, resident) for group in groups}
    changed = [group for group in groups if before[group] != after[group]]
    keep_versions(work, resident, before, after, changed)
    rewrite_keys(work, resident, [group for group in changed if group in FOUND_BY])
    work.session.flush()
    return changed


def keep_versions(work: Work, resident: Resident, before: Mapping[Group, Any], after: Mapping[Group, Any],
                  changed: Iterable[Group], merged_from: uuid.UUID | None = None) -> None:
    """What stood before and after a change, of each group that changed."""
    work.session.add_all(
        ResidentChange(resident_id=resident.id, grp=str(group), version=resident.version, before=_plain(before[group]),
                       after=_plain(after[group]), at=work.now, hat_id=work.actor.hat_id, merged_from=merged_from)
        for group in changed)


def _write_group(work: Work, resident: Resident, group: Group, wanted: Recorded,
                 addresses: list[Address] | None) -> None:
    if group is Group.NAME and wanted.names is not None:
        _replace(work, ResidentName, resident, (
            ResidentName(given=each.given, family=each.family, kind=each.kind, position=at)
            for at, each in enumerate(wanted.names)))
    elif group is Group.ADDRESS and addresses is not None:
        _replace(work, ResidentAddress, resident, (
            ResidentAddress(lines=list(each.lines), postcode=each.postcode, since=each.since, until=each.until)
            for each in addresses))
    elif group is Group.CHANNELS:
        _write_channels(work, resident, wanted)
    elif group is Group.BIRTH:
        _put(work, ResidentBirth, resident, {"born": wanted.born} if wanted.born else None)
    elif group is Group.NEEDS and wanted.needs is not None:
        _replace(work, ResidentNeed, resident, (ResidentNeed(words=words) for words in wanted.needs))


def _write_channels(work: Work, resident: Resident, wanted: Recorded) -> None:
    for kind, values in (("telephone", wanted.telephones), ("email", wanted.emails)):
        if values is not None:
            _replace(work, ResidentChannel, resident,
                     (ResidentChannel(kind=kind, value=value, position=at) for at, value in enumerate(values)),
                     ResidentChannel.kind == kind)
    if wanted.says_preferred:
        chosen = wanted.preferred
        _put(work, ResidentPreference, resident,
             {"channel": chosen.channel, "language": chosen.language} if chosen else None)


def _replace(work: Work, model: Any, resident: Resident, rows: Iterable[Any], *where: Any) -> None:
    """The rows of one table become these; those that say the same stay as they are."""
    held = list(work.session.scalars(select(model).where(model.resident_id == resident.id, *where)))
    for row in rows:
        same = next((each for each in held if _said(each) == _said(row)), None) or _taken_over(held, row)
        if same is None:
            row.resident_id = resident.id
            work.session.add(row)
        else:
            held.remove(same)
    for row in held:
        work.session.delete(row)


def _said(row: Any, *but: str) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs
            if column.key not in ("id", "resident_id", "merged_from", *but)}


def _taken_over(held: Iterable[Any], row: Any) -> Any | None:
    """A row that says the same and was taken over from a record joined to this one. It stays marked, in its new place."""
    for each in held:
        if getattr(each, "merged_from", None) and _said(each, *PLACES) == _said(row, *PLACES):
            for name in PLACES:
                if hasattr(each, name):
                    setattr(each, name, getattr(row, name))
            return each
    return None


def _put(work: Work, model: Any, resident: Resident, values: dict[str, Any] | None) -> None:
    """The one row of a table becomes this, or goes."""
    held = work.session.scalar(select(model).where(model.resident_id == resident.id))
    if values is None:
        if held is not None:
            work.session.delete(held)
    elif held is None:
        work.session.add(model(resident_id=resident.id, **values))
    else:
        for name, value in values.items():
            setattr(held, name, value)


def _plain(value: Any) -> Any:
    """As JSON keeps it: dates in ISO 8601."""
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def rewrite_keys(work: Work, resident: Resident, groups: Iterable[Group]) -> None:
    """What these groups are found by, for each council that may ask for the record as its own."""
    grps = {str(group) for group in groups}
    if not grps:
        return
    seen = queries.seen(work, [resident.id])[resident.id]
    found = [(grp, key) for grp, key in keys.keys_of(seen) if not grps.isdisjoint(grp.split("+"))]
    wanted = {(council, grp, key) for grp, key in found for council in councils_of(resident)}
    for row in work.session.scalars(select(ResidentKey).where(ResidentKey.resident_id == resident.id)):
        if grps.isdisjoint(row.grp.split("+")):
            continue
        same = (row.council_id, row.grp, row.key)
        if same in wanted:
            wanted.remove(same)
        else:
            work.session.delete(row)
    work.session.add_all(
        ResidentKey(resident_id=resident.id, council_id=council, shared=resident.shared, grp=grp, key=key)
        for council, grp, key in sorted(wanted))


def councils_of(resident: Resident) -> set[uuid.UUID]:
    """The councils under which the keys of a record stand."""
    return {council for council in (resident.home_id, resident.next_home_id, resident.keeper_id) if council}


def present_home(work: Work, resident: Resident) -> uuid.UUID | None:
    """The home council today."""
    found: uuid.UUID | None = home_id(resident, work.today)
    return found
