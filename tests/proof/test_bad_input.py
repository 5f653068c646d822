"""Bad input for every API call and every form there is, found from the map of addresses so that a new one cannot be forgotten: the
answer says what is wrong, and is never a failure of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema
from werkzeug.test import TestResponse

from app import create_app
from app.kernel.database import db
from app.policy.routes import Registered, Without, gate
from app.policy.words import Role
from app.policy.work import PURPOSE_OF
from tests import clusters
from tests.proof.mapped import registered
from tests.world import BINS, BOROUGH, Wearer, World

# What people paste, what programs get wrong, what somebody tries on.
JUNK: tuple[Any, ...] = (None, "", " ", "x" * 10_001, "\x00", "\u202eabc", "💥", "'; DROP TABLE resident; --", "<script>1</script>",
                         0, -1, 10**30, 1.5, True, [], {}, [None], ["x" * 300] * 50, {"x": {"y": []}}, "31/02/2014", "NaN")
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429})
PLACE = {"ref": "000-000-000", "organisation": "nobody", "lgsl": "999999", "verb": "nothing"}
PARTNER_ROLES = {Role.CONTRACTOR, Role.VOLUNTARY, Role.PARTNER_MANAGER}


@pytest.fixture(scope="module")
def client(template: str) -> Iterator[tuple[FlaskClient, World]]:
    with clusters.copy(template) as at:
        application = create_app(clusters.settings(at))
        application.config["WTF_CSRF_ENABLED"] = False
        with application.app_context(), World(application) as world:
            yield application.test_client(), world
            db.engine.dispose()


@pytest.fixture(scope="module")
def wearers(client: tuple[FlaskClient, World]) -> dict[Role, tuple[Wearer, dict[str, str]]]:
    """Somebody of every role, with a contact open where the role has contacts."""
    found = {}
    for role in Role:
        wearer = client[1].wearer(BINS if role in PARTNER_ROLES else BOROUGH, str(role), kind="token")
        headers = dict(wearer.headers)
        if role in (Role.ADVISER, Role.TEAM_LEADER):
            headers["Contact"] = client[1].contact(wearer).ref
        found[role] = (wearer, headers)
    return found


def _map() -> list[Registered]:
    """Every call and form that sends something."""
    return sorted((known for known in registered() if known.method != "GET"), key=lambda known: (known.rule, known.method))


def _may(known: Registered) -> Role:
    """A role that may do what the route needs, so that the input is what is judged."""
    rulebook = gate().desk.shelf.shipped
    if isinstance(known.needs, Without):
        return Role.ADVISER
    for role in Role:
        organisation = BINS if role in PARTNER_ROLES else BOROUGH
        purposes = [known.purpose] if known.purpose else [PURPOSE_OF[role]]
        if any(all(rulebook.allowed(role, organisation, "-", need, purpose) for need in known.needs) for purpose in purposes):
            return role
    raise AssertionError(f"nobody may use {known.endpoint}")


def _address(known: Registered, junk: str | None = None) -> str:
    parts = []
    for part in known.rule.split("/"):
        if part.startswith("<"):
            kind, _, name = part.strip("<>").rpartition(":")
            parts.append(PLACE.get(name, "nothing") if junk is None else ("0" if kind == "int" else junk))
        else:
            parts.append(part)
    return ("/api/v1" if known.api else "") + "/".join(parts)


def _judged(response: TestResponse, known: Registered, sent: object, *, kept: bool) -> None:
    said = f"{known.method} {known.rule} with {str(sent)[:80]!r}: {response.status_code}"
    if response.status_code < 400:
        assert kept, f"{said}: junk was taken"
        return
    assert response.status_code in REFUSALS, f"{said}: {response.get_data(as_text=True)[:300]}"
    if known.api:
        assert response.mimetype == "application/problem+json", said
        assert {"type", "title", "status", "detail"} <= set(response.get_json()), said
        if response.status_code == 422:
            assert response.get_json()["errors"], said


@pytest.mark.parametrize("known", [k for k in _map() if k.api], ids=lambda known: f"{known.method} {known.rule}")
def test_an_api_call_refuses_junk_in_words(known: Registered, client: tuple[FlaskClient, World],
                                           wearers: dict[Role, tuple[Wearer, dict[str, str]]]) -> None:
    browser, (_, headers) = client[0], wearers[_may(known)]
    asked: dict[str, Any] = {"method": known.method, "headers": headers | {"If-Match": '"x"'}}
    for body in (b"", b"{", b"\xff\xfe", b"[]", b'"words"', b"null", b"12", b'{"nobody-asked-for-this": 1}'):
        response = browser.open(_address(known), data=body, content_type="application/json", **asked)
        _judged(response, known, body, kept=known.body is None)
    schema: Schema | None = known.body() if isinstance(known.body, type) else known.body
    for name, field in (schema.fields if schema else {}).items():
        for junk in JUNK:
            response = browser.open(_address(known), json={field.data_key or name: junk}, **asked)
            # One field alone may be a whole answer (a search), or be refused for what is missing beside it.
            _judged(response, known, {name: junk}, kept=True)
    if "<" in known.rule:
        for junk in ("%00", "..", "x" * 3000, "💥", "'--"):
            response = browser.open(_address(known, junk), json={}, **asked)
            _judged(response, known, junk, kept=False)


@pytest.mark.parametrize("known", [k for k in _map() if not k.api], ids=lambda known: f"{known.method} {known.rule}")
def test_a_form_refuses_junk_in_words(known: Registered, client: tuple[FlaskClient, World],
                                      wearers: dict[Role, tuple[Wearer, dict[str, str]]]) -> None:
    browser, world = client
    role = _may(known)
    wearer = world.wearer(BINS if role in PARTNER_ROLES else BOROUGH, str(role))
    if role in (Role.ADVISER, Role.TEAM_LEADER):
        world.contact(wearer)
    names = ("q", "box", "name", "given", "family", "postcode", "line", "telephone", "email", "born-day", "born-month", "born-year",
             "channel", "outcome", "answer", "matter", "wording", "reason", "organisation", "lgsl", "note", "resident", "to",
             "username", "password", "role", "unit", "permission", "details", "answers", "ref", "contact", "token", "next")
    for junk in ("", "x" * 10_001, "\x00", "💥", "<script>1</script>", "-1", "31", "'; DROP TABLE resident; --"):
        with browser.session_transaction() as session:
            session.clear()
            session["_user_id"] = wearer.secret
        response = browser.open(_address(known), method=known.method, data=dict.fromkeys(names, junk))
        assert response.status_code < 500, f"{known.rule} with {junk[:20]!r}: {response.get_data(as_text=True)[:300]}"
        with browser.session_transaction() as session:
            session.clear()


def test_the_sweep_knows_every_address_that_takes_something(application: Flask) -> None:
    taking = {(rule.endpoint, method) for rule in application.url_map.iter_rules()
              for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}
    assert taking == {(known.endpoint, known.method) for known in _map()}
