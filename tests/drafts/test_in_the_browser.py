"""A change of the policy is made and approved with the keys alone, and every page on its way is accessible and whole if narrow."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.desk.test_a_call_in_the_browser import go_to, press
from tests.drafts.office import SHARED, Office, without_births
from tests.drafts.test_impact import ANSWERING, line
from tests.drafts.test_impact_pages import people
from tests.shell.conftest import chromium, served
from tests.shell.test_in_the_browser import violations
from tests.signed_in import signed_in
from tests.world import BOROUGH, COUNTY, Wearer, World

pytestmark = pytest.mark.browser
# Where to leave what the pages look like, for somebody who wants to look.
PICTURES = os.environ.get("JC_PICTURES")


class Pages:
    """One browser and the page of each of several people in it."""

    def __init__(self, application: Flask, stack: ExitStack) -> None:
        self.application, self.where = application, stack.enter_context(served(application))
        self.browser = stack.enter_context(chromium())

    def __call__(self, wearer: Wearer) -> Page:
        context = self.browser.new_context(base_url=self.where, viewport={"width": 1366, "height": 900})
        context.set_default_timeout(20_000)
        cookie = signed_in(self.application, wearer).get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": self.where}])
        return context.new_page()


@pytest.fixture
def pages(application: Flask) -> Iterator[Pages]:
    with ExitStack() as stack:
        yield Pages(application, stack)


def follow(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that has come."""
    with page.expect_navigation():
        press(page, selector)


def sound(page: Page, name: str) -> None:
    """As axe sees it, and whole when the window is narrow."""
    assert violations(page) == [], name
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {width}"
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def test_a_change_is_drafted_and_approved_with_the_keys_alone(pages: Pages, office: Office) -> None:
    author = pages(office.author)
    author.goto("/policy/drafts")
    sound(author, "no-drafts")
    go_to(author, "#title")
    author.keyboard.type("Nobody finds by telephone")
    go_to(author, "#reason")
    author.keyboard.type("To try what it would change")
    follow(author, "button:has-text('Begin a draft')")
    expect(author.get_by_role("heading", level=1)).to_contain_text("Nobody finds by telephone")
    sound(author, "draft-begun")
    follow(author, "a:has-text('Change the rules')")
    sound(author, "draft-rules")
    press(author, "a[href='#rules']")
    follow(author, "#rules ~ ul button")
    follow(author, "a:has-text('Back to the draft')")
    expect(author.get_by_role("heading", name="What must be done before it can be handed in")).to_be_visible()
    sound(author, "draft-with-obstacles")
    author.goto("/policy/versions")
    sound(author, "versions")
    follow(author, "a:has-text('Version 1')")
    sound(author, "version")


def test_a_draft_is_read_and_approved_by_another_with_the_keys_alone(pages: Pages, office: Office) -> None:
    ref = office.begun(without_births)
    office.hand_in(ref)
    approver = pages(office.borough)
    approver.goto("/policy/drafts")
    follow(approver, "a:has-text('No dates of birth')")
    sound(approver, "draft-handed-in")
    follow(approver, "a:has-text('What it would change')")
    follow(approver, "button:has-text('I have read what this would change')")
    follow(approver, "a:has-text('Go on to the draft')")
    follow(approver, "button:has-text('Approve what is written here')")
    expect(approver.get_by_text("You have approved it as it stands.")).to_be_visible()
    sound(approver, "draft-approved")
    assert office.state(ref) == "submitted", "the other council has not been asked"


def test_anybody_can_read_what_a_draft_would_change(pages: Pages, office: Office, world: World) -> None:
    people(world)
    for _ in range(6):
        world.request(COUNTY, BOROUGH, resident=world.resident(COUNTY))
    refs = {"missing": office.begun(without_births),
            "blocked": office.begun(line(ANSWERING, ANSWERING.replace("needs", "needs birth"))),
            "clear": office.begun(line(SHARED, SHARED.replace(" birth", " identity")))}
    page = pages(office.author)
    for name, ref in refs.items():
        if name != "missing":
            office.weigh(ref)
        page.goto(f"/policy/drafts/{ref}/impact")
        sound(page, f"impact-{name}")
    assert page.locator("svg rect").count() >= 2
