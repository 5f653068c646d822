"""Copies from a record, for one request, exactly the groups that its service needs and the taker may see (R3)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.kernel.errors import Invalid
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChannel,
    ResidentName,
    ResidentNeed,
)

GROUP_WORDS = {Group.NAME: "a name", Group.ADDRESS: "an address", Group.BIRTH: "the date of birth",
               Group.NEEDS: "needs", Group.CHANNELS: "a telephone number or e-mail address"}


def copy_of(work: Work, resident: Resident, needed: Mapping[str, tuple[bool, str]]) -> dict[Group, Any]:
    """By group, what the record holds today. Raises Invalid for a group that must be and is not there to be seen."""
    found = {Group(group): READING[Group(group)](work, resident) for group in needed}
    missing = [group for group, value in found.items() if not value and needed[group][0]]
    if missing:
        raise Invalid({"resident": [f"This service needs {GROUP_WORDS[group]}, and the record shows none: "
                                    f"{needed[group][1]}" for group in missing]})
    return {group: value for group, value in found.items() if value}


def _name(work: Work, resident: Resident) -> list[dict[str, str]]:
    """The name that the resident goes by, not those they went by."""
    rows = work.session.scalars(select(ResidentName).where(ResidentName.resident_id == resident.id)
                                .order_by(ResidentName.kind != "usual", ResidentName.kind != "known_as",
                                          ResidentName.position))
    return [{"given": row.given, "family": row.family, "kind": row.kind} for row in rows][:1]


def _address(work: Work, resident: Resident) -> list[dict[str, Any]]:
    rows = work.session.scalars(select(ResidentAddress).where(
        ResidentAddress.resident_id == resident.id, ResidentAddress.since <= work.today,
        (ResidentAddress.until.is_(None)) | (ResidentAddress.until > work.today))
        .order_by(ResidentAddress.since.desc()))
    return [{"lines": row.lines, "postcode": row.postcode} for row in rows][:1]


def _channels(work: Work, resident: Resident) -> dict[str, list[str]]:
    rows = work.session.scalars(select(ResidentChannel).where(ResidentChannel.resident_id == resident.id)
                                .order_by(ResidentChannel.position)).all()
    found = {"telephones": [row.value for row in rows if row.kind == "telephone"],
             "emails": [row.value for row in rows if row.kind == "email"]}
    return found if rows else {}


def _birth(work: Work, resident: Resident) -> str | None:
    born = work.session.scalar(select(ResidentBirth.born).where(ResidentBirth.resident_id == resident.id))
    return born.isoformat() if born else None


def _needs(work: Work, resident: Resident) -> list[str]:
    return list(work.session.scalars(select(ResidentNeed.words).where(ResidentNeed.resident_id == resident.id)
                                     .order_by(ResidentNeed.id)))


READING: Mapping[Group, Callable[[Work, Resident], Any]] = {
    Group.NAME: _name, Group.ADDRESS: _address, Group.CHANNELS: _channels, Group.BIRTH: _birth, Group.NEEDS: _needs}
