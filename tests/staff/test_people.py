"""Looking after people: what an administrator and a partner's manager can do, and what neither can."""

import re
import uuid

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from app.journal.models import Entry
from app.kernel.config import libpq_url
from app.staff.models import Hat, Person, SignInWord
from tests.staff.conftest import Browser, Someone, someone
from tests.world import BINS, BOROUGH, COUNTY, World

NEW = {"username": "bo.field", "name": "Bo Field", "email": "", "role": "contractor", "organisation": BINS, "unit": ""}
CHOSEN = "purple kettle under seven bridges"


def signed_in(browser: Browser, made: Someone) -> Browser:
    assert browser.sign_in(made.username).status_code == 303
    return browser


def word_in(page: str) -> str:
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page)
    assert found is not None
    return found[0]


def test_somebody_new_gets_a_word_sets_a_password_with_it_once_and_signs_in(
    application: Flask, world: World, browser: Browser, other_browser: Browser
) -> None:
    manager = signed_in(browser, someone(world, application, (BINS, "partner_manager")))
    assert "Staff" in manager.get("/team").text
    made = manager.post("/team/new", NEW, page="/team/new")
    assert made.status_code == 201 and "Bo Field" in made.text
    word = word_in(made.text)
    assert manager.post("/team/new", NEW, page="/team/new").status_code == 422
    kept = world.session.scalars(select(SignInWord)).one()
    assert word.replace("-", "") not in kept.word_hash
    first = {"username": "Bo.Field", "word": word.lower().replace("-", " "), "password": CHOSEN}
    for wrong, said in (
        ({"word": "AAAA-AAAA-AAAA-AAAA"}, "is not right"),
        ({"username": "nobody.here"}, "is not right"),
        ({"password": "short"}, "12 characters"),
        ({"password": "Bo Field Bo Field"}, "has your name"),
        ({"word": ""}, "Type the one-time word"),
    ):
        answer = other_browser.post("/sign-in/first", first | wrong, page="/sign-in/first")
        assert answer.status_code == 422 and said in answer.text and CHOSEN not in answer.text
    assert other_browser.post("/sign-in/first", first, page="/sign-in/first").location == "/sign-in"
    assert other_browser.post("/sign-in/first", first, page="/sign-in/first").status_code == 422
    assert other_browser.sign_in("bo.field", CHOSEN).status_code == 303
    bo = world.session.scalars(select(Person).where(Person.username == "bo.field")).one()
    again = manager.post(f"/team/{bo.id}/word", page=f"/team/{bo.id}")
    assert other_browser.get("/account").status_code == 200
    late = world.session.scalars(select(SignInWord).where(SignInWord.used_at.is_(None))).one()
    late.expires_at = world.now
    world.session.commit()
    assert (
        other_browser.post("/sign-in/first", first | {"word": word_in(again.text)}, page="/sign-in/first").status_code
        == 422
    )
    facts = [entry.event for entry in world.session.scalars(select(Entry).order_by(Entry.number))]
    assert [event for event in facts if not event.startswith("sign-in")] == [
        "hat.given", "staff.added", "password.set", "password.word-made"]


BAD_PEOPLE = [
    ({"username": ""}, "Type a user name."),
    ({"username": "a b"}, "Use 3 to 64"),
    ({"username": "é" * 5}, "Use 3 to 64"),
    ({"username": "x" * 65}, "64 characters"),
    ({"username": "ada.marsh"}, "Somebody has this user name"),
    ({"name": " "}, "name"),
    ({"name": "x" * 201}, "200 characters"),
    ({"name": "Bo\x07"}, "on one line"),
    ({"email": "nonsense"}, "e-mail address"),
    ({"role": "adviser"}, "no such role"),
    ({"role": ""}, "Choose a role."),
    ({"role": "king"}, "no such role"),
    ({"organisation": COUNTY, "role": "adviser"}, "from the list"),
    ({"organisation": "nowhere"}, "from the list"),
    ({"unit": "nowhere"}, "no department"),
    ({"unit": "x" * 101}, "100"),
]


def test_bad_input_about_somebody_new_is_told_by_field(team: Browser, world: World) -> None:
    token = team.token("/team/new")
    for change, said in BAD_PEOPLE:
        answer = team.client.post("/team/new", data=NEW | change | {"csrf_token": token})
        assert answer.status_code == 422 and said in answer.text and "There is a problem" in answer.text, change
    assert len(world.session.scalars(select(Person)).all()) == 1


@pytest.fixture
def team(application: Flask, world: World, browser: Browser) -> Browser:
    return signed_in(browser, someone(world, application, (BINS, "partner_manager")))


def test_a_partners_manager_sees_and_changes_their_own_staff_alone(
    application: Flask, world: World, team: Browser
) -> None:
    council = someone(world, application, (COUNTY, "adviser"), username="cai.stone", name="Cai Stone", password=None)
    both = someone(world, application, (BINS, "contractor"), (COUNTY, "adviser"), username="dee.wood", name="Dee Wood",
                   password=None)
    listed = team.get("/team").text
    assert "Dee Wood" in listed and "Ada Marsh" in listed and "Cai Stone" not in listed and "Adviser" not in listed
    assert team.get(f"/team/{council.person_id}").status_code == 404
    assert team.get("/users").status_code == 403
    for path in (f"/team/{both.person_id}/end", f"/team/{both.person_id}/word"):
        assert team.post(path, page="/team").status_code == 409
    for path in (
        f"/team/{council.person_id}/end",
        f"/team/{council.person_id}/hats/{council.hats[COUNTY, 'adviser']}/end",
        f"/team/{both.person_id}/hats/{both.hats[COUNTY, 'adviser']}/end",
        f"/team/{both.person_id}/hats/{uuid.uuid4()}/end",
    ):
        assert team.post(path, page="/team").status_code == 404, path
    assert (
        team.post(f"/team/{both.person_id}/hats/{both.hats[BINS, 'contractor']}/end", page="/team").status_code == 303
    )
    world.session.expire_all()
    assert {hat.valid_until is None: hat.organisation_id for hat in world.session.scalars(
        select(Hat).where(Hat.person_id == both.person_id))} == {
        True: world.organisations[COUNTY].id, False: world.organisations[BINS].id}


