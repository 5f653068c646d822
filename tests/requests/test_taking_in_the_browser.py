"""The page on which a request is taken, in a real browser: usable by everybody, at any width, and alive beside what is typed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.contacts.models import ContactPerson
from tests.accessible import violations
from tests.shell.conftest import at_a_desk
from tests.world import BOROUGH, World

pytestmark = pytest.mark.browser


@pytest.fixture
def page(application: Flask, world: World) -> Iterator[Page]:
    """An adviser's page, with a resident on the line."""
    adviser, resident = world.wearer(BOROUGH, "adviser"), world.resident(BOROUGH, telephone="+441632960001")
    contact = world.contact(adviser, line="borough-main")
    world.add(ContactPerson(contact_id=contact.id, resident_id=resident.id))
    with at_a_desk(application, adviser) as page:
        yield page


def test_the_panel_follows_the_postcode_and_the_reference_is_there_in_the_end(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/contacts/request?service=530", "/intake/new?service=315", "/intake/new", "/answers/530"):
        page.goto(path)
        assert violations(page) == [], path
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.set_viewport_size({"width": 1366, "height": 900})
    page.goto("/contacts/request?service=530")
    panel = page.locator("#where-this-goes")
    expect(panel).to_contain_text("GreenBins Collections Ltd")
    page.get_by_label("Postcode of the place").fill("TA6 3AA")
    page.get_by_label("How many bins?").focus()
    expect(panel).to_contain_text("Sedgemoor District Council")
    page.get_by_label("Postcode of the place").fill("TA1 1HE")
    page.get_by_label("How many bins?").fill("1")
    expect(panel).to_contain_text("GreenBins Collections Ltd")
    page.get_by_label("Broken").check()
    page.get_by_label("How many bins?").press("Control+Enter")
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    assert violations(page) == []
    assert complaints == []
