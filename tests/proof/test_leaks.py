"""Every call of the interface for programs, as every role: with something one may see, something hidden, something absent.
Nothing of a hidden resident comes out, and hidden and absent are the same answer but for the date."""

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import _each_feature, create_app
from app.kernel.database import db
from app.kernel.ids import new_reference
from app.policy.purposes import Purpose
from app.policy.routes import OPEN, REGISTERED, Registered, Without
from app.policy.words import ADVISING, Role
from app.policy.work import PURPOSE_OF
from app.residents.models import ResidentBirth, ResidentChannel, ResidentNeed
from tests import clusters
from tests.oracle.canaries import MARK, birth, canary, telephone, telltales
from tests.oracle.facts import GROUPS
from tests.proof.fillers import API, ELSEWHERE, FILLERS, Filler
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

HIDDEN = "r-000077"
# What may differ between any two answers: who asked when, the token of a form, and what names the question itself.
UNSTEADY = [re.compile(pattern) for pattern in (
    r'name="csrf_token"[^>]*value="[^"]*"', r'value="[^"]*"[^>]*name="csrf_token"', r'<meta name="csrf-token"[^>]*>',
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", r"\b[0-9A-HJ-NP-TV-Z]{3}(-[0-9A-HJ-NP-TV-Z]{3}){2}\b",
    r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", r"\d+:\d\d[ap]m")]
UNSTEADY_HEADERS = {"Date", "ETag", "Set-Cookie", "X-Request-Id", "Content-Length"}
PARTNERS = {Role.CONTRACTOR, Role.VOLUNTARY, Role.PARTNER_MANAGER}


@pytest.fixture(scope="module")
def application(template: str) -> Iterator[Flask]:
    with clusters.copy(template) as at:
        made = create_app(clusters.settings(at))
        made.config["WTF_CSRF_ENABLED"] = False
        # No context is left open: requests would share it, and with it who was found to be asking.
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def things(application: Flask) -> Iterator["Things"]:
    with World(application) as world:
        yield Things(world)


class Things:
    """What belongs to whoever asks, made afresh; what is hidden from them, made once; what never was."""

    def __init__(self, world: World) -> None:
        self.world = world
        digits = f"+44{telephone(HIDDEN)[1:]}"
        self.resident = world.resident(COUNTY, given=f"{MARK}anhidden", family=canary(HIDDEN, "name"), telephone=digits,
                                       lines=(canary(HIDDEN, "address"),), postcode="TA6 3AA")
        world.add(ResidentBirth(resident_id=self.resident.id, born=birth(HIDDEN)),
                  ResidentNeed(resident_id=self.resident.id, words=canary(HIDDEN, "needs")),
                  ResidentChannel(resident_id=self.resident.id, kind="email", value=canary(HIDDEN, "channels")))
        told = {"name": [{"given": "Zq", "family": canary(HIDDEN, "name")}], "address": [canary(HIDDEN, "address")]}
        self.request = world.request(COUNTY, COUNTY, resident=self.resident, copy=told)
        self.intake = world.request(COUNTY, COUNTY, copy=told, intake=True, permission="given",
                                    intake_home_id=world.organisations[COUNTY].id)
        self.contact = world.contact(world.wearer(COUNTY, "adviser"))
        self.person = world.wearer(COUNTY, "adviser").person_id
        self.telephone = digits
        world.session.commit()

    def hidden(self, about: str) -> str:
        return {"resident": self.resident.ref, "request": self.request.ref, "job": self.request.ref,
                "intake": self.intake.ref, "contact": self.contact.ref, "person": str(self.person),
                "telephone": self.telephone}[about.split(" ")[0]]

    def absent(self, about: str) -> str:
        return {"person": str(uuid.uuid4()), "telephone": "+447700900999"}.get(about, new_reference())

    def own(self, filler: Filler, wearer: Wearer, contact: Any) -> str:
        world, about = self.world, str(filler.about).split(" ")[0]
        if about == "resident":
            made = world.resident(BOROUGH)
            world.request(BOROUGH, BOROUGH, lgsl=530, resident=made, partner=BINS)
            return made.ref
        if about == "telephone":
            world.resident(BOROUGH, telephone="+441823999001")
            return "+441823999001"
        if about == "contact":
            return contact.ref
        if about == "intake":
            return self.own_intake()
        if about == "person":
            return str(world.wearer(BINS, "contractor").person_id)
        if filler.state == "with a partner":
            return world.request(BOROUGH, BOROUGH, lgsl=530, partner=BINS).ref
        if about == "job" or wearer.organisation_id == world.organisations[BINS].id:
            return self._job(filler.state)
        return world.request(BOROUGH, BOROUGH, lgsl=530, unit=None).ref

    def own_intake(self) -> str:
        return self.world.request(COUNTY, COUNTY, intake=True, permission="given",
                                  intake_home_id=self.world.organisations[BOROUGH].id).ref

    def _job(self, state: str) -> str:
        world, now = self.world, self.world.now
        done = {"accepted": ("accepted",), "started": ("accepted", "started")}.get(state, ())
        ended = {"ended_at": now, "ended_as": "completed", "dispose_by": date(2026, 12, 1)} if state == "completed" else {}
        made = world.request(BOROUGH, BOROUGH, lgsl=530,
                             status=state if state != "queued" else "assigned")
        world.assignment(made, BINS, **{f"{step}_at": now for step in done}, **ended)
        return made.ref


def routes() -> list[Registered]:
    for part in ("models", "scopes", "views", "api", "working_api"):
        _each_feature(part)
    return sorted((known for known in REGISTERED.values() if known.needs is not OPEN and known.api),
                  key=lambda known: (known.endpoint, known.method))


def may(application: Flask, known: Registered, role: Role) -> bool:
    if isinstance(known.needs, Without):
        return True
    organisation = BINS if role in PARTNERS else BOROUGH
    purpose = known.purpose or PURPOSE_OF.get(role, Purpose.ENQUIRY)
    rulebook = application.extensions["jc_gate"].desk.rulebook
    return all(rulebook.allowed(role, organisation, "-", need, purpose) for need in known.needs)


class Caller:
    """Somebody of a role who calls one route."""

    def __init__(self, things: Things, client: FlaskClient, known: Registered, role: Role) -> None:
        self.things, self.client, self.known, self.filler = things, client, known, FILLERS[known.endpoint]
        world = things.world
        self.wearer = world.wearer(BINS if role in PARTNERS else BOROUGH, str(role),
                                   kind="token" if known.api else "browser")
        self.contact = world.contact(self.wearer) if role in ADVISING and self.filler.in_contact else None
        self.intake = things.own_intake() if self.filler.about == "resident for an intake" else None

    def call(self, ref: str | None) -> TestResponse:
        known, filler = self.known, self.filler
        named = {"ref": ref, "key": ref} | ({"contact_ref": ref} if filler.about == "contact" else {}) | filler.path
        if filler.about == "resident for an intake":
            named["ref"] = self.intake
        if filler.about == "resident in one's own contact":
            named["contact_ref"] = self.contact.ref if self.contact else new_reference()
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(named[part.group(1)]), known.rule)
        body = filler.body(ref or "")
        with self.client.session_transaction() as session:
            session.clear()
            if not known.api:
                session["_user_id"] = self.wearer.secret
        if not known.api:
            return self.client.open(address, method=known.method, data=body or None)
        headers = dict(self.wearer.headers) | ({"Contact": self.contact.ref} if self.contact else {})
        if known.method == "PATCH":
            seen = self.client.get(f"/api/v1{address}", headers=headers)
            headers["If-Match"] = seen.headers.get("ETag", '"none"')
        return self.client.open(f"/api/v1{address}", method=known.method, headers=headers,
                                **({"json": body} if known.method != "GET" else {}))


def steady(response: TestResponse, typed: str | None) -> tuple[int, list, str]:
    """What is left of an answer when what may always differ is taken out, and what was typed is called the thing."""
    def plain(words: str) -> str:
        words = words.replace(typed, "THING") if typed else words
        for pattern in UNSTEADY:
            words = pattern.sub("…", words)
        return words

    headers = sorted((name, plain(value)) for name, value in response.headers if name not in UNSTEADY_HEADERS)
    return response.status_code, headers, plain(response.get_data(as_text=True))


def leaks(response: TestResponse) -> bool:
    words = (response.get_data(as_text=True) + str(response.headers)).lower()
    told = [text for group in GROUPS for text in telltales(HIDDEN, group)] + [f"{MARK}anhidden"]
    return any(text.lower() in words for text in told) or telephone(HIDDEN)[1:] in words.replace(" ", "")


def test_every_route_has_a_filler_or_a_reason() -> None:
    endpoints = {known.endpoint for known in routes()}
    assert endpoints - FILLERS.keys() - ELSEWHERE.keys() == set(), "routes that the sweep cannot fill"
    assert API.keys() - endpoints == set(), "fillers of routes that are gone"


@pytest.mark.parametrize("known", [k for k in routes() if k.endpoint not in ELSEWHERE],
                         ids=lambda known: f"{known.endpoint}")
def test_a_route_shows_what_is_ones_own_and_nothing_that_is_hidden(
        known: Registered, things: Things, application: Flask) -> None:
    filler, client, wrong, able = FILLERS[known.endpoint], application.test_client(), [], []
    for role in Role:
        caller = Caller(things, client, known, role)
        hidden = things.hidden(filler.about) if filler.about else None
        if not may(application, known, role):
            refused = caller.call(hidden or "000-000-000")
            if refused.status_code not in (403, 404, 409, 422) or leaks(refused):
                wrong.append((str(role), "may not, and got", refused.status_code))
            continue
        able.append(role)
        if hidden:
            absent = things.absent(str(filler.about))
            one, other = caller.call(hidden), caller.call(absent)
            typed_hidden = filler.about == "telephone" and hidden in one.get_data(as_text=True)
            if leaks(one) and not typed_hidden or leaks(other):
                wrong.append((str(role), "a canary", one.status_code))
            if steady(one, hidden) != steady(other, absent) and filler.about != "person":
                wrong.append((str(role), "hidden is not absent", steady(one, hidden), steady(other, absent)))
        own = caller.call(things.own(filler, caller.wearer, caller.contact) if filler.about else None)
        if own.status_code >= 400 or leaks(own):
            wrong.append((str(role), "one's own", own.status_code, own.get_data(as_text=True)[:1500]))
    assert wrong == []
    assert able or filler.why, "nobody may use it"
