"""One whole call, as somebody has it who uses no mouse, no script, and a window as narrow as a telephone."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.contacts.models import Contact
from app.requests.models import Assignment, Request
from tests.shell.conftest import at_a_desk
from tests.world import BOROUGH, World

pytestmark = pytest.mark.browser
MOST_STOPS = 150


@pytest.fixture
def page(application: Flask, world: World) -> Iterator[Page]:
    """An adviser's desk before a call, with one resident on record."""
    adviser = world.wearer(BOROUGH, "adviser")
    world.resident(BOROUGH, telephone="+441632960001")
    with at_a_desk(application, adviser, viewport={"width": 320, "height": 700}, java_script_enabled=False) as page:
        yield page


def go_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as far as a patient person would."""
    for _ in range(MOST_STOPS):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key on {page.url}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    go_to(page, selector)
    page.keyboard.press(key)


def heading(page: Page, words: str) -> None:
    """The page has come, and nothing on it is wider than the window."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_a_call_is_taken_by_keyboard_alone_without_a_script_at_320_pixels(page: Page, world: World) -> None:
    page.goto("/desk")
    assert page.locator("#wanted:focus").count(), "the box is ready to be typed into"
    page.keyboard.type("01632 960001")
    page.keyboard.press("Enter")
    heading(page, "Chidi Okafor")
    press(page, "input[name=matched][value=name]", "Space")
    press(page, "button:has-text('Note the check')")
    expect(page.get_by_text("The check is noted.")).to_be_visible()
    press(page, "button:has-text('Take a request')")
    heading(page, "What do they need?")
    press(page, "a[href*='service=530']")
    go_to(page, "input[name=postcode]")
    go_to(page, "input[inputmode=numeric]")
    page.keyboard.type("1")
    press(page, "input[type=radio][name^=details]", "Space")
    press(page, "button:has-text('Send request')")
    heading(page, "Sent")
    request = world.session.scalars(select(Request)).one()
    assert world.session.scalars(select(Assignment).where(Assignment.request_id == request.id)).one()
    press(page, "summary:has-text('End contact')")
    press(page, "button:has-text('End contact')")
    expect(page.locator("#wanted")).to_be_visible()
    world.session.expire_all()
    contact = world.session.scalars(select(Contact)).one()
    assert contact.ended_at is not None and contact.outcome is not None
