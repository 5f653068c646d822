"""People with passwords at the door, and browsers to send them in with."""

import re
import uuid
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.config import Settings
from app.shell.assets import ensure_built
from app.staff.models import Credential, Hat, Person
from app.staff.passwords import hasher
from tests.world import World

PASSWORD = "tickle gravel nine lanterns"


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@dataclass(frozen=True)
class Someone:
    """A person who can sign in."""

    username: str
    person_id: uuid.UUID
    hats: dict[tuple[str, str], uuid.UUID]


class EachAlone(FlaskClient):
    """Sends each request as the server would: without what the one before left in the application's context."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return Context().run(super().open, *arguments, **options)


class Browser:
    """A browser that keeps its cookies and sends the token against forgery of the page it is on."""

    def __init__(self, application: Flask) -> None:
        self.client = EachAlone(application, application.response_class)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, object] | None = None, *, page: str = "/sign-in") -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(page), **(data or {})})

    def token(self, page: str = "/sign-in") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found is not None
        return found[1]

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/sign-in", {"username": username, "password": password, **more})

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("session")
        return found.value if found else ""


@pytest.fixture
def browser(application: Flask) -> Browser:
    return Browser(application)


@pytest.fixture
def other_browser(application: Flask) -> Browser:
    return Browser(application)


def someone(
    world: World,
    application: Flask,
    *hats: tuple[str, str],
    username: str = "ada.marsh",
    name: str = "Ada Marsh",
    password: str | None = PASSWORD,
) -> Someone:
    """A person with these hats, (organisation, role) each."""
    settings: Settings = application.config["JC_SETTINGS"]
    person = Person(username=username, name=name)
    world.add(person)
    given: Sequence[Hat] = [Hat(person_id=person.id, organisation_id=world.organisations[organisation].id, role=role,
                                valid_from=date(2014, 1, 1)) for organisation, role in hats]
    world.add(*given)
    if password is not None:
        world.add(Credential(person_id=person.id, password_hash=hasher(settings).hash(password), changed_at=world.now))
    return Someone(username, person.id, {hat: row.id for hat, row in zip(hats, given, strict=True)})
