"""The pages about organisations and agreements, on the demonstration's day."""

import pytest
from flask import Flask

from app.shell.assets import ensure_built
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, World


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


def test_who_may_read_about_organisations_and_agreements(application: Flask, world: World) -> None:
    reads = {(COUNTY, "administrator"), (BOROUGH, "information_officer"), (BOROUGH, "adviser"),
             (BOROUGH, "service_officer")}
    agreement = {(COUNTY, "administrator"), (BINS, "partner_manager")}
    for organisation, role in reads | agreement | {(BINS, "contractor"), (COUNTY, "auditor")}:
        browser = signed_in(application, world.wearer(organisation, role))
        for path in ("/organisations", f"/organisations/{BINS}"):
            assert browser.get(path).status_code == (200 if (organisation, role) in reads else 403), role
        assert browser.get("/agreement").status_code == (200 if (organisation, role) in agreement else 403), role


def test_councils_and_partners_are_listed_with_their_lines_and_agreements(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    page = browser.get("/organisations").text
    for organisation in world.organisations.values():
        assert organisation.name in page
    assert "1 September 2014" in page and "county council" in page
    council = browser.get(f"/organisations/{BOROUGH}").text
    assert world.organisations[BOROUGH].information_officer_email in council
    assert "Departments" in council and "Lines" in council
    assert browser.get("/organisations/nowhere").status_code == 404


def test_agreements_stand_under_what_they_are_on_the_day(application: Flask, world: World) -> None:
    page = signed_in(application, world.wearer(COUNTY, "administrator")).get(f"/organisations/{BINS}").text
    in_force, ended = page.index(">In force</h3>"), page.index(">Ended</h3>")
    assert in_force < page.index("Collections of refuse") < ended < page.index("2012 to 2014")
    assert "1 April 2013 to 31 March 2018" in page and "to carry out a request" not in page
    assert "Missed bin" in page and "within 14 days" in page and "LGSL" not in page


def test_a_partners_manager_reads_its_own_agreement_in_sentences(application: Flask, world: World) -> None:
    page = signed_in(application, world.wearer(BINS, "partner_manager")).get("/agreement").text
    assert "may receive addresses, contact channels, names and needs in how a service is delivered" in page
    assert "They are seen while a job assigned to the partner is open, and no longer." in page
    assert "This agreement has ended." in page
    others = {organisation.name for organisation in world.organisations.values()
              if organisation.kind != "council" and organisation.slug != BINS}
    assert not [name for name in others if name in page]
