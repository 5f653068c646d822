"""Puts names to journal entries: who it was, in which hat, for which council and in which contact. What may be read of
the journal is the journal's own matter."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.contacts.models import Contact
from app.journal.queries import Told
from app.journal.words import event_words
from app.kernel.tables import among
from app.organisations.models import Organisation
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.sentences import joined
from app.policy.words import Role, ScopeWord
from app.policy.work import Work
from app.staff.models import Hat, Person
from app.staff.words import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal for people and programs. ``groups`` and ``scopes`` are of the resident asked about."""

    at: datetime
    event: str
    words: str
    refused: bool
    person: str | None = field(repr=False)
    role: str | None
    organisation: str | None
    organisation_name: str | None
    purpose: str | None
    contact: str | None
    policy_version: int | None
    groups: tuple[str, ...]
    scopes: tuple[str, ...]

    @property
    def by(self) -> str:
        """Who it was and in which hat; somebody who was not signed in is nobody."""
        role = ROLE_WORDS[Role(self.role)].lower() if self.role in set(Role) else self.role
        hat = ", ".join(part for part in (role, self.organisation_name) if part)
        return f"{self.person} ({hat})" if self.person and hat else self.person or hat or "nobody signed in"

    @property
    def question(self) -> dict[str, str]:
        """What to ask to learn why this was so, by the facts and the policy of that moment: nothing where no resident's record can
        have been meant."""
        if not (self.organisation and self.role in set(Role) and self.purpose in set(Purpose) - WITHOUT_RESIDENTS):
            return {}
        group = next((group for group in self.groups if group in RESIDENT_GROUPS), Group.NAME)
        return {"organisation": self.organisation, "role": self.role or "", "purpose": self.purpose or "", "group": group,
                "on": self.at.isoformat()}

    @property
    def purpose_words(self) -> str:
        """What it was for."""
        return f"to {Purpose(self.purpose).sentence}" if self.purpose in set(Purpose) else self.purpose or ""

    @property
    def groups_words(self) -> str:
        """Which parts of the record."""
        return joined([Group(group).sentence for group in self.groups if group in set(Group)]) if self.groups else ""

    @property
    def scopes_words(self) -> str:
        """Through which right."""
        return "; ".join(ScopeWord(scope).sentence for scope in self.scopes if scope in set(ScopeWord))


def named(work: Work, told: Sequence[Told]) -> list[Line]:
    """The entries with the names that this hat may know. A contact is named where it may be seen."""
    people = {key: name for key, name in work.session.execute(select(Person.id, Person.name).where(
        among(Person.id, _keys(each.person_id for each in told))))}
    hats = {key: role for key, role in work.session.execute(select(Hat.id, Hat.role).where(
        among(Hat.id, _keys(each.hat_id for each in told))))}
    organisations = {key: (slug, name) for key, slug, name in work.session.execute(select(
        Organisation.id, Organisation.slug, Organisation.name))}
    contacts = {key: ref for key, ref in work.session.execute(select(Contact.id, Contact.ref).where(
        among(Contact.id, _keys(each.contact_id for each in told))))}
    return [_line(each, people, hats, organisations, contacts) for each in told]


def _keys(found: Iterable[uuid.UUID | None]) -> set[uuid.UUID]:
    return {key for key in found if key is not None}


def _line(told: Told, people: Mapping[uuid.UUID, str], hats: Mapping[uuid.UUID, str],
          organisations: Mapping[uuid.UUID, tuple[str, str]], contacts: Mapping[uuid.UUID, str]) -> Line:
    slug, name = organisations.get(told.organisation_id, (None, None)) if told.organisation_id else (None, None)
    return Line(told.at, told.event, event_words(told.event), told.event == "refused",
                people.get(told.person_id) if told.person_id else None, hats.get(told.hat_id) if told.hat_id else None,
                slug, name, told.purpose, contacts.get(told.contact_id) if told.contact_id else None,
                told.policy_version, told.groups, told.scopes)
