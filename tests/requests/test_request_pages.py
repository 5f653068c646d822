"""The pages on which requests are taken, as a browser without scripts meets them."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.contacts.models import Contact, ContactNote, ContactPerson
from app.kernel.ids import new_reference
from app.requests.models import Request, RequestCopy
from tests.world import BOROUGH, COUNTY, Wearer, World

BIN = {"service": "530", "postcode": "TA1 1HE", "details-how-many": "1", "details-reason": "Broken"}
MEAL = {"service": "315", "postcode": "TA6 3AA", "details-days": "Weekdays", "details-start-day": "8",
        "details-start-month": "9", "details-start-year": "2014"}
CALLER = {"intake-name": "Rosa Field", "intake-address": "3 Bridge Row", "intake-telephone": "01632 960 011"}


class Browser:
    """Somebody's browser, signed in."""

    def __init__(self, client: FlaskClient, wearer: Wearer) -> None:
        self.client = client
        with client.session_transaction() as session:
            session["_user_id"] = wearer.secret

    def get(self, path: str) -> tuple[int, str]:
        answer = self.client.get(path)
        return answer.status_code, _words(answer.text)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """The status and the words, or where it leads."""
        answer = self.client.post(path, data=form)
        return answer.status_code, answer.headers.get("Location") or _words(answer.text)


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.S))


@pytest.fixture
def application(application: Flask) -> Iterator[Flask]:
    application.config["WTF_CSRF_ENABLED"] = False
    yield application


@pytest.fixture
def borough(world: World) -> Wearer:
    return world.wearer(BOROUGH, "adviser")


@pytest.fixture
def browser(client: FlaskClient, borough: Wearer) -> Browser:
    return Browser(client, borough)


def test_a_bin_for_a_known_resident_from_the_page_to_the_reference(browser: Browser, world: World) -> None:
    resident = world.resident(BOROUGH, telephone="+441632960001")
    assert browser.get("/contacts/request?service=530")[0] == 409
    assert browser.post("/contacts/new", {"channel": "telephone", "line": "borough-main"}) == (303, "/desk")
    contact = world.session.scalars(select(Contact)).one()
    assert "needs to know who it is for" in browser.get("/contacts/request?service=530")[1]
    hidden = world.resident(COUNTY)
    for ref in (hidden.ref, new_reference()):
        assert browser.get(f"/contacts/request?service=530&person={ref}")[0] == 404
        assert browser.post("/contacts/request", BIN | {"person": ref})[0] == 404
    assert "Take a request" in browser.get(f"/people/{resident.ref}")[1]
    assert "Garden waste bin" in browser.get(f"/contacts/request?person={resident.ref}")[1]
    for words, fits, rest in (("bin", "Garden waste bin", "Allotments"), ("potholes", "Pothole or damaged road", "Allotments")):
        status, page = browser.post("/contacts/request", {"words": words, "person": resident.ref})
        assert (status, fits in page, rest in page) == (200, True, False)
    assert "No service fits these words" in browser.post("/contacts/request", {"words": "<b>zeppelins", "person": resident.ref})[1]
    status, page = browser.get(f"/contacts/request?service=530&person={resident.ref}")
    assert status == 200
    for words in ("Garden waste bin", "How many bins?", "The yearly charge is by the bin.", "12 Mill Lane",
                  "GreenBins", "They will see", "Date of birth, history of contacts"):
        assert words in page, words
    status, page = browser.post("/contacts/request", BIN | {"step": "look", "postcode": "TA6 3AA"})
    assert (status, "Sedgemoor District Council" in page) == (200, True)
    status, page = browser.post("/contacts/request", BIN | {"details-how-many": "lots", "postcode": "TA1"})
    assert status == 422
    assert "only the first half of a postcode" in page
    status, page = browser.post("/contacts/request", BIN | {"details-how-many": "lots"})
    assert (status, "Enter a whole number" in page) == (422, True)
    form = BIN | {"once": "the page's own number", "person": resident.ref}
    status, sent = browser.post("/contacts/request", form)
    assert (status, browser.post("/contacts/request", form)) == (303, (303, sent))
    request = world.session.scalars(select(Request)).one()
    assert sent == f"/requests/{request.ref}/sent"
    assert world.session.scalars(select(ContactPerson.resident_id)).all() == [resident.id]
    status, page = browser.get(sent)
    assert f"Your reference is {request.ref}. GreenBins Collections Ltd will do it" in page
    for path in ("/requests", "/requests?mine=yes", f"/requests/{request.ref}"):
        status, page = browser.get(path)
        assert (status, request.ref in page) == (200, True), path
    status, page = browser.post("/contacts/request", BIN | {"service": "524", "postcode": "TA6 3AA"})
    assert "Please turn to" in page or "Sedgemoor District Council answers for this" in page
    assert browser.post(f"/contacts/{contact.ref}/end", {
        "contact": contact.ref, "outcome": "resolved", "resolved_at_first_contact": "yes"}) == (303, "/desk")


