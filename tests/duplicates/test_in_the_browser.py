"""The pages about duplicates and imports, and those that ask whether somebody is known, in a real browser: accessible, whole if
narrow, by keyboard alone, and without JavaScript. One world and one browser for all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.duplicates.rule import compare_what_is_due
from app.kernel.worker import caller
from app.policy.routes import gate
from app.residents.models import Resident, ResidentChannel, ResidentNeed
from tests import clusters, serving
from tests.accessible import violations
from tests.doubles import TELEPHONE, born, twice
from tests.imports.files import csv_of
from tests.imports.loads import HEADINGS, Loads, person
from tests.shell.conftest import chromium, served
from tests.signed_in import signed_in
from tests.world import BOROUGH, COUNTY, Wearer, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("duplicates in the browser")]
# Where to leave what the pages look like, for somebody who wants to look.
PICTURES = os.environ.get("JC_PICTURES")
LONG = ("Oluwaseun-Temitope Bartholomew", "Featherstonehaugh-Cholmondeley-Wriothesley")
Opening = Callable[..., Any]


@pytest.fixture(scope="module")
def application(template: str) -> Iterator[Flask]:
    with clusters.copy(template) as at, serving.before(at) as made, made.app_context():
        yield made


@pytest.fixture(scope="module")
def there(application: Flask) -> Iterator[SimpleNamespace]:
    """Who looks, and what there is to look at."""
    with World(application) as world:
        made = SimpleNamespace(world=world, leader=world.wearer(BOROUGH, "team_leader"), adviser=world.adviser(BOROUGH),
                               other=world.wearer(COUNTY, "team_leader"), officer=world.wearer(BOROUGH, "service_officer"))
        made.loads = Loads(gate().desk, world, made.leader)
        yield made


@pytest.fixture(scope="module")
def opening(application: Flask, there: SimpleNamespace) -> Iterator[Opening]:
    """A window of somebody signed in."""
    with served(application) as address, chromium() as browser:
        @contextmanager
        def window(wearer: Wearer, **options: Any) -> Iterator[Page]:
            cookie = signed_in(application, wearer).get_cookie("session")
            assert cookie is not None
            context = browser.new_context(**{"viewport": {"width": 1366, "height": 900}, "base_url": address} | options)
            context.set_default_timeout(20_000)
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
            try:
                yield context.new_page()
            finally:
                context.close()

        yield window


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, wide and narrow; with a picture of each where somebody wants one."""
    found = [f"{name}: {each}" for each in violations(page)]
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name} scrolls sideways at {width}")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 900})
    return found


def different(there: SimpleNamespace) -> tuple[Resident, Resident]:
    """Two records of one person with a long name, which differ in everything that can be chosen of."""
    world = there.world
    one = born(world, world.resident(BOROUGH, given=LONG[0], family=LONG[1], telephone=TELEPHONE))
    other = born(world, world.resident(BOROUGH, given="Oluwaseun", family=LONG[1], telephone="+441632960002",
                                       lines=("Flat 14, The Old Maltings and Brewery Yard", "3 Quay"), postcode="TA1 1HE"))
    world.add(ResidentNeed(resident_id=other.id, words="Large print"),
              ResidentChannel(resident_id=other.id, kind="telephone", value=TELEPHONE, position=1),
              ResidentChannel(resident_id=other.id, kind="email", value="a.very.long.address.indeed.of.somebody@example.org"))
    world.choose(other, "sharing", "refused", there.adviser)
    return one, other


def compare(application: Flask) -> None:
    compare_what_is_due(caller(application.config["JC_SETTINGS"]))


def test_every_page_about_a_pair_is_accessible_and_whole_if_narrow(
        application: Flask, there: SimpleNamespace, opening: Opening) -> None:
    found = []
    with opening(there.leader) as page:
        for path, name in (("/quality", "queue-empty"), ("/quality/thresholds", "thresholds-empty")):
            page.goto(path)
            found += looked_at(page, name)
        one, other = different(there)
        twice(there.world, BOROUGH)
        ours, theirs = twice(there.world, BOROUGH, COUNTY, given="Ngozi")
        for each, by in ((ours, there.adviser), (theirs, there.world.wearer(COUNTY, "adviser"))):
            there.world.choose(each, "sharing", "given", by)
        compare(application)
        for path, name in (("/quality", "queue"), ("/quality/thresholds", "thresholds"),
                           (f"/people/{ours.ref}/same-person/{theirs.ref}", "across"),
                           (f"/people/{one.ref}/same-person/{other.ref}", "pair")):
            page.goto(path)
            found += looked_at(page, name)
        page.get_by_role("button", name="See what would be kept and set aside").click()
        found += looked_at(page, "preview")
        page.get_by_role("button", name="Join these records").click()
        found += looked_at(page, "preview-without-reason")
        page.get_by_label("How do you know").fill("Rang and confirmed both addresses")
        page.get_by_role("button", name="Join these records").click()
        expect(page.get_by_text("The records are joined.")).to_be_visible()
        found += looked_at(page, "joined")
        page.get_by_role("button", name="Part these records").click()
        found += looked_at(page, "parted")
    assert found == []


