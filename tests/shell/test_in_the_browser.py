"""The frame in a real browser: accessibility, narrow windows, keys, and the same work without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.accessible import violations
from tests.shell import gallery
from tests.shell.conftest import served

pytestmark = pytest.mark.browser
PAGES = ["/", "/resident", "/form", "/form-wrong", "/message", "/help", "/privacy", "/accessibility-statement",
         "/help?frame=anonymous", "/fails/hidden", "/fails/invalid", "/fails/broken", "/fails/sign-in?frame=anonymous"]
NARROW = ["/resident", "/form-wrong"]


@pytest.mark.parametrize(("path", "width"), [*((path, 1366) for path in PAGES), *((path, 320) for path in NARROW)])
def test_axe_finds_no_violation(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(address + path)
    assert violations(page) == []


def test_axe_finds_no_violation_with_the_end_contact_panel_open(page: Page, address: str) -> None:
    page.goto(address + "/resident")
    page.keyboard.press("F8")
    assert violations(page) == []


def test_axe_would_find_a_field_without_a_label(page: Page, address: str) -> None:
    page.goto(address + "/form")
    page.evaluate("document.querySelector('label[for=family]').remove()")
    assert any(line.startswith("label:") for line in violations(page))


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_pages_keep_their_own_content_security_policy(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("/", "/resident", "/form-wrong", "/help"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
    assert complaints == []


def test_f2_goes_to_the_box_and_f8_to_the_end_of_the_contact(page: Page, address: str) -> None:
    page.goto(address + "/")
    page.keyboard.press("F2")
    expect(page.locator("#box")).to_be_focused()
    page.keyboard.press("F8")
    expect(page.locator("[data-end-contact]")).to_have_attribute("open", "")
    expect(page.get_by_label("Answered")).to_be_focused()


def test_f8_and_enter_end_the_contact_with_the_filled_in_outcome(context: BrowserContext) -> None:
    app = gallery.make()
    with served(app) as where:
        page = context.new_page()
        page.goto(where + "/")
        page.keyboard.press("F8")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert [(sent["contact"], sent["outcome"]) for sent in app.config["SENT"]] == [("G7K-4F2-9QX", "answered")]


def test_a_key_that_is_turned_off_does_nothing(page: Page, address: str) -> None:
    page.goto(address + "/")
    page.evaluate("document.body.dataset.endKey = ''")
    page.keyboard.press("F8")
    expect(page.locator("[data-end-contact]")).not_to_have_attribute("open", "")


def test_control_and_enter_press_the_primary_button_from_inside_a_field(context: BrowserContext) -> None:
    app = gallery.make()
    with served(app) as where:
        page = context.new_page()
        page.goto(where + "/form")
        page.get_by_label("What happened?").fill("The bin was missed")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert [sent["details"] for sent in app.config["SENT"]] == ["The bin was missed"]
    assert "step" not in app.config["SENT"][0]


def test_a_form_sent_twice_leaves_once(page: Page, address: str) -> None:
    page.goto(address + "/form")
    twice = """() => {
      const form = document.querySelector('main form'); let kept = 0
      window.addEventListener('submit', (event) => { if (!event.defaultPrevented) kept += 1; event.preventDefault() })
      form.requestSubmit(); form.requestSubmit(); return kept
    }"""
    assert page.evaluate(twice) == 1


def test_a_reference_is_copied_with_its_button(context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    page.goto(address + "/resident")
    page.get_by_role("button", name="Copy reference G7K-4F2-9QX").click()
    expect(page.locator("[data-copy='G7K-4F2-9QX']")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "G7K-4F2-9QX"


def test_the_focus_moves_to_the_error_summary(page: Page, address: str) -> None:
    page.goto(address + "/form-wrong")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="31 February is not a day.").click()
    expect(page.locator("#birth")).to_be_focused()


def test_the_contact_bar_never_covers_what_has_the_focus(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 600})
    page.goto(address + "/form-wrong")
    page.locator("#letter").focus()
    for _ in range(14):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate("""() => {
          const focused = document.activeElement; const box = focused.getBoundingClientRect()
          if (focused.closest('.contact-bar, header') || focused === document.body) return false
          const bar = document.querySelector('.contact-bar').getBoundingClientRect()
          return box.top < bar.bottom && box.bottom > bar.top
        }""")
        assert not covered, page.evaluate("document.activeElement.outerHTML")


def test_every_target_is_at_least_24_pixels_high_or_a_link_in_words(page: Page, address: str) -> None:
    page.goto(address + "/resident")
    small = page.evaluate("""() => [...document.querySelectorAll('button, summary, input:not([type=hidden])')]
      .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 24 && !each.closest('.not-shown'))
      .map((each) => each.outerHTML)""")
    assert small == []


def test_a_choice_reveals_what_belongs_to_it(page: Page, address: str) -> None:
    page.goto(address + "/form")
    expect(page.get_by_label("Reason")).to_be_hidden()
    page.get_by_label("Not asked").check()
    expect(page.get_by_label("Reason")).to_be_visible()
    assert violations(page) == []


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_without_javascript_a_contact_is_ended_and_the_navigation_is_open(plain_page: Page) -> None:
    app = gallery.make()
    with served(app) as where:
        plain_page.goto(where + "/")
        expect(plain_page.get_by_role("link", name="Queues", exact=True)).to_be_visible()
        plain_page.locator("summary", has_text="End contact").click()
        plain_page.get_by_role("button", name="End contact").click()
        expect(plain_page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert app.config["SENT"][0]["outcome"] == "answered"


def test_on_paper_there_is_no_furniture(page: Page, address: str) -> None:
    page.goto(address + "/resident")
    page.emulate_media(media="print")
    for furniture in (".contact-bar", ".frame-navigation", ".sub-navigation", ".frame-footer__links"):
        expect(page.locator(furniture)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
