"""What the journal's events are called on pages. The words that are stored are chosen by each feature as it records
them; one that is not named here is shown as it is stored."""

from collections.abc import Mapping
from types import MappingProxyType

EVENT_WORDS: Mapping[str, str] = MappingProxyType({
    "choice.recorded": "Recorded a choice",
    "contact.ended": "Ended a contact",
    "contact.opened": "Opened a contact",
    "contact.shown": "Saw who the open contact is with",
    "contact.with": "Named the person of a contact",
    "disclosure.opened": "Opened a lawful disclosure",
    "disposal.confirmed": "Confirmed disposal",
    "hat.ended": "Ended a hat",
    "hat.given": "Gave a hat",
    "history.seen": "Saw the history of contacts and requests",
    "intake.compared": "Compared an intake with records",
    "intake.kept-unlinked": "Kept an intake without a record",
    "intake.linked": "Linked an intake to a record",
    "intake.seen": "Saw an intake",
    "intake.taken": "Took an intake for another council",
    "journal.audited": "Audited the journal",
    "journal.read": "Read the journal of a record",
    "objection.ended": "Took an objection back",
    "objection.recorded": "Recorded an objection",
    "password.changed": "Changed a password",
    "password.set": "Set a first password",
    "password.word-made": "Made a word for a first password",
    "policy.explained": "Asked the policy why",
    "refused": "Was refused",
    "request.accepted": "Accepted a request",
    "request.assigned": "Assigned a request to a partner",
    "request.cancelled": "Cancelled a request",
    "request.chased": "Chased a request",
    "request.closed": "Closed a request",
    "request.completed": "Completed a request",
    "request.linked": "Linked a request to a record",
    "request.listed": "Saw a list of requests",
    "request.passed": "Passed a request to another council",
    "request.refused": "Refused a request",
    "request.seen": "Saw a request",
    "request.started": "Started a request",
    "request.taken": "Took a request",
    "request.updated": "Updated a request",
    "resident.changed": "Changed the record",
    "resident.found": "Found the record by its reference",
    "resident.listed": "Saw the record in a list",
    "resident.merged": "Merged records",
    "resident.moved": "Moved the resident to a new address",
    "resident.recorded": "Recorded a new resident",
    "resident.searched": "Saw the record in search results",
    "resident.seen": "Saw the record",
    "resident.verified": "Checked who was calling",
    "sign-in.begun": "Signed in",
    "sign-in.ended": "Signed out",
    "sign-in.ended-everywhere": "Signed out everywhere",
    "sign-in.failed": "Failed to sign in",
    "staff.added": "Added somebody to the staff",
    "staff.ended": "Ended somebody's work here",
})


def event_words(event: str) -> str:
    """What happened, in words."""
    return EVENT_WORDS.get(event, event)
