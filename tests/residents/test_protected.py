"""A protected resident is found by no address and no telephone, and shows neither, but where the lift stands."""

from flask.testing import FlaskClient

from app.residents.models import Resident
from tests.residents.test_api import Program, recorded
from tests.world import BOROUGH, World


def test_a_protected_resident_is_not_found_by_address_or_telephone_but_by_the_lift(
        client: FlaskClient, world: World) -> None:
    adviser = Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"))
    leader = Program(client, world, world.wearer(BOROUGH, "team_leader", kind="token"))
    first = recorded(adviser)
    ref = first.json["ref"]
    world.session.query(Resident).update({"protected": True})
    world.session.commit()
    for q in ("07700 900123", "okafor ta1 1he", "okafor ta1", "12 okafor", "12 mill lane ta1 1he"):
        assert adviser.find(q=q) == [], q
        assert leader.find(q=q) == [ref], q
    assert adviser.find(q="chidi okafor") == [ref] and adviser.find(q="okafor 27/3/1971") == [ref]
    seen = adviser("GET", f"/residents/{ref}")
    assert "address" not in seen.json and "channels" not in seen.json and seen.json["withheld"] == ["sensitive"]
    refused = adviser("PATCH", f"/residents/{ref}", {"channels": {"telephones": []}}, If_Match=seen.headers["ETag"])
    assert refused.status_code == 403
    assert leader("GET", f"/residents/{ref}").json["channels"]["telephones"] == ["+447700900123"]
