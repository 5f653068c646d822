"""The pages about the journal and the organisations in a real browser: accessible, and whole if narrow. Those about the policy
are tried with the drafts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.accessible import violations
from tests.shell.conftest import chromium, served
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

pytestmark = pytest.mark.browser
# Where to leave what the pages look like, for somebody who wants to look.
PICTURES = os.environ.get("JC_PICTURES")


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        opened = browser.new_page()
        opened.set_default_timeout(20_000)
        yield opened


def enter(page: Page, application: Flask, wearer: Wearer, where: str) -> None:
    cookie = signed_in(application, wearer).get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": where}])


def test_axe_finds_no_violation_and_nothing_scrolls_sideways(application: Flask, world: World, page: Page) -> None:
    resident = world.resident(BOROUGH)
    pages = {
        world.wearer(COUNTY, "administrator"): ["/organisations", f"/organisations/{BINS}", f"/organisations/{BOROUGH}"],
        world.wearer(BOROUGH, "information_officer"): [
            "/residents", f"/people/{resident.ref}/journal", f"/people/{resident.ref}/journal", "/journal"],
        world.wearer(BINS, "partner_manager"): ["/agreement"]}
    found = []
    with served(application) as where:
        for wearer, paths in pages.items():
            enter(page, application, wearer, where)
            for path in paths:
                page.set_viewport_size({"width": 1366, "height": 800})
                answer = page.goto(where + path)
                assert answer is not None and answer.status == 200, path
                found += [f"{path}: {each}" for each in violations(page)]
                picture(page, path, 1366)
                page.set_viewport_size({"width": 390, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth") > 390:
                    found.append(f"{path} scrolls sideways")
                picture(page, path, 390)
    assert found == []


def picture(page: Page, path: str, width: int) -> None:
    if PICTURES:
        name = path.strip("/").translate(str.maketrans("/?&", "---"))
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
