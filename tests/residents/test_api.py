"""Records through the interface of programs: recording, looking for, reading, changing; the hidden is absent."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.journal.models import Entry, EntrySubject
from app.kernel.ids import new_reference
from app.residents.models import Resident, ResidentChange, ResidentKey
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

BODY: dict[str, Any] = {
    "name": [{"given": "Chidi", "family": "O'Kafor"}],
    "address": [{"lines": ["12 Mill Lane", "Taunton"], "postcode": "ta11he"}],
    "channels": {"telephones": ["07700 900123"], "emails": ["Chidi@Example.com"]},
    "birth": "1971-03-27", "needs": ["Large print"], "preferred": {"channel": "telephone", "language": "en"},
}


class Program:
    """Somebody's program, with a conversation open."""

    def __init__(self, client: FlaskClient, world: World, wearer: Wearer, contact: bool = True) -> None:
        self.client, self.wearer = client, wearer
        self.headers = dict(wearer.headers) | ({"Contact": world.contact(wearer).ref} if contact else {})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers | named)

    def find(self, **body: str) -> list[str]:
        answer = self("POST", "/residents/search", body)
        assert answer.status_code == 200, answer.json
        return [hit["ref"] for hit in answer.json["items"]]


@pytest.fixture
def borough(client: FlaskClient, world: World) -> Program:
    return Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"))


@pytest.fixture
def county(client: FlaskClient, world: World) -> Program:
    return Program(client, world, world.wearer(COUNTY, "adviser", kind="token"))


def recorded(program: Program, **over: Any) -> TestResponse:
    answer = program("POST", "/residents", BODY | over)
    assert answer.status_code == 201, answer.json
    return answer


def test_a_recorded_resident_is_read_as_it_was_told(borough: Program, world: World) -> None:
    answer = recorded(borough)
    read = borough("GET", f"/residents/{answer.json['ref'].lower()}")
    assert read.json == answer.json and read.headers["ETag"] == answer.headers["ETag"]
    assert answer.headers["Location"].endswith(f"/residents/{read.json['ref']}")
    assert read.json["name"] == [{"given": "Chidi", "family": "O'Kafor", "kind": "usual"}]
    assert read.json["address"] == [{"lines": ["12 Mill Lane", "Taunton"], "postcode": "TA1 1HE", "until": None,
                                     "from": read.json["address"][0]["from"]}]
    assert read.json["channels"] == {"telephones": ["+447700900123"], "emails": ["chidi@example.com"],
                                     "preferred": {"channel": "telephone", "language": "en"}}
    assert (read.json["birth"], read.json["needs"], read.json["home"]) == ("1971-03-27", ["Large print"], BOROUGH)
    assert (read.json["basis"], read.json["withheld"]) == (["home"], ["sensitive"])
    events = world.session.scalars(select(Entry.event).order_by(Entry.at)).all()
    assert events.count("resident.recorded") == 1 and events.count("resident.seen") == 2


def test_a_record_is_found_by_all_that_is_known_of_it_and_the_journal_has_no_word_of_it(
        borough: Program, world: World) -> None:
    ref = recorded(borough).json["ref"]
    recorded(borough, name=[{"given": "Ada", "family": "Marsh"}], channels={}, birth=None,
             address=[{"lines": ["9 North Street"], "postcode": "TA1 1AA"}])
    for q in ("okafor ta1 1he", "chidi okafor", "okafor chidi", "okafr chidi", "07700900123", "chidi@example.com",
              "12 okafor", "okafor 27 march 1971", ref, "12 mill lane ta1 1he", "okafr ta1", "okapor ta11he"):
        assert borough.find(q=q) == [ref], q
    assert borough.find(surname="Okafor", birth_date="1971-03-27") == [ref]
    assert borough.find(given="Chidi", surname="O’Kafor") == [ref]
    assert borough.find(q="nobody ta1 1he") == []
    for entry in world.session.scalars(select(Entry).where(Entry.event == "resident.searched")):
        assert set(entry.facts) == {"asked", "count"} and len(entry.facts["asked"]) == 32


@pytest.mark.parametrize("body", [{"q": "okafor"}, {"q": "ta1 1he"}, {"surname": "Okafor"}, {"postcode": "TA1 1HE"}])
def test_a_weak_clue_alone_asks_for_another(borough: Program, body: dict[str, str]) -> None:
    answer = borough("POST", "/residents/search", body)
    assert answer.status_code == 422 and answer.json["type"].endswith("add-a-clue") and answer.json["errors"]


