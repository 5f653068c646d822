"""People from the command line: added, given hats, ended, given passwords; journalled under nobody's name."""

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.journal.models import Entry
from app.staff.models import Hat, Person
from tests.staff.conftest import Browser
from tests.staff.test_people import CHOSEN, word_in
from tests.world import BOROUGH, COUNTY, World


def run(application: Flask, *words: str, typed: str | None = None) -> Result:
    return application.test_cli_runner().invoke(args=["staff", *words], input=typed)


def test_the_first_administrator_is_added_and_comes_in_and_goes(
    application: Flask, world: World, browser: Browser
) -> None:
    added = run(
        application, "add", "Ada.Marsh", "--name", "Ada Marsh", "--organisation", COUNTY, "--role", "administrator"
    )
    assert added.exit_code == 0
    first = {"username": "ada.marsh", "word": word_in(added.output), "password": CHOSEN}
    assert browser.post("/sign-in/first", first, page="/sign-in/first").location == "/sign-in"
    assert browser.sign_in("ada.marsh", CHOSEN).status_code == 303
    assert run(application, "hat", "ada.marsh", BOROUGH, "auditor").exit_code == 0
    assert "Change hat" in browser.get("/account").text
    assert run(application, "end", "ada.marsh", "--organisation", COUNTY).exit_code == 0
    assert browser.get("/account").status_code == 303
    assert browser.sign_in("ada.marsh", CHOSEN).status_code == 303
    another = "seven bridges under a purple kettle"
    assert run(application, "password", "ada.marsh", typed=f"{another}\n{another}\n").exit_code == 0
    assert browser.get("/account").status_code == 303
    assert browser.sign_in("ada.marsh", CHOSEN).status_code == 422
    assert browser.sign_in("ada.marsh", another).status_code == 303
    assert "-" in word_in(run(application, "password", "ada.marsh", "--word").output)
    assert run(application, "end", "ada.marsh").exit_code == 0
    assert browser.get("/account").status_code == 303
    entries = [(entry.event, entry.person_id) for entry in world.session.scalars(select(Entry).order_by(Entry.number))
               if not entry.event.startswith("sign-in")]
    person = world.session.scalars(select(Person.id)).one()
    assert entries == [("hat.given", None), ("staff.added", None), ("password.set", person), ("hat.given", None),
                       ("hat.ended", None), ("password.word-made", None), ("staff.ended", None)]


CANNOT = [
    (["add", "a b", "--name", "A", "--organisation", COUNTY, "--role", "auditor"], "3 to 64"),
    (["add", "ada.marsh", "--name", " ", "--organisation", COUNTY, "--role", "auditor"], "the person's name"),
    (["add", "ada.marsh", "--name", "A", "--organisation", "nowhere", "--role", "auditor"], "no organisation"),
    (["add", "ada.marsh", "--name", "A", "--organisation", COUNTY, "--role", "contractor"], "has the roles adviser"),
    (
        ["add", "ada.marsh", "--name", "A", "--organisation", COUNTY, "--role", "adviser", "--unit", "x"],
        "no such department",
    ),
    (["hat", "nobody", COUNTY, "adviser"], "nobody has it"),
    (["end", "nobody"], "nobody has it"),
    (["password", "nobody", "--word"], "nobody has it"),
]


def test_a_command_that_cannot_be_done_says_why_and_does_nothing(application: Flask, world: World) -> None:
    for words, said in CANNOT:
        done = run(application, *words)
        assert done.exit_code == 1 and said in done.output and "Traceback" not in done.output, words
    assert world.session.scalars(select(Person)).all() == [] and world.session.scalars(select(Hat)).all() == []
