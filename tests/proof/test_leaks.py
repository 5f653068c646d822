"""Every page and call of the map, as every role: with something one may see, something hidden, something absent. Nothing of
what is hidden comes out, hidden and absent are the same answer, and a route that was forgotten fails by name."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.kernel.database import db
from app.policy.words import Role
from app.shell.assets import ensure_built
from tests import clusters
from tests.proof.fillers import FILLERS, NO_PAIR
from tests.proof.hidden import Concealed, Thing
from tests.proof.mapped import mapped, registered
from tests.proof.planted import LEAKS, PLANTED, Mistaken, planted
from tests.proof.sweeping import Sweep
from tests.proof.things import AtOnce, Things
from tests.world import COUNTY

# Beside the routes that features register: the description of the interface, which is the same for everybody.
DESCRIPTION = {"api-docs.openapi_json"}


@pytest.fixture(scope="module")
def application(template: str) -> Iterator[Flask]:
    ensure_built(lambda line: None)
    with clusters.copy(template) as at:
        made = create_app(clusters.settings(at))
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def things(application: Flask) -> Iterator[Things]:
    with AtOnce(application) as world:
        yield Things(world, application)


@pytest.fixture(scope="module")
def sweep(application: Flask, things: Things) -> Sweep:
    return Sweep(application, things)


def test_every_route_has_a_filler_and_a_pair_or_a_reason_for_none(application: Flask) -> None:
    routes = {known.endpoint for known in mapped(application)}
    assert {rule.endpoint for rule in application.url_map.iter_rules()} - routes <= DESCRIPTION
    assert routes == {known.endpoint for known in registered()}, "what features register is what is answered"
    assert len(routes) == len(mapped(application)), "a filler is for one method"
    addresses = Counter((known.api, known.method, re.sub(r"<[^>]*>", "<>", known.rule)) for known in mapped(application))
    assert [address for address, many in addresses.items() if many > 1] == [], "one route hides another"
    assert routes - FILLERS.keys() == set(), "routes that the sweep cannot fill"
    assert FILLERS.keys() - routes == set(), "fillers of routes that are gone"
    paired = {endpoint for endpoint, fillers in FILLERS.items() if any(filler.about for filler in fillers)}
    assert routes - paired - NO_PAIR.keys() == set(), "neither a pair nor a reason for none"


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_nothing_hidden_reaches_a_role_and_hidden_is_absent_to_it(role: Role, sweep: Sweep) -> None:
    faults = [fault for known in mapped(sweep.application) for fault in sweep.faults(known, role)]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_no_list_and_no_count_changes_when_there_is_more_that_is_hidden_from_a_role(role: Role, sweep: Sweep) -> None:
    faults = sweep.list_faults(role)
    assert faults == [], "\n".join(faults)


def test_whoever_has_not_signed_in_is_sent_to_the_door_whatever_they_ask_about(sweep: Sweep) -> None:
    faults = sweep.strangers_faults()
    assert faults == [], "\n".join(faults)


def test_no_form_is_taken_without_the_token_of_a_page_of_ours(sweep: Sweep) -> None:
    assert sweep.forged() == []


def test_the_description_of_the_interface_is_the_same_for_everybody(application: Flask, sweep: Sweep) -> None:
    visitor, stranger = sweep.visitor(Role.ADVISER), application.test_client()
    address = next(rule.rule for rule in application.url_map.iter_rules() if rule.endpoint in DESCRIPTION)
    assert visitor.client.get(address).data == stranger.get(address).data


def test_the_sweep_finds_whatever_lets_something_hidden_be_seen(application: Flask, things: Things) -> None:
    with planted(application, things.world) as leaking:
        sweep, found = Sweep(leaking, things, PLANTED), dict[str, list[str]]()
        for known in mapped(leaking):
            if known.endpoint.removeprefix("planted.") in LEAKS:
                found[known.endpoint.removeprefix("planted.")] = sweep.faults(known, Role.ADVISER)
        lists = sweep.list_faults(Role.ADVISER)
    assert [name for name, said in LEAKS.items() if not re.search(said, "\n".join(found[name]))] == [], found
    assert any("planted.counted" in fault and "body" in fault for fault in lists), "a count of what is hidden"


def test_the_sweep_finds_a_role_that_is_let_in_where_it_may_not(application: Flask, things: Things) -> None:
    with planted(application, things.world) as leaking:
        known = next(known for known in mapped(leaking) if known.endpoint == "planted.let_in")
        assert "was answered 200" in "".join(Sweep(leaking, things, PLANTED).faults(known, Role.AUDITOR))


def test_the_sweep_finds_a_resident_who_is_seen_and_was_to_be_hidden(application: Flask, things: Things) -> None:
    shown = things.world.resident(COUNTY, given="Zqgiven", family="Zqseen")
    things.world.choose(shown, "sharing", "given", things.world.wearer(COUNTY, "adviser"))
    sweep = Sweep(application, Mistaken(things, Concealed("resident", Thing(shown.ref), ("Zqseen",))))
    for known in mapped(application):
        if known.endpoint in ("desk.person", "residents_api.read_one"):
            told = "\n".join(sweep.faults(known, Role.ADVISER))
            assert "tells 1 texts" in told and "differ in their status (resident): 200 / 404" in told, told