def test_the_hidden_is_absent_in_every_call(borough: Program, county: Program, world: World) -> None:
    hidden, absent = recorded(borough).json["ref"], new_reference()
    for method, path, body in (("GET", "/residents/{}", None), ("PATCH", "/residents/{}", {"birth": None})):
        answers = [county(method, path.format(ref), body, If_Match='"x"') for ref in (hidden, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
    for q in ("okafor ta1 1he", "07700900123", hidden):
        assert county.find(q=q) == []
    assert world.session.scalar(select(func.count()).select_from(EntrySubject).join(
        Entry, Entry.id == EntrySubject.entry_id).where(Entry.hat_id == county.wearer.hat_id)) == 0


def test_the_other_council_sees_and_changes_what_sharing_gives_and_no_more(
        borough: Program, county: Program, world: World) -> None:
    ref = recorded(borough).json["ref"]
    world.choose(world.session.scalars(select(Resident)).one(), "sharing", "given", borough.wearer)
    seen = county("GET", f"/residents/{ref}")
    assert seen.json["basis"] == ["consented"] and "identity" not in seen.json
    assert seen.json["withheld"] == ["identity", "sensitive"]
    assert county.find(q="07700 900123") == [ref] and county.find(q="okafr chidi") == [ref]
    told = county("PATCH", f"/residents/{ref}", {"channels": {"telephones": ["01823 356356"]}},
                  If_Match=seen.headers["ETag"])
    assert told.status_code == 200 and told.json["channels"]["telephones"] == ["+441823356356"]
    assert told.json["channels"]["emails"] == ["chidi@example.com"]
    refused = county("PATCH", f"/residents/{ref}", {"name": [{"family": "Other"}]}, If_Match=told.headers["ETag"])
    assert refused.status_code == 403
    assert borough.find(q="01823 356356") == [ref] and borough.find(q="07700 900123") == []


def test_two_who_change_one_record_lose_nothing(borough: Program, world: World) -> None:
    first = recorded(borough)
    ref, etag = first.json["ref"], first.headers["ETag"]
    assert borough("PATCH", f"/residents/{ref}", {"needs": []}).status_code == 428
    changed = borough("PATCH", f"/residents/{ref}", {"needs": ["Interpreter"], "birth": None}, If_Match=etag)
    assert changed.status_code == 200 and changed.json["needs"] == ["Interpreter"] and changed.json["birth"] is None
    late = borough("PATCH", f"/residents/{ref}", {"needs": []}, If_Match=etag)
    assert late.status_code == 412 and late.json["present"]["needs"] == ["Interpreter"]
    assert f'"{late.json["present_etag"]}"' == changed.headers["ETag"]
    versions = world.session.execute(select(ResidentChange.grp, ResidentChange.version, ResidentChange.before,
                                            ResidentChange.after).where(ResidentChange.version == 2)).all()
    assert sorted((row.grp, row.before, row.after) for row in versions) == [
        ("birth", "1971-03-27", None), ("needs", ["Large print"], ["Interpreter"])]
    assert borough.find(q="okafor 27/3/1971") == []


def test_a_repeated_key_acts_once_and_another_body_is_refused(borough: Program, world: World) -> None:
    answers = [borough("POST", "/residents", BODY, Idempotency_Key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["ref"] == answers[1].json["ref"]
    assert borough("POST", "/residents", BODY | {"needs": []}, Idempotency_Key="k1").status_code == 409
    assert world.session.scalar(select(func.count()).select_from(Resident)) == 1


def test_the_same_telephone_at_both_councils_is_no_conflict_that_would_tell_of_the_other(
        borough: Program, county: Program) -> None:
    recorded(borough)
    recorded(county, address=[{"lines": ["3 Quay Street"], "postcode": "TA6 3NA"}])


def test_an_address_decides_whose_resident_it_is(borough: Program, county: Program) -> None:
    for program, postcode, status, kind in (
            (county, "TA1 1HE", 409, "use-intake"), (borough, "ZE1 0AA", 422, "unknown-postcode"),
            (borough, "TA6 3AA", 409, "use-intake"), (borough, "nowhere", 422, "invalid")):
        answer = program("POST", "/residents", BODY | {"address": [{"lines": ["1 Road"], "postcode": postcode}]})
        assert answer.status_code == status, answer.json
        assert answer.json["type"].endswith(kind), answer.json


def test_moving_to_the_other_council_takes_the_record_out_of_sight_and_into_theirs(
        borough: Program, county: Program, world: World) -> None:
    first = recorded(borough)
    ref = first.json["ref"]
    moved = borough("PATCH", f"/residents/{ref}", {"address": [{"lines": ["1 Quay"], "postcode": "TA6 3AA"}]},
                    If_Match=first.headers["ETag"])
    assert moved.status_code == 200 and moved.json["home"] == COUNTY and moved.json["basis"] == []
    assert borough("GET", f"/residents/{ref}").status_code == 404
    assert county("GET", f"/residents/{ref}").json["home"] == COUNTY
    assert county.find(q="okafor ta6 3aa") == [ref] and borough.find(q="okafor ta6 3aa") == []
    assert {council for council in world.session.scalars(select(ResidentKey.council_id))} == {
        world.organisations[COUNTY].id}


def test_a_contractor_may_not_look_for_anybody_and_an_adviser_needs_a_contact(
        client: FlaskClient, world: World) -> None:
    bins = Program(client, world, world.wearer(BINS, "contractor", kind="token"), contact=False)
    assert bins("POST", "/residents/search", {"q": "okafor ta1 1he"}).status_code == 403
    adviser = Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"), contact=False)
    answer = adviser("POST", "/residents/search", {"q": "okafor ta1 1he"})
    assert answer.status_code == 409 and answer.json["type"].endswith("contact-needed")
