"""Questions about contacts: the one in progress, who it is with, which line rang and under which hat it is answered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.contacts.models import Contact, ContactPerson
from app.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from app.kernel.ids import parse_reference
from app.organisations import queries as organisations
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.staff.models import Hat


@dataclass(frozen=True, slots=True)
class Line:
    """Where it rang: a line by its slug, or a council itself for what comes in by no number (its counter, its post)."""

    slug: str
    words: str
    organisation_id: uuid.UUID


def lines(work: Work) -> list[Line]:
    """The lines and councils that a contact may come in by."""
    found = [Line(line.slug, line.words, line.organisation_id) for line in organisations.lines(work.session, work.on)
             if line.organisation.kind == "council"]
    return found + [Line(council.slug, council.name, council.id)
                    for council in organisations.councils(work.session, work.on)]


def line(work: Work, typed: str) -> Line:
    """The line that was named. Raises Invalid naming those there are."""
    known = lines(work)
    found = next((line for line in known if line.slug == typed.strip()), None)
    if found is None:
        raise Invalid({"line": [f"“{typed.strip()}” is not a line of this partnership: it is one of "
                                + ", ".join(line.slug for line in known)]})
    return found


def worn_at(work: Work, organisation_id: uuid.UUID) -> uuid.UUID:
    """The hat in which this person answers for a council: the present one, or one of the same role there.

    Raises Invalid where the person has none: they cannot answer that line.
    """
    if organisation_id == work.actor.organisation_id:
        return work.actor.hat_id
    found = work.session.scalar(select(Hat.id).where(
        Hat.person_id == work.actor.person_id, Hat.organisation_id == organisation_id,
        Hat.role == str(work.actor.role), Hat.valid_from <= work.today,
        or_(Hat.valid_until.is_(None), Hat.valid_until > work.today)).order_by(Hat.id).limit(1))
    if found is None:
        raise Invalid({"line": ["You have no hat of the council whose line this is: choose a line of your own council, "
                                "or ask your administrator for a hat there"]})
    return found


def answered(work: Work) -> list[Line]:
    """The lines that this person has a hat for, those of the present hat first."""
    hats = set(work.session.scalars(select(Hat.organisation_id).where(
        Hat.person_id == work.actor.person_id, Hat.role == str(work.actor.role), Hat.valid_from <= work.today,
        or_(Hat.valid_until.is_(None), Hat.valid_until > work.today))))
    own = [line for line in lines(work) if line.organisation_id in hats]
    return sorted(own, key=lambda line: line.organisation_id != work.actor.organisation_id)


def last_line(work: Work) -> str:
    """The line that this person answered last, as the likeliest to ring again."""
    return work.session.scalar(select(Contact.line).where(Contact.person_id == work.actor.person_id)
                               .order_by(Contact.started_at.desc()).limit(1)) or ""


def current(work: Work) -> Contact | None:
    """The contact in progress that this work is done in."""
    if work.contact_id is None:
        return None
    return work.session.scalar(select(Contact).where(Contact.id == work.contact_id))


def own(work: Work, ref: str) -> Contact:
    """A contact of this person's that is in progress.

    Raises NotFound, NotPermitted for a colleague's, and Conflict ``contact-ended``.
    """
    found = work.session.scalar(select(Contact).where(Contact.ref == (parse_reference(ref) or "")))
    if found is None:
        raise NotFound()
    if found.person_id != work.actor.person_id:
        raise NotPermitted("This contact is a colleague's: only who has it may change or end it.")
    if found.ended_at is not None:
        raise Conflict("This contact has ended: open another one to go on.", kind="contact-ended")
    return found


def with_whom(work: Work, contact: Contact) -> Resident | None:
    """The resident a contact is with; None for an anonymous one, and for one that may not be seen (any more)."""
    return work.session.scalar(select(Resident).join(ContactPerson, ContactPerson.resident_id == Resident.id)
                               .where(ContactPerson.contact_id == contact.id))


def resident(work: Work, ref: str) -> Resident:
    """A resident that may be seen, by reference as typed. Raises NotFound for an absent and a hidden one alike."""
    return residents.one(work, ref)


def open_contacts(work: Work) -> Sequence[Contact]:
    """This person's contacts in progress, the latest first."""
    return work.session.scalars(select(Contact).where(
        Contact.person_id == work.actor.person_id, Contact.ended_at.is_(None)).order_by(Contact.id.desc())).all()
