"""What is done to a record: recording one, and changing it without losing what somebody else changed meanwhile.

Every change leaves a version of the group before it, and is journalled in the same transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.journal.record import Subject
from app.journal.record import record as journal
from app.journal.showing import basis_of, groups_shown
from app.kernel.errors import Conflict, Invalid, NotPermitted, Stale, VersionNeeded
from app.kernel.ids import new_reference
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import parts
from app.residents.homes import Home, NoHome, home_of
from app.residents.models import Resident
from app.residents.values import etag, shown, slug_of
from app.residents.wanted import Address, Recorded, faults, in_order, last, present
from app.residents.writing import FOUND_BY, present_home, rewrite_keys, write


def record(work: Work, wanted: Recorded) -> Resident:
    """A new record of a resident of this hat's own council.

    Raises Invalid for what cannot be taken, and Conflict ``use-intake`` where the address is another council's.
    """
    addresses = in_order(wanted.addresses or (), work.today)
    problems = faults_of(work, wanted, addresses)
    if problems:
        raise Invalid(problems)
    _home_here(work, addresses)
    resident = Resident(ref=new_reference(), home_id=work.actor.organisation_id, keeper_id=work.actor.organisation_id,
                        shared=False, objected_to=[], restricted=False, protected=False, created_at=work.now)
    work.session.add(resident)
    work.session.flush()
    groups = write(work, resident, wanted, addresses)
    parts.take_choices(work, resident, wanted.choices, wanted.channel)
    journal(work, "resident.recorded", [Subject(resident.id, groups)])
    return resident


def _home_here(work: Work, addresses: list[Address]) -> None:
    now = present(addresses, work.today)
    assert now is not None
    home = home_of(work, now)
    if isinstance(home, NoHome):
        raise home.refused("address")
    if home.id != work.actor.organisation_id:
        raise Conflict("This address is not in your council's area: take what they need as a request for another "
                       "council.", kind="use-intake")


def meanwhile(work: Work, resident: Resident, if_match: str | None) -> Stale | None:
    """The failure to answer with where the asker does not know the version that is there now; it brings that version.

    Raises VersionNeeded where no version is named at all.
    """
    if not if_match:
        raise VersionNeeded()
    value = shown(work, resident)
    if if_match.removeprefix("W/").strip('"') == etag(value):
        return None
    return Stale("Somebody changed this record after you read it: nothing of theirs was overwritten.",
                 facts={"present": value, "present_etag": etag(value)})


def change(work: Work, resident: Resident, wanted: Recorded) -> str | None:
    """Bring a record, held by the asker, to what is wanted of it. Its home is returned as it then is, by slug.

    Raises NotPermitted for a group this hat may not change here, and Invalid for what cannot be taken.
    """
    may_change(work, resident, wanted)
    addresses = None if wanted.addresses is None else in_order(wanted.addresses, work.today)
    problems = faults_of(work, wanted, addresses)
    if problems:
        raise Invalid(problems)
    home = home_of(work, last(addresses)) if addresses else None
    if isinstance(home, NoHome):
        raise home.refused("address")
    resident.version = resident.version + 1
    work.session.flush()
    groups = write(work, resident, wanted, addresses)
    basis = basis_of(work, "resident", [resident.id])[resident.id]
    journal(work, "resident.changed", [Subject(resident.id, groups, basis.scopes)], {"version": resident.version})
    if addresses and home is not None and Group.ADDRESS in groups:
        _move(work, resident, home, last(addresses))
    return home.slug if home else slug_of(work, resident)


def _move(work: Work, resident: Resident, home: Home, to: Address) -> None:
    """Change whose record this is, where the address does. The wall writes the columns; it may then be out of sight."""
    if home.id == present_home(work, resident) and resident.next_home_id is None:
        return
    journal(work, "resident.moved", [Subject(resident.id, [Group.ADDRESS])], {"to": home.slug})
    work.session.flush()
    work.session.execute(select(func.wall.move(resident.id, home.id, to.since)))
    # What this session knows of it is no longer so; whether it may still be seen has to be asked.
    work.session.expunge(resident)


def may_change(work: Work, resident: Resident, wanted: Recorded) -> None:
    """Raises NotPermitted for a group that is not shown, or that the rules let nobody of this hat change here."""
    here = basis_of(work, "resident", [resident.id])[resident.id].scopes
    granted = work.reach.writing.get(Action.RESIDENT_CHANGE, {})
    allowed = frozenset().union(*(granted.get(scope, frozenset()) for scope in here))
    allowed &= groups_shown(work, "resident", [resident.id])[resident.id]
    refused = [group for group in wanted.groups() if group not in allowed]
    if refused:
        raise NotPermitted(f"You may not change {', '.join(group.sentence for group in refused)} of this resident.")


def faults_of(work: Work, wanted: Recorded, addresses: list[Address] | None) -> Mapping[str, Any]:
    """What is wrong with what was sent, beyond what the schema can know: everything that asks what day it is."""
    found: dict[str, Any] = {}
    if wanted.born and wanted.born > work.today:
        found["birth"] = ["This date has not come yet: check the year"]
    if wanted.names is not None and not any(name.kind == "usual" for name in wanted.names):
        found["name"] = ["One of the names is the usual one: say which"]
    if addresses is not None and (wrong := faults(addresses, work.today)):
        found["address"] = wrong
    return found


def keep_keys(work: Work, resident: Resident) -> None:
    """Write every key of a record anew, for who brought its rows in otherwise."""
    rewrite_keys(work, resident, FOUND_BY)
