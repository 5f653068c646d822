"""The pages of information officers, auditors and administrators, as those see them who may and those who may not."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.journal.models import Entry
from app.kernel.ids import new_reference
from app.policy.work import Desk
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, World

NOT_OFFICERS = [(BOROUGH, "adviser"), (BOROUGH, "service_officer"), (BINS, "contractor"), (COUNTY, "administrator"),
                (COUNTY, "auditor"), (COUNTY, "service_manager"), (BINS, "partner_manager")]


def test_only_information_officers_open_records_and_only_they_and_auditors_the_journal(
        application: Flask, world: World) -> None:
    resident = world.resident(BOROUGH)
    own = f"/people/{resident.ref}/journal"
    for organisation, role in NOT_OFFICERS:
        browser = signed_in(application, world.wearer(organisation, role))
        statuses = {path: browser.get(path).status_code for path in ("/residents", own, "/journal", "/policy/explain")}
        assert statuses["/residents"] in (403, 409) and statuses[own] in (403, 409), role
        assert statuses["/journal"] == (200 if role == "auditor" else 403), role
        assert statuses["/policy/explain"] == (200 if role == "administrator" else 403), role
    officer = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    assert {officer.get(path).status_code for path in ("/residents", own, "/journal", "/policy/explain")} == {200}


def test_a_hidden_and_an_absent_record_are_the_same_page(application: Flask, world: World) -> None:
    officer = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    hidden, absent = world.resident(COUNTY, shared=True).ref, new_reference()
    pages = {officer.get(f"/people/{ref}/journal").text.replace(ref, "REF") for ref in (hidden, absent, "nonsense")}
    assert len({without_request(page) for page in pages}) == 1
    found = {without_request(officer.post("/residents", data={"ref": ref}).text) for ref in (hidden, absent)}
    assert len(found) == 1


def without_request(page: str) -> str:
    """The page but for the number of the request and the token of the form, which are new each time."""
    return "\n".join(line for line in page.splitlines() if not re.search("request|csrf_token", line, re.IGNORECASE))


def test_a_record_is_found_by_its_reference_however_it_is_typed(application: Flask, world: World) -> None:
    officer, resident = signed_in(application, world.wearer(BOROUGH, "information_officer")), world.resident(BOROUGH)
    typed = resident.ref.replace("-", " ").lower()
    answer = officer.post("/residents", data={"ref": typed})
    assert (answer.status_code, answer.location) == (303, f"/people/{resident.ref}/journal")
    wrong = officer.post("/residents", data={"ref": "K4F"})
    assert wrong.status_code == 422 and "This is not a reference" in wrong.text and 'value="K4F"' in wrong.text
    assert officer.post("/residents", data={"ref": " "}).status_code == 422


def test_the_journal_of_a_record_tells_who_when_why_and_of_refusals(
        application: Flask, desk: Desk, world: World) -> None:
    resident = world.resident(BOROUGH, given="Zebedee", family="Quill")
    wearer = world.wearer(BOROUGH, "information_officer")
    officer, auditor = signed_in(application, wearer), signed_in(application, world.wearer(BOROUGH, "auditor"))
    officer.post("/residents", data={"ref": resident.ref})
    assert auditor.get(f"/people/{resident.ref}/journal").status_code == 403
    page = officer.get(f"/people/{resident.ref}/journal").text
    assert "Found the record by its reference" in page and "Policy version 1" in page
    assert "Ama Invented (information officer, Taunton Deane Borough Council)" in page
    assert "answer for the resident&#39;s rights" in page
    assert "Was refused" in page and "auditor" in page
    assert "Quill" not in page
    title = page[page.index("<title>"):page.index("</title>")]
    assert resident.ref in title
    again = officer.get(f"/people/{resident.ref}/journal").text
    assert "Read the journal of a record" in again
    assert world.session.scalars(select(Entry.event).where(Entry.event == "journal.read")).all() == ["journal.read"] * 2


def test_the_journal_says_nothing_of_whom_and_is_itself_journalled(application: Flask, world: World) -> None:
    resident = world.resident(BOROUGH)
    officer = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    officer.get(f"/people/{resident.ref}/journal")
    auditor = signed_in(application, world.wearer(BOROUGH, "auditor"))
    for browser in (officer, auditor):
        page = browser.get("/journal").text
        assert "Read the journal of a record" in page and resident.ref not in page
    page = auditor.get("/journal?event=journal.audited").text
    assert "Audited the journal" in page[page.index("<table"):]
    assert "Read the journal of a record" not in page[page.index("<table"):]
    assert "Nothing was recorded that fits" in auditor.get("/journal?day=2014-09-01").text
    assert auditor.get("/journal?day=yesterday").status_code == 422
    assert auditor.get("/journal?after=nonsense").status_code == 422


def test_an_auditor_of_the_other_council_reads_none_of_it(application: Flask, world: World) -> None:
    signed_in(application, world.wearer(BOROUGH, "information_officer")).get("/residents")
    signed_in(application, world.wearer(BOROUGH, "auditor")).get("/journal")
    assert "Audited" not in signed_in(application, world.wearer(COUNTY, "auditor")).get("/journal").text.partition(
        "<table")[2]


def test_a_question_is_answered_on_its_page_and_a_wrong_one_is_drawn_again(application: Flask, world: World) -> None:
    officer, resident = signed_in(application, world.wearer(BOROUGH, "information_officer")), world.resident(BOROUGH)
    asked = {"organisation": COUNTY, "role": "adviser", "purpose": "enquiry", "group": "name", "resident": resident.ref}
    page = officer.post("/policy/explain", data=asked)
    assert page.status_code == 200 and "something is missing" in page.text
    assert "The resident would have to agree to sharing between the councils." in page.text
    assert f'value="{resident.ref}"' in page.text
    administrator = signed_in(application, world.wearer(COUNTY, "administrator"))
    told = {without_request(administrator.post("/policy/explain", data=asked | {"resident": ref}).text.replace(ref, ""))
            for ref in (resident.ref, new_reference())}
    assert len(told) == 1 and "You may not be told" in told.pop()
    wrong = administrator.post("/policy/explain", data=asked | {"role": "contractor"})
    assert wrong.status_code == 422 and "Nobody can be contractor at" in wrong.text
    assert administrator.post("/policy/explain", data={}).text.count("Choose a") >= 3


@pytest.mark.parametrize("page", ["/residents", "/journal", "/policy/explain", "/policy", "/organisations"])
def test_nobody_who_is_not_signed_in_sees_a_page(application: Flask, page: str) -> None:
    assert application.test_client().get(page).status_code in (302, 303, 401)


def test_each_line_of_the_journal_asks_why_it_was_so_by_what_held_then(application: Flask, world: World) -> None:
    resident, viewer = world.resident(BOROUGH), world.adviser(COUNTY)
    world.choose(resident, "sharing", "given", world.wearer(BOROUGH, "adviser"))
    assert signed_in(application, viewer).get(f"/people/{resident.ref}").status_code == 200
    world.choose(resident, "sharing", "withdrawn", world.wearer(BOROUGH, "adviser"))
    officer = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    page = officer.get(f"/people/{resident.ref}/journal").text
    asked = next(dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in page.split("<form ")[1:]
                 if COUNTY in form and 'value="adviser"' in form)
    assert asked["purpose"] == "enquiry" and asked["resident"] == resident.ref and asked["on"]
    then, now = (officer.post("/policy/explain", data=asked | {"on": on}).text for on in (asked["on"], ""))
    assert ">Yes<" in re.sub(r"\s+", "", then) and "The rules are those of then (version 1)" in then
    assert "something is missing" in now, "the yes was taken back since"
    assert "Write the day and the time as" in officer.post("/policy/explain", data=asked | {"on": "yesterday"}).text
    audited = officer.get("/journal").text
    assert resident.ref not in audited and "Asked of the policy" in audited and 'name="resident" value=""' in audited
    assert "told_why" not in audited and "/policy/explain" not in signed_in(
        application, world.wearer(BOROUGH, "auditor")).get("/journal").text.partition("<table")[2]
