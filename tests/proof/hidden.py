"""What is kept from whoever the sweep asks as: residents of every kind that is hidden, with a canary in every field, and
their requests, intakes, contacts and staff. ``n`` numbers them; a canary tells whose it is (`tests.oracle.canaries`)."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import phonenumbers
from flask import Flask
from phonenumbers import PhoneNumberFormat

from app.choices.models import Objection
from app.contacts.models import Contact, ContactNote, ContactPerson
from app.imports import safekeeping
from app.imports.models import ImportHandedBack, ImportPart, ImportRun
from app.kernel import config
from app.kernel.ids import new_key, new_reference
from app.matching import person as compared
from app.policy.words import PARTNER_ROLES, Role
from app.requests.models import Request, RequestNote
from app.residents.keys import keys_of
from app.residents.models import (
    Resident,
    ResidentBirth,
    ResidentChange,
    ResidentChannel,
    ResidentIdentity,
    ResidentKey,
    ResidentName,
    ResidentNeed,
    ResidentSensitive,
)
from app.staff.models import Person
from tests.oracle.canaries import MARK, birth, canary, telephone, telltales, word
from tests.oracle.facts import GROUPS
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

ANOTHER_PARTNER, ITS_SERVICE = "roadmend", 550
EVERYBODY = frozenset(Role)
# Who answers for rights sees what the council keeps, restricted or not.
ALL_BUT_THE_KEEPER = EVERYBODY - {Role.INFORMATION_OFFICER}
PARTNERS = PARTNER_ROLES | {Role.PARTNER_MANAGER}
POSTCODE = "TA1 1HE"
LOAD_HEADINGS = ["First name", "Family name", "Telephone", "E-mail address", "Address line 1", "Postcode"]
LOAD_FIELDS = ("given", "family", "telephone", "email", "line1", "postcode")
LETTERS = "abcdefghijklmnoprstu"


@dataclass(frozen=True)
class Thing:
    """What a question names, as it is typed; ``spelled`` are the other ways in which an answer may say it back."""

    typed: str
    spelled: tuple[str, ...] = ()
    beside: dict[str, str] = field(default_factory=dict)

    @property
    def spellings(self) -> list[str]:
        """Every way it may be said back, the longest first."""
        return sorted(filter(None, (self.typed, *self.spelled)), key=len, reverse=True)


@dataclass(frozen=True)
class Concealed:
    """Something hidden: what names it, the texts that betray it, and which roles it is hidden from."""

    about: str
    thing: Thing
    betrays: tuple[str, ...]
    roles: frozenset[Role] = EVERYBODY


def given(n: int) -> str:
    return _unlike(f"given {n}")


def family(n: int) -> str:
    return _unlike(f"family {n}")


def _unlike(words: str) -> str:
    """A name that sounds like no other one: what is alike would be found beside it, and by right."""
    digits = int.from_bytes(sha256(words.encode()).digest()[:8], "big")
    made = "".join(LETTERS[digits // 20**place % 20] for place in range(9))
    # Two names that begin with the same three letters are alike.
    return f"{made[:3]}{MARK}{made[3:]}".capitalize()


def e164(n: int) -> str:
    return f"+44{telephone(f'r-{n:06}')[1:]}"


def read_out(n: int) -> str:
    """The number as pages write it."""
    return phonenumbers.format_number(phonenumbers.parse(e164(n)), PhoneNumberFormat.NATIONAL)


def clues(n: int, ref: str) -> list[Thing]:
    """The questions that would find a resident, of every kind that the one box takes."""
    resident = f"r-{n:06}"
    whole, dialled, email = f"{given(n)} {family(n)}", telephone(resident), canary(resident, "channels")
    return [Thing(dialled, (e164(n), read_out(n))), Thing(email), Thing(f"{whole} {POSTCODE}"),
            Thing(f"{whole} {birth(resident).isoformat()}"), Thing(ref)]


def names(n: int) -> Thing:
    return Thing(f"{given(n)} {family(n)} {POSTCODE}", (given(n), family(n)))


def newcomer(n: int) -> Thing:
    """Somebody to be recorded who says what is on a hidden record, or on none."""
    resident = f"r-{n:06}"
    dialled, email = telephone(resident), canary(resident, "channels")
    return Thing(f"{given(n)} {family(n)} {dialled} {email}",
                 (dialled, e164(n), read_out(n), f"{dialled[:5]} {dialled[5:8]} {dialled[8:]}", email, given(n), family(n)))


def betraying(n: int) -> tuple[str, ...]:
    """Every text of a hidden resident's record."""
    resident = f"r-{n:06}"
    return tuple(text for group in GROUPS for text in telltales(resident, group)) + (
        given(n), family(n), read_out(n))


