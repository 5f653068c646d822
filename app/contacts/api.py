"""Contacts for programs: opening one, naming the person, ending it."""

from typing import Any

from app.contacts import operations, queries
from app.contacts.models import Contact
from app.contacts.schemas import ContactAnswer, Ending, NamingPerson, Opening
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.routes import Api
from app.policy.work import Work

api = Api("contacts_api", __name__, url_prefix="/api/v1", description="Conversations with residents")
IN_HAND = (Action.CONTACT_SEE, Action.CONTACT_CHANGE, Action.RESIDENT_SEE)


@api.call("POST", "/contacts", needs=(Action.CONTACT_OPEN, *IN_HAND), purpose=Purpose.ENQUIRY, body=Opening,
          answer=ContactAnswer, status=201)
def open_contact(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Open a contact. Its reference goes into the header ``Contact`` of every call that touches a resident."""
    contact = operations.open_contact(work, body["channel"], body["line"], body["person"], in_browser=False)
    return as_answered(work, contact)


@api.call("POST", "/contacts/<contact_ref>/person", needs=IN_HAND, purpose=Purpose.ENQUIRY, body=NamingPerson,
          answer=ContactAnswer)
def name_person(work: Work, body: dict[str, Any], contact_ref: str) -> dict[str, Any]:
    """Say who the contact is with."""
    contact = queries.own(work, contact_ref)
    operations.set_person(work, body["resident"], contact)
    return as_answered(work, contact)


@api.call("POST", "/contacts/<contact_ref>/end", needs=(Action.CONTACT_END, *IN_HAND), purpose=Purpose.ENQUIRY,
          body=Ending, answer=ContactAnswer)
def end_contact(work: Work, body: dict[str, Any], contact_ref: str) -> dict[str, Any]:
    """End the contact. Nothing of a resident may be asked in it after that."""
    contact = queries.own(work, contact_ref)
    answer = as_answered(work, contact)
    operations.end_contact(work, body["outcome"], body["resolved_at_first_contact"], body["note"], body["promised_by"],
                           contact=contact)
    return answer | {"ended_at": contact.ended_at, "outcome": contact.outcome,
                     "resolved_at_first_contact": contact.resolved_at_first_contact}


def as_answered(work: Work, contact: Contact) -> dict[str, Any]:
    """The plain values of a contact: the person's reference where one is named who may be seen."""
    council = work.session.get(Organisation, contact.organisation_id)
    resident = queries.with_whom(work, contact)
    answer = {"ref": contact.ref, "channel": contact.channel, "line": contact.line,
              "organisation": council.slug if council else "", "started_at": contact.started_at}
    return answer | ({"person": resident.ref} if resident is not None else {})
