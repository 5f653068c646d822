"""New or known: who is about to be recorded twice is shown first, and of what is out of sight nothing changes."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, text

from app.policy.work import Desk
from tests.doubles import TELEPHONE, born
from tests.signed_in import signed_in
from tests.world import BOROUGH, COUNTY, World

BODY: dict[str, Any] = {"name": [{"given": "Chidi", "family": "Okafor"}], "birth": "1971-03-27",
                        "address": [{"lines": ["12 Mill Lane"], "postcode": "TA1 1HE"}],
                        "channels": {"telephones": [TELEPHONE]}}
FORM = {"given": "Chidi", "family": "Okafor", "line1": "12 Mill Lane", "postcode": "TA1 1HE", "telephone1": "01632 960001",
        "birth-day": "27", "birth-month": "3", "birth-year": "1971", "needs": "Large print"}


def test_a_known_resident_is_shown_with_why_beside_what_was_typed_and_a_different_person_is_recorded(
        client: FlaskClient, world: World) -> None:
    known = born(world, world.resident(BOROUGH, telephone=TELEPHONE))
    browser = signed_in(client.application, world.adviser(BOROUGH))
    page = browser.post("/people/new", data=FORM | {"once": "one"})
    assert page.status_code == 422 and known.ref in page.text and "same date of birth" in page.text.lower()
    for typed in FORM.values():
        assert typed in page.text, typed
    again = browser.post("/people/new", data=FORM | {"once": "two", "another": "yes"})
    assert again.status_code == 303 and known.ref not in again.location
    shown = world.session.scalars(text("SELECT event FROM journal_entry WHERE event = 'resident.known'")).all()
    assert len(shown) == 1, "that the record was shown is in the journal"


def test_a_program_is_told_of_what_it_may_see_and_may_say_that_it_is_somebody_else(
        client: FlaskClient, world: World) -> None:
    known = born(world, world.resident(BOROUGH, telephone=TELEPHONE))
    worn = world.wearer(BOROUGH, "adviser", kind="token")
    headers = worn.headers | {"Contact": world.contact(worn).ref, "Idempotency-Key": "k"}
    told = client.post("/api/v1/residents", json=BODY, headers=headers)
    assert told.status_code == 409 and told.get_json()["type"].endswith("known-already")
    alike = told.get_json()["alike"]
    assert [each["ref"] for each in alike] == [known.ref] and alike[0]["bits"] > 10 and alike[0]["because"]
    assert client.post("/api/v1/residents", json=BODY | {"another": "perhaps"}, headers=headers).status_code == 422
    made = client.post("/api/v1/residents", json=BODY | {"another": True}, headers=headers)
    assert made.status_code == 201, made.get_json()
    assert client.post("/api/v1/residents", json=BODY | {"another": True}, headers=headers).get_json()["ref"] == (
        made.get_json()["ref"])


def test_every_line_of_an_address_is_compared_and_told(client: FlaskClient, world: World) -> None:
    """A flat on the first line, the street on the second, a town on the third: the caller begins with the street."""
    lines = ("Flat 2", "14 High Street", "Wellington")
    known = born(world, world.resident(BOROUGH, lines=lines))
    worn = world.wearer(BOROUGH, "adviser", kind="token")
    body = BODY | {"channels": {}, "address": [{"lines": ["14 High Street", "Wellington"], "postcode": "TA1 1HF"}]}
    told = client.post("/api/v1/residents", json=body, headers=worn.headers | {"Contact": world.contact(worn).ref})
    alike, = told.get_json()["alike"]
    assert alike["ref"] == known.ref and alike["address_line"] == "Flat 2, 14 High Street, Wellington, TA1 1HE"
    assert "Same house: 14" in {each["words"] for each in alike["because"]}


def test_a_hidden_record_changes_neither_the_answer_nor_the_statements_that_are_asked(
        client: FlaskClient, world: World, desk: Desk) -> None:
    """Nothing is computed of a record out of sight: the same statements are asked, so that the time tells nothing."""
    born(world, world.resident(COUNTY, telephone=TELEPHONE))
    answers = []
    for telephone, given in ((TELEPHONE, "Chidi"), ("+441632960777", "Osagie")):
        worn = world.wearer(BOROUGH, "adviser", kind="token")
        headers = worn.headers | {"Contact": world.contact(worn).ref}
        body = BODY | {"name": [{"given": given, "family": "Okafor"}], "channels": {"telephones": [telephone]}}
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, asked: list[str] = asked) -> None:
            asked.append(statement)

        event.listen(desk.engine, "before_cursor_execute", note)
        made = client.post("/api/v1/residents", json=body, headers=headers)
        event.remove(desk.engine, "before_cursor_execute", note)
        answers.append((made.status_code, sorted(made.get_json()), asked))
        # What was just recorded is visible, and would be found beside the next.
        world.session.execute(text("UPDATE resident SET restricted = true WHERE home_id = :h"), {"h": worn.organisation_id})
        world.session.commit()
    assert answers[0] == answers[1] and answers[0][0] == 201 and len(answers[0][2]) > 10
