"""A small world with something of everything in it for everybody who asks, and the resident who is in one of two such
worlds only: hidden from the outsiders, and as like what they search for as can be."""

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask

from app.choices.models import Choice
from app.contacts.models import Contact, ContactNote, ContactPerson
from app.disclosures.models import Disclosure
from app.drafts.models import OPEN, SUBMITTED
from app.journal.models import Entry, EntrySubject
from app.kernel.config import Settings
from app.kernel.ids import new_reference
from app.matching import person as compared
from app.policy.words import ADVISING, Role
from app.residents.keys import keys_of
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChange,
    ResidentChannel,
    ResidentIdentity,
    ResidentKey,
    ResidentName,
    ResidentNeed,
    ResidentPreference,
    ResidentSensitive,
)
from app.staff.models import Credential, Person, Relation
from app.staff.passwords import hasher
from app.staff.words import role_fits
from tests.proof.drafted import drafted
from tests.proof.hidden import load
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

MEALS = "orchard-meals"
PARTNERS = (BINS, MEALS)
PASSWORD = "tickle gravel nine lanterns"
POSTCODE = {COUNTY: "TA6 3AA", BOROUGH: "TA1 1HE"}
TELEPHONE, OTHER_TELEPHONE, EMAIL = "+441823555012", "+447700900123", "rosa.okafor@example.org"
NAMES = [("Rosa", "Okafor"), ("Roza", "Okafour"), ("Chidi", "Okafor"), ("Ada", "Okafor-Marsh"), ("Rose", "Akafor")]
BORN = date(1971, 3, 27)
NAMESAKES = 22  # more than a page of what is found


@dataclass(frozen=True)
class Asker:
    """Somebody who may ask: with a browser or as a program. ``spare`` may sign out for good."""

    name: str
    organisation: str
    role: Role
    api: bool
    wearer: Wearer
    spare: bool = False


@dataclass
class Place:
    """What the scripts know of a world: who asks, and the references of what is in it, by kind and state."""

    askers: list[Asker] = field(default_factory=list)
    # (organisation, kind of thing) -> references that this organisation's hats may come across.
    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    # User names, with one hat of each: of people who have a password, and of one who is not there.
    logins: dict[str, tuple[str, str]] = field(default_factory=lambda: {"nobody": (BOROUGH, "adviser")})

    def add(self, organisation: str, kind: str, *refs: str) -> None:
        self.known.setdefault((organisation, kind), []).extend(refs)


def furnish(application: Flask) -> Place:
    """Fill a database with people, residents, requests in every state, and conversations."""
    place = Place()
    with World(application) as world:
        for organisation in (BOROUGH, COUNTY, *PARTNERS):
            _staff(world, place, organisation, application)
        for council in (BOROUGH, COUNTY):
            _residents(world, place, council)
            _requests(world, place, council)
            _loads(world, place, council)
            _drafts(world, place, council, application)
        world.session.commit()
    return place


def _staff(world: World, place: Place, organisation: str, application: Flask) -> None:
    """Of every role two who ask by browser and two who ask as programs, one of each to spare."""
    kept = hasher(application.config["JC_SETTINGS"]).hash(PASSWORD)
    of_a_kind = world.organisations[organisation].kind
    other = {"contractor": "contractor", "voluntary": "voluntary"}.get(of_a_kind, "auditor")
    for role, kind, spare in itertools.product(Role, ("browser", "token"), (False, True)):
        if not role_fits(role, of_a_kind):
            continue
        wearer = world.wearer(organisation, str(role), kind=kind)
        name = f"{organisation} {role} {kind}{' spare' if spare else ''}"
        place.askers.append(Asker(name, organisation, role, kind == "token", wearer, spare))
        if role in ADVISING and not spare:
            contact = world.contact(wearer)
            contact.in_browser = kind == "browser"
            place.contacts[name] = contact.ref
        if spare:
            world.wearer(organisation, other, person=wearer.person_id)
            world.add(Credential(person_id=wearer.person_id, password_hash=kept, changed_at=world.now))
            place.logins[world.session.get_one(Person, wearer.person_id).username] = organisation, str(role)
    leaving = [world.wearer(organisation, other) for _ in range(3)]
    place.add(organisation, "person", *(str(each.person_id) for each in leaving))
    place.add(organisation, "hat", *(str(each.hat_id) for each in leaving))


