"""The rest of the policy's vocabulary: roles, scopes, masks, lifts and lawful bases, each with its words for people.

A scope's SQL stands beside the table that grants it; here is only what it is called, and what it can be said of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.policy.actions import Kind


class _Said(StrEnum):
    """A word with the phrase that stands for it in a sentence."""

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> "_Said":
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member


class Role(_Said):
    """What a person may be for an organisation."""

    ADMINISTRATOR = "administrator", "partnership administrators"
    ADVISER = "adviser", "advisers"
    AUDITOR = "auditor", "auditors"
    CONTRACTOR = "contractor", "contractors' staff"
    INFORMATION_OFFICER = "information_officer", "information governance officers"
    PARTNER_MANAGER = "partner_manager", "partners' managers"
    SERVICE_MANAGER = "service_manager", "service managers"
    SERVICE_OFFICER = "service_officer", "service officers"
    TEAM_LEADER = "team_leader", "team leaders"
    VOLUNTARY = "voluntary", "voluntary organisations' staff"


PARTNER_ROLES = frozenset({Role.CONTRACTOR, Role.VOLUNTARY})
# The roles of partners; every other is a council's.
OF_PARTNERS = PARTNER_ROLES | {Role.PARTNER_MANAGER}
WITHOUT_RESIDENTS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.SERVICE_MANAGER, Role.PARTNER_MANAGER})
ADVISING = frozenset({Role.ADVISER, Role.TEAM_LEADER})


class ScopeWord(_Said):
    """A named right to a row, with the words that follow *of*."""

    ANY = "any", "anybody's: it is public reference, or no row is touched"
    ASSIGNED = "assigned", "an open request assigned to them, under an agreement in force"
    CONSENTED = "consented", "a resident who agreed to sharing between the councils"
    DISCLOSED = "disclosed", "a resident whom a lawful disclosure names to them, until it ends"
    HOME = "home", "a resident whose home council is theirs"
    INTAKE = "intake", "an intake passed to them for linking"
    KEPT = "kept", "a resident whose record their council keeps"
    OWN = "own", "their own organisation"
    PAST = "past", "a request that was assigned to them"
    RESPONSIBLE = "responsible", "a request their council is responsible for"
    SERVED = "served", "a resident of theirs with a request of the officer's service"
    TAKEN = "taken", "what their council took"


class MaskWord(_Said):
    """Something that takes sight away after the union of the grants, with the words that follow *where*."""

    OBJECTION = "objection", "the resident objected to that organisation"
    OWN_RECORD = "own_record", "the record is the viewer's own or a declared relation's"
    PROTECTED = "protected", "the resident is protected"
    RESTRICTED = "restricted", "processing is restricted by right"


@dataclass(frozen=True, slots=True, order=True)
class Of:
    """That a resident is one of a council's, by its slug: of the home council or, after leaving the area, of the last one. What
    the council withholds of its own residents stands on this as a mask stands on its word."""

    council: str


class LiftWord(_Said):
    """Where a role must stand for a mask to spare it."""

    HOME = "home", "at the home council"
    KEEPER = "keeper", "at the council that keeps the record"


class Basis(_Said):
    """Article 6(1) of the UK GDPR: why a resident's data may be used at all."""

    CONSENT = "consent", "consent"
    CONTRACT = "contract", "a contract with the resident"
    LEGAL_OBLIGATION = "legal_obligation", "a legal obligation"
    LEGITIMATE_INTERESTS = "legitimate_interests", "legitimate interests"
    PUBLIC_TASK = "public_task", "a public task"
    VITAL_INTERESTS = "vital_interests", "vital interests"


S = ScopeWord
_OF_A_RESIDENT = frozenset({S.HOME, S.KEPT, S.CONSENTED, S.DISCLOSED})

