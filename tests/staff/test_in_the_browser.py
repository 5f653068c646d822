"""Signing in and looking after people in a real browser: accessible, fitting a telephone, with a pasted password."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.accessible import violations
from tests.shell.conftest import chromium, served
from tests.staff.conftest import PASSWORD, someone
from tests.world import BOROUGH, COUNTY, World

pytestmark = pytest.mark.browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def address(application: Flask) -> Iterator[str]:
    with served(application) as where:
        yield where


def sound(page: Page) -> bool:
    """No violation that axe finds, and nothing that scrolls sideways."""
    assert violations(page) == [], page.url
    width = page.viewport_size["width"] if page.viewport_size else 0
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize("width", [1366, 320])
def test_every_page_from_the_door_to_the_people_is_sound(application: Flask, world: World, browser: Browser,
                                                         address: str, width: int) -> None:
    made = someone(world, application, (COUNTY, "administrator"), (BOROUGH, "adviser"))
    other = someone(world, application, (BOROUGH, "adviser"), username="bo.field", name="Bo Field", password=None)
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{address}/account")
    assert sound(page)
    page.get_by_label("User name").fill(made.username)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").is_visible() and sound(page)
    page.get_by_label("Password", exact=True).focus()
    page.keyboard.insert_text(PASSWORD)  # what pasting does: one input, without keys
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "For whom are you working now?" and sound(page)
    page.get_by_label("Administrator, Somerset County Council").check()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Your account" and sound(page)
    for path in ("/account/hat", "/account/password", "/users", "/users/new", f"/users/{other.person_id}",
                 f"/users/{made.person_id}", "/sign-in/first", "/nowhere"):
        page.goto(address + path)
        assert sound(page), path
    context.close()
