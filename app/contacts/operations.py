"""Opening, naming, verifying and ending conversations. What may be asked of a resident meanwhile is the policy's."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy.exc import IntegrityError

from app.contacts import queries
from app.contacts.models import CHANNELS, OUTCOMES, Contact, ContactNote, ContactPerson
from app.contacts.words import MATCHED_WORDS
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import new_reference
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.models import Resident, ResidentIdentity

LONGEST_NOTE = 2000
OPEN_ALREADY = "contact-open"
_ONE_AT_A_TIME = "A contact is open already: end it before you open another."


def open_contact(work: Work, channel: str, line: str, resident_ref: str | None = None, *,
                 in_browser: bool = True) -> Contact:
    """Begin a conversation; the line decides the hat. A browser has one at a time: Conflict ``contact-open`` otherwise.

    With a resident (needs ``resident:see``), raises NotFound where they may not be seen, with nothing opened.
    """
    _check_channel(channel)
    rung = queries.line(work, line)
    hat_id = queries.worn_at(work, rung.organisation_id)
    if in_browser and work.contact_id is not None:
        raise Conflict(_ONE_AT_A_TIME, kind=OPEN_ALREADY)
    if resident_ref is not None and rung.organisation_id != work.actor.organisation_id:
        raise Invalid({"person": ["This line is another council's than your hat's: open the contact first, then name "
                                  "the person"]})
    contact = Contact(ref=new_reference(), organisation_id=rung.organisation_id, line=rung.slug, channel=channel,
                      person_id=work.actor.person_id, hat_id=hat_id, sign_in_id=work.actor.sign_in_id,
                      in_browser=in_browser, started_at=work.now)
    work.session.add(contact)
    _flush(work, "uq_contact_open_in_browser", Conflict(_ONE_AT_A_TIME, kind=OPEN_ALREADY))
    begun = replace(work, contact_id=contact.id)
    record(begun, "contact.opened", facts={"contact": contact.ref, "channel": channel, "line": rung.slug})
    if resident_ref is not None:
        set_person(begun, resident_ref, contact)
    return contact


def put_right(work: Work, channel: str, line: str) -> None:
    """Say otherwise how the contact in progress came, while it is with nobody yet; the line must be of the same council, for it
    lent the hat. Nothing changes where that is so already, or the contact is with somebody.

    Raises Invalid naming the channels and lines there are.
    """
    contact, rung = _current(work), queries.line(work, line)
    _check_channel(channel)
    if (contact.channel, contact.line) == (channel, rung.slug) or work.session.get(ContactPerson, contact.id) is not None:
        return
    if rung.organisation_id != contact.organisation_id:
        raise Invalid({"line": ["This line is another council's than the contact's: end the contact, and open one on that line"]})
    contact.channel, contact.line = channel, rung.slug
    work.session.flush()
    record(work, "contact.put-right", facts={"contact": contact.ref, "channel": channel, "line": rung.slug})


def set_person(work: Work, resident_ref: str, contact: Contact | None = None) -> Resident:
    """Say who the contact is with. Naming the same again changes nothing; another person is another contact's."""
    contact = contact or _current(work)
    resident = queries.resident(work, resident_ref)
    named = work.session.get(ContactPerson, contact.id)
    if named is not None and named.resident_id == resident.id:
        return resident
    other = Conflict("This contact is with somebody else already: end it, and open one for this person.",
                     kind="contact-has-person")
    if named is not None:
        raise other
    work.session.add(ContactPerson(contact_id=contact.id, resident_id=resident.id))
    _flush(work, "pk_contact_person", other)
    record(work, "contact.with", [_subject(work, resident, Group.HISTORY)], {"contact": contact.ref})
    return resident


