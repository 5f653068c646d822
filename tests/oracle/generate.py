"""Worlds in which every combination that the promises speak of occurs, the same for the same seed.

Each resident is dealt one combination as seen by some council and one as seen by some partner, from two complete decks;
the rest is chance. With 5,000 residents both decks are dealt out at least once; a smaller world holds a sample of them.
`classes` proves it from the facts.
"""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from .facts import (
    COPY_GROUPS,
    GROUPS,
    Assignment,
    Contact,
    Disclosure,
    Objection,
    Request,
    Resident,
    World,
)
from .partnership import AGREEMENT_CLASSES, COUNCILS, LINKABLE, PARTNERS, UNITS, partnership

# Half past eleven at night by Greenwich in June: in London the next day has begun.
NOW = datetime(2026, 6, 14, 23, 30, tzinfo=UTC)
ON = date(2014, 9, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

HOMES = ("here", "elsewhere", "nowhere", "leaving", "gone elsewhere", "gone away", "arriving", "arrived")
ANSWERS = {"never": (), "given": ("given",), "refused": ("refused",), "withdrawn": ("given", "withdrawn"),
           "given again": ("refused", "given", "withdrawn", "given")}
OBJECTIONS = ("none", "active", "ended")
DISCLOSURES = ("none", "organisation", "person", "over", "not begun")
STATES = [(restricted, protected) for restricted in (False, True) for protected in (False, True)]
JOBS = ("running", "refused", "closed", "closed but left running")
COUNCIL_DECK = list(product(HOMES, ANSWERS, OBJECTIONS, (False, True), DISCLOSURES))
PARTNER_DECK = list(product(JOBS, AGREEMENT_CLASSES, OBJECTIONS, (False, True), (False, True)))
INTAKE_DECK = list(product(("given", "refused", None), (False, True), (False, True), (False, True)))


def world(seed: int = 0, residents: int = 5000, *, now: datetime = NOW, on: date = ON) -> World:
    return Maker(seed, now, on).world(residents)


class Maker:
    """Deals the decks and keeps count; all its chance comes from one seeded source."""

    def __init__(self, seed: int, now: datetime, on: date) -> None:
        self.chance = random.Random(seed)
        self.now, self.on = now, on
        self.today = now.astimezone(ZoneInfo("Europe/London")).date()
        self.facts = partnership(on)
        self.requests: list[Request] = []
        self.assignments: list[Assignment] = []
        self.contacts: list[Contact] = []
        self.residents: list[Resident] = []
        self.open_contacts: dict[str, list[Contact]] = {council: [] for council in COUNCILS}

    def world(self, residents: int) -> World:
        councils = [self._shuffled(COUNCIL_DECK) for _ in STATES]
        partners = [self._shuffled(PARTNER_DECK) for _ in STATES]
        for hat in self._answering_hats():
            self._open_contact(hat)
        for i in range(residents):
            turn, state = divmod(i, len(STATES))
            self._resident(i, state, councils[state][turn % len(COUNCIL_DECK)],
                           partners[state][turn % len(PARTNER_DECK)])
        for i in range(max(len(INTAKE_DECK) * 2, residents // 10)):
            self._intake(*INTAKE_DECK[i % len(INTAKE_DECK)])
            self._anonymous_request(closed=i % 3 == 0)
        return World(self.today, self.on, self.now, **self.facts, residents=tuple(self.residents),
                     requests=tuple(self.requests), assignments=tuple(self.assignments), contacts=tuple(self.contacts))

    def _shuffled(self, deck: list) -> list:
        return self.chance.sample(deck, len(deck))

    def _ago(self, most: int = 400) -> datetime:
        return self.now - timedelta(hours=self.chance.randint(1, most * 24))

    # Residents

    def _resident(self, i: int, state: int, as_council: tuple, as_partner: tuple) -> None:
        restricted, protected = STATES[state]
        home_class, answers, objection, related, disclosure = as_council
        job, agreement_class, partner_objection, partner_related, partner_disclosed = as_partner
        council, partner = COUNCILS[i // 4 % len(COUNCILS)], PARTNERS[i // 4 % len(PARTNERS)]
        person, worker = self._person(council, i), self._person(partner, i)
        home = self._home(home_class, council)
        people = {person} if related else set()
        people |= {worker} if partner_related else set()
        if self.chance.random() < 0.05:
            people |= {self.chance.choice(self.facts["people"]).key} - {person, worker}
        resident = Resident(
            ref=f"r-{i:06}", **home, keeper=self._keeper(home), restricted=restricted, protected=protected,
            groups=GROUPS - set(self.chance.sample(sorted(GROUPS - {"name"}), self.chance.choice((0, 0, 1, 3)))),
            sharing=self._said(ANSWERS[answers]), relations=frozenset(people),
            sensitive_choice=self.chance.choice(("not asked", "given", "refused", "withdrawn")),
            objections=self._objections(council, objection) + self._objections(partner, partner_objection),
            disclosures=self._disclosures(council, person, disclosure)
            + self._disclosures(partner, worker, self.chance.choice(DISCLOSURES[1:3]) if partner_disclosed else "none"),
        )
        self.residents.append(resident)
        self._job(resident, partner, job, agreement_class)
        if self.chance.random() < 0.5:
            self._other_request(resident)
        if self.chance.random() < 0.3:
            self._past_contact(self.chance.choice(COUNCILS), resident.ref)

    def _person(self, organisation: str, i: int) -> str:
        """Somebody who wears a hat of the organisation and might see residents or run it, each in turn."""
        hats = [hat for hat in self.facts["hats"] if hat.organisation == organisation and hat.role != "partner_manager"]
        return hats[i // 12 % len(hats)].person

    def _home(self, home_class: str, council: str) -> dict:
        """The home as the council sees it; periods of address end today, tomorrow or long ago."""
        other = self.chance.choice([slug for slug in COUNCILS if slug != council])
        tomorrow, past = self.today + DAY, self.today - self.chance.choice((0, 0, 1, 200)) * DAY
        home, until, following = {
            "here": (council, None, None),
            "elsewhere": (other, None, None),
            "nowhere": (None, None, None),
            "leaving": (council, tomorrow, self.chance.choice((other, None))),
            "gone elsewhere": (council, past, other),
            "gone away": (council, past, None),
            "arriving": (self.chance.choice((other, None)), tomorrow, council),
            "arrived": (other, past, council),
        }[home_class]
        return {"home": home, "home_until": until, "next_home": following}

    def _keeper(self, home: dict) -> str:
        """The home today, or the last one; after a move it is sometimes still the one before."""
        moved = home["home_until"] is not None and home["home_until"] <= self.today
        present, last = (home["next_home"], home["home"]) if moved else (home["home"], home["home"])
        if moved and self.chance.random() < 0.25:
            present = last
        return present or last or self.chance.choice(COUNCILS)

    def _said(self, answers: tuple[str, ...]) -> tuple[tuple[datetime, str], ...]:
        first = self._ago()
        return tuple((first + (self.now - first) * i / 5, answer) for i, answer in enumerate(answers))

    def _objections(self, organisation: str, kind: str) -> tuple[Objection, ...]:
        if kind == "none":
            return ()
        start = self._ago()
        return (Objection(organisation, start, None if kind == "active" else start + (self.now - start) / 2),)

    def _disclosures(self, organisation: str, person: str, kind: str) -> tuple[Disclosure, ...]:
        if kind == "none":
            return ()
        start, until = {"over": (self.now - 9 * DAY, self.now - HOUR), "not begun": (self.now + DAY, self.now + 9 * DAY)
                        }.get(kind, (self.now - DAY, self.now + DAY))
        groups = frozenset(self.chance.sample(sorted(GROUPS), self.chance.randint(1, 4)))
        return (Disclosure(organisation, person if kind == "person" else None, groups, start, until),)

    # Requests

    def _job(self, resident: Resident, partner: str, job: str, agreement_class: str) -> None:
        closed = job.startswith("closed")
        request = self._request(resident.ref, closed)
        until = {"refused": self._ago(1), "closed": request.closed_at}.get(job)
        self._assign(request, partner, f"{partner}-{agreement_class.replace(' ', '-')}", until)

    def _other_request(self, resident: Resident) -> None:
        request = self._request(resident.ref, self.chance.random() < 0.4, responsible=resident.keeper)
        if self.chance.random() < 0.3:
            partner, kind = self.chance.choice(PARTNERS), self.chance.choice(AGREEMENT_CLASSES)
            self._assign(request, partner, f"{partner}-{kind.replace(' ', '-')}", None)

    def _intake(self, permission: str | None, closed: bool, linked: bool, typing: bool) -> None:
        taker, home = self.chance.sample(COUNCILS, 2)
        resident = self.chance.choice(self.residents).ref if linked and self.residents else None
        contact = self.chance.choice(self.open_contacts[taker]) if typing else self._past_contact(taker, None)
        request = self._request(resident, closed, taken_by=taker, contact=contact, intake=True, intake_home=home,
                                permission=permission)
        if self.chance.random() < 0.3:
            self._assign(request, partner := self.chance.choice(PARTNERS), f"{partner}-whole", None)

    def _anonymous_request(self, closed: bool) -> None:
        request = self._request(None, closed)
        if self.chance.random() < 0.5:
            partner, kind = self.chance.choice(PARTNERS), self.chance.choice(AGREEMENT_CLASSES)
            self._assign(request, partner, f"{partner}-{kind.replace(' ', '-')}", None)

    def _request(self, resident: str | None, closed: bool, *, taken_by: str | None = None,
                 contact: Contact | None = None, responsible: str | None = None, **intake) -> Request:
        taken_by = taken_by or self.chance.choice(COUNCILS)
        if contact is None:
            typing = self.chance.random() < 0.2
            contact = self.chance.choice(self.open_contacts[taken_by]) if typing \
                else self._past_contact(taken_by, resident)
        closed_at = self._ago(1) if closed else None
        request = Request(
            ref=f"q-{len(self.requests):06}", lgsl=self.chance.choice(LINKABLE), taken_by=taken_by, contact=contact.key,
            responsible=responsible or self.chance.choice(COUNCILS), unit=self.chance.choice((None, *UNITS)),
            resident=resident, status="closed" if closed else self.chance.choice(("passed", "accepted")),
            closed_at=closed_at, **intake,
            copy=frozenset(self.chance.sample(sorted(COPY_GROUPS), self.chance.randint(0, len(COPY_GROUPS)))))
        self.requests.append(request)
        return request

    def _assign(self, request: Request, partner: str, agreement: str, until: datetime | None) -> None:
        self.assignments.append(Assignment(request.ref, partner, agreement, self.now - 30 * DAY, until))

    # Contacts

    def _answering_hats(self) -> list:
        return [hat for hat in self.facts["hats"] if hat.role in ("adviser", "team_leader")]

    def _open_contact(self, hat) -> None:
        """One open contact a person, the last adviser of each council resting."""
        busy = {contact.hat for contacts in self.open_contacts.values() for contact in contacts}
        people = {h.person for h in self.facts["hats"] if h.key in busy}
        if hat.person not in people and not hat.key.endswith("resting"):
            self.open_contacts[hat.organisation].append(self._contact(hat.organisation, hat.key, None, self.now - HOUR))

    def _past_contact(self, organisation: str, resident: str | None) -> Contact:
        hat = self.chance.choice([hat for hat in self._answering_hats() if hat.organisation == organisation])
        started = self.now - timedelta(hours=self.chance.randint(2, 300 * 24))
        return self._contact(organisation, hat.key, resident, started, started + timedelta(minutes=7))

    def _contact(self, organisation: str, hat: str, resident: str | None, started: datetime,
                 ended: datetime | None = None) -> Contact:
        n = len(self.contacts)
        contact = Contact(f"k-{n:06}", f"c-{n:06}", organisation, hat, started, ended, resident)
        self.contacts.append(contact)
        return contact
