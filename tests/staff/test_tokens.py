"""Tokens for programs: given, told once, ended, and never given for a guess."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.ids import secret_hash
from app.staff.models import SignIn, SignInFailure
from tests.staff.conftest import PASSWORD, EachAlone, someone
from tests.world import BINS, BOROUGH, COUNTY, World

TOKENS = "/api/v1/tokens"


@pytest.fixture
def program(application: Flask) -> EachAlone:
    return EachAlone(application, application.response_class)


def wanted(**other: Any) -> dict[str, Any]:
    return {"username": "ada.marsh", "password": PASSWORD, "organisation": BOROUGH, "role": "adviser"} | other


def bearing(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_speaks_for_one_hat_until_it_is_ended_and_only_its_hash_is_kept(
        application: Flask, world: World, program: EachAlone) -> None:
    someone(world, application, (BOROUGH, "adviser"), (COUNTY, "auditor"))
    made = program.post(TOKENS, json=wanted(username=" ADA.marsh "))
    assert made.status_code == 201 and made.json["hat"] == {"organisation": BOROUGH, "role": "adviser"}
    token = made.json["token"]
    row = world.session.scalars(select(SignIn)).one()
    assert row.secret_hash == secret_hash(token) and row.kind == "token"
    assert made.json["expires_at"].startswith(row.expires_at.strftime("%Y-%m-%dT%H:%M:%S"))
    assert made.headers.get("Set-Cookie") is None
    me = program.get("/api/v1/me", headers=bearing(token))
    assert me.status_code == 200 and me.json["person"] == {"username": "ada.marsh", "name": "Ada Marsh"}
    assert "resident:find" in me.json["actions"] and "person:manage" not in me.json["actions"]
    assert program.get("/api/v1/me", headers={"Authorization": f"bearer {token}"}).status_code == 200
    assert program.delete(f"{TOKENS}/current", headers=bearing(token)).status_code == 204
    for answer in (
        program.get("/api/v1/me", headers=bearing(token)),
        program.delete(f"{TOKENS}/current", headers=bearing(token)),
        program.get("/api/v1/me"),
        program.get("/api/v1/me", headers={"Authorization": "Basic YTpi"}),
        program.delete(f"{TOKENS}/current"),
        program.get("/api/v1/me", headers=bearing("\xe9")),
    ):
        assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer" and answer.json["type"] == "/problems/not-signed-in"


def test_whatever_is_wrong_the_answer_is_the_same(application: Flask, world: World, program: EachAlone) -> None:
    someone(world, application, (BOROUGH, "adviser"), (BINS, "contractor"))
    answers = [
        program.post(TOKENS, json=wanted(**other))
        for other in (
            {"password": "not the password"},
            {"username": "nobody.here"},
            {"organisation": COUNTY},
            {"role": "administrator"},
            {"organisation": "nowhere"},
            {"role": "king"},
            {"unit": "no-such-department"},
            {"organisation": BINS},
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert world.session.scalars(select(SignIn)).all() == []


def test_too_many_guesses_are_told_when_to_come_back_and_it_is_true(application: Flask, world: World,
                                                                    program: EachAlone) -> None:
    someone(world, application, (BOROUGH, "adviser"))
    answers = [program.post(TOKENS, json=wanted(password=f"guess {number}")).status_code for number in range(10)]
    assert answers == [401] * 9 + [429]
    closed = program.post(TOKENS, json=wanted())
    assert closed.status_code == 429 and closed.json["type"] == "/problems/too-many"
    assert 1 <= int(closed.headers["Retry-After"]) <= 900
    account = world.session.scalars(select(SignInFailure).where(SignInFailure.locked_until.is_not(None))).one()
    account.locked_until = world.now
    world.session.commit()
    assert program.post(TOKENS, json=wanted()).status_code == 201


BAD_BODIES: list[tuple[Any, set[str] | None]] = [
    ({}, {"username", "password", "organisation", "role"}),
    ([], {"_schema"}),
    ("text", {"_schema"}),
    (None, None),
    (wanted(username=1), {"username"}),
    (wanted(username=""), {"username"}),
    (wanted(username=None), {"username"}),
    (wanted(username="a" * 201), {"username"}),
    (wanted(password=["x"]), {"password"}),
    (wanted(password="x" * 1001), {"password"}),
    (wanted(password="a\0b"), {"password"}),
    (wanted(username="\ud800"), {"username"}),
    (wanted(organisation={}), {"organisation"}),
    (wanted(role="a\nb"), {"role"}),
    (wanted(unit=5), {"unit"}),
    (wanted(extra="x"), {"extra"}),
    (wanted(**{"\0": "x"}), {"_schema"}),
]


def test_every_field_says_what_is_wrong_with_it(program: EachAlone) -> None:
    for body, fields in BAD_BODIES:
        answer = program.post(TOKENS, json=body)
        assert answer.status_code == 422 and answer.json["type"] == "/problems/invalid", body
        assert fields is None or set(answer.json["errors"]) == fields, body
        assert PASSWORD not in answer.text


NO_JSON = [
    (b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"[" * 100_000, "application/json"),
    (b"username=ada", "application/x-www-form-urlencoded"), (b'{"username": "a"}', "text/plain"),
]


def test_a_body_that_is_not_json_is_malformed(program: EachAlone) -> None:
    for data, kind in NO_JSON:
        answer = program.post(TOKENS, data=data, content_type=kind)
        assert answer.status_code == 400 and answer.json["type"] == "/problems/malformed", data[:20]


def test_a_browsers_cookie_is_worth_nothing_to_the_interface(
    application: Flask, world: World, program: EachAlone
) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    page = program.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert (
        program.post("/sign-in", data={"csrf_token": token, "username": "ada.marsh", "password": PASSWORD}).status_code
        == 303
    )
    assert program.get("/account").status_code == 200
    assert program.get("/api/v1/me").status_code == 401