def _residents(world: World, place: Place, council: str) -> None:
    other = COUNTY if council == BOROUGH else BOROUGH
    asker = next(a.wearer for a in place.askers if a.organisation == council and a.role is Role.ADVISER)
    for n in range(NAMESAKES):
        given, family = NAMES[n % len(NAMES)]
        made = world.resident(council, given=given, family=family, postcode=POSTCODE[council],
                              telephone=(TELEPHONE, OTHER_TELEPHONE, None)[n % 3], lines=(f"{n % 4 + 10} Mill Lane",))
        place.add(council, "resident", made.ref)
        if n % 5 == 0:
            world.choose(made, "sharing", "given", asker)
            place.add(other, "resident", made.ref)
        if n % 7 == 0:
            world.add(ResidentBirth(resident_id=made.id, born=BORN),
                      ResidentNeed(resident_id=made.id, words="Large print"))


def _requests(world: World, place: Place, council: str) -> None:
    other = COUNTY if council == BOROUGH else BOROUGH
    residents = [world.session.query(Resident).filter_by(ref=ref).one() for ref in place.known[council, "resident"][:6]]
    asker = next(a.wearer for a in place.askers if a.organisation == council and a.role is Role.ADVISER)
    talk, today = world.contact(asker, ended=True), world.now.date()
    partner, lgsl = (BINS, 530) if council == BOROUGH else (MEALS, 315)
    for n in range(26):  # more than a page of the queue
        made = world.request(council, lgsl=lgsl, talk=talk, resident=residents[n % 6] if n % 4 else None,
                             promised_by=today + timedelta(days=n - 6) if n % 3 else None)
        place.add(council, "request", made.ref)
    for state, count in (("queued", 4), ("accepted", 3), ("started", 6), ("completed", 4)):
        for n in range(count):
            steps = {"accepted": ("accepted",), "started": ("accepted", "started")}.get(state, ())
            over = {"ended_at": world.now - timedelta(days=30), "ended_as": "completed",
                    "dispose_by": today - timedelta(days=n)} if state == "completed" else {}
            made = world.request(council, lgsl=lgsl, talk=talk, resident=residents[n % 6] if n % 2 else None,
                                 status="assigned" if state == "queued" else state)
            world.assignment(made, partner, **{f"{step}_at": world.now for step in steps}, **over)
            place.add(partner, f"job {state}", made.ref)
            place.add(council, f"with a partner {state}", made.ref)
    for _ in range(4):
        told = world.request(other, other, talk=_talk(world, place, other), intake=True, permission="given",
                             lgsl=lgsl, intake_home_id=world.organisations[council].id)
        place.add(council, "intake", told.ref)
    place.add(council, "contact", talk.ref)


def _loads(world: World, place: Place, council: str) -> None:
    """Files that the council brought, two at each step at which something can be done with one."""
    leader = next(a.wearer for a in place.askers if a.organisation == council and a.role is Role.TEAM_LEADER)
    for step in ("columns", "checking", "checked", "loaded"):
        refs = [load(world, council, leader, f"{step}-{n}.csv", step).ref for n in range(2)]
        place.add(council, f"load {step}", *refs)
        place.add(council, "load", *refs)


def _drafts(world: World, place: Place, council: str, application: Flask) -> None:
    """Changes of the policy: being written, waiting for approval, and approved."""
    shelf = application.extensions["jc_gate"].desk.shelf
    for state, approved in ((OPEN, False), (OPEN, False), (SUBMITTED, False), (SUBMITTED, True)):
        made = drafted(world, shelf, council, state, lambda _, line: line.replace("internal audit,2027", "internal audit,2028"),
                       approved=approved)
        for each in (council, COUNTY if council == BOROUGH else BOROUGH):
            place.add(each, "draft", made.ref)


def _talk(world: World, place: Place, council: str) -> Contact:
    asker = next(a.wearer for a in place.askers if a.organisation == council and a.role is Role.ADVISER)
    return world.contact(asker, ended=True)


# The hidden one

HIDDEN_HOW = ("not asked", "refused", "withdrawn", "objected", "restricted", "left", "protected")


def hide(settings: Settings, place: Place, council: str, how: str) -> dict[str, str]:
    """Add one resident of a council, with a whole life, in one of the ways in which a resident is hidden from every other
    organisation (or, to show what is then told, in none). The references of what is theirs, by kind."""
    with World(SimpleNamespace(config={"JC_SETTINGS": settings})) as world:  # type: ignore[arg-type]
        columns: dict[str, Any] = {"restricted": how == "restricted", "protected": how == "protected"}
        if how == "left":
            columns |= {"home_id": None, "keeper_id": world.organisations[council].id}
        made = world.resident(council, given="Rosa", family="Okafor", telephone=TELEPHONE, lines=("11 Mill Lane",),
                              postcode=POSTCODE[council], **columns)
        asker = next(a.wearer for a in place.askers if a.organisation == council and a.role is Role.ADVISER)
        other = COUNTY if council == BOROUGH else BOROUGH
        _groups(world, made, asker, POSTCODE[other])
        _said(world, made, asker, how, other)
        talk = _history(world, made, asker)
        request = world.request(council, council, lgsl=315, resident=made, talk=talk)
        intake = world.request(council, council, lgsl=315, talk=talk, intake=True, permission="given",
                               intake_home_id=made.keeper_id)
        _journal(world, made, asker, council)
        brought = load(world, council, asker, "okafor.csv", "checked")
        world.session.commit()
        return {"resident": made.ref, "request": request.ref, "intake": intake.ref, "contact": talk.ref,
                "load": brought.ref, "draft": new_reference()}


