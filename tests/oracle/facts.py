"""The facts of a small world, as frozen values: who there is, what residents said, what was taken, passed and closed.

It decides nothing. The oracles (`oracle`, `second`) read these values; `generate` makes them. Periods are half-open:
`start` belongs to them, `until` does not, and `until=None` goes on. Dates and instants are never mixed: `today` is the
London date of `now`, and `on` is the date at which agreements are read.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

GROUPS = frozenset("name address channels birth needs history choices identity sensitive".split())
COPY_GROUPS = frozenset("name address channels needs".split())
PURPOSES = ("enquiry", "deliver", "match", "protect", "rights", "inform", "plan")
ROLES = ("adviser", "team_leader", "service_officer", "contractor", "voluntary", "partner_manager",
         "information_officer", "administrator", "auditor", "service_manager")


@dataclass(frozen=True)
class Organisation:
    """`kind` is council, contractor, voluntary or public."""

    slug: str
    kind: str


@dataclass(frozen=True)
class Agreement:
    """What lets `partner` receive anything at all; `services` are LGSL codes."""

    slug: str
    partner: str
    councils: frozenset[str]
    purposes: frozenset[str]
    groups: frozenset[str]
    services: frozenset[int]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Service:
    lgsl: int
    needs: frozenset[str]


@dataclass(frozen=True)
class Person:
    key: str


@dataclass(frozen=True)
class Hat:
    key: str
    person: str
    organisation: str
    role: str
    unit: str | None = None


@dataclass(frozen=True)
class Objection:
    """Do not pass my details to that organisation."""

    organisation: str
    start: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Disclosure:
    """Sharing without permission: names an organisation, or one person of it, and the groups it opens."""

    organisation: str
    person: str | None
    groups: frozenset[str]
    start: datetime
    until: datetime


@dataclass(frozen=True)
class Resident:
    """`groups` says which field groups have content; `sharing` are (instant, answer) pairs in the order of saying;
    `relations` are the keys of the people whose own or declared relation's record this is."""

    ref: str
    home: str | None
    keeper: str
    home_until: date | None = None
    next_home: str | None = None
    restricted: bool = False
    protected: bool = False
    groups: frozenset[str] = GROUPS
    sharing: tuple[tuple[datetime, str], ...] = ()
    sensitive_choice: str = "not asked"
    objections: tuple[Objection, ...] = ()
    relations: frozenset[str] = frozenset()
    disclosures: tuple[Disclosure, ...] = ()


@dataclass(frozen=True)
class Request:
    """`copy` are the groups of the contact details it carries itself; `resident` is set once it is linked."""

    ref: str
    lgsl: int
    taken_by: str
    responsible: str
    contact: str
    unit: str | None = None
    resident: str | None = None
    intake: bool = False
    intake_home: str | None = None
    permission: str | None = None
    status: str = "passed"
    closed_at: datetime | None = None
    copy: frozenset[str] = COPY_GROUPS


@dataclass(frozen=True)
class Assignment:
    """`until` is set when the partner refused, the council withdrew, or the request closed."""

    request: str
    organisation: str
    agreement: str
    start: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Contact:
    key: str
    ref: str
    organisation: str
    hat: str
    started: datetime
    ended: datetime | None = None
    resident: str | None = None


@dataclass(frozen=True)
class World:
    """Everything at one moment. The properties are look-ups and say nothing that the tuples do not."""

    today: date
    on: date
    now: datetime
    organisations: tuple[Organisation, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    services: tuple[Service, ...] = ()
    people: tuple[Person, ...] = ()
    hats: tuple[Hat, ...] = ()
    residents: tuple[Resident, ...] = ()
    requests: tuple[Request, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @cached_property
    def organisation(self) -> dict[str, Organisation]:
        return {organisation.slug: organisation for organisation in self.organisations}

    @cached_property
    def agreement(self) -> dict[str, Agreement]:
        return {agreement.slug: agreement for agreement in self.agreements}

    @cached_property
    def service(self) -> dict[int, Service]:
        return {service.lgsl: service for service in self.services}

    @cached_property
    def resident(self) -> dict[str, Resident]:
        return {resident.ref: resident for resident in self.residents}

    @cached_property
    def hat(self) -> dict[str, Hat]:
        return {hat.key: hat for hat in self.hats}

    @cached_property
    def contact(self) -> dict[str, Contact]:
        return {contact.key: contact for contact in self.contacts}

    @cached_property
    def requests_of(self) -> dict[str, list[Request]]:
        """The requests linked to a resident, by the resident's reference."""
        found = defaultdict(list)
        for request in self.requests:
            if request.resident is not None:
                found[request.resident].append(request)
        return found

    @cached_property
    def assignments_of(self) -> dict[str, list[Assignment]]:
        """The assignments of a request, by the request's reference."""
        found = defaultdict(list)
        for assignment in self.assignments:
            found[assignment.request].append(assignment)
        return found
