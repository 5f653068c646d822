"""The Box of the desk: one detail alone needs a reason, so do very many questions, and who fits is offered while one types."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from app.contacts.models import Contact
from app.journal.models import Entry
from app.residents import questions
from app.residents.models import FindQuestion
from app.residents.reasons import REASONS
from app.staff.models import SignIn
from tests.accessible import violations
from tests.desk.test_pages import Browser, shown
from tests.shell.conftest import at_a_desk
from tests.world import BOROUGH, COUNTY, World


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> Browser:
    wearer = world.wearer(BOROUGH, "adviser")
    world.contact(wearer)
    return Browser(client, wearer)


def test_one_detail_alone_is_looked_for_once_somebody_says_why_and_the_journal_has_the_reason(
        adviser: Browser, world: World) -> None:
    resident = world.resident(BOROUGH, family="Okafor")
    world.resident(COUNTY, family="Okafor")
    refused = adviser.post("/find", {"wanted": "okaffor"})
    assert refused.status_code == 422 and 'value="okaffor"' in refused.text
    assert all(words in shown(refused) for words in REASONS.values())
    assert adviser.post("/find", {"wanted": "okaffor", "reason": "because"}).status_code == 422
    asked = adviser.post("/find", {"wanted": "okaffor", "reason": "at-risk"})
    assert asked.status_code == 303
    answer = adviser.client.get(asked.location)
    assert resident.ref in answer.location if answer.status_code == 303 else resident.ref in answer.text
    reasons = select(Entry.facts["reason"].astext).where(Entry.event == "resident.searched")
    assert world.session.scalars(reasons).all() == ["at-risk"]


def test_who_asks_about_something_is_offered_the_answer_without_a_script_as_well(adviser: Browser) -> None:
    page = adviser.post("/find", {"wanted": "opening"})
    assert page.status_code == 422 and "/answers/534" in page.text and "Recycling centres and banks" in shown(page)
    assert "/answers/534" in adviser.post("/answers/suggestions", {"wanted": "opening"}).text
    assert adviser.post("/answers/suggestions", {"wanted": "okafor ta1 1he"}).text.strip() == ""
    assert "/people/new" in adviser.post("/desk/suggestions", {"wanted": "new"}).text


def test_nothing_that_can_be_typed_into_the_box_is_lost_or_an_error_of_ours(adviser: Browser) -> None:
    more, nobody = "Add a second detail", "No match you can see"
    for typed, said in (("x" * 10_000, "This is too long: use at most 300 characters"), ("% _ *", more), ("****", more),
                        ("محمد ta1 1he", nobody), ("👩‍👩‍👧 ta1 1he", more), ("\u202eabc ta1 1he", nobody)):
        answer = adviser.post("/find", {"wanted": typed})
        page = answer if answer.status_code == 422 else adviser.client.get(answer.location)
        assert page.status_code in (200, 422) and said in shown(page), f"{typed[:20]}: {shown(page)[:300]}"
        assert typed in unescape(page.text), "what was typed is still there"
        assert adviser.post("/residents/suggestions", {"wanted": typed}).status_code == 200


def test_what_is_sensible_first_where_nobody_is_found_follows_from_the_postcode_that_was_typed(adviser: Browser) -> None:
    said = {"quill ta1 1he": "Add a new resident", "quill ta6 3na": "Take it down", "quill zora 1/2/1971": "Look again"}
    for wanted, first in said.items():
        page = adviser.client.get(adviser.post("/find", {"wanted": wanted}).location)
        marked = re.search(r"<(?:a|input)[^>]*autofocus.*", page.text, re.DOTALL)
        assert marked and "No match you can see" in shown(page), wanted
        field = "wanted" if first == "Look again" else first
        assert field in re.split(r"</a>|</button>", marked[0])[0], wanted


def test_a_reason_that_was_not_needed_is_not_kept(adviser: Browser, world: World) -> None:
    adviser.client.get(adviser.post("/find", {"wanted": "okafor ta1 1he", "reason": "at-risk"}).location)
    assert world.session.scalars(select(FindQuestion.reason)).all() == [None]


def test_nothing_that_could_be_looked_for_is_refused_with_or_without_a_reason(adviser: Browser) -> None:
    for reason in ({}, {"reason": "at-risk"}):
        for wanted in ("17", "***", "%", "\U0001f600", "ta1"):
            assert adviser.post("/find", {"wanted": wanted} | reason).status_code == 422, wanted


def test_very_many_questions_in_ten_minutes_ask_for_a_reason_once(adviser: Browser, world: World) -> None:
    for _ in range(questions.MANY):
        assert adviser.post("/find", {"wanted": "okafor ta1 1he"}).status_code == 303
    asked = adviser.post("/find", {"wanted": "okafor ta1 1he"})
    assert asked.status_code == 422 and "30 people in ten minutes" in shown(asked) and 'value="okafor ta1 1he"' in asked.text
    assert adviser.post("/find", {"wanted": "okafor ta1 1he", "reason": "many-callers"}).status_code == 303
    assert adviser.post("/find", {"wanted": "okafor ta1 1he"}).status_code == 303


def test_questions_of_longer_ago_are_not_counted(adviser: Browser, world: World) -> None:
    for _ in range(questions.MANY):
        adviser.post("/find", {"wanted": "okafor ta1 1he"})
    world.session.execute(update(FindQuestion).values(at=FindQuestion.at - timedelta(minutes=11)))
    world.session.commit()
    assert adviser.post("/find", {"wanted": "okafor ta1 1he"}).status_code == 303


def test_who_fits_is_offered_from_two_details_on_and_no_more_than_may_be_seen(adviser: Browser, world: World) -> None:
    resident = world.resident(BOROUGH, family="Okafor", postcode="TA1 1HE")
    hidden = world.resident(COUNTY, family="Okafor", postcode="TA1 1HE")
    assert adviser.post("/residents/suggestions", {"wanted": "okafor"}).text.strip() == ""
    offered = adviser.post("/residents/suggestions", {"wanted": "okafor ta1 1he"}).text
    assert resident.ref in offered and hidden.ref not in offered and "1 person fits" in offered
    assert "No match you can see" in adviser.post("/residents/suggestions", {"wanted": "nobody ta1 1he"}).text
    assert world.session.scalar(select(func.count()).where(Entry.event == "resident.searched")) == 2
    assert questions.MANY_SUGGESTIONS > 2


@pytest.fixture
def at_rest(client: FlaskClient, world: World) -> Browser:
    """An adviser with nobody on the line."""
    return Browser(client, world.wearer(BOROUGH, "adviser"))


TYPED = {"wanted": "okafor ta1 1he", "line": "borough-main", "channel": "telephone"}


def test_typing_two_details_opens_the_contact_and_one_does_not(at_rest: Browser, world: World) -> None:
    resident = world.resident(BOROUGH, family="Okafor", postcode="TA1 1HE")
    hidden = world.resident(COUNTY, family="Okafor", postcode="TA1 1HE")
    assert "/find/suggestions" in at_rest.get("/desk").text
    for changed in ({"wanted": "okafor"}, {"line": "nowhere"}, {"line": "county-main"}, {"channel": "telegraph"}):
        assert at_rest.post("/find/suggestions", TYPED | changed).text == "", changed
    assert world.session.scalars(select(Contact)).all() == []
    sent = at_rest.post("/find/suggestions", TYPED)
    assert sent.status_code == 303 and "okafor" not in sent.location.lower()
    offered = at_rest.get(sent.location).text
    assert resident.ref in offered and hidden.ref not in offered and 'id="contact-bar"' in offered
    assert at_rest.post("/find/suggestions", TYPED | {"wanted": "okafor ta1 1hf"}).status_code == 303
    assert world.session.scalars(select(Contact.channel)).all() == ["telephone"]


def test_how_the_contact_came_is_put_right_until_it_is_with_somebody(at_rest: Browser, world: World) -> None:
    resident = world.resident(BOROUGH, family="Okafor", postcode="TA1 1HE")
    came = select(Contact.channel, Contact.line)
    for changed in ({}, {"channel": "counter"}, {"line": "borough-waste", "channel": "letter"}):
        assert at_rest.post("/find/suggestions", TYPED | changed).status_code == 303
        world.session.rollback()
        assert world.session.execute(came).one() == tuple((TYPED | changed)[name] for name in ("channel", "line"))
    assert at_rest.post("/find", TYPED).status_code == 303
    at_rest.get(f"/people/{resident.ref}")
    verified = at_rest.post(f"/people/{resident.ref}/verify", {"matched": "name"}, of=f"/people/{resident.ref}")
    assert verified.status_code == 303, shown(verified)
    assert at_rest.post("/find", TYPED | {"channel": "counter"}).status_code == 303
    world.session.rollback()
    assert world.session.execute(came).one() == ("telephone", "borough-main")
    noted = select(Entry.facts["channel"].astext).where(Entry.event == "contact.put-right").order_by(Entry.id)
    assert world.session.scalars(noted).all() == ["counter", "letter", "telephone"]


def test_a_line_of_another_council_than_the_contacts_is_refused_where_it_can_be_chosen_anew(
        at_rest: Browser, world: World) -> None:
    world.wearer(COUNTY, "adviser", person=at_rest.wearer.person_id)
    assert at_rest.post("/find", TYPED).status_code == 303
    refused = at_rest.post("/find", TYPED | {"line": "county-main"})
    assert refused.status_code == 422 and "end the contact, and open one on that line" in shown(refused)
    assert '<select' in refused.text and 'value="okafor ta1 1he"' in refused.text
    assert at_rest.post("/find/suggestions", TYPED | {"line": "county-main"}).text == ""
    assert world.session.scalars(select(Contact.line)).all() == ["borough-main"]


def test_typing_and_enter_at_once_are_one_contact(at_rest: Browser, world: World) -> None:
    form = TYPED | {"csrf_token": at_rest.token("/desk")}
    with at_rest.client.session_transaction() as session:
        kept = dict(session)

    def send(path: str) -> int:
        client = at_rest.client.application.test_client()
        with client.session_transaction() as session:
            session.update(kept)
        return client.post(path, data=form).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(send, ["/find/suggestions", "/find"] * 4)) == [303] * 8
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 1


def test_whose_lines_are_of_two_councils_is_offered_nobody_before_the_line_is_chosen(at_rest: Browser, world: World) -> None:
    world.wearer(COUNTY, "adviser", person=at_rest.wearer.person_id)
    page = at_rest.get("/desk").text
    assert "/answers/suggestions" in page and "/find/suggestions" not in page and "/residents/suggestions" not in page


@pytest.fixture
def page(application: Flask, world: World) -> Iterator[Page]:
    wearer = world.wearer(BOROUGH, "adviser")
    world.contact(wearer)
    world.resident(BOROUGH, family="Okafor", telephone="+441632960001")
    with at_a_desk(application, wearer) as page:
        yield page


@pytest.mark.browser
def test_a_suggestion_is_reached_and_opened_with_the_arrow_keys(page: Page) -> None:
    page.goto("/desk")
    box = page.locator("#wanted")
    expect(box).to_be_focused()
    page.keyboard.type("01632 960001")
    link = page.locator(".suggestions a")
    expect(link).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(box).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" ")
    expect(link).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
    assert page.context.pages[0].title().startswith("Resident ")


@pytest.fixture
def desk(application: Flask, world: World) -> Iterator[Page]:
    """An adviser with nobody on the line yet."""
    world.resident(BOROUGH, family="Okafor", postcode="TA1 1HE")
    with at_a_desk(application, world.wearer(BOROUGH, "adviser")) as page:
        yield page


@pytest.mark.browser
def test_typing_two_details_opens_the_contact_and_offers_who_fits(desk: Page, world: World) -> None:
    desk.goto("/desk")
    desk.keyboard.type("okafor")
    desk.wait_for_timeout(600)
    assert world.session.scalars(select(Contact)).all() == [], "one detail is no search"
    desk.keyboard.type(" ta1 1he")
    expect(desk.locator(".suggestions a")).to_have_count(1)
    expect(desk.locator("#contact-bar")).to_contain_text("Nobody found yet")
    expect(desk.locator("#contact-bar")).to_contain_text("Telephone")
    assert violations(desk) == []
    desk.keyboard.press("F8")
    expect(desk.locator("#end-contact-outcome")).to_be_focused()
    desk.locator("#channel-2").check()
    expect(desk.locator("#contact-bar")).to_contain_text("Counter")
    expect(desk.locator(".suggestions a")).to_have_count(1)
    opened = world.session.scalars(select(Contact)).one()
    assert (opened.channel, opened.ended_at) == ("counter", None)
    desk.locator("#wanted").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/people/*")
    expect(desk.locator("#contact-bar")).to_contain_text("Counter")


@pytest.mark.browser
def test_who_was_signed_out_meanwhile_finds_no_page_under_the_box(desk: Page, world: World) -> None:
    desk.goto("/desk")
    world.session.execute(update(SignIn).values(revoked_at=world.now))
    world.session.commit()
    with desk.expect_response(lambda answer: "/sign-in" in answer.url and answer.ok):
        desk.keyboard.type("okafor ta1 1he")
    desk.wait_for_timeout(500)
    expect(desk.locator(".suggestions")).to_be_empty()
    expect(desk.locator("#wanted")).to_have_value("okafor ta1 1he")