class Hidden:
    """One of everything that is hidden, from number ``first`` on: from a role, or from all roles but those it says."""

    def __init__(self, world: World, application: Flask, first: int, role: Role | None = None) -> None:
        self.world, self.role, self.found = world, role, list[Concealed]()
        self.keeper = world.wearer(COUNTY, "adviser", kind="token")
        self.talk = world.contact(world.wearer(COUNTY, "adviser"))
        with application.app_context():
            self.found += [*self._residents(first), *self._requests(first), *self._staff(first), *self._loads(first)]
            world.session.flush()

    def of(self, about: str, role: Role) -> list[Concealed]:
        return [each for each in self.found if each.about == about and role in each.roles]

    def _is_from(self, roles: frozenset[Role]) -> bool:
        return self.role is None or self.role in roles

    def any(self, about: str) -> Concealed:
        """One of that kind, for whoever may ask about none at all."""
        return next(each for each in self.found if each.about == about)

    def _residents(self, first: int) -> Iterator[Concealed]:
        world = self.world
        unasked = self.resident(first, COUNTY)
        withdrawn = self.resident(first + 1, COUNTY)
        world.choose(withdrawn, "sharing", "given", self.keeper)
        world.choose(withdrawn, "sharing", "withdrawn", self.keeper)
        objects = self.resident(first + 2, COUNTY)
        world.choose(objects, "sharing", "given", self.keeper)
        for organisation in (BOROUGH, BINS, "orchard-meals"):
            world.object(objects, organisation, self.keeper)
        away = self.resident(first + 3, None, keeper_id=world.organisations[COUNTY].id)
        everybodys = (unasked, withdrawn, objects, away)
        restricted = (self.resident(first + 4, BOROUGH, restricted=True),) if self._is_from(ALL_BUT_THE_KEEPER) else ()
        for n, row in enumerate((*everybodys, *restricted), first):
            roles = EVERYBODY if row in everybodys else ALL_BUT_THE_KEEPER
            betrays = (*betraying(n), row.ref, str(row.id))
            yield Concealed("resident", Thing(row.ref), betrays, roles)
            yield Concealed("clue", clues(n, row.ref)[n - first], (), roles)
        yield Concealed("name", names(first), ())

    def resident(self, n: int, home: str | None, **columns: Any) -> Resident:
        """A resident with a canary in every field of every group."""
        world, ref = self.world, f"r-{n:06}"
        made = world.resident(home, given=given(n), family=family(n), telephone=e164(n),
                              lines=(canary(ref, "address"),), postcode=POSTCODE, **columns)
        row = {"resident_id": made.id}
        world.add(ResidentName(kind="former", given=canary(ref, "name"), family=canary(ref, "name"), position=1, **row),
                  ResidentBirth(born=birth(ref), **row), ResidentNeed(words=canary(ref, "needs"), **row),
                  ResidentChannel(kind="email", value=canary(ref, "channels"), position=1, **row),
                  ResidentIdentity(contact_id=self.talk.id, matched=[word(ref, "identity")], at=world.now,
                                   hat_id=self.keeper.hat_id, **row),
                  ResidentSensitive(detail=canary(ref, "sensitive"), **row),
                  ResidentChange(grp="name", version=1, before=[], at=world.now, hat_id=self.keeper.hat_id, after=[
                      {"given": given(n), "family": family(n), "kind": "usual"}], **row),
                  Objection(organisation_id=world.organisations[ANOTHER_PARTNER].id, active=True, at=world.now,
                            reason=canary(ref, "choices"), hat_id=self.keeper.hat_id, **row))
        found_by = keys_of(compared.Person(emails=[canary(ref, "channels")], born=birth(ref)))
        world.add(*(ResidentKey(council_id=made.keeper_id, shared=made.shared, grp=grp, key=key, **row)
                    for grp, key in found_by))
        self._spoke(made, ref)
        world.session.refresh(made)
        return made

    def _spoke(self, resident: Resident, ref: str) -> Contact:
        world = self.world
        talk = world.contact(world.wearer(COUNTY, "adviser"), ended=True)
        world.add(ContactPerson(contact_id=talk.id, resident_id=resident.id),
                  ContactNote(contact_id=talk.id, resident_id=resident.id, words=canary(ref, "history"), at=world.now,
                              promised_by=date(2099, 1, 1), hat_id=self.keeper.hat_id))
        return talk

    def _requests(self, first: int) -> Iterator[Concealed]:
        county = self.world.organisations[COUNTY].id
        whose = self.resident(first + 5, COUNTY)
        yield Concealed("linked", Thing(whose.ref), (*betraying(first + 5), whose.ref, str(whose.id)))
        queued = self._request(first, COUNTY, resident=whose)
        passed = self._request(first + 1, COUNTY, lgsl=ITS_SERVICE, partner=ANOTHER_PARTNER, resident=whose)
        intake = self._request(first + 2, COUNTY, intake=True, permission="given", intake_home_id=county)
        rows = [(0, queued, EVERYBODY), (1, passed, EVERYBODY), (2, intake, EVERYBODY)]
        if self._is_from(PARTNERS):
            rows.append((3, self._request(first + 3, BOROUGH), PARTNERS))
        for n, row, roles in rows:
            betrays = (*self._betraying_request(first + n), row.ref, str(row.id))
            abouts = ("request", "job", "intake") if row is not intake else ("intake",)
            for at, about in enumerate(abouts):
                yield Concealed(about, Thing(row.ref), () if at else betrays, roles)
        yield Concealed("place in the list", Thing(place(queued.id)), ())
        for talk in (self.talk, self._spoke(whose, f"r-{first + 5:06}")):
            yield Concealed("contact", Thing(talk.ref), (talk.ref, str(talk.id)))

    def _request(self, n: int, council: str, **columns: Any) -> Request:
        ref, world = f"q-{n:06}", self.world
        copy = {"name": [{"given": canary(ref, "name"), "family": canary(ref, "name"), "kind": "usual"}],
                "address": [{"lines": [canary(ref, "address")], "postcode": POSTCODE}],
                "channels": {"telephones": [e164(n + 500)], "emails": [canary(ref, "channels")]},
                "needs": [canary(ref, "needs")]}
        made = world.request(council, council, copy=copy, **columns)
        world.add(RequestNote(request_id=made.id, words=canary(ref, "history"), at=world.now, hat_id=self.keeper.hat_id,
                              organisation_id=world.organisations[council].id))
        return made

    def _betraying_request(self, n: int) -> tuple[str, ...]:
        ref = f"q-{n:06}"
        return (*(word(ref, group) for group in ("name", "address", "needs", "history")),
                word(ref, "channels").lower(), *telltales(f"r-{n + 500:06}", "channels")[1:], read_out(n + 500))

    def _staff(self, first: int) -> Iterator[Concealed]:
        """Somebody of another organisation, whom a partner's manager does not look after."""
        worn = self.world.wearer(COUNTY, "adviser")
        person = self.world.session.get_one(Person, worn.person_id)
        person.name = canary(f"k-{first + 100:06}", "history").removesuffix(" noted.")
        manager = frozenset({Role.PARTNER_MANAGER})
        yield Concealed("person", Thing(str(worn.person_id)), (person.name, person.username, str(person.id)), manager)
        yield Concealed("hat", Thing(str(worn.hat_id)), (), manager | {Role.ADMINISTRATOR})
        yield Concealed("worn hat", Thing(str(worn.hat_id)), ())
        yield Concealed("username", Thing(person.username), ())


    def _loads(self, first: int) -> Iterator[Concealed]:
        """A file that the other council brought, with somebody in it who came back."""
        secret = _unlike(f"load {first}")
        run = load(self.world, COUNTY, self.keeper, f"{secret}.csv", "checked")
        yield Concealed("load", Thing(run.ref), (secret, run.ref, str(run.id)), EVERYBODY)


