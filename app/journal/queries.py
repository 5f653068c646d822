"""Questions to the journal, newest first and a page at a time: all that may be read, and what concerns one resident.

Whose entries these are is the scopes' matter; who did it, by name, is for the features that know people.
"""

import base64
import binascii
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select, tuple_

from app.journal.models import Entry, EntrySubject
from app.journal.refusals import keyed
from app.kernel.clock import LONDON
from app.kernel.errors import Invalid
from app.kernel.tables import among
from app.policy.work import Work

REFUSED = "refused"
S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as far as it may be read. ``groups`` and ``scopes`` are of the resident asked about, if one was."""

    key: uuid.UUID
    at: datetime
    event: str
    person_id: uuid.UUID | None
    hat_id: uuid.UUID | None
    organisation_id: uuid.UUID | None
    purpose: str | None
    contact_id: uuid.UUID | None
    policy_version: int | None
    groups: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


Page = tuple[list[Told], str | None]


def entries(work: Work, *, event: str | None = None, day: date | None = None, after: str | None = None,
            limit: int = 50) -> Page:
    """What may be read of the journal, newest first, and the cursor of what follows. ``day`` is a day in London."""
    asked = _after(select(Entry), after)
    if event:
        asked = asked.where(Entry.event == event)
    if day:
        begins = datetime.combine(day, time.min, LONDON)
        asked = asked.where(Entry.at >= begins, Entry.at < datetime.combine(day + timedelta(days=1), time.min, LONDON))
    return _page([_told(entry) for entry in work.session.scalars(_newest(asked, limit))], limit)


def about(work: Work, records: Mapping[uuid.UUID, str], *, after: str | None = None, limit: int = 50) -> Page:
    """What concerns one resident: every entry about them, and the refused attempts of the council's own staff.

    ``records`` are the references of all records of that person, by key; an entry about several of them is told once.
    A refused attempt names nobody; it is known by the keyed hash of the reference that was asked for.
    """
    told = select(Entry, EntrySubject).join(EntrySubject, EntrySubject.entry_id == Entry.id).where(
        among(EntrySubject.resident_id, list(records)))
    rows = work.session.execute(_newest(_after(told, after), limit * len(records))).all()
    found = list({entry.id: _told(entry, subject) for entry, subject in rows}.values())
    refused = select(Entry).where(Entry.event == REFUSED, Entry.organisation_id == work.actor.organisation_id,
                                  Entry.facts["asked"].astext.in_([keyed(f"ref={ref}") for ref in records.values()]))
    found += [_told(entry) for entry in work.session.scalars(_newest(_after(refused, after), limit))]
    return _page(sorted(found, key=lambda each: (each.at, each.key), reverse=True), limit)


def _newest(asked: S, limit: int) -> S:
    return asked.order_by(Entry.at.desc(), Entry.id.desc()).limit(limit + 1)


def _after(asked: S, cursor: str | None) -> S:
    return asked.where(_earlier(cursor)) if cursor else asked


def _earlier(cursor: str) -> ColumnElement[bool]:
    try:
        at, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("~")
        last = datetime.fromisoformat(at), uuid.UUID(key)
    except (ValueError, binascii.Error):
        raise Invalid({"after": ["This is not a place in the list: begin again from its first page."]}) from None
    return tuple_(Entry.at, Entry.id) < last


def _page(found: Sequence[Told], limit: int) -> Page:
    kept = list(found[:limit])
    return kept, _cursor(kept[-1]) if len(found) > limit else None


def _cursor(last: Told) -> str:
    return base64.urlsafe_b64encode(f"{last.at.isoformat()}~{last.key}".encode()).decode()


def _told(entry: Entry, subject: EntrySubject | None = None) -> Told:
    return Told(entry.id, entry.at, entry.event, entry.person_id, entry.hat_id, entry.organisation_id, entry.purpose,
                entry.contact_id, entry.policy_version, tuple(subject.groups) if subject else (),
                tuple(subject.scopes) if subject else ())
