"""Adds to the journal in the same transaction as what it tells of: no entry, no answer. Entries hold names of field groups and
counts, never a value."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.journal.models import Entry, EntrySubject
from app.kernel.ids import new_key
from app.policy.groups import Group
from app.policy.words import ScopeWord
from app.policy.work import Door, Work


@dataclass(frozen=True, slots=True)
class Subject:
    """A resident that an entry is about: which groups were seen or changed, through which scopes."""

    resident_id: uuid.UUID
    groups: Collection[Group] = ()
    scopes: Collection[ScopeWord] = ()


def record(work: Work, event: str, subjects: Collection[Subject] = (), facts: Mapping[str, Any] | None = None) -> None:
    """One entry under the name of the actor. ``event`` is a word pair such as ``resident.seen``."""
    actor = work.actor
    entry = {"id": new_key(), "at": work.now, "event": event, "person_id": actor.person_id, "hat_id": actor.hat_id,
             "organisation_id": actor.organisation_id, "purpose": str(work.purpose),
             "contact_id": work.contact_id, "request_id": work.request_id, "policy_version": work.policy_version,
             "facts": dict(facts or {})}
    work.session.flush()
    work.session.add_many(Entry, [entry])
    work.session.add_many(EntrySubject, [
        {"entry_id": entry["id"], "resident_id": subject.resident_id, "groups": sorted(map(str, subject.groups)),
         "scopes": sorted(map(str, subject.scopes))} for subject in subjects])


def record_at_the_door(door: Door, event: str, person_id: uuid.UUID | None, facts: Mapping[str, Any] | None = None, *,
                       hat_id: uuid.UUID | None = None, organisation_id: uuid.UUID | None = None) -> None:
    """One entry about signing in or out; a person who gave a wrong name is nobody, and a hat may not be known yet."""
    door.session.add(Entry(at=door.now, event=event, person_id=person_id, hat_id=hat_id, organisation_id=organisation_id,
                           purpose=None, contact_id=None, request_id=door.request_id, policy_version=None,
                           facts=dict(facts or {})))
