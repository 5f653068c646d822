"""Joining two records of one person, and parting them again. Neither record is moved or overwritten: one leads to the other,
what was chosen is copied and marked, and what decides on sight is the strictest of the two while they are joined.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Uuid, func, select

from app.choices import queries as choices
from app.choices.states import NOT_ASKED, answer_on, strictest
from app.contacts.models import ContactPerson
from app.duplicates import queries
from app.duplicates.held import GROUPS, Held, give_back, held, take_over
from app.duplicates.joining import Outcome, chosen, outcome
from app.duplicates.models import SAME, DuplicatePair, ResidentMerge
from app.duplicates.operations import in_order
from app.journal.record import Subject, record
from app.journal.showing import Basis, basis_of
from app.kernel.errors import Conflict, Invalid
from app.kernel.tables import among
from app.organisations.words import CHOICE_MATTERS
from app.policy.groups import Group
from app.policy.work import Work
from app.requests.models import RequestResident
from app.residents.models import Resident, ResidentChange, ResidentPreference
from app.residents.values import READINGS, home_id
from app.residents.writing import FOUND_BY, keep_versions, rewrite_keys

LONGEST = 500
# What protection takes away.
MASKED = (Group.ADDRESS, Group.CHANNELS)
LOOKED_AT = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS, Group.CHOICES, Group.HISTORY)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What holds of one matter: the answer of each record, and the strictest, which holds for both."""

    matter: str
    ours: str
    theirs: str
    holds: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All that joining would do, and a fingerprint of it: what was agreed to is what is done, or nothing."""

    outcomes: Sequence[Outcome] = field(repr=False)
    choices: Sequence[Choosing] = field(repr=False)
    requests: int
    contacts: int
    protected: bool
    ways: Mapping[str, str]
    fingerprint: str


def may_join(work: Work, survivor: Resident, other: Resident) -> str:
    """Why these two cannot be joined by this hat now, in words; nothing where they can."""
    ours = work.actor.organisation_id
    if survivor.merged_into is not None or other.merged_into is not None:
        return "One of these records was joined to another already."
    if other.joined:
        return "Records were joined to the one that would be set aside: keep that one instead."
    if home_id(survivor, work.today) != ours:
        return "Only the home council of the record that is kept can join them: keep your own record, or leave it to them."
    if home_id(other, work.today) == ours:
        return ""
    said = queries.answers(work, *in_order(survivor.id, other.id))
    if not (survivor.shared and other.shared):
        return "Both residents have to agree to sharing between the councils first."
    if said.get(home_id(other, work.today)) != SAME:  # type: ignore[arg-type]
        return "It waits for the other council: a team leader there has to say that these are one person."
    return ""


def unchosen(work: Work, survivor: Resident, other: Resident, typed: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with what was chosen, field by field; nothing where they cannot be joined at all."""
    if may_join(work, survivor, other):
        return {}
    return chosen([each.field for each in held(work, survivor, other)], typed)[1]


def preview(work: Work, survivor: Resident, other: Resident, typed: Mapping[str, str]) -> Preview:
    """What joining would keep and set aside. Raises Conflict where it cannot be, Invalid for a field not chosen."""
    if why := may_join(work, survivor, other):
        raise Conflict(why, kind="cannot-be-joined")
    fields = held(work, survivor, other)
    ways, errors = chosen([each.field for each in fields], typed)
    if errors:
        raise Invalid(errors)
    return _previewed(work, survivor, other, fields, ways)


def _previewed(work: Work, survivor: Resident, other: Resident, fields: Sequence[Held], ways: Mapping[str, str]) -> Preview:
    outcomes = [*(outcome(each.field, ways[each.name]) for each in fields if each.ours or each.theirs),
                *_preferring(work, survivor, other)]
    chosen_before = _choices(work, survivor, other)
    requests = _count(work, RequestResident, other)
    contacts = _count(work, ContactPerson, other)
    protected = survivor.protected or other.protected
    told = [survivor.ref, survivor.version, other.ref, other.version, sorted(ways.items()), requests, contacts, protected,
            [(each.title, list(each.kept), list(each.lost)) for each in outcomes],
            [(each.matter, each.ours, each.theirs, each.holds) for each in chosen_before],
            sorted(map(str, {*survivor.objected_to, *other.objected_to}))]
    fingerprint = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]
    return Preview(outcomes, chosen_before, requests, contacts, protected, ways, fingerprint)


def _preferring(work: Work, survivor: Resident, other: Resident) -> list[Outcome]:
    """How each likes to be reached: there is one such wish, and the surviving record's stays."""
    said = {row.resident_id: f"{row.channel}, {row.language}" for row in work.session.scalars(select(
        ResidentPreference).where(among(ResidentPreference.resident_id, [survivor.id, other.id])))}
    kept, lost = said.get(survivor.id), said.get(other.id)
    return [Outcome("How they like to be reached", (kept,) if kept else (), (lost,) if lost and lost != kept else ())] \
        if said else []


def _choices(work: Work, survivor: Resident, other: Resident) -> list[Choosing]:
    ours, theirs = choices.present(work, survivor), choices.present(work, other)
    held_now = strictest([[said for said in each.values() if said] for each in (ours, theirs)], work.now)
    return [Choosing(matter, *(answer_on(each, matter) for each in (ours, theirs, held_now))) for matter in CHOICE_MATTERS
            if answer_on(ours, matter) != NOT_ASKED or answer_on(theirs, matter) != NOT_ASKED]


