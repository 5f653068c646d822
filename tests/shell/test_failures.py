"""Failures as pages and as problem documents, and the headers that go out with everything."""

import json
import re

import pytest
from flask import Flask

from app.shell.headers import CONTENT_SECURITY_POLICY
from tests.shell import gallery

STATUS = {"hidden": 404, "sign-in": 401, "not-permitted": 403, "conflict": 409, "stale": 412, "too-many": 429,
          "invalid": 422, "not-ready": 503, "too-large": 413, "broken": 500}

NEW_EACH_TIME = ("X-Request-Id", "Set-Cookie")


def without_token(html: bytes) -> bytes:
    """The page without its CSRF tokens, which are new each second."""
    return re.sub(rb'name="csrf_token" value="[^"]+"', b"", html)


@pytest.mark.parametrize("name", STATUS)
def test_every_failure_is_a_page_with_one_heading_and_its_status(app: Flask, name: str) -> None:
    answer = app.test_client().get(f"/fails/{name}")
    assert answer.status_code == STATUS[name]
    assert answer.mimetype == "text/html"
    assert answer.get_data(as_text=True).count("<h1") == 1


@pytest.mark.parametrize("name", STATUS)
def test_every_failure_is_a_problem_document_for_programs(app: Flask, name: str) -> None:
    answer = app.test_client().get(f"/api/v1/fails/{name}")
    assert answer.status_code == STATUS[name]
    assert answer.mimetype == "application/problem+json"
    said = json.loads(answer.data)
    assert said["status"] == STATUS[name]
    assert said["type"].startswith("/problems/")
    assert said["title"] and said["detail"]


def test_a_problem_document_carries_the_facts_and_headers_of_its_failure(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/api/v1/fails/invalid").get_json()["errors"] == {
        "postcode": ["TA1 is not a whole postcode: add the last part."]
    }
    closed = client.get("/api/v1/fails/conflict").get_json()
    assert (closed["type"], closed["state"]) == ("/problems/closed", "closed")
    assert client.get("/api/v1/fails/too-many").headers["Retry-After"] == "60"
    assert client.get("/api/v1/fails/sign-in").headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("kind", ["anonymous", "hat", "contact"])
def test_hidden_and_absent_and_unknown_addresses_give_the_same_bytes(kind: str) -> None:
    client = gallery.make(kind).test_client()
    pages = [client.get(path) for path in ("/fails/hidden", "/fails/absent", "/no/such/address", "/static/none")]
    assert {page.status_code for page in pages} == {404}
    assert len({without_token(page.data) for page in pages}) == 1
    assert len({tuple((name, value) for name, value in page.headers if name not in NEW_EACH_TIME)
                for page in pages}) == 1


def test_hidden_and_absent_and_unknown_addresses_give_programs_the_same_bytes(app: Flask) -> None:
    client = app.test_client()
    answers = [client.get(f"/api/v1/{path}").data for path in ("fails/hidden", "fails/absent", "no/such/address")]
    assert len(set(answers)) == 1


def test_the_unforeseen_is_told_with_its_number_and_without_what_it_said(app: Flask) -> None:
    answer = app.test_client().get("/fails/broken?frame=hat")
    number = answer.headers["X-Request-Id"]
    assert number in answer.get_data(as_text=True)
    assert "Okafor" not in answer.get_data(as_text=True)
    assert "Okafor" not in app.test_client().get("/api/v1/fails/broken").get_data(as_text=True)


def test_a_form_without_its_token_is_refused_as_a_page(app: Flask) -> None:
    answer = app.test_client().post("/form", data={"family": "Okafor"})
    assert answer.status_code == 400
    assert "open too long" in answer.get_data(as_text=True)
    assert "SENT" not in app.config


def test_a_wrong_method_is_answered_with_those_allowed(app: Flask) -> None:
    wrong = app.test_client().put("/message")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/fails/hidden", "/fails/broken", "/api/v1/fails/stale", "/no/such/address"])
def test_every_answer_carries_the_security_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert headers["X-Request-Id"]


def test_browsers_are_held_to_https_only_where_the_setting_says_so() -> None:
    headers = gallery.make(hsts=True).test_client().get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