def _groups(world: World, made: Resident, asker: Wearer, elsewhere: str) -> None:
    """All that the outsiders may search for, with names and an address of before."""
    names = [(given, family) for given, family in NAMES[1:4]]
    world.add(*(ResidentName(resident_id=made.id, kind="former", given=given, family=family, position=n)
                for n, (given, family) in enumerate(names, 1)),
              ResidentAddress(resident_id=made.id, lines=["12 Mill Lane"], postcode=elsewhere, since=date(2001, 1, 1),
                              until=date(2010, 1, 1)),
              ResidentChannel(resident_id=made.id, kind="telephone", value=OTHER_TELEPHONE, position=1),
              ResidentChannel(resident_id=made.id, kind="email", value=EMAIL, position=2),
              ResidentPreference(resident_id=made.id, channel="email", language="pl"),
              ResidentBirth(resident_id=made.id, born=BORN), ResidentNeed(resident_id=made.id, words="Interpreter"),
              ResidentSensitive(resident_id=made.id, detail="In care until 1989"),
              ResidentIdentity(resident_id=made.id, matched=["name", "birth"], at=world.now, hat_id=asker.hat_id),
              ResidentChange(resident_id=made.id, grp="name", version=1, before=None, after="Okafor", at=world.now,
                             hat_id=asker.hat_id))
    councils = {made.home_id, made.keeper_id} - {None}
    found_by = keys_of(compared.Person(names=names, addresses=[("12 Mill Lane", elsewhere)], telephones=[OTHER_TELEPHONE],
                                      emails=[EMAIL], born=BORN))
    world.add(*(ResidentKey(resident_id=made.id, council_id=council, shared=False, grp=grp, key=key)
                for council in councils for grp, key in found_by))


def _said(world: World, made: Resident, asker: Wearer, how: str, other: str) -> None:
    answers = {"not asked": (), "refused": ("refused",), "withdrawn": ("given", "withdrawn"), "protected": ("refused",),
               "left": ("given", "withdrawn")}.get(how, ("given",))
    for answer in answers:
        world.choose(made, "sharing", answer, asker)
    for matter, answer in (("passing", "given"), ("sensitive", "given"), ("news", "refused")):
        world.add(Choice(resident_id=made.id, matter=matter, answer=answer, wording_version="1", channel="telephone",
                         at=world.now, hat_id=asker.hat_id))
    for organisation in (*PARTNERS, *((other,) if how == "objected" else ())):
        world.object(made, organisation, asker)


def _history(world: World, made: Resident, asker: Wearer) -> Contact:
    talk = world.contact(asker, ended=True)
    world.add(ContactPerson(contact_id=talk.id, resident_id=made.id),
              ContactNote(contact_id=talk.id, resident_id=made.id, words="Rang about the meals", at=world.now,
                          hat_id=asker.hat_id, promised_by=world.now.date()))
    world.add(Disclosure(resident_id=made.id, organisation_id=asker.organisation_id, person_id=asker.person_id,
                         groups=["name"], ground="court order", requester="A court", authority="An order",
                         since=world.now - timedelta(days=2), until=world.now + timedelta(days=30),
                         opened_by_id=asker.person_id),
              Relation(person_id=asker.person_id, resident_id=made.id))
    return talk


def _journal(world: World, made: Resident, asker: Wearer, council: str) -> None:
    """Entries of the council's own people: they move the journal's numbers on."""
    for event in ("resident.recorded", "resident.seen", "resident.searched"):
        entry = Entry(at=world.now, event=event, person_id=asker.person_id, hat_id=asker.hat_id,
                      organisation_id=world.organisations[council].id, purpose="enquiry", policy_version=1,
                      request_id=new_reference(), facts={"count": 1})
        world.add(entry)
        world.add(EntrySubject(entry_id=entry.id, resident_id=made.id, groups=["name"], scopes=["home"]))


def outsiders(place: Place, council: str) -> list[Asker]:
    """Who may not know of a resident of that council: everybody of the others, and of its own those whose role sees no
    resident and reads no journal."""
    unknowing = {Role.ADMINISTRATOR, Role.SERVICE_MANAGER}
    # Those to spare have another hat, and that one reads the journal.
    return [a for a in place.askers if a.organisation != council or a.role in unknowing and not a.spare]
