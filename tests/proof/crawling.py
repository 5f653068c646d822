"""Somebody of a role who crawls: signs in at the door as people and programs do, and asks any route of the
map about anything."""

import re
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.contacts.models import Contact
from app.journal.models import Entry
from app.kernel.ids import secret_hash
from app.policy.routes import Registered
from app.policy.words import ADVISING, Role
from app.shell.assets import present_build
from app.staff.asking import CHOOSING
from app.staff.models import Credential, Hat, Person, SignIn
from app.staff.passwords import hasher
from tests.proof.filled_in import fields_of
from tests.proof.filler import A_REASON, Filler
from tests.proof.hidden import Thing
from tests.proof.things import PARTNERS, Things, organisation_of
from tests.world import Wearer

PASSWORD = "three quiet herons wading"


@cache
def _hashed(application: Flask) -> str:
    return hasher(application.config["JC_SETTINGS"]).hash(PASSWORD)


def another_role(role: Role) -> str:
    """A second role that the same organisation has."""
    if role in PARTNERS:
        return "partner_manager" if role is not Role.PARTNER_MANAGER else "contractor"
    return "auditor" if role is not Role.AUDITOR else "service_manager"


class Visitor:
    """A person with a hat, in a browser and with a program's token, or at the door with neither."""

    def __init__(self, application: Flask, things: Things, role: Role, comes: str = "signed in") -> None:
        self.application, self.things, self.role, self.comes = application, things, role, comes
        self.client: FlaskClient = application.test_client()
        worn = things.world.wearer(organisation_of(role), str(role))
        self.person_id, self.hat_id, self.organisation_id = worn.person_id, worn.hat_id, worn.organisation_id
        things.world.add(Credential(person_id=worn.person_id, password_hash=_hashed(application), changed_at=things.world.now))
        self.username = things.world.session.get_one(Person, worn.person_id).username
        self.browser = self.program = worn
        if comes == "signed in":
            self._enter()
        else:
            self._stand(worn)

    def _enter(self) -> None:
        """Through the door. What comes of it is read from the cookie and the answer, as a browser and a program would."""
        self.token = self._form_token("/sign-in")
        answer = self._send("/sign-in", {"username": self.username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        with self.client.session_transaction() as kept:
            self.browser = self._wearing(kept["_user_id"])
        self.token = self._form_token("/account")
        self.program = self._wearing(self._api_token())

    def _stand(self, worn: Wearer) -> None:
        """At the door, or inside with two hats and about to leave: the cookie is made by hand."""
        world = self.things.world
        if self.comes != "nobody":
            world.add(Hat(person_id=worn.person_id, organisation_id=worn.organisation_id, unit=None,
                          role=another_role(self.role), valid_from=world.now.date()))
        if self.comes == "choosing":
            world.session.get_one(SignIn, worn.sign_in_id).hat_id = None
            world.session.flush()
        with self.client.session_transaction() as kept:
            kept["csrf_token"] = self.username
            if self.comes != "nobody":
                kept["_user_id" if self.comes == "leaving" else CHOOSING] = worn.secret
        self.token = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(self.username)

    def _api_token(self) -> str:
        answer = self.client.post("/api/v1/tokens", json={
            "username": self.username, "password": PASSWORD, "organisation": organisation_of(self.role),
            "role": str(self.role)})
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["token"])

    def _form_token(self, page: str) -> str:
        self.things.world.session.commit()
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        assert found is not None, f"{page} has no form"
        return found[1]

    def _send(self, page: str, form: Mapping[str, str]) -> TestResponse:
        return self.client.post(page, data={**form, "csrf_token": self.token})

    def _wearing(self, secret: str) -> Wearer:
        row = self.things.world.session.scalars(select(SignIn).where(SignIn.secret_hash == secret_hash(secret))).one()
        return Wearer(secret, self.person_id, self.hat_id, row.id, self.organisation_id)

    def wearer(self, known: Registered) -> Wearer:
        return self.program if known.api else self.browser

    # In a conversation or in none

    def in_contact(self, known: Registered, filler: Filler) -> Contact | None:
        """Every conversation ends; one with nobody yet is opened where the route is used in one."""
        self._hang_up()
        if self.role not in ADVISING or not filler.in_contact or self.comes in ("nobody", "choosing"):
            return None
        return self.things.world.contact(self.wearer(known))

    def in_two_contacts(self) -> dict[bool, Contact]:
        """One in the browser and one for the program, by whether it is the program's."""
        self._hang_up()
        if self.role not in ADVISING:
            return {}
        return {False: self.things.world.contact(self.browser), True: self.things.world.contact(self.program)}

    def _hang_up(self) -> None:
        self.things.world.session.execute(
            update(Contact).where(Contact.person_id == self.person_id, Contact.ended_at.is_(None))
            .values(ended_at=func.now(), outcome="answered"))

    # Asking

    def ask(self, known: Registered, filler: Filler, thing: Thing | None, contact: Contact | None,
            *, bare: bool = False, own: bool = False, granted: bool = True) -> TestResponse:
        """Call the route about this thing. ``bare`` sends nothing of what belongs into the form or the body; ``own``
        takes what a form already has from the page it is on. Who is not granted it has nothing of their own."""
        typed = thing.typed if thing else ""
        asking = Asking(self, known, contact, thing, granted)
        body = {} if bare else {name: asking.meant(value) for name, value in filler.body(typed).items()}
        headers = {name: asking.meant(value) for name, value in filler.headers(typed).items()}
        address = asking.address(filler, typed)
        if filler.asks:
            self._ask_first(known, typed)
            address = asking.address(filler, typed)
        self.things.world.session.commit()
        if known.api:
            return self._program(known, filler, address, typed, body, headers, contact)
        beside = thing.beside if thing else {}
        form = MultiDict(self._filled_in(filler.reads.format(typed, **{"ref": typed} | beside)) if own and filler.reads else {})
        for name, value in body.items():
            form[name] = value
        form["csrf_token"] = self.token
        sent = {"data": form} if known.method != "GET" else {}
        return _read(self.client.open(address, method=known.method, headers=headers, **sent))

    def _program(self, known: Registered, filler: Filler, address: str, typed: str, body: dict[str, Any],
                 headers: dict[str, str], contact: Contact | None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.program.secret}"} | (
            {"Contact": contact.ref} if contact else {}) | headers
        if self.comes == "nobody":
            del headers["Authorization"]
        if filler.reads:
            headers["If-Match"] = self.client.get(filler.reads.format(typed), headers=headers).headers.get("ETag", '"x"')
        sent = {"json": body} if known.method != "GET" else {}
        return self.client.open(address, method=known.method, headers=headers, **sent)

    def _filled_in(self, page: str) -> list[tuple[str, str]]:
        found = fields_of(self.client.get(page).text, page.partition("?")[0])
        assert found is not None, f"{page} has no form of its own"
        return found

    def _ask_first(self, known: Registered, typed: str) -> None:
        """The question is kept and stands in an address, or is what this sign-in asked last."""
        self.things.world.session.commit()
        page = "/residents/find"
        self.last_question = self._send(page, {"wanted": typed} | A_REASON).headers.get("Location", "/find/x").rsplit("/", 1)[-1]

    last_question = "nothing asked"

    # What it left behind

    def mark(self) -> int:
        """The number of the newest entry of the journal."""
        return int(self.things.world.session.scalar(select(func.coalesce(func.max(Entry.number), 0))) or 0)

    def events_since(self, mark: int) -> set[str]:
        return set(self.things.world.session.scalars(select(Entry.event).where(Entry.number > mark)))


