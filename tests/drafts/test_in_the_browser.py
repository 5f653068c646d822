"""Whoever runs the policy does everything with the keys alone: every page of hers is accessible, empty and full, and whole if
narrow."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.accessible import violations
from tests.desk.test_a_call_in_the_browser import go_to as find_by_tab
from tests.drafts.office import SHARED, Office, without_births
from tests.drafts.test_impact import ANSWERING, line
from tests.drafts.test_impact_pages import people, worker
from tests.shell.conftest import chromium, served
from tests.signed_in import signed_in
from tests.world import BOROUGH, COUNTY, Wearer, World

pytestmark = pytest.mark.browser
# Where to leave what the pages look like, for somebody who wants to look.
PICTURES = os.environ.get("JC_PICTURES")


class Pages:
    """One browser and the page of each of several people in it."""

    def __init__(self, application: Flask, browser: Browser, stack: ExitStack) -> None:
        self.application, self.where = application, stack.enter_context(served(application))
        self.browser, self.stack = browser, stack

    def __call__(self, wearer: Wearer) -> Page:
        context = self.browser.new_context(base_url=self.where, viewport={"width": 1366, "height": 900})
        self.stack.callback(context.close)
        context.set_default_timeout(60_000)
        cookie = signed_in(self.application, wearer).get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": self.where}])
        return context.new_page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def pages(application: Flask, browser: Browser) -> Iterator[Pages]:
    with ExitStack() as stack:
        yield Pages(application, browser, stack)


# How many stops of the Tab key lie between where one is and an element, or fewer.
STOPS = """element => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(
    each => each.offsetParent && document.activeElement.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
            && each.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).length - 12"""


def go_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, looking where one is only when it is near."""
    for _ in range(page.locator(selector).first.evaluate(STOPS)):
        page.keyboard.press("Tab")
    find_by_tab(page, selector)


def press(page: Page, selector: str) -> None:
    go_to(page, selector)
    page.keyboard.press("Enter")


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


def choose(page: Page, name: str, words: str) -> None:
    """Type the beginning of a choice into a list of them."""
    go_to(page, f"select[name={name}]")
    page.keyboard.type(words)


def fill(page: Page, field: str, words: str) -> None:
    go_to(page, field)
    page.keyboard.type(words)


def work(pages: Pages) -> None:
    """The worker does what is put to it, beside the browser: both keep a loop of their own."""
    doing = threading.Thread(target=worker, args=(pages.application,))
    doing.start()
    doing.join(timeout=60)


