"""A small scene with one resident, at most one request and one assignment, and a question that one hat asks of it.

The examples in `test_oracle` are rows of such questions; both oracles answer them here.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from .facts import Assignment, Contact, Disclosure, Objection, Request, Resident, World
from .floor import floor
from .generate import NOW, ON
from .oracle import contact_parts, exists_for, request_parts, resident_groups
from .partnership import partnership
from .second import Second

TODAY = date(2026, 6, 15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FACTS = partnership(ON)
HATS = {hat.key: hat for hat in FACTS["hats"]}


def said(*answers: str) -> tuple:
    return tuple((NOW - 9 * DAY + i * HOUR, answer) for i, answer in enumerate(answers))


def opened(organisation: str | None, groups: str, start=NOW - DAY, until=NOW + DAY, person: str | None = None) -> dict:
    return {"disclosures": (Disclosure(organisation, person, frozenset(groups.split()), start, until),)}


def objection(organisation: str, until=None) -> dict:
    return {"objections": (Objection(organisation, NOW - DAY, until),)}


def related(hat: str) -> dict:
    return {"relations": frozenset({HATS[hat].person})}


HOME = "name address channels birth needs history choices identity"
CONSENTED = "name address channels birth needs history choices"
ALL = HOME + " sensitive"
COPY = "name address channels needs"
UNLINKED = f"stub job {COPY}"
WHOLE = f"{UNLINKED} link"

ADVISER, COUNTY, OTHER = "applewick-adviser", "hillshire-adviser", "marlbrook-adviser"
LEADER, OFFICER, STREETS = "applewick-leader", "applewick-officer", "applewick-streets"
INFORMATION, WORKER = "applewick-information", "cleanstreets-worker"

GIVEN = {"sharing": said("given")}
COUNTY_HOME = {"home": "hillshire", "keeper": "hillshire"}
AWAY = {"home": "applewick", "home_until": TODAY - DAY, "next_home": None}
PROTECTED, RESTRICTED = {"protected": True}, {"restricted": True}
JOB = {"ref": "q-000001"}
CLOSED = {**JOB, "status": "closed", "closed_at": NOW - HOUR}
PASSED = {"organisation": "cleanstreets", "agreement": "cleanstreets-whole"}
INTAKE = {"ref": "q-000001", "resident": None, "intake": True, "intake_home": "applewick", "permission": "given",
          "responsible": "hillshire", "taken_by": "marlbrook", "contact": "k-marlbrook"}
DEFAULT = {"ref": "r-000001", "home": "applewick", "keeper": "applewick"}


@dataclass(frozen=True)
class Ask:
    """One hat's question in one small scene; `about` is resident, request, contact, or floor."""

    rule: str
    sentence: str
    hat: str
    purpose: str
    expected: str
    resident: dict = field(default_factory=dict)
    request: dict | None = None
    passed: dict | None = None
    about: str = "resident"
    in_contact: bool = True
    talk: dict = field(default_factory=dict)


def scene(ask: Ask) -> World:
    hat = HATS[ask.hat]
    contacts = [Contact(f"k-{council}", f"c-{council}", council, f"{council}-resting", NOW - HOUR, NOW - HOUR / 2)
                for council in ("applewick", "hillshire", "marlbrook")]
    contacts.append(Contact("k-theirs", "c-theirs", "hillshire", "hillshire-resting", NOW - HOUR))
    contacts.append(Contact("k-own", "c-own", hat.organisation, hat.key, NOW - HOUR))
    contacts.append(replace(Contact("k-seen", "c-seen", "hillshire", "hillshire-adviser",
                                    NOW - 9 * DAY, NOW - 8 * DAY, "r-000001"),
                            **ask.talk))
    job = {"lgsl": 376, "taken_by": "hillshire", "responsible": "applewick", "contact": "k-hillshire",
           "resident": "r-000001", **(ask.request or {})}
    given = {"request": "q-000001", "start": NOW - DAY, **(ask.passed or {})}
    return World(TODAY, ON, NOW, **FACTS, contacts=tuple(contacts),
                 residents=(Resident(**(DEFAULT | ask.resident)),),
                 requests=(Request(**job),) if ask.request else (),
                 assignments=(Assignment(**given),) if ask.passed else ())


def first_answer(ask: Ask, world: World) -> set[str] | None:
    hat, contact = HATS[ask.hat], world.contact["k-own"] if ask.in_contact else None
    if ask.about == "request":
        return request_parts(world, hat, ask.purpose, world.requests[0], contact) or None
    if ask.about == "contact":
        return contact_parts(world, hat, ask.purpose, world.contact["k-seen"], contact) or None
    if ask.about == "floor":
        wall = floor(world, ask.purpose, hat.organisation, hat.person)
        return wall.residents | wall.requests or None
    if not exists_for(world, hat, ask.purpose, world.residents[0], ask.in_contact):
        return None
    return set(resident_groups(world, hat, ask.purpose, world.residents[0], ask.in_contact))


def second_answer(ask: Ask, world: World) -> set[str] | None:
    hat, contact, second = HATS[ask.hat], world.contact["k-own"] if ask.in_contact else None, Second(world)
    if ask.about == "request":
        return second.requests(hat, ask.purpose, contact).get("q-000001")
    if ask.about == "contact":
        return second.contacts(hat, ask.purpose, contact).get("k-seen")
    if ask.about == "floor":
        return set.union(*second.floor(ask.purpose, hat.organisation, hat.person)) or None
    seen = second.residents(hat, ask.purpose, ask.in_contact).get("r-000001")
    return None if seen is None else set(seen)


def asks(about: str, *rows: tuple) -> list[Ask]:
    names = ("resident", "request", "passed", "talk", "in_contact")
    return [Ask(*row[:5], about=about, **dict(zip(names, row[5:], strict=False))) for row in rows]