def load(world: World, council: str, by: Wearer, name: str, step: str) -> ImportRun:
    """A load of one row, its file sealed, with a row that was handed back."""
    key = config.read("test", environ={}).data_key
    made = ImportRun(id=new_key(), ref=new_reference(), organisation_id=world.organisations[council].id, person_id=by.person_id,
                     file_name=name, size=9, headings=LOAD_HEADINGS, fields=dict(zip(LOAD_HEADINGS, LOAD_FIELDS, strict=True)),
                     encoding="utf-8", step=step, round=1, rows=2, position=2, fine=1, failed=1, notes={}, problems=[], words=[],
                     created_at=world.now, step_at=world.now, seen_at=world.now)
    world.add(made)
    text = f"{','.join(LOAD_HEADINGS)}\nAma,Owusu,,,9 Lost Lane,TA1 1HE\n".encode()
    told = {"faults": [["Postcode", f"“{name}” is not a postcode"]], "cells": [name]}
    world.add(ImportPart(run_id=made.id, number=0, sealed=safekeeping.seal(key, text, made.id, "part 0")),
              ImportHandedBack(run_id=made.id, round=1, line=3, loaded=False,
                               sealed=safekeeping.seal_value(key, told, made.id, "row 1 3 False")))
    return made


def place(key: uuid.UUID) -> str:
    """The place in a list of requests that comes after this one."""
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def the_place_beside(typed: str) -> str:
    """A place that is nobody's, with no room for a request between the two."""
    key = uuid.UUID(bytes=base64.urlsafe_b64decode(typed + "=="))
    return place(uuid.UUID(int=key.int - 1))
