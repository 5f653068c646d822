"""Choices for programs: recorded with their wording, in force at once, hidden with the resident."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.choices.models import Choice, Objection
from app.journal.models import Entry
from app.kernel.ids import new_reference
from app.residents.models import Resident, ResidentKey
from tests.residents.test_api import Program, recorded
from tests.world import BINS, BOROUGH, COUNTY, World

OUTSIDE = "BA1 1AA"
GIVEN = {"matter": "sharing", "answer": "given", "wording": "current", "channel": "telephone"}


@pytest.fixture
def borough(client: FlaskClient, world: World) -> Program:
    return Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"))


@pytest.fixture
def county(client: FlaskClient, world: World) -> Program:
    return Program(client, world, world.wearer(COUNTY, "adviser", kind="token"))


def said(program: Program, ref: str, **over: str) -> dict[str, Any]:
    answer = program("POST", f"/residents/{ref}/choices", GIVEN | over)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_sharing_opens_and_closes_the_record_at_once_and_says_so(
        borough: Program, county: Program, world: World) -> None:
    ref = recorded(borough).json["ref"]
    answer = said(borough, ref)
    assert answer["wording"] == "2014-1" and answer["answer"] == "given" and answer["loses"] == []
    assert [(sight["organisation"], sight["only_requests"]) for sight in answer["gains"]] == [(COUNTY, False)]
    assert "channels" in answer["gains"][0]["groups"] and "identity" not in answer["gains"][0]["groups"]
    assert county("GET", f"/residents/{ref}").json["choices"]["choices"]["sharing"]["answer"] == "given"
    assert all(world.session.scalars(select(ResidentKey.shared)))
    lost = said(borough, ref, answer="withdrawn")["loses"]
    assert [sight["organisation"] for sight in lost] == [COUNTY]
    assert county("GET", f"/residents/{ref}").status_code == 404 and county.find(q="07700 900123") == []
    now = borough("GET", f"/residents/{ref}/choices").json["choices"]
    assert now["sharing"]["answer"] == "withdrawn" and now["news"] == {"answer": "not-asked"}
    assert [row.answer for row in world.session.scalars(select(Choice).order_by(Choice.at))] == ["given", "withdrawn"]
    assert {tuple(facts) for facts in world.session.scalars(
        select(Entry.facts).where(Entry.event == "choice.recorded"))} == {("matter",)}


def test_the_other_council_may_write_down_the_withdrawal_that_ends_its_own_sight(
        borough: Program, county: Program) -> None:
    ref = recorded(borough, choices={"sharing": "given", "news": "refused"}).json["ref"]
    assert county("GET", f"/residents/{ref}").json["choices"]["choices"]["news"]["answer"] == "refused"
    assert [sight["organisation"] for sight in said(county, ref, answer="withdrawn")["loses"]] == [COUNTY]
    assert county("GET", f"/residents/{ref}").status_code == 404
    assert county("POST", f"/residents/{ref}/choices", GIVEN).status_code == 404
    assert borough("GET", f"/residents/{ref}/choices").json["choices"]["sharing"]["answer"] == "withdrawn"


def test_objections_are_put_and_taken_back_once_each(borough: Program, county: Program, world: World) -> None:
    ref = recorded(borough, choices={"sharing": "given"}).json["ref"]
    for _ in range(2):
        assert borough("PUT", f"/residents/{ref}/objections/{COUNTY}", {"reason": "A quarrel"}).status_code == 204
    assert county("GET", f"/residents/{ref}").status_code == 404
    held = borough("GET", f"/residents/{ref}/choices").json["objections"]
    assert [(each["organisation"], each["reason"]) for each in held] == [(COUNTY, "A quarrel")]
    for _ in range(2):
        assert borough("DELETE", f"/residents/{ref}/objections/{COUNTY}").status_code == 204
    assert county("GET", f"/residents/{ref}").status_code == 200
    assert [row.active for row in world.session.scalars(select(Objection).order_by(Objection.at))] == [True, False]
    assert county("PUT", f"/residents/{ref}/objections/{COUNTY}", {}).status_code == 204
    assert county("GET", f"/residents/{ref}").status_code == 404
    assert borough("PUT", f"/residents/{ref}/objections/nobody", {}).status_code == 404


def test_what_makes_no_sense_is_refused_in_words(borough: Program) -> None:
    ref = recorded(borough).json["ref"]
    for over, status in (({"answer": "withdrawn"}, 409), ({"wording": "1066"}, 422), ({"matter": "weather"}, 422),
                         ({"answer": "perhaps"}, 422), ({"channel": "owl"}, 422), ({"extra": "x"}, 422)):
        assert borough("POST", f"/residents/{ref}/choices", GIVEN | over).status_code == status, over
    assert said(borough, ref, wording="2012-1")["wording"] == "2012-1"


def test_a_hidden_and_an_absent_resident_answer_alike(borough: Program, county: Program) -> None:
    hidden, absent = recorded(borough).json["ref"], new_reference()
    for method, path, body in (("GET", "choices", None), ("POST", "choices", GIVEN),
                               ("PUT", f"objections/{BINS}", {}), ("DELETE", f"objections/{BINS}", None)):
        answers = [county(method, f"/residents/{ref}/{path}", body) for ref in (hidden, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data


def test_leaving_the_partnership_ends_what_was_given(borough: Program, county: Program, world: World) -> None:
    first = recorded(borough, choices={"sharing": "given", "news": "given", "surveys": "refused"})
    ref = first.json["ref"]
    seen = county("GET", f"/residents/{ref}")
    moved = county("PATCH", f"/residents/{ref}", {"address": [{"lines": ["1 Quay"], "postcode": OUTSIDE}]},
                   If_Match=seen.headers["ETag"])
    assert moved.status_code == 200 and moved.json["home"] is None
    assert {(row.matter, row.answer) for row in world.session.scalars(select(Choice))} >= {
        ("sharing", "withdrawn"), ("news", "withdrawn")}
    world.session.expire_all()
    left = world.session.scalars(select(Resident)).one()
    assert not left.shared and left.home_id is None and left.keeper_id == world.organisations[BOROUGH].id
    assert borough("GET", f"/residents/{ref}").status_code == 404


def test_an_officer_who_keeps_the_record_sees_and_records_choices(borough: Program, client: FlaskClient,
                                                                  world: World) -> None:
    ref = recorded(borough).json["ref"]
    officer = Program(client, world, world.wearer(BOROUGH, "information_officer", kind="token"), contact=False)
    said(officer, ref, answer="refused", channel="letter")
    assert officer("GET", f"/residents/{ref}/choices").json["choices"]["sharing"]["answer"] == "refused"
    assert "sensitive" in officer("GET", f"/residents/{ref}").json