def _count(work: Work, model: Any, resident: Resident) -> int:
    return work.session.scalar(select(func.count()).select_from(model).where(model.resident_id == resident.id)) or 0


def join(work: Work, ref: str, other_ref: str, typed: Mapping[str, str]) -> Resident:
    """Join the second record to the first. Raises Conflict where what was agreed to is no longer so, Invalid for no reason."""
    survivor, other = queries.pair(work, ref, other_ref, lock=True)
    made = preview(work, survivor, other, typed)
    reason = typed.get("reason", "").strip()
    if not reason or len(reason) > LONGEST:
        raise Invalid({"reason": [f"Say in at most {LONGEST} characters how you know that they are one person"]})
    if typed.get("fingerprint") != made.fingerprint:
        raise Conflict("One of the records changed after you looked: nothing was joined. Look at what would be kept and "
                       "set aside once more.", kind="changed-meanwhile")
    survivor.version += 1
    work.session.flush()
    changed = _change(work, survivor, other, lambda: take_over(
        work, survivor, other, held(work, survivor, other), made.ways))
    merge = ResidentMerge(survivor_id=survivor.id, other_id=other.id, council_id=work.actor.organisation_id,
                          hat_id=work.actor.hat_id, at=work.now, reason=reason, fingerprint=made.fingerprint,
                          version=survivor.version)
    work.session.add(merge)
    _leave_the_queue(work, other)
    bases = _journal(work, "resident.merged", survivor, other, changed)
    work.session.flush()
    raised = work.session.scalar(select(func.wall.join_records(merge.id, type_=ARRAY(Uuid))))
    _journal_protection(work, "resident.protected-by-joining", raised, bases)
    return survivor


def _leave_the_queue(work: Work, other: Resident) -> None:
    for column in (DuplicatePair.first_id, DuplicatePair.second_id):
        for row in work.session.scalars(select(DuplicatePair).where(column == other.id)):
            work.session.delete(row)


def _change(work: Work, survivor: Resident, other: Resident, act: Any) -> list[Group]:
    """Do something to the values of a record, and keep what each group was before and is after."""
    groups = list(dict.fromkeys(GROUPS.values()))
    before = {group: READINGS[group](work, survivor) for group in groups}
    act()
    work.session.flush()
    after = {group: READINGS[group](work, survivor) for group in groups}
    changed = [group for group in groups if before[group] != after[group]]
    keep_versions(work, survivor, before, after, changed, merged_from=other.id)
    rewrite_keys(work, survivor, [group for group in changed if group in FOUND_BY])
    work.session.flush()
    return changed


def part(work: Work, ref: str, other_ref: str) -> None:
    """Part two records that were joined: exactly what joining brought is taken away. Raises Conflict where they are not."""
    survivor, other = queries.pair(work, ref, other_ref, lock=True)
    merge = queries.merge_of(work, other)
    if merge is None or merge.survivor_id != survivor.id:
        raise Conflict("These two records are not joined.", kind="not-joined")
    if not may_part(work, survivor):
        raise Conflict("Only the home council of the record that is kept can part them.", kind="cannot-be-parted")
    survivor.version += 1
    work.session.flush()
    changed = _change(work, survivor, other, lambda: give_back(work, survivor, other, _born(work, merge)))
    bases = _journal(work, "resident.parted", survivor, other, changed)
    work.session.flush()
    lowered = work.session.scalar(select(func.wall.part_records(merge.id, type_=ARRAY(Uuid))))
    _journal_protection(work, "resident.protection-ended-by-parting", lowered, bases)


def may_part(work: Work, survivor: Resident) -> bool:
    """Whether what was taken over is this council's to take away again."""
    return bool(home_id(survivor, work.today) == work.actor.organisation_id)


def _born(work: Work, merge: ResidentMerge) -> tuple[date | None, date | None]:
    kept = work.session.scalar(select(ResidentChange).where(
        ResidentChange.resident_id == merge.survivor_id, ResidentChange.version == merge.version,
        ResidentChange.grp == str(Group.BIRTH)))
    before, after = (kept.before, kept.after) if kept else (None, None)
    return (date.fromisoformat(before) if before else None), (date.fromisoformat(after) if after else None)


def _journal(work: Work, event: str, survivor: Resident, other: Resident, groups: Sequence[Group]) -> Mapping[uuid.UUID, Basis]:
    bases = basis_of(work, "resident", [survivor.id, other.id])
    record(work, event, [Subject(survivor.id, groups, bases[survivor.id].scopes),
                         Subject(other.id, (), bases[other.id].scopes)], {"into": survivor.ref, "joined": other.ref})
    return bases


def _journal_protection(work: Work, event: str, records: Sequence[uuid.UUID] | None, bases: Mapping[uuid.UUID, Basis]) -> None:
    """That a record's protection follows from another record is told in its own journal: no mask comes or goes unseen. ``bases``
    are those before, of the two; a third record of the person may be one that this hat does not see."""
    if records:
        record(work, event, [Subject(each, MASKED, bases[each].scopes if each in bases else ()) for each in records])