def test_a_blind_intake_asks_for_permission_and_keeps_nothing_without_it(
        browser: Browser, world: World, borough: Wearer) -> None:
    hidden = world.resident(COUNTY, given="Rosa", family="Field", postcode="TA6 3AA", lines=("3 Bridge Row",))
    world.contact(borough)
    status, page = browser.get("/intake/new?service=315")
    assert (status, "May this be passed on" in page) == (200, True)
    assert "pass your name, address and telephone" in page
    assert browser.get("/intake/new")[0] == 200
    status, page = browser.post("/intake/new", MEAL | CALLER)
    assert (status, "Ask whether what the caller said may be passed on" in page) == (422, True)
    status, page = browser.post("/intake/new", MEAL | CALLER | {"permission": "refused"})
    assert (status, "+443001232224" in page) == (200, True)
    assert world.session.scalar(select(func.count()).select_from(Request)) == 0
    status, page = browser.post("/intake/new", MEAL | CALLER | {"permission": "given", "intake-telephone": "12"})
    assert (status, "is not a telephone number" in page, hidden.ref in page) == (422, True, False)
    status, sent = browser.post("/intake/new", MEAL | CALLER | {"permission": "given"})
    assert status == 303
    status, page = browser.get(sent)
    assert "you will see only the reference" in page
    assert set(world.session.scalars(select(RequestCopy.grp))) == {"name", "address", "channels"}


def test_an_answer_leaves_nothing_of_who_asked_and_has_no_field_to_type_in(
        browser: Browser, client: FlaskClient, world: World) -> None:
    assert "Garden waste bin" in browser.get("/answers")[1]
    html = client.get("/answers/530").text
    assert 'type="text"' not in html
    assert "<textarea" not in html
    assert browser.post("/answers/530/answered", {})[0] == 422
    assert browser.post("/answers/530/answered", {"channel": "telephone", "line": "borough-main"}) == (303, "/desk")
    ended = world.session.scalars(select(Contact)).one()
    assert (ended.outcome, ended.topic_lgsl, ended.resolved_at_first_contact) == ("answered", 530, True)
    browser.post("/contacts/new", {"channel": "counter", "line": BOROUGH})
    open_now = world.session.scalars(select(Contact).where(Contact.ended_at.is_(None))).one()
    status, page = browser.get(f"/contacts/{open_now.ref}/end")
    assert (status, "no words are kept of it" in page) == (200, True)
    status, page = browser.post(f"/contacts/{open_now.ref}/end", {"outcome": "answered", "note": "Mr X rang"})
    assert (status, "no words are kept of it" in page) == (422, True)
    assert browser.post(f"/contacts/{open_now.ref}/end", {})[0] == 422
    assert browser.post("/answers/530/answered", {}) == (303, "/desk")
    assert world.session.scalar(select(func.count()).select_from(ContactNote)) == 0
    assert browser.get("/contacts/000-000-000/end")[0] == 404
