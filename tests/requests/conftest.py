"""What the tests of requests share: browsers and programs of people with a hat."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.shell.assets import ensure_built
from tests.world import Wearer


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


class Browser:
    """Somebody's browser: signed in, with the token of the forms at hand. Follows no redirect by itself."""

    def __init__(self, application: Flask, wearer: Wearer) -> None:
        self.client: FlaskClient = application.test_client()
        with self.client.session_transaction() as session:
            session["_user_id"] = wearer.secret
            session["csrf_token"] = wearer.secret
        self.token = URLSafeTimedSerializer(application.secret_key, salt="wtf-csrf-token").dumps(wearer.secret)

    def get(self, path: str) -> TestResponse:
        forget()
        return self.client.get(path)

    def read(self, path: str) -> str:
        """The words of a page, without its markup."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words_of(answer))
        return words_of(answer)

    def post(self, path: str, **form: Any) -> TestResponse:
        forget()
        return self.client.post(path, data={**form, "csrf_token": self.token})


def forget() -> None:
    """The tests' own application context would carry who asked from one request to the next; a server's does not."""
    for name in list(g):
        g.pop(name)


def words_of(answer: TestResponse) -> str:
    main = re.search(r"<main.*?</main>", answer.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", main[0] if main else answer.text).split())


def bytes_of(answer: TestResponse) -> bytes:
    """The page but for the token of its forms, which tells the second in which it was made."""
    return re.sub(rb'name="csrf_token" value="[^"]+"', b"", answer.data)


@pytest.fixture
def browser(application: Flask) -> Callable[[Wearer], Browser]:
    return lambda wearer: Browser(application, wearer)


class Program:
    """Somebody's program: every call with the token, and with the contact it names."""

    def __init__(self, application: Flask, wearer: Wearer) -> None:
        self.client: FlaskClient = application.test_client()
        self.headers = dict(wearer.headers)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        forget()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers | named)


@pytest.fixture
def program(application: Flask) -> Callable[[Wearer], Program]:
    return lambda wearer: Program(application, wearer)
