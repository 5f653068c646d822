"""Every verb that a view or a job may need, as ``kind:verb``, in alphabetical order.

Who may do them is for the policy files; which rows they reach is for the scopes.
"""

from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What an action is done to. A kind may be a protected table, public reference data or a part of the product."""

    AGREEMENT = "agreement"
    CHOICE = "choice"
    CONTACT = "contact"
    DESK = "desk"
    DISPOSAL = "disposal"
    FIGURES = "figures"
    INTAKE = "intake"
    JOURNAL = "journal"
    OBJECTION = "objection"
    ORGANISATION = "organisation"
    OWN_STAFF = "own_staff"
    PERSON = "person"
    PLACE = "place"
    POLICY = "policy"
    REQUEST = "request"
    RESIDENT = "resident"
    SERVICE = "service"


# Kinds whose rows are about a resident: a grant over them needs a lawful basis, and some roles never get one.
ABOUT_RESIDENTS = frozenset({Kind.RESIDENT, Kind.CHOICE, Kind.OBJECTION, Kind.CONTACT, Kind.REQUEST, Kind.INTAKE,
                             Kind.DISPOSAL})
# What an adviser may do before a conversation is open: nothing that touches a resident.
_BEFORE_A_CONTACT = frozenset({"contact:open", "contact:see"})
ONLY_LOOKING = frozenset({"see", "find", "read", "use", "lookup", "explain", "audit", "match"})


class Action(StrEnum):
    """One action, with the words that follow *may*."""

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> "Action":
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member

    AGREEMENT_READ = "agreement:read", "read agreements"
    CHOICE_RECORD = "choice:record", "record choices"
    CHOICE_SEE = "choice:see", "see choices"
    CONTACT_CHANGE = "contact:change", "change contacts"
    CONTACT_END = "contact:end", "end contacts"
    CONTACT_OPEN = "contact:open", "open contacts"
    CONTACT_SEE = "contact:see", "see contacts"
    DESK_USE = "desk:use", "use the adviser's desk"
    DISPOSAL_CONFIRM = "disposal:confirm", "confirm disposal"
    DISPOSAL_SEE = "disposal:see", "see the duty to dispose"
    FIGURES_READ = "figures:read", "read figures"
    INTAKE_LINK = "intake:link", "link an intake to a resident"
    INTAKE_SEE = "intake:see", "see intakes"
    INTAKE_TAKE = "intake:take", "take intakes"
    JOURNAL_AUDIT = "journal:audit", "audit the journal, entries without values,"
    JOURNAL_READ = "journal:read", "read the journal"
    OBJECTION_RECORD = "objection:record", "record objections"
    OBJECTION_SEE = "objection:see", "see objections"
    ORGANISATION_READ = "organisation:read", "read about organisations"
    OWN_STAFF_MANAGE = "own_staff:manage", "add and remove staff"
    PERSON_MANAGE = "person:manage", "manage people and their hats"
    PLACE_CONFIRM = "place:confirm", "confirm places"
    PLACE_LOOKUP = "place:lookup", "look up places"
    POLICY_AGREE = "policy:agree", "agree to what their own council withholds of its residents"
    POLICY_APPROVE = "policy:approve", "approve or return changes of the policy"
    POLICY_DRAFT = "policy:draft", "draft and publish changes of the policy"
    POLICY_EXPLAIN = "policy:explain", "ask the policy why"
    POLICY_READ = "policy:read", "read the policy"
    POLICY_TIGHTEN = "policy:tighten", "take sight away at once"
    REQUEST_ACCEPT = "request:accept", "accept requests"
    REQUEST_ASSIGN = "request:assign", "assign requests to a partner"
    REQUEST_CANCEL = "request:cancel", "cancel requests"
    REQUEST_CHASE = "request:chase", "chase requests"
    REQUEST_CLOSE = "request:close", "close requests"
    REQUEST_COMPLETE = "request:complete", "complete requests"
    REQUEST_PASS = "request:pass", "pass requests to another council"
    REQUEST_REFUSE = "request:refuse", "refuse requests"
    REQUEST_SEE = "request:see", "see requests"
    REQUEST_TAKE = "request:take", "take requests"
    REQUEST_UPDATE = "request:update", "update requests"
    REQUEST_WORK = "request:work", "work on requests"
    RESIDENT_CHANGE = "resident:change", "change residents' records"
    RESIDENT_FIND = "resident:find", "find residents"
    RESIDENT_IMPORT = "resident:import", "bring in residents from files"
    RESIDENT_MATCH = "resident:match", "compare residents' records"
    RESIDENT_MERGE = "resident:merge", "merge residents' records"
    RESIDENT_MOVE = "resident:move", "move residents to a new address"
    RESIDENT_PAIR = "resident:pair", "keep and answer pairs of like records"
    RESIDENT_RECORD = "resident:record", "record new residents"
    RESIDENT_SEE = "resident:see", "see residents' records"
    SERVICE_READ = "service:read", "read the catalogue of services"

    @cached_property
    def kind(self) -> Kind:
        """What it is done to."""
        return Kind(self.value.partition(":")[0])

    @cached_property
    def verb(self) -> str:
        """The word after the colon."""
        return self.value.partition(":")[2]

    @cached_property
    def needs_a_contact(self) -> bool:
        """Whether an adviser does this only in a conversation."""
        return self.kind in ABOUT_RESIDENTS and self.kind is not Kind.DISPOSAL and self.value not in _BEFORE_A_CONTACT

    @cached_property
    def changes(self) -> bool:
        """Whether it may leave something written, the journal apart."""
        return self.verb not in ONLY_LOOKING
