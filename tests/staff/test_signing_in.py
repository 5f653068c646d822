"""Signing in and out with a browser: what the cookie holds, when it changes, and what ends it."""

import dataclasses
import re
import zlib
from datetime import timedelta

import argon2
from flask import Flask
from itsdangerous import base64_decode
from sqlalchemy import select

from app import create_app
from app.journal.models import Entry
from app.kernel.database import db
from app.kernel.ids import secret_hash
from app.staff.destinations import safe_next
from app.staff.models import Credential, Hat, Person, SignIn, SignInFailure
from app.staff.passwords import hasher
from tests.staff.conftest import PASSWORD, Browser, EachAlone, someone
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World


def secrets_alive(world: World) -> list[SignIn]:
    world.session.expire_all()
    return list(world.session.scalars(select(SignIn).where(SignIn.revoked_at.is_(None)).order_by(SignIn.created_at)))


def readable(cookie: str) -> bytes:
    """What anybody who has the cookie can read of it."""
    body = cookie.lstrip(".").split(".")[0]
    raw = base64_decode(body)
    return zlib.decompress(raw) if cookie.startswith(".") else raw


def events(world: World) -> list[str]:
    world.session.expire_all()
    return [entry.event for entry in world.session.scalars(select(Entry).order_by(Entry.number))]