def reads(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def test_who_may_see_what_is_read_and_asked_with_the_keys_alone(pages: Pages, office: Office, world: World) -> None:
    page, ref = pages(office.author), world.resident(COUNTY).ref
    page.goto("/policy/waiting")
    reads(page, "What needs you")
    sound(page, "needs-you-nothing")
    follow(page, "a:has-text('Who sees whom')")
    sound(page, "who-empty")
    choose(page, "sharing", "Refused")
    follow(page, "button:has-text('Show')")
    follow(page, "a:has-text('if they agree')")
    reads(page, "Not counted yet")
    sound(page, "who-square-not-counted")
    follow(page, "a:text-is('Rights')")
    choose(page, "purpose", "To carry")
    follow(page, "button:has-text('Show')")
    follow(page, ".matrix a:has-text('sees')")
    expect(page.locator("#why")).to_be_visible()
    sound(page, "rights-square")
    follow(page, "a:has-text('All rules in words')")
    sound(page, "all-rules")
    follow(page, "a:text-is('Examples')")
    sound(page, "examples")
    follow(page, "a:has-text('Ask why')")
    sound(page, "ask-why-empty")
    for name, words in (("organisation", "Taunton"), ("role", "Adviser"), ("purpose", "To handle"), ("group", "names")):
        choose(page, name, words)
    follow(page, "button:text-is('Ask')")
    reads(page, "The answer")
    sound(page, "ask-why-answer")
    follow(page, "a:has-text('Who can see this resident?')")
    sound(page, "who-can-see-empty")
    fill(page, "input[name=resident]", ref)
    follow(page, "button:text-is('Ask')")
    reads(page, "You may not be told")
    sound(page, "who-can-see-untold")
    follow(page, "a:has-text('What can somebody see?')")
    sound(page, "what-can-empty")
    choose(page, "organisation", "Taunton")
    choose(page, "role", "Adviser")
    follow(page, "button:has-text('Show')")
    reads(page, "What the policy says of this hat")
    sound(page, "what-can-not-counted")


def test_what_is_reached_is_counted_and_told_with_the_keys_alone(pages: Pages, office: Office, world: World) -> None:
    people(world)
    ref, page = office.begun(), pages(office.author)
    page.goto(f"/policy/who?sharing=given&home={BOROUGH}")
    follow(page, "button:has-text('Count them now')")
    expect(page.locator("progress")).to_be_visible()
    sound(page, "who-being-counted")
    work(pages)
    follow(page, "a:has-text('Refresh')")
    reads(page, "Counted as at")
    follow(page, ".matrix a:has-text('sees')")
    reads(page, "How many it reaches today")
    sound(page, "who-square-counted")
    fill(page, "input[name=name]", "The home council sees it")
    choose(page, "rule", "R1")
    choose(page, "draft", "No dates")
    follow(page, "button:has-text('Add it to the draft')")
    reads(page, "The home council sees it")
    sound(page, "sheet-of-examples")
    page.goto(f"/policy/explain/what?organisation={COUNTY}&role=adviser")
    reads(page, "What this hat reaches")
    sound(page, "what-can-counted")
    page.goto(f"/policy/drafts/{ref}/tests")
    sound(page, "examples-of-a-draft")
    officer = pages(world.wearer(BOROUGH, "information_officer"))
    officer.goto("/policy/explain/who")
    fill(officer, "input[name=resident]", world.resident(BOROUGH).ref)
    follow(officer, "button:text-is('Ask')")
    reads(officer, "As the record stands now")
    sound(officer, "who-can-see-told")


def test_a_change_is_worked_out_approved_published_and_restored_with_the_keys_alone(pages: Pages, office: Office) -> None:
    ref = office.begun(without_births)
    author = pages(office.author)
    author.goto(f"/policy/drafts/{ref}")
    follow(author, "a:text-is('What it would change')")
    follow(author, "button:has-text('Work it out')")
    sound(author, "impact-working")
    work(pages)
    follow(author, "a:has-text('Refresh')")
    reads(author, "Nothing stands in the way")
    follow(author, "a:has-text('No dates of birth')")
    follow(author, "button:has-text('Hand in for approval')")
    reads(author, "An approval is missing")
    approver = pages(office.borough)
    approver.goto("/policy/waiting")
    sound(approver, "needs-you-approval")
    follow(approver, "main a:has-text('No dates of birth')")
    fill(approver, "textarea[name=why]", "Say whose they are")
    follow(approver, "button:has-text('Return the draft')")
    reads(approver, "Returned")
    sound(approver, "draft-returned")
    office.hand_in(ref)
    office.approve(ref, office.county, office.borough)
    author.goto(f"/policy/drafts/{ref}")
    sound(author, "draft-approved-by-all")
    follow(author, "button:text-is('Publish')")
    reads(author, "Version 2")
    sound(author, "version-published")
    author.goto("/policy/versions")
    follow(author, "a:has-text('Version 1')")
    sound(author, "version-of-before")
    fill(author, "textarea[name=reason]", "It was right before")
    follow(author, "button:has-text('Draft a return to this version')")
    reads(author, "What would change")
    sound(author, "draft-of-a-return")


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
    follow(author, "button:has-text('Add the rule')")
    sound(author, "draft-rules-with-errors")
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


def test_what_a_council_withholds_is_written_and_agreed_to_with_the_keys_alone(pages: Pages, office: Office, world: World) -> None:
    ref, page, officer = office.begun(), pages(office.author), pages(world.wearer(COUNTY, "information_officer"))
    page.goto(f"/policy/drafts/{ref}")
    follow(page, "a:has-text('withholds of its own residents')")
    reads(page, "It withholds no more than the partnership’s policy does.")
    fill(page, "textarea[name=sentence]",
         f"Of its own residents, {COUNTY} withholds needs in how a service is delivered from contractors' staff, because they do"
         " the work without it; information governance answers for this and reviews it by 31 March 2027.")
    follow(page, "button:has-text('Withhold it')")
    reads(page, "because they do the work without it")
    sound(page, "narrowings-of-a-draft")
    office.hand_in(ref)
    page.goto(f"/policy/drafts/{ref}")
    reads(page, "No other approval is needed.")
    sound(page, "narrowing-waits")
    officer.goto("/policy/withheld")
    sound(officer, "withheld-waiting")
    follow(officer, "a:has-text('No dates of birth')")
    reads(officer, "your word is enough")
    sound(officer, "narrowing-to-agree-to")
    follow(officer, "button:has-text('I have read this, and agree')")
    reads(officer, "Nothing waits for you.")
    page.reload()
    reads(page, "Every approval is given.")
