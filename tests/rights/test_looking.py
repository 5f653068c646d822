"""Who can see a resident is told hat by hat as each would find it, and to nobody who may not know of the resident."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.ids import new_reference
from app.policy.actions import Action
from app.policy.words import Role
from app.policy.work import Desk
from app.residents.models import Resident
from app.rights.looking import lookers
from app.shell.assets import ensure_built
from tests.rights.test_pages import without_request
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, World

SEE = frozenset({Action.RESIDENT_SEE})
ASKING = frozenset({Action.RESIDENT_SEE, Action.POLICY_EXPLAIN})


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


def found_by(desk: Desk, world: World, organisation: str, role: str, resident: Resident) -> set[str]:
    """The groups that somebody in this hat is shown of the resident when they ask themselves."""
    wearer = world.wearer(organisation, role)
    if role in ("adviser", "team_leader"):
        world.contact(wearer)
    with desk.work(wearer.secret, SEE) as work:
        if resident.id not in work.session.scalars(select(Resident.id)).all():
            return set()
        groups, shown = work.reach.shown("resident")
        row = work.session.connection().execute(shown, {**work.session.values, "keys": [resident.id]}).one()
        return {str(group) for group, so in zip(groups, row[1:], strict=True) if so}


@pytest.mark.parametrize("state", ["plain", "shared", "shared but objected", "protected", "restricted", "with a partner"])
def test_every_hat_is_told_what_it_would_find_itself(desk: Desk, world: World, state: str) -> None:
    resident = world.resident(BOROUGH, protected=state == "protected", restricted=state == "restricted")
    adviser = world.wearer(BOROUGH, "adviser")
    if state.startswith("shared"):
        world.choose(resident, "sharing", "given", adviser)
    if state.endswith("objected"):
        world.object(resident, COUNTY, adviser)
    if state == "with a partner":
        world.request(BOROUGH, resident=resident, partner=BINS)
    with desk.work(world.wearer(BOROUGH, "information_officer").secret, ASKING) as work:
        _, told = lookers(work, resident.ref)
    said = {(each.organisation, str(each.role)): {str(group) for group in each.groups} for each in told if each.unit is None}
    names = {slug: world.organisations[slug].name for slug in (BOROUGH, COUNTY, BINS)}
    assert {role for _, role in said} & {"auditor", "administrator"} == set()
    for organisation, role in [(BINS, "contractor"), *((council, role) for council in (BOROUGH, COUNTY) for role in (
            "adviser", "team_leader", "service_officer", "information_officer"))]:
        found = found_by(desk, world, organisation, role, resident)
        assert said.get((names[organisation], role), set()) == found, (state, organisation, role)
    assert said, "somebody can always open it"


def test_who_may_not_know_of_a_resident_is_not_told_who_could_see_one(application: Flask, world: World) -> None:
    resident = world.resident(BOROUGH)
    officer = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    page = officer.post("/policy/explain/who", data={"resident": resident.ref}).text
    assert "Adviser, Taunton Deane Borough Council" in page and "Somerset County Council" not in page.partition("<table")[2]
    for browser in (signed_in(application, world.wearer(COUNTY, "information_officer")),
                    signed_in(application, world.wearer(COUNTY, "administrator"))):
        told = {without_request(browser.post("/policy/explain/who", data={"resident": ref}).text.replace(ref, ""))
                for ref in (resident.ref, new_reference())}
        assert len(told) == 1 and "You may not be told" in told.pop()
    assert officer.post("/policy/explain/who", data={}).status_code == 422


def test_what_a_hat_can_see_is_every_sentence_that_speaks_of_it(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    adviser, leader = (browser.get(f"/policy/explain/what?organisation={BOROUGH}&role={role}").text for role in (
        Role.ADVISER, Role.TEAM_LEADER))
    assert "Advisers may find residents" in adviser and "Team leaders" not in adviser.partition("<ul")[2]
    assert leader.count("<li>") > adviser.count("<li>"), "what is inherited is told too"
    for wrong in (f"organisation=nowhere&role={Role.ADVISER}", f"organisation={BINS}&role={Role.ADVISER}",
                  f"organisation={BOROUGH}&role=king", f"organisation={BOROUGH}&role=adviser&unit=moon"):
        assert browser.get(f"/policy/explain/what?{wrong}").status_code == 422, wrong
    assert signed_in(application, world.wearer(BOROUGH, "adviser")).get("/policy/explain/what").status_code == 403