def test_one_hat_signs_in_directly_and_the_frame_says_whose(application: Flask, world: World, browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    before = browser.cookie
    answer = browser.sign_in("  ADA.Marsh ")
    assert (answer.status_code, answer.location) == (303, "/")
    home = browser.get("/")
    assert home.status_code == 303
    page = browser.get("/account").text
    assert "Administrator, Taunton Deane Borough Council" in page and "Ada Marsh" in page and "Sign out" in page
    assert browser.cookie != before
    assert b"ada" not in readable(browser.cookie).lower() and b'_id"' not in readable(browser.cookie).replace(
        b"_user_id", b""
    )
    (row,) = secrets_alive(world)
    assert row.kind == "browser" and row.idle_minutes == 30 and row.expires_at - row.created_at == timedelta(hours=10)
    assert secret_hash(row.secret_hash) != row.secret_hash and len(row.secret_hash) == 64
    entry = world.session.scalars(select(Entry).where(Entry.event == "sign-in.begun")).one()
    assert entry.hat_id == row.hat_id and entry.organisation_id == world.organisations[BOROUGH].id


def test_a_cookie_from_before_signing_in_is_worth_nothing_after(application: Flask, world: World, browser: Browser,
                                                                other_browser: Browser) -> None:
    """Fixation: whoever planted a cookie must not be signed in by it. Rotation: nor by the one of an earlier sign-in.
    """
    someone(world, application, (BOROUGH, "administrator"))
    token = browser.token()
    planted = browser.cookie
    browser.client.post("/sign-in", data={"csrf_token": token, "username": "ada.marsh", "password": PASSWORD})
    first = browser.cookie
    other_browser.client.set_cookie("session", planted)
    assert other_browser.get("/account").location == "/sign-in?next=/account"
    browser.sign_in("ada.marsh")
    assert browser.cookie != first and len(secrets_alive(world)) == 1
    other_browser.client.set_cookie("session", first)
    assert other_browser.get("/account").status_code == 303
    # The token against forgery is not carried over either.
    assert browser.client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert browser.get("/account").status_code == 200


def test_signing_out_ends_the_secret_and_not_only_the_cookie(application: Flask, world: World, browser: Browser,
                                                             other_browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    browser.sign_in("ada.marsh")
    other_browser.client.set_cookie("session", browser.cookie)
    assert other_browser.get("/account").status_code == 200
    assert browser.post("/sign-out", page="/account").location == "/sign-in"
    assert other_browser.get("/account").status_code == 303
    assert secrets_alive(world) == []
    assert browser.post("/sign-out").location == "/sign-in"
    assert events(world) == ["sign-in.begun", "sign-in.ended"]


def test_without_its_token_no_form_is_taken(application: Flask, world: World, browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    browser.sign_in("ada.marsh")
    for path in ("/sign-in", "/sign-in/hat", "/sign-in/first", "/sign-out", "/account/hat", "/account/password",
                 "/account/sign-out-everywhere", "/users/new"):
        assert browser.client.post(path, data={"username": "ada.marsh", "password": PASSWORD}).status_code == 400, path
    assert len(secrets_alive(world)) == 1
    token = browser.token("/account")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for headers, status in ((foreign, 400), ({"Sec-Fetch-Site": "same-site"}, 400),
                            ({"Sec-Fetch-Site": "same-origin"}, 303)):
        assert browser.client.post("/sign-out", data={"csrf_token": token}, headers=headers).status_code == status


def test_behind_a_proxy_that_ends_tls_forms_are_taken_although_pages_tell_no_referrer(application: Flask,
                                                                                      world: World) -> None:
    settings = dataclasses.replace(application.config["JC_SETTINGS"], secure_cookies=True, hsts=True, proxy_hops=1)
    someone(world, application, (BOROUGH, "administrator"))
    behind = create_app(settings)
    client = EachAlone(behind, behind.response_class)
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9", "X-Forwarded-Host": "contact.example"}
    where = "https://contact.example"  # the client's cookies are those of the address that the browser sees
    page = client.get("/sign-in", headers=proxied, base_url=where)
    assert "__Host-session=" in page.headers["Set-Cookie"] and "Secure" in page.headers["Set-Cookie"]
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post("/sign-in", headers=proxied, base_url=where, data={
        "csrf_token": token, "username": "ada.marsh", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    with behind.app_context():
        db.engine.dispose()


BAD_FORMS: list[tuple[dict[str, object], str]] = [
    ({}, "Type your user name."),
    ({"username": "", "password": "x"}, "Type your user name."),
    ({"username": "   ", "password": "x"}, "Type your user name."),
    ({"username": "ada", "password": ""}, "Type your password."),
    ({"username": "a" * 201, "password": "x"}, "Use 200 characters at most."),
    ({"username": "ada", "password": "x" * 1001}, "Use 1000 characters at most."),
    ({"username": "a\u202eda\n", "password": "x"}, "on one line"),
    ({"username": "ada", "password": "x\0y"}, "not text"),
    ({"username": "ada' OR 1=1 --", "password": "x"}, "is not right"),
    ({"username": "<script>", "password": "x"}, "is not right"),
]


def test_bad_input_at_the_door_is_told_and_never_breaks_it(browser: Browser) -> None:
    for data, said in BAD_FORMS:
        answer = browser.post("/sign-in", data)
        assert answer.status_code == (400 if "\0" in str(data["password"] if data else "") else 422), data
        assert said in answer.text and "<script>" not in answer.text, data
    assert browser.get("/nowhere/a%00b").status_code == browser.get("/help?x=%00").status_code == 400


def test_wrong_passwords_close_the_door_alike_for_somebody_and_nobody(application: Flask, world: World,
                                                                     browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    told: dict[str, list[tuple[int, str]]] = {"ada.marsh": [], "nobody.here": []}
    for username in told:
        for _ in range(11):
            answer = browser.sign_in(username, "not the password")
            told[username].append(
                (
                    answer.status_code,
                    answer.text.replace(username, "X").partition("<main")[2].partition("csrf_token")[0],
                )
            )
    assert told["ada.marsh"] == told["nobody.here"]
    assert [status for status, _ in told["ada.marsh"]] == [422] * 9 + [429] * 2
    closed = browser.sign_in("ada.marsh")
    assert closed.status_code == 429 and "You can try again on" in closed.text
    assert 1 <= int(closed.headers["Retry-After"]) <= 15 * 60
    rows = list(world.session.scalars(select(SignInFailure)))
    assert sorted(row.failures for row in rows) == [10, 10, 20]
    assert all(re.fullmatch("[0-9a-f]{40}", row.subject) for row in rows), "neither a user name nor an address is kept"
    for row in rows:
        row.locked_until = row.locked_until and world.now
    world.session.commit()
    assert browser.sign_in("ada.marsh").status_code == 303
    world.session.expire_all()
    assert sorted(row.failures for row in world.session.scalars(select(SignInFailure))) == [10, 20]
    assert events(world).count("sign-in.failed") == 20


def test_an_address_that_guesses_at_many_names_is_closed_and_another_is_not(application: Flask, world: World,
                                                                            browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    browser.sign_in("somebody.else", "not the password")
    where = world.session.scalars(select(SignInFailure).order_by(SignInFailure.failures)).all()
    for row in where:
        row.failures = 99
    world.session.commit()
    browser.sign_in("a.third", "not the password")
    assert browser.sign_in("ada.marsh").status_code == 429
    elsewhere = browser.client.post("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.9"}, data={
        "csrf_token": browser.token(), "username": "ada.marsh", "password": PASSWORD})
    assert elsewhere.status_code == 303


def test_a_password_kept_at_another_cost_is_kept_anew(application: Flask, world: World, browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "administrator"), password=None)
    old = argon2.PasswordHasher(time_cost=2, memory_cost=128, parallelism=1).hash(PASSWORD)
    world.add(Credential(person_id=made.person_id, password_hash=old, changed_at=world.now))
    assert browser.sign_in("ada.marsh").status_code == 303
    world.session.expire_all()
    kept = world.session.get_one(Credential, made.person_id).password_hash
    assert kept != old and not hasher(application.config["JC_SETTINGS"]).check_needs_rehash(kept)
    assert browser.sign_in("ada.marsh").status_code == 303


def test_several_hats_are_chosen_from_and_until_then_nobody_speaks(application: Flask, world: World, browser: Browser,
                                                                   other_browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "administrator"), (COUNTY, "auditor"), (BINS, "contractor"),
                   (BINS, "adviser"))  # a contractor has no advisers: that hat is none
    answer = browser.sign_in("ada.marsh", next="/account")
    assert answer.location == "/sign-in/hat?next=/account"
    half = browser.cookie
    assert b"choosing" in readable(half)
    page = browser.get("/sign-in/hat").text
    assert "Auditor, Somerset County Council" in page and "Contractor, " in page and page.count('type="radio"') == 3
    assert browser.get("/account").status_code == 303
    (row,) = secrets_alive(world)
    assert row.hat_id is None and row.expires_at - row.created_at == timedelta(minutes=10)
    assert "Choose a hat." in browser.post("/sign-in/hat", {}, page="/sign-in/hat").text
    for wrong in (str(made.hats[BINS, "adviser"]), "nonsense", str(made.person_id)):
        assert browser.post("/sign-in/hat", {"hat": wrong}, page="/sign-in/hat").status_code == 422
    chosen = browser.post(
        "/sign-in/hat", {"hat": str(made.hats[COUNTY, "auditor"]), "next": "/account"}, page="/sign-in/hat"
    )
    assert chosen.location == "/account"
    assert "Auditor, Somerset County Council" in browser.get("/account").text
    other_browser.client.set_cookie("session", half)
    assert other_browser.get("/sign-in/hat").status_code == 303
    changed = browser.post("/account/hat", {"hat": str(made.hats[BINS, "contractor"])}, page="/account/hat")
    assert changed.status_code == 303
    rows = secrets_alive(world)
    assert [each.hat_id for each in rows] == [made.hats[BINS, "contractor"]]
    assert "Contractor, " in browser.get("/account").text


def test_a_choice_that_takes_too_long_is_begun_again(application: Flask, world: World, browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "administrator"), (COUNTY, "auditor"))
    browser.sign_in("ada.marsh")
    token = browser.token("/sign-in/hat")
    (row,) = secrets_alive(world)
    row.expires_at = world.now
    world.session.commit()
    answer = browser.client.post("/sign-in/hat", data={"csrf_token": token, "hat": str(made.hats[COUNTY, "auditor"])})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browser.get("/sign-in/hat").status_code == 303


def test_who_or_what_ended_is_out_with_the_next_request(application: Flask, world: World, browser: Browser,
                                                        other_browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "administrator"), (COUNTY, "auditor"))
    for each, hat in ((browser, (BOROUGH, "administrator")), (other_browser, (COUNTY, "auditor"))):
        each.sign_in("ada.marsh")
        each.post("/sign-in/hat", {"hat": str(made.hats[hat])}, page="/sign-in/hat")
        assert each.get("/account").status_code == 200
    world.session.get_one(Hat, made.hats[COUNTY, "auditor"]).valid_until = world.now.date()
    world.session.commit()
    assert other_browser.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200
    world.session.get_one(Person, made.person_id).ended_at = world.now
    world.session.commit()
    assert browser.get("/account").status_code == 303
    assert other_browser.sign_in("ada.marsh").status_code == 422


def test_nobody_without_a_hat_in_force_comes_in(application: Flask, world: World, browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "administrator"))
    world.session.get_one(Hat, made.hats[BOROUGH, "administrator"]).valid_until = world.now.date()
    world.session.commit()
    answer = browser.sign_in("ada.marsh")
    assert answer.status_code == 422 and "You have no hat in force" in answer.text
    assert secrets_alive(world) == []


def test_a_sign_in_ends_when_idle_and_after_its_hours(application: Flask, world: World, browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    for change in ({"seen_at": -timedelta(minutes=31)}, {"expires_at": timedelta(0)}):
        browser.sign_in("ada.marsh")
        assert browser.get("/account").status_code == 200
        (row,) = secrets_alive(world)
        for name, shift in change.items():
            setattr(row, name, world.now + shift)
        world.session.commit()
        assert browser.get("/account").location == "/sign-in?next=/account"
        row.revoked_at = world.now
        world.session.commit()


RETURNS = [
    ("/account", "/account"), ("/users", "/users"), ("//evil.example/", ""), ("https://evil.example/", ""),
    ("/\\evil.example", ""), ("/account?name=Okafor", ""), ("/nowhere", ""), ("/sign-in", ""), ("/api/v1/me", ""),
    ("/account\r\nX: y", ""), ("", ""), ("/%2f/evil", ""), ("javascript:alert(1)", ""),
]


def test_only_a_page_of_ours_is_returned_to(application: Flask) -> None:
    with application.test_request_context("/"):
        assert [(wanted, safe_next(wanted)) for wanted, _ in RETURNS] == RETURNS


def test_an_unknown_address_and_a_hidden_thing_look_the_same_signed_in_and_out(application: Flask, world: World,
                                                                              browser: Browser) -> None:
    assert browser.get("/nowhere").status_code == 404
    someone(world, application, (BOROUGH, "administrator"))
    browser.sign_in("ada.marsh")
    hidden = browser.get("/users/00000000-0000-7000-8000-000000000000")
    unknown = browser.get("/users/00000000-0000-7000-8000-000000000000/nowhere")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert "Ada Marsh" in unknown.text
    assert without_token(hidden.text) == without_token(unknown.text)


def without_token(page: str) -> str:
    """The page but for its token against forgery, which is another each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_new_password_ends_every_other_sign_in_and_tokens(application: Flask, world: World, browser: Browser,
                                                            other_browser: Browser) -> None:
    someone(world, application, (BOROUGH, "administrator"))
    browser.sign_in("ada.marsh")
    other_browser.sign_in("ada.marsh")
    token = browser.client.post("/api/v1/tokens", json={"username": "ada.marsh", "password": PASSWORD,
                                                        "organisation": BOROUGH, "role": "administrator"}).json["token"]
    first = browser.cookie
    new = "purple kettle under seven bridges"
    page = "/account/password"
    for data, said in (
        ({}, "Type your password as it is now."),
        ({"current": PASSWORD, "password": "short"}, "12 characters"),
        ({"current": PASSWORD, "password": PASSWORD}, "not the one you have"),
        ({"current": "wrong one here", "password": new}, "not your password as it is now"),
        ({"current": PASSWORD, "password": "Ada Marsh Ada Marsh"}, "has your name"),
    ):
        answer = browser.post(page, data, page=page)
        assert answer.status_code == 422 and said in answer.text
        assert new not in answer.text
    assert other_browser.get("/account").status_code == 200
    assert browser.post(page, {"current": PASSWORD, "password": new}, page=page).location == "/account?done=password"
    assert "Your password is changed" in browser.get("/account?done=password").text
    assert other_browser.get("/account").status_code == 303
    assert browser.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    other_browser.client.set_cookie("session", first)
    assert other_browser.get("/account").status_code == 303
    assert other_browser.sign_in("ada.marsh").status_code == 422
    assert other_browser.sign_in("ada.marsh", new).status_code == 303
    assert browser.post("/account/sign-out-everywhere", page="/account").location == "/sign-in"
    assert other_browser.get("/account").status_code == 303
    assert secrets_alive(world) == []


def test_a_joint_adviser_wears_the_hat_of_the_line_for_the_length_of_the_contact(application: Flask, world: World,
                                                                                browser: Browser) -> None:
    made = someone(world, application, (BOROUGH, "adviser"), (COUNTY, "adviser"))
    browser.sign_in("ada.marsh")
    browser.post("/sign-in/hat", {"hat": str(made.hats[BOROUGH, "adviser"])}, page="/sign-in/hat")
    assert "Adviser, Taunton Deane Borough Council" in browser.get("/help").text
    (row,) = secrets_alive(world)
    county = Wearer("", made.person_id, made.hats[COUNTY, "adviser"], row.id, world.organisations[COUNTY].id)
    assert 'href="/desk"' in browser.get("/help").text and 'href="/requests"' not in browser.get("/help").text
    contact = world.contact(county)
    shown = browser.get("/help").text
    assert 'href="/requests"' in shown
    assert "Adviser, Somerset County Council" in shown and "End contact" in shown
    refused = browser.post("/account/hat", {"hat": str(made.hats[COUNTY, "adviser"])}, page="/account")
    assert refused.status_code == 409 and "End the contact first" in refused.text
    assert browser.post("/sign-out", page="/account").status_code == 303
    world.session.refresh(contact)
    assert contact.ended_at is not None and contact.outcome == "abandoned"