# What a scope can be said of. Linking an intake reads the residents it may be about: hence `home` at intakes.
SCOPES_OF: Mapping[Kind, frozenset[ScopeWord]] = MappingProxyType({
    Kind.RESIDENT: _OF_A_RESIDENT | {S.SERVED, S.ASSIGNED},
    Kind.CHOICE: _OF_A_RESIDENT,
    Kind.OBJECTION: _OF_A_RESIDENT,
    Kind.CONTACT: _OF_A_RESIDENT | {S.TAKEN},
    Kind.REQUEST: _OF_A_RESIDENT | {S.TAKEN, S.RESPONSIBLE, S.ASSIGNED, S.PAST},
    Kind.INTAKE: frozenset({S.TAKEN, S.INTAKE, S.HOME, S.KEPT}),
    Kind.DISPOSAL: frozenset({S.ASSIGNED, S.PAST, S.RESPONSIBLE, S.KEPT}),
    Kind.JOURNAL: frozenset({S.KEPT, S.OWN}),
    Kind.FIGURES: frozenset({S.OWN}),
    Kind.OWN_STAFF: frozenset({S.OWN}),
    Kind.AGREEMENT: frozenset({S.OWN, S.ANY}),
    Kind.ORGANISATION: frozenset({S.OWN, S.ANY}),
    Kind.PERSON: frozenset({S.OWN, S.ANY}),
    Kind.POLICY: frozenset({S.ANY}),
    Kind.SERVICE: frozenset({S.ANY}),
    Kind.PLACE: frozenset({S.ANY}),
    Kind.DESK: frozenset({S.ANY}),
})
# Choices and objections are read and written through the resident they belong to; the duty to dispose, through the request.
_DECIDES: Mapping[Kind, str] = MappingProxyType({
    Kind.RESIDENT: "resident", Kind.CHOICE: "resident", Kind.OBJECTION: "resident", Kind.REQUEST: "request",
    Kind.DISPOSAL: "request", Kind.CONTACT: "contact", Kind.JOURNAL: "journal"})
_OF_AN_INTAKE = frozenset({S.TAKEN, S.INTAKE})


def decides(kind: Kind, scope: ScopeWord) -> str | None:
    """Which kind of table decides for an action's kind through a scope; None where no protected table does."""
    if kind is Kind.INTAKE:
        return "request" if scope in _OF_AN_INTAKE else "resident"
    return _DECIDES.get(kind)


PARTNER_SCOPES = frozenset({S.ASSIGNED, S.PAST, S.DISCLOSED})
OVER_RESIDENTS = frozenset(S) - {S.OWN, S.ANY}

# The lifts that a mask may have at all: an objection and one's own record spare nobody.
LIFTS: Mapping[MaskWord, frozenset[LiftWord]] = MappingProxyType({
    MaskWord.OBJECTION: frozenset(),
    MaskWord.OWN_RECORD: frozenset(),
    MaskWord.PROTECTED: frozenset({LiftWord.HOME, LiftWord.KEEPER}),
    MaskWord.RESTRICTED: frozenset({LiftWord.KEEPER}),
})
# What was promised to residents: a policy may let a mask take more than `must`, never what it `never` takes.
MUST_TAKE: Mapping[MaskWord, frozenset[ScopeWord]] = MappingProxyType({
    MaskWord.OBJECTION: frozenset({S.CONSENTED, S.ASSIGNED}),
    MaskWord.OWN_RECORD: OVER_RESIDENTS,
    MaskWord.PROTECTED: OVER_RESIDENTS - {S.DISCLOSED, S.PAST},
    MaskWord.RESTRICTED: OVER_RESIDENTS - {S.DISCLOSED},
})
NEVER_TAKES: Mapping[MaskWord, frozenset[ScopeWord]] = MappingProxyType({
    MaskWord.OBJECTION: frozenset({S.HOME, S.KEPT, S.RESPONSIBLE, S.DISCLOSED, S.OWN, S.ANY}),
    MaskWord.OWN_RECORD: frozenset({S.OWN, S.ANY}),
    MaskWord.PROTECTED: frozenset({S.DISCLOSED, S.OWN, S.ANY}),
    MaskWord.RESTRICTED: frozenset({S.DISCLOSED, S.OWN, S.ANY}),
})
# What a council's own narrowing takes. What the law asks for it leaves: to keep the record, and what a disclosure opens.
NARROWED = OVER_RESIDENTS - {S.KEPT, S.DISCLOSED}