def verify(work: Work, resident_ref: str, matched: Collection[str]) -> list[str]:
    """Note which kinds of fact the caller confirmed; answers with all confirmed in this contact so far.

    On the record itself it is noted only where the hat may see how the caller was verified (the home council).
    """
    contact, resident = _current(work), queries.resident(work, resident_ref)
    unknown = sorted(set(matched) - MATCHED_WORDS.keys())
    if unknown:
        raise Invalid({"matched": [f"“{unknown[0]}” is nothing a caller confirms: it is one of "
                                   + ", ".join(MATCHED_WORDS)]})
    words = [word for word in MATCHED_WORDS if word in matched]
    if Group.IDENTITY in basis_of(work, "resident", [resident.id])[resident.id].groups:
        work.session.add(ResidentIdentity(resident_id=resident.id, contact_id=contact.id, matched=words, at=work.now,
                                          hat_id=work.actor.hat_id))
    contact.verified = [word for word in MATCHED_WORDS if word in {*contact.verified, *words}]
    record(work, "resident.verified", [_subject(work, resident, Group.IDENTITY)], {"matched": words})
    return contact.verified


def end_contact(work: Work, outcome: str, resolved_at_first_contact: bool, note: str | None = None,
                promised_by: date | None = None, *, contact: Contact | None = None,
                topic: int | None = None) -> Contact:
    """End a conversation. Words are kept only of one with a resident who may be seen: of an anonymous one none."""
    contact = contact or _current(work)
    if outcome not in OUTCOMES:
        raise Invalid({"outcome": [f"“{outcome}” is not an outcome: it is one of {', '.join(OUTCOMES)}"]})
    words = (note or "").strip()
    resident = queries.with_whom(work, contact)
    _check_note(work, resident, words, promised_by)
    if resident is not None and words:
        work.session.add(ContactNote(contact_id=contact.id, resident_id=resident.id, words=words, at=work.now,
                                     promised_by=promised_by, hat_id=work.actor.hat_id))
    subjects = [_subject(work, resident, Group.HISTORY)] if resident is not None else []
    record(work, "contact.ended", subjects, {"contact": contact.ref, "outcome": outcome, "note": bool(words)})
    # Last, and after what goes with it: once it has ended, the hat that it lent is put down.
    contact.ended_at, contact.outcome = work.now, outcome
    contact.resolved_at_first_contact = resolved_at_first_contact
    contact.topic_lgsl = topic if topic is not None else contact.topic_lgsl
    work.session.flush()
    return contact


def _check_channel(channel: str) -> None:
    if channel not in CHANNELS:
        raise Invalid({"channel": [f"“{channel}” is not a channel: it is one of {', '.join(CHANNELS)}"]})


def _check_note(work: Work, resident: Resident | None, words: str, promised_by: date | None) -> None:
    errors: dict[str, list[str]] = {}
    if resident is None and words:
        errors["note"] = ["This contact is with nobody we have a record of: no words are kept of it. Leave the note "
                          "out, or name the person first"]
    elif len(words) > LONGEST_NOTE:
        errors["note"] = [f"The note has {len(words)} characters: shorten it to {LONGEST_NOTE}"]
    elif promised_by is not None and not words:
        errors["note"] = ["Say what was promised"]
    if promised_by is not None and promised_by < work.today:
        errors["promised_by"] = ["The day is past: give today or a day to come"]
    if errors:
        raise Invalid(errors)


def _current(work: Work) -> Contact:
    contact = queries.current(work)
    if contact is None:
        raise NotFound()
    return contact


def _subject(work: Work, resident: Resident, group: Group) -> Subject:
    basis = basis_of(work, "resident", [resident.id]).get(resident.id)
    return Subject(resident.id, [group], basis.scopes if basis else ())


def _flush(work: Work, constraint: str, otherwise: Conflict) -> None:
    """Write; what another transaction wrote first, and one constraint forbids to write twice, is a conflict."""
    try:
        work.session.flush()
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) == constraint:
            raise otherwise from None
        raise


def ended_with_nothing_kept(work: Work, contact: Contact, topic: int | None) -> Contact:
    """A straightforward question, answered: no personal data anywhere (R10)."""
    return end_contact(work, "answered", True, contact=contact, topic=topic)