def test_nobody_changes_their_own_hats_and_what_is_ended_is_out_at_once(
    application: Flask, world: World, browser: Browser, other_browser: Browser
) -> None:
    me = someone(world, application, (COUNTY, "administrator"))
    other = someone(world, application, (BOROUGH, "auditor"), username="eli.moor", name="Eli Moor")
    administrator = signed_in(browser, me)
    signed_in(other_browser, other)
    assert "Nobody changes their own hats" in administrator.get(f"/users/{me.person_id}").text
    hat = {"organisation": COUNTY, "role": "adviser"}
    for path in (f"/users/{me.person_id}/hats", f"/users/{me.person_id}/end", f"/users/{me.person_id}/word",
                 f"/users/{me.person_id}/hats/{me.hats[COUNTY, 'administrator']}/end"):
        assert administrator.post(path, hat, page="/users").status_code == 409
    one = f"/users/{other.person_id}"
    assert (
        administrator.post(f"{one}/hats", hat | {"organisation": BOROUGH, "role": "auditor"}, page=one).status_code
        == 422
    )
    assert administrator.post(f"{one}/hats", hat, page=one).status_code == 303
    assert "Adviser, Somerset County Council" in administrator.get(one).text
    assert other_browser.get("/account").status_code == 200
    assert administrator.post(f"{one}/hats/{other.hats[BOROUGH, 'auditor']}/end", page=one).status_code == 303
    assert other_browser.get("/account").status_code == 303
    assert other_browser.sign_in("eli.moor").status_code == 303
    assert administrator.post(f"{one}/end", page=one).status_code == 303
    assert other_browser.get("/account").status_code == 303
    assert administrator.post(f"{one}/hats", hat | {"role": "auditor"}, page=one).status_code == 409
    assert administrator.post(f"{one}/word", page=one).status_code in (400, 409)


def test_people_come_in_pages_by_name(application: Flask, world: World, browser: Browser) -> None:
    administrator = signed_in(browser, someone(world, application, (COUNTY, "administrator"), name="Zed Last"))
    world.add(*(Person(username=f"p{number:03}", name=f"Person {number:03}") for number in range(60)))
    first = administrator.get("/users").text
    following = re.search(r'href="(/users\?after=[^"]+)"', first)
    assert following is not None and "Person 049" in first and "Person 050" not in first
    second = administrator.get(following[1]).text
    assert "Person 050" in second and "Zed Last" in second and "?after=" not in second
    assert administrator.get("/users?after=nonsense").status_code == 404
    assert administrator.get(f"/users?after={uuid.uuid4()}").status_code == 200


def test_the_wall_itself_lets_no_office_touch_its_own_hats_or_anothers_staff(application: Flask, world: World) -> None:
    manager = world.wearer(BINS, "partner_manager")
    administrator = world.wearer(COUNTY, "administrator")
    auditor = world.wearer(COUNTY, "auditor")
    adviser = world.wearer(COUNTY, "adviser")
    settings = application.config["JC_SETTINGS"]

    def changed(secret: str, statement: str, *values: object, audience: str = "office") -> int | str:
        with psycopg.connect(libpq_url(settings.database_url)) as connection:
            connection.execute("SELECT set_config('jc.secret', %s, true), set_config('role', %s, true)",
                               [secret, f"{settings.role_prefix}_{audience}"])
            try:
                return connection.execute(statement, values).rowcount
            except psycopg.errors.InsufficientPrivilege:
                return "refused"
            finally:
                connection.rollback()

    give = ("INSERT INTO hat (id, person_id, organisation_id, role, valid_from) "
            "VALUES (gen_random_uuid(), %s, %s, 'adviser', now())")
    county, bins = world.organisations[COUNTY].id, world.organisations[BINS].id
    assert changed(administrator.secret, give, adviser.person_id, county) == 1
    assert changed(administrator.secret, give, administrator.person_id, county) == "refused"
    assert changed(manager.secret, give, adviser.person_id, county) == "refused"
    assert changed(manager.secret, give, manager.person_id, bins) == "refused"
    assert changed(auditor.secret, give, adviser.person_id, county) == "refused"
    assert changed(adviser.secret, give, adviser.person_id, county) == "refused"
    assert changed(adviser.secret, give, adviser.person_id, county, audience="council") == "refused"
    end = "UPDATE person SET ended_at = now() WHERE id = %s"
    assert changed(administrator.secret, end, adviser.person_id) == 1
    assert changed(administrator.secret, end, administrator.person_id) == 0
    assert changed(manager.secret, end, adviser.person_id) == 0
    word = ("INSERT INTO sign_in_word (id, person_id, word_hash, made_at, expires_at) VALUES "
            "(gen_random_uuid(), %s, 'x', now(), now())")
    assert changed(administrator.secret, word, adviser.person_id) == 1
    assert changed(administrator.secret, word, administrator.person_id) == "refused"
    assert changed(manager.secret, word, adviser.person_id) == "refused"
    for table in ("credential", "sign_in", "sign_in_word", "sign_in_failure"):
        assert changed(administrator.secret, f"SELECT * FROM {table}") == "refused"
    assert changed(manager.secret, "SELECT * FROM person") == 1
    assert changed(administrator.secret, "SELECT * FROM person") == 4
