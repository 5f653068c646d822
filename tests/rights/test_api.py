"""The calls: who looked at a record, and why somebody may see it. Promises of the interface."""

from datetime import timedelta

import pytest
from flask import Flask

from app.kernel.ids import new_reference
from app.staff.models import SignIn
from tests.signed_in import Browser
from tests.world import BINS, BOROUGH, COUNTY, World


@pytest.fixture
def program(application: Flask) -> Browser:
    return Browser(application)


def test_the_journal_of_a_record_is_told_page_by_page(program: Browser, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer", kind="token"), world.resident(BOROUGH)
    path = f"/api/v1/residents/{resident.ref}/journal"
    assert program.get(path, headers=officer.headers).json == {"items": [], "next": None}
    for _ in range(2):
        program.get(path, headers=officer.headers)
    first = program.get(path + "?limit=2", headers=officer.headers).json
    line = first["items"][0]
    assert {"event": "journal.read", "role": "information_officer", "organisation": BOROUGH, "purpose": "rights",
            "policy_version": 1, "scopes": ["kept"], "groups": []}.items() <= line.items()
    assert line["at"].endswith("+00:00") and first["next"]
    second = program.get(path, query_string={"limit": 2, "after": first["next"]}, headers=officer.headers).json
    assert len(second["items"]) == 1 and second["next"] is None
    assert program.get(path + "?limit=0", headers=officer.headers).status_code == 422
    assert program.get(path + "?after=nonsense", headers=officer.headers).status_code == 422


def test_hidden_and_absent_records_have_the_same_journal_and_others_none(program: Browser, world: World) -> None:
    officer = world.wearer(BOROUGH, "information_officer", kind="token")
    answers = {program.get(f"/api/v1/residents/{ref}/journal", headers=officer.headers).text
               for ref in (world.resident(COUNTY, shared=True).ref, new_reference())}
    assert len(answers) == 1 and '"status": 404' in answers.pop().replace('":4', '": 4')
    for organisation, role in [(BOROUGH, "administrator"), (BOROUGH, "auditor"), (BINS, "contractor")]:
        headers = world.wearer(organisation, role, kind="token").headers
        path = f"/api/v1/residents/{world.resident(BOROUGH).ref}/journal"
        assert program.get(path, headers=headers).status_code == 403


def test_a_decision_is_told_with_its_reasons(program: Browser, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer", kind="token"), world.resident(BOROUGH)
    asked = {"organisation": COUNTY, "role": "adviser", "purpose": "enquiry", "group": "name", "resident": resident.ref}
    told = program.post("/api/v1/policy/decision", json=asked, headers=officer.headers)
    assert told.status_code == 200 and set(told.json) == {"outcome", "because", "would_change"}
    assert told.json["outcome"] == "missing" and told.json["because"] and told.json["would_change"]
    home = program.post("/api/v1/policy/decision", json=asked | {"organisation": BOROUGH}, headers=officer.headers).json
    assert home["outcome"] == "yes"
    past = program.post("/api/v1/policy/decision", json=asked | {"on": "2014-09-01T10:00:00+01:00"},
                        headers=officer.headers).json
    assert past["outcome"] == "nothing-allows" and "No policy was live" in past["because"][0]
    administrator = world.wearer(COUNTY, "administrator", kind="token")
    answers = {program.post("/api/v1/policy/decision", json=asked | {"resident": ref},
                            headers=administrator.headers).text for ref in (resident.ref, new_reference(), "x")}
    assert len(answers) == 1 and '"not-told"' in answers.pop()


def test_whoever_asks_after_being_away_for_a_while_does_not_wait_for_themselves(program: Browser, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer", kind="token"), world.resident(BOROUGH)
    signed_in = world.session.get_one(SignIn, officer.sign_in_id)
    signed_in.seen_at = before = world.now - timedelta(minutes=5)
    world.session.commit()
    asked = {"organisation": COUNTY, "role": "adviser", "purpose": "enquiry", "group": "name", "resident": resident.ref}
    assert program.post("/api/v1/policy/decision", json=asked, headers=officer.headers).status_code == 200
    world.session.refresh(signed_in)
    assert signed_in.seen_at > before


def test_a_decision_that_cannot_be_asked_for_says_why(program: Browser, world: World) -> None:
    headers = world.wearer(COUNTY, "administrator", kind="token").headers
    asked = {"organisation": COUNTY, "role": "adviser", "purpose": "enquiry", "group": "name"}
    for wrong, field in [({"role": "king"}, "role"), ({"group": "shoes"}, "group"),
                         ({"organisation": "x"}, "organisation"), ({"purpose": "gossip"}, "purpose"),
                         ({"on": "soon"}, "on"), ({"on": "9999-12-31T23:59:59-11:00"}, "on"), ({"more": 1}, "more"),
                         ({"role": 7}, "role")]:
        answer = program.post("/api/v1/policy/decision", json=asked | wrong, headers=headers)
        assert answer.status_code == 422 and field in answer.json["errors"], (wrong, answer.text)
    for organisation, role in [(BOROUGH, "adviser"), (BINS, "contractor"), (BOROUGH, "auditor")]:
        wearer = world.wearer(organisation, role, kind="token")
        assert program.post("/api/v1/policy/decision", json=asked, headers=wearer.headers).status_code == 403
