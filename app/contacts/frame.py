"""What the frame of every page shows of the contact in progress: the evidence of why access is given."""

from sqlalchemy import select

from app.choices.models import Choice
from app.contacts import queries
from app.contacts.models import Contact
from app.contacts.words import CHANNEL_WORDS, OUTCOME_WORDS, verified_words
from app.journal.showing import Basis, show
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.models import Resident, ResidentName
from app.shell.frame import ContactBar

# What a unit of work asks for to draw the bar.
NEEDS = (Action.CONTACT_SEE, Action.RESIDENT_SEE)
SHARING_WORDS = {"given": "yes", "refused": "no", "withdrawn": "no"}


def contact_bar(work: Work) -> ContactBar | None:
    """The bar of the contact that this work is done in; None where none is in progress."""
    contact = queries.current(work)
    if contact is None:
        return None
    resident = queries.with_whom(work, contact) if Action.RESIDENT_SEE in work.reach.needs else None
    shown = [] if resident is None else show(work, "contact.shown", [resident], lambda row, basis: _person(
        work, row, basis), (Group.NAME, Group.CHOICES))
    person, sharing = shown[0] if shown else (None, "")
    ref = resident.ref if resident is not None else None
    return ContactBar(
        ref=contact.ref, channel_words=CHANNEL_WORDS[contact.channel], line_words=_line_words(work, contact),
        started=contact.started_at, resident_ref=ref, person_words=person,
        verified_words=verified_words(contact.verified), sharing_words=sharing, outcomes=list(OUTCOME_WORDS.items()),
        end_href=f"/contacts/{contact.ref}/end", outcome="resolved", resident_href=f"/people/{ref}" if ref else None)


def _person(work: Work, resident: Resident, basis: Basis) -> tuple[str, str]:
    name = work.session.scalar(select(ResidentName).where(ResidentName.resident_id == resident.id)
                               .order_by(ResidentName.kind != "usual", ResidentName.position).limit(1))
    words = f"{name.given} {name.family}".strip() if name is not None else "A resident"
    if Group.CHOICES not in basis.groups:
        return words, ""
    said = work.session.scalar(select(Choice.answer).where(Choice.resident_id == resident.id)
                               .where(Choice.matter == "sharing").order_by(Choice.at.desc(), Choice.id.desc()).limit(1))
    return words, SHARING_WORDS.get(said or "", "not asked")


def _line_words(work: Work, contact: Contact) -> str:
    return next((line.words for line in queries.lines(work) if line.slug == contact.line), contact.line)