class Asking:
    """One question: what its names stand for, and the address it goes to."""

    def __init__(self, visitor: Visitor, known: Registered, contact: Contact | None, thing: Thing | None,
                 granted: bool) -> None:
        self.visitor, self.known, self.contact, self.thing, self.granted = visitor, known, contact, thing, granted

    def meant(self, value: Any) -> Any:
        """``own intake`` is one of the visitor's own; what is not said so stays."""
        visitor = self.visitor
        said = {"own council": "taunton-deane", "own organisation": organisation_of(visitor.role),
                "own role": str(visitor.role), "another role": another_role(visitor.role), "own password": PASSWORD,
                "new username": f"n{uuid.uuid4().hex[:10]}", "last question": visitor.last_question,
                "own style": f"{present_build().fingerprint}/{next(iter(present_build().files))}"}
        if not isinstance(value, str):
            return value
        if value == "own word":
            return visitor.things.word(visitor.browser)
        if value in said or not value.startswith("own "):
            return said.get(value, value)
        about = value.removeprefix("own ")
        if not self.granted and (about == "further resident" or about.endswith("draft")):
            return "000-000-000"
        if not self.granted:
            return visitor.things.any(about, visitor.role).typed
        return visitor.things.own(about, "", visitor.wearer(self.known), visitor.role, self.contact).typed

    def address(self, filler: Filler, typed: str) -> str:
        beside = self.thing.beside if self.thing else {}
        named = {name: self.meant(value) for name, value in filler.path.items() if name not in beside} | beside
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(named.get(part[1], typed)), self.known.rule)
        query = {name: self.meant(value) for name, value in filler.query(typed).items()}
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return ("/api/v1" if self.known.api else "") + path + (f"?{asked}" if asked else "")


def _read(answer: TestResponse) -> TestResponse:
    """The whole answer, with the file that it may come from closed."""
    answer.get_data()
    answer.close()
    return answer
