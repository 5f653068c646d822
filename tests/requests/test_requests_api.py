"""Contacts and requests as a program meets them: the promises of the interface, told by status and body."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.contacts.models import Contact
from app.kernel.ids import new_reference
from app.requests.models import Request
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

BIN = {"lgsl": 530, "postcode": "ta11he", "details": {"how-many": 2, "reason": "Broken"}}
MEAL = {"lgsl": 315, "postcode": "TA6 3AA", "details": {"days": "Weekdays", "start": "2014-09-08"}}
CALLER = {"name": "Rosa Field", "telephone": "01632 960 011", "address": "3 Bridge Row"}


class Program:
    """Somebody's program: its token, and the contact it names."""

    def __init__(self, client: FlaskClient, wearer: Wearer) -> None:
        self.client, self.headers = client, dict(wearer.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers | headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def open(self, line: str, **body: str) -> str:
        answer = self.post("/contacts", {"channel": "telephone", "line": line} | body)
        assert answer.status_code == 201, answer.json
        self.headers["Contact"] = answer.json["ref"]
        return answer.json["ref"]  # type: ignore[no-any-return]


@pytest.fixture
def borough(client: FlaskClient, world: World) -> Program:
    return Program(client, world.wearer(BOROUGH, "adviser", kind="token"))


def test_a_call_from_beginning_to_end(client: FlaskClient, world: World, borough: Program) -> None:
    resident = world.resident(BOROUGH, telephone="+441632960001")
    assert borough.post("/requests", BIN).status_code == 409
    assert borough.post("/requests", BIN).json["type"] == "/problems/contact-needed"
    contact = borough.open("borough-main")
    named = borough.post(f"/contacts/{contact}/person", {"resident": resident.ref})
    assert (named.status_code, named.json["person"], named.json["organisation"]) == (200, resident.ref, BOROUGH)
    taken = borough.post("/requests", BIN | {"resident": resident.ref}, **{"Idempotency-Key": "one"})
    assert taken.status_code == 201, taken.json
    assert (taken.json["taken_by"], taken.json["responsible"], taken.json["provider"], taken.json["status"]) == (
        BOROUGH, BOROUGH, BINS, "assigned")
    assert taken.json["promised_by"]
    assert taken.json["because"]
    again = borough.post("/requests", BIN | {"resident": resident.ref}, **{"Idempotency-Key": "one"})
    assert (again.status_code, again.json["ref"]) == (201, taken.json["ref"])
    other = borough.post("/requests", MEAL | {"resident": resident.ref}, **{"Idempotency-Key": "one"})
    assert other.status_code == 409
    assert world.session.scalar(select(func.count()).select_from(Request)) == 1

    seen = borough.get(f"/requests/{taken.json['ref']}").json
    assert seen["resident"] == resident.ref
    assert "name" not in seen, "the adviser sees the record, not the request's copy"
    assert seen["details"] == BIN["details"]
    job = Program(client, world.wearer(BINS, "contractor", kind="token")).get(f"/requests/{taken.json['ref']}").json
    assert job["name"] == [{"given": "Chidi", "family": "Okafor", "kind": "usual"}]
    assert job["channels"]["telephones"] == ["+441632960001"]
    assert "birth" not in job
    listed = borough.get("/requests?mine=true&status=assigned").json
    assert ([item["ref"] for item in listed["items"]], listed["next"]) == ([taken.json["ref"]], None)

    ended = borough.post(f"/contacts/{contact}/end", {"outcome": "resolved", "resolved_at_first_contact": True})
    assert (ended.status_code, ended.json["outcome"]) == (200, "resolved")
    assert borough.post(f"/contacts/{contact}/end",
                        {"outcome": "resolved", "resolved_at_first_contact": True}).status_code == 409
    assert borough.get(f"/requests/{taken.json['ref']}").status_code == 409


def test_hidden_and_absent_are_the_same_bytes(client: FlaskClient, world: World, borough: Program) -> None:
    hidden, theirs = world.resident(COUNTY), Program(client, world.wearer(COUNTY, "adviser", kind="token"))
    contact = borough.open("borough-main")
    theirs.open("county-main")
    meal = theirs.post("/requests", MEAL | {"intake": CALLER, "permission": "given"})
    assert meal.status_code == 201, meal.json
    absent = new_reference()
    asked: tuple[tuple[tuple[str, str], Callable[[str], TestResponse]], ...] = (
            ((hidden.ref, absent), lambda ref: borough.post(f"/contacts/{contact}/person", {"resident": ref})),
            ((hidden.ref, absent), lambda ref: borough.post("/requests", BIN | {"resident": ref})),
            ((hidden.ref, absent), lambda ref: borough.post(
                "/contacts", {"channel": "telephone", "line": "borough-main", "person": ref})),
            ((meal.json["ref"], absent), lambda ref: borough.get(f"/requests/{ref}")),
            ((theirs.headers["Contact"], absent), lambda ref: borough.post(
                f"/contacts/{ref}/end", {"outcome": "resolved", "resolved_at_first_contact": True})))
    for refs, ask in asked:
        answers = [ask(ref) for ref in refs]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
        kept = [{name: value for name, value in answer.headers if name not in ("Date", "X-Request-Id")}
                for answer in answers]
        assert kept[0] == kept[1]
    assert borough.get("/requests").json == {"items": [], "next": None}


def test_an_intake_without_permission_leaves_nothing_and_gives_a_number(world: World, borough: Program) -> None:
    borough.open("borough-main")
    told = borough.post("/requests", MEAL | {"intake": CALLER, "permission": "refused"})
    assert (told.status_code, told.json["ref"], told.json["status"]) == (200, None, "not-taken")
    assert told.json["ring"]["telephone"] == "+443001232224"
    assert world.session.scalar(select(func.count()).select_from(Request)) == 0
    given = borough.post("/requests", MEAL | {"intake": CALLER, "permission": "given"})
    assert (given.status_code, given.json["responsible"], given.json["provider"]) == (201, COUNTY, "orchard-meals")
    seen = borough.get(f"/requests/{given.json['ref']}").json
    assert seen["name"][0]["family"] == "Field"
    ending = {"outcome": "passed-on", "resolved_at_first_contact": True}
    borough.post(f"/contacts/{borough.headers['Contact']}/end", ending)
    borough.open("borough-main")
    seen = borough.get(f"/requests/{given.json['ref']}").json
    assert (seen["status"], seen["responsible"]) == ("assigned", COUNTY)
    assert not {"name", "address", "channels", "postcode", "details", "because", "resident"} & seen.keys()


def test_bad_input_is_told_field_by_field(world: World, borough: Program) -> None:
    contact = borough.open("borough-main")
    for path, body, fields in (
            ("/contacts", {}, {"channel", "line"}),
            ("/contacts", {"channel": "telegraph", "line": "borough-main"}, {"channel"}),
            ("/contacts", {"channel": "telephone", "line": "nowhere"}, {"line"}),
            ("/contacts", {"channel": "telephone", "line": "county-main"}, {"line"}),
            ("/contacts", {"channel": "telephone", "line": "borough-main", "name": "x"}, {"name"}),
            (f"/contacts/{contact}/person", {}, {"resident"}),
            (f"/contacts/{contact}/end", {}, {"outcome", "resolved_at_first_contact"}),
            (f"/contacts/{contact}/end", {"outcome": "gone", "resolved_at_first_contact": "perhaps"},
             {"outcome", "resolved_at_first_contact"}),
            (f"/contacts/{contact}/end", {"outcome": "answered", "resolved_at_first_contact": True, "note": "Mr X"},
             {"note"}),
            (f"/contacts/{contact}/end", {"outcome": "answered", "resolved_at_first_contact": True,
                                          "promised_by": "soon"}, {"promised_by"}),
            ("/requests", {}, {"lgsl", "postcode"}),
            ("/requests", BIN | {"lgsl": "thirty"}, {"lgsl"}),
            ("/requests", BIN | {"lgsl": 999_999}, {"lgsl"}),
            ("/requests", BIN | {"postcode": "TA1"}, {"postcode"}),
            ("/requests", BIN | {"answers": {"where": "road"}}, {"answers"}),
            ("/requests", BIN | {"answers": "road"}, {"answers"}),
            ("/requests", BIN | {"details": []}, {"details"}),
            ("/requests", BIN | {"details": {"how-many": 1}}, {"details"}),
            ("/requests", BIN, {"resident"}),
            ("/requests", BIN | {"intake": CALLER}, {"permission"}),
            ("/requests", BIN | {"intake": CALLER, "permission": "maybe"}, {"permission"}),
            ("/requests", BIN | {"intake": CALLER | {"birth": "1971-03-27"}, "permission": "given"}, {"intake"}),
            ("/requests", BIN | {"intake": "Rosa", "permission": "given"}, {"intake"}),
            ("/requests", BIN | {"colour": "green"}, {"colour"}),
            ("/routing/decision", {"lgsl": 530}, {"postcode"}),
            ("/routing/decision", {"lgsl": 999_999, "postcode": "TA1 1HE"}, {"lgsl"}),
            ("/places/lookup", {"postcode": ""}, {"postcode"}),
            ("/places/lookup", {"postcode": "SW1A 1AA"}, {"postcode"})):
        answer = borough.post(path, body)
        assert answer.status_code == 422, (path, body, answer.json)
        assert set(answer.json["errors"]) == fields, (path, body, answer.json)
    assert borough.get("/requests?limit=0").status_code == 422
    assert borough.get("/requests?status=lost").status_code == 422
    assert borough.get("/requests?after=%C3%A9").status_code == 422
    assert borough.post("/requests", BIN, **{"Idempotency-Key": "k" * 300}).status_code == 422
    signpost = borough.post("/requests", {"lgsl": 524, "postcode": "TA6 3AA"})
    assert (signpost.status_code, signpost.json["type"]) == (422, "/problems/signpost")
    assert signpost.json["signpost"]["homepage"] == "http://www.sedgemoor.gov.uk/"
    assert world.session.scalar(select(func.count()).select_from(Request)) == 0
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 1


def test_public_questions_need_no_contact_and_change_nothing(world: World, borough: Program) -> None:
    services = borough.get("/services?q=garden+bin").json
    assert services["items"][0]["lgsl"] == 530
    first = borough.get("/services?limit=2").json
    second = borough.get(f"/services?limit=2&after={first['next']}").json
    assert first["items"][-1]["lgsl"] < second["items"][0]["lgsl"]
    garden = borough.get("/services/530").json
    assert (garden["name"], garden["target"]) == ("Garden waste bin", "10 working days")
    assert {field["name"] for field in garden["fields"]} == {"how-many", "reason"}
    assert all(field["why"] for field in garden["fields"])
    assert [asked["key"] for asked in borough.get("/services/557").json["questions"]] == ["where"]
    assert borough.get("/services/999999").status_code == 404
    decided = borough.post("/routing/decision", {"lgsl": 530, "postcode": "TA1 1HE"}).json
    assert (decided["outcome"], decided["provider"]) == ("route", BINS)
    assert decided["will_see"] == ["name", "address", "channels", "needs"]
    asked = borough.post("/routing/decision", {"lgsl": 557, "postcode": "TA1 1HE"}).json
    assert (asked["outcome"], asked["question"]["key"], asked["provider"]) == ("ask", "where", None)
    bath = borough.post("/routing/decision", {"lgsl": 524, "postcode": "BA1 1AA"}).json
    assert (bath["outcome"], bath["signpost"]["homepage"]) == ("signpost", "http://www.bathnes.gov.uk/")
    place = borough.post("/places/lookup", {"postcode": "ta1 1he"}).json
    assert (place["postcode"], place["home"], {council["slug"] for council in place["councils"]}) == (
        "TA1 1HE", BOROUGH, {BOROUGH, COUNTY})


def test_a_list_is_paged_without_a_total(world: World, borough: Program) -> None:
    borough.open("borough-main")
    pothole = {"lgsl": 557, "postcode": "TA1 1HE", "answers": {"where": "road"}, "details": {
        "where": "By the bridge", "size": "Larger", "danger": True}}
    refs = [borough.post("/requests", pothole).json["ref"] for _ in range(3)]
    first = borough.get("/requests?limit=2").json
    second = borough.get(f"/requests?limit=2&after={first['next']}").json
    assert [item["ref"] for item in first["items"] + second["items"]] == refs[::-1]
    assert (second["next"], set(first)) == (None, {"items", "next"})