def test_every_page_about_a_load_is_accessible_and_whole_if_narrow(
        there: SimpleNamespace, opening: Opening, tmp_path: Path) -> None:
    found, file = [], tmp_path / "people of the waste and recycling service, exported from the old system in March.csv"
    born(there.world, there.world.resident(BOROUGH, given="Givenaaag", family="Familyaaag", telephone="+441823000006"))
    file.write_bytes(csv_of(HEADINGS, person(1), person(2, postcode="nonsense"), person(3, born="31/2/1971"),
                            person(6, family="Familyaaag"), person(7, sharing="yes")))
    with opening(there.leader) as page:
        page.goto("/imports")
        found += looked_at(page, "imports-empty")
        page.get_by_role("button", name="Bring in this file").click()
        found += looked_at(page, "imports-none-chosen")
        page.get_by_label("File of residents").set_input_files(file)
        page.get_by_role("button", name="Bring in this file").click()
        found += looked_at(page, "load-columns")
        ref = page.url.rpartition("/")[2]
        page.get_by_role("button", name="Check the rows").click()
        found += looked_at(page, "load-checking")
        there.loads.work(ref)
        page.get_by_role("link", name="Refresh").click()
        found += looked_at(page, "load-checked")
        page.get_by_label("Leave them out").check()
        page.get_by_role("button", name="Load these rows").click()
        found += looked_at(page, "load-loading")
        there.loads.work(ref)
        page.reload()
        found += looked_at(page, "load-loaded")
        page.goto("/imports")
        found += looked_at(page, "imports")
    assert found == []


def test_who_is_known_already_is_shown_in_an_accessible_way(there: SimpleNamespace, opening: Opening) -> None:
    found, world = [], there.world
    known = born(world, world.resident(BOROUGH, given="Amarachi", family="Eze", telephone="+441632960009"))
    taker = world.contact(world.wearer(COUNTY, "adviser"), ended=True)
    said = {"name": [{"given": "Amarachi", "family": "Eze", "kind": "usual"}], "channels": {"telephones": ["+441632960009"]},
            "address": [{"lines": ["12 Mill Lane"], "postcode": "TA1 1HE"}]}
    intake = world.request(COUNTY, intake=True, permission="given", intake_home_id=world.organisations[BOROUGH].id, talk=taker,
                           copy=said)
    with opening(there.adviser) as page:
        page.goto("/people/new")
        typed = {"First names": "Amarachi", "Family name": "Eze", "Address line 1": "12 Mill Lane", "Postcode": "TA1 1HE",
                 "Day": "27", "Month": "3", "Year": "1971"}
        for label, value in typed.items():
            page.get_by_label(label, exact=label not in ("First names",)).first.fill(value)
        page.get_by_role("button", name="Record this resident").click()
        expect(page.get_by_role("link", name=f"Open {known.ref}")).to_be_visible()
        found += looked_at(page, "new-or-known")
    with opening(there.officer) as page:
        for path, name in (("/queue/intake", "intakes"), (f"/queue/intake/{intake.ref}", "intake")):
            page.goto(path)
            found += looked_at(page, name)
    assert found == []


def test_a_pair_is_joined_by_keyboard_alone_and_without_javascript(
        application: Flask, there: SimpleNamespace, opening: Opening) -> None:
    world = there.world
    _, other = (world.resident(BOROUGH, given="Obiageli", family="Nwosu", telephone="+441632960077", lines=("8 Wharf Row",))
                for _ in range(2))
    world.add(ResidentNeed(resident_id=other.id, words="Braille"))
    compare(application)
    with opening(there.leader, java_script_enabled=False) as page:
        page.goto("/quality")
        press(page, "link", "Obiageli Nwosu and Obiageli Nwosu")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Are these one person?")
        press(page, "radio", "", key="Space")
        press(page, "button", "See what would be kept and set aside")
        expect(page.get_by_role("cell", name="Braille")).to_be_visible()
        press(page, "textbox", "How do you know", key="")
        page.keyboard.type("Rang")
        press(page, "button", "Join these records")
        expect(page.get_by_text("The records are joined.")).to_be_visible()
        press(page, "button", "Part these records")
        expect(page.get_by_text("The records are parted")).to_be_visible()


def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    """Go there by Tab, as who has no mouse does, and press it."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(each) => each === document.activeElement"):
            if key:
                page.keyboard.press(key)
                page.wait_for_load_state()
            return
    raise AssertionError(f"{role} “{name}” is not reached by Tab")


def test_a_load_goes_from_file_to_records_without_javascript(there: SimpleNamespace, opening: Opening, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(csv_of(HEADINGS, person(11), person(12)))
    with opening(there.leader, java_script_enabled=False) as page:
        page.goto("/imports")
        page.get_by_label("File of residents").set_input_files(file)
        press(page, "button", "Bring in this file")
        expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()
        press(page, "button", "Check the rows")
        expect(page.get_by_text("Being checked")).to_be_visible()
        there.loads.work(ref := page.url.rpartition("/")[2])
        press(page, "link", "Refresh")
        press(page, "radio", "Leave them out", key="Space")
        press(page, "button", "Load these rows")
        expect(page.get_by_text("Being loaded")).to_be_visible()
        there.loads.work(ref)
        press(page, "link", "Refresh")
        expect(page.get_by_text("Residents recorded")).to_be_visible()
