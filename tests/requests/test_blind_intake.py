"""R18 whole, through the wall: a resident who refused sharing rings the other council and is served by four hats, each
seeing what its part needs. The taker knows a reference and a status word, and no more once the contact is over."""

from collections.abc import Callable
from typing import Any

from tests.world import BOROUGH, COUNTY, Wearer, World

Run = Callable[[Wearer], Any]
CREW = "roadmend"
SAID = ("Okafor", "Chidi", "Quay Street", "+441278555012", "01278 555012")
FALLEN_TREE = 550
AFTER = {"accept": "accepted", "start": "started", "complete": "completed"}


def test_a_resident_who_refused_sharing_is_served_by_the_other_council(world: World, program: Run) -> None:
    record = world.resident(COUNTY, telephone="+441278555012", postcode="TA6 3NA", lines=["3 Quay Street"])
    world.choose(record, "sharing", "refused", world.wearer(COUNTY, "adviser"))
    adviser = program(world.wearer(BOROUGH, "adviser", kind="token"))
    officer = program(world.wearer(COUNTY, "service_officer", kind="token"))
    crew, other = (program(world.wearer(slug, "contractor", kind="token")) for slug in (CREW, "greenbins"))

    talk = adviser("POST", "/contacts", {"channel": "telephone", "line": "borough-main"}).json["ref"]
    assert adviser("GET", f"/residents/{record.ref}", Contact=talk).status_code == 404
    taken = adviser("POST", "/requests", intake_body(), Contact=talk)
    assert taken.status_code == 201 and taken.json["responsible"] == COUNTY, taken.json
    path = f"/requests/{taken.json['ref']}"
    in_contact = adviser("GET", path, Contact=talk)
    assert "+441278555012" in in_contact.text, "until the contact ends the adviser reads back what was said"
    assert adviser("POST", f"/contacts/{talk}/end",
                   {"outcome": "passed-on", "resolved_at_first_contact": False}).status_code == 200

    def left_with_the_taker() -> dict[str, Any]:
        later = adviser("POST", "/contacts", {"channel": "telephone", "line": "borough-main"}).json["ref"]
        answer = adviser("GET", path, Contact=later)
        assert answer.status_code == 200 and not any(word in answer.text for word in (*SAID, record.ref)), answer.json
        adviser("POST", f"/contacts/{later}/end", {"outcome": "answered", "resolved_at_first_contact": True})
        return dict(answer.json)

    before = left_with_the_taker()
    linked = officer("POST", f"{path}/link", {"resident": record.ref})
    assert linked.status_code == 200, linked.json
    assert officer("POST", f"{path}/link", {"resident": record.ref}).status_code == 409
    assert left_with_the_taker() == before, "that a record was found is nobody's matter but the county's"

    if taken.json["provider"] is None:
        assert officer("POST", f"{path}/assign", {"to": CREW}).status_code == 200
    seen = crew("GET", path)
    assert "+441278555012" in seen.text and "Okafor" not in seen.text, "the roads' agreement gives channels alone"
    assert other("GET", path).status_code == 404
    for verb in ("accept", "start", "complete"):
        assert crew("POST", f"{path}/{verb}", {}).status_code == 200
        assert left_with_the_taker()["status"] == AFTER[verb]
    after = crew("GET", path)
    assert after.status_code == 200 and not any(word in after.text for word in SAID)
    assert officer("POST", f"{path}/close", {"outcome": "done"}).json["status"] == "closed"
    assert left_with_the_taker()["status"] == "closed"


def intake_body() -> dict[str, Any]:
    return {"lgsl": FALLEN_TREE, "postcode": "TA6 3NA", "permission": "given", "answers": {},
            "details": {"where": "By the bridge", "danger": False},
            "intake": {"name": "Chidi Okafor", "telephone": "01278 555012"}}
