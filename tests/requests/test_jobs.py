"""The workspace of a partner in a browser: what it is shown while a job is in hand, and what is left afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.journal.models import Entry
from app.requests.models import Assignment
from tests.requests.conftest import bytes_of, words_of
from tests.world import BINS, BOROUGH, COPY, COUNTY, Wearer, World

Open = Callable[[Wearer], Any]
ROADS = "roadmend"
PRIVATE = ("Chidi", "Okafor", "Mill Lane", "01823", "555012", "Large print")


def test_a_job_is_done_from_the_list_to_the_confirmed_disposal(world: World, browser: Open) -> None:
    resident, today = world.resident(BOROUGH), world.now.date()
    request = world.request(BOROUGH, resident=resident, partner=BINS, promised_by=today - timedelta(days=3))
    crew = browser(world.wearer(BINS, "contractor"))
    listed, page = crew.read("/jobs"), f"/jobs/{request.ref}"
    assert "New (1)" in listed and "Late" in listed and request.ref in listed and "Okafor" not in listed
    seen = crew.read(page)
    assert "Chidi Okafor" in seen and "To know which household asked." in seen and "Not ours" in seen
    assert 'href="tel:+441823555012"' in crew.get(page).text
    assert crew.post(f"{page}/accept").status_code == 303
    assert "Active (1)" in crew.read("/jobs")
    assert crew.post(f"{page}/start").status_code == 303
    assert crew.post(f"{page}/update", note="Friday, with the larger vehicle").status_code == 303
    assert "Friday, with the larger vehicle" in crew.read(page)
    done = crew.post(f"{page}/complete", outcome="done", note="")
    assert done.status_code == 303 and done.location == page
    over = crew.read(page)
    assert "You completed this job" in over and "Its details were removed" in over
    assert not any(word in crew.get(page).text for word in PRIVATE)
    assert "Active" not in crew.read("/jobs") and request.ref in crew.read("/disposals")
    sent = dict(requests=[request.ref], how="deleted", declared="yes")
    day = {"on-day": str(today.day), "on-month": str(today.month), "on-year": str(today.year)}
    assert crew.post("/disposals", **sent, **day).status_code == 303
    assert "Nothing is due" in crew.read("/disposals")
    assert crew.post("/disposals", **sent, **day).status_code == 409
    assert "Disposal confirmed" in crew.read(page)
    world.session.expire_all()
    entry = world.session.scalar(select(Entry).where(Entry.event == "disposal.confirmed"))
    assert entry is not None and entry.facts == {"requests": [request.ref], "how": "deleted", "on": today.isoformat()}


def test_a_partner_sees_only_what_service_and_agreement_name(world: World, browser: Open) -> None:
    """The roads' agreement gives channels alone: no name, no address, whatever the request's copy holds."""
    request = world.request(COUNTY, lgsl=550, partner=ROADS)
    seen = browser(world.wearer(ROADS, "contractor")).read(f"/jobs/{request.ref}")
    assert "Ring 01823 555012" in seen
    assert not any(word in seen for word in ("Okafor", "Large print"))


def test_what_is_hidden_from_a_partner_is_as_if_it_were_not(world: World, browser: Open) -> None:
    request = world.request(BOROUGH, partner=BINS)
    other = browser(world.wearer(ROADS, "contractor"))
    for path in ("", "/refuse", "/update", "/complete"):
        hidden, absent = other.get(f"/jobs/{request.ref}{path}"), other.get(f"/jobs/ZZZ-ZZZ-ZZ8{path}")
        assert hidden.status_code == absent.status_code == 404
        assert bytes_of(hidden) == bytes_of(absent)
    assert other.post(f"/jobs/{request.ref}/accept").status_code == 404
    assert "No jobs are passed to you" in other.read("/jobs")


def test_what_cannot_be_taken_is_told_field_by_field_with_everything_typed(world: World, browser: Open) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew = browser(world.wearer(BINS, "contractor"))
    page = f"/jobs/{request.ref}"
    assert crew.get(f"{page}/complete").status_code == 409
    empty = crew.post(f"{page}/refuse", reason="  ")
    assert empty.status_code == 422 and "Say why" in words_of(empty) and "<title>Error: " in empty.text
    crew.post(f"{page}/accept")
    wrong = crew.post(f"{page}/complete", outcome="wonderful", note="Kept as typed")
    assert wrong.status_code == 422 and "wonderful" in words_of(wrong) and "Kept as typed" in wrong.text
    assert "at most 1000" in words_of(crew.post(f"{page}/update", note="x" * 1001))
    crew.post(f"{page}/complete", outcome="done")
    bad = crew.post("/disposals", **{"on-day": "31", "on-month": "2", "on-year": "2026"})
    assert bad.status_code == 422
    for words in ("Tick the jobs", "Say how it was done", "This is no date", "Tick the declaration"):
        assert words in words_of(bad)
    later = (world.now + timedelta(days=2)).date()
    ahead = crew.post("/disposals", requests=[request.ref], how="deleted", declared="yes",
                      **{"on-day": str(later.day), "on-month": str(later.month), "on-year": str(later.year)})
    assert ahead.status_code == 422 and "today or earlier" in words_of(ahead)


def test_a_job_lost_to_an_objection_leaves_the_list_and_shows_a_stub(world: World, browser: Open) -> None:
    resident, adviser = world.resident(BOROUGH), world.adviser(BOROUGH)
    request = world.request(BOROUGH, resident=resident, partner=BINS)
    crew, officer = browser(world.wearer(BINS, "contractor")), browser(world.wearer(BOROUGH, "service_officer"))
    world.object(resident, BINS, adviser)
    listed = crew.read("/jobs")
    assert "No longer with you" in listed and "New (" not in listed
    assert not any(word in crew.get(f"/jobs/{request.ref}").text for word in PRIVATE)
    queued = officer.read("/queue")
    assert "Objection: reassign" in queued and "Give to somebody else (1)" in queued
    assert "Objection: reassign" in officer.read(f"/requests/{request.ref}/steps")
    assert officer.post(f"/requests/{request.ref}/steps/take-back", reason="Objected").status_code == 303
    assert "Give to somebody else" not in officer.read("/queue")
    assert request.ref in crew.read("/disposals")


def test_the_queue_tells_the_late_first_and_who_handed_back(world: World, browser: Open) -> None:
    today = world.now.date()
    late = world.request(BOROUGH, unit="waste", promised_by=today - timedelta(days=2))
    back = world.request(BOROUGH, unit="waste", partner=BINS, promised_by=today + timedelta(days=2))
    crew, officer = browser(world.wearer(BINS, "contractor")), browser(world.wearer(BOROUGH, "service_officer"))
    crew.post(f"/jobs/{back.ref}/refuse", reason="Not our round")
    other = world.request(BOROUGH, unit="housing", promised_by=None)
    seen = officer.read("/queue")
    assert seen.index(late.ref) < seen.index(back.ref) < seen.index(other.ref)
    assert "Handed back by" in seen and "Late" in seen
    assert "Not our round" in officer.read(f"/requests/{back.ref}/steps")
    narrow = officer.read("/queue?unit=waste&show=waiting")
    assert late.ref in narrow and other.ref not in narrow
    assert officer.get("/queue?show=everything").status_code == 422
    assert officer.get("/queue?after=nowhere").status_code == 422


def test_the_queue_pages_without_losing_or_repeating_a_request(world: World, browser: Open) -> None:
    talk = world.contact(world.wearer(BOROUGH, "adviser"), ended=True)
    made = {world.request(BOROUGH, talk=talk, copy={}, promised_by=world.now.date()).ref for _ in range(30)}
    officer = browser(world.wearer(BOROUGH, "service_officer"))
    first = officer.get("/queue").text
    after = first[first.index("after="):].partition('"')[0]
    second = officer.get(f"/queue?{after}").text
    on_first, on_second = ({ref for ref in made if ref in text} for text in (first, second))
    assert on_first | on_second == made and not on_first & on_second and len(on_first) == 25


def test_an_officer_assigns_passes_cancels_and_closes_from_the_page(world: World, browser: Open) -> None:
    officer = browser(world.wearer(BOROUGH, "service_officer"))
    one, two, three = (world.request(BOROUGH) for _ in range(3))
    page = officer.read(f"/requests/{one.ref}/steps")
    assert "Give it to a partner" in page and "Chidi Okafor" in page and "To know which household asked." in page
    assert "GreenBins" in officer.read(f"/requests/{one.ref}/steps/assign")
    assert "Who" in words_of(officer.post(f"/requests/{one.ref}/steps/assign"))
    assert officer.post(f"/requests/{one.ref}/steps/assign", to=BINS).status_code == 303
    passed = officer.post(f"/requests/{two.ref}/steps/pass", to=COUNTY, reason="The county's road")
    assert passed.status_code == 303 and passed.location == "/queue"
    assert officer.get(f"/requests/{two.ref}/steps").status_code == 404
    assert officer.post(f"/requests/{three.ref}/steps/note", note="Rang twice").status_code == 303
    assert officer.post(f"/requests/{three.ref}/steps/close", outcome="not-needed", note="").status_code == 303
    assert "There was nothing to do" in officer.read(f"/requests/{three.ref}/steps")
    assert officer.post(f"/requests/{one.ref}/steps/cancel", reason="Asked twice").status_code == 303
    held = world.session.scalar(select(Assignment).where(Assignment.request_id == one.id))
    assert held is not None and held.ended_as == "closed"
    assert "GreenBins" in officer.read("/queue/disposals")


def test_advisers_and_administrators_have_no_queue_and_partners_no_council_page(world: World, browser: Open) -> None:
    request = world.request(BOROUGH, partner=BINS, copy=COPY)
    for wearer in (world.adviser(BOROUGH), world.wearer(BOROUGH, "administrator"), world.wearer(BINS, "contractor")):
        for path in ("/queue", "/queue/intake", "/queue/disposals", f"/requests/{request.ref}/steps"):
            assert browser(wearer).get(path).status_code == 403


def test_an_overdue_disposal_is_chased_and_both_sides_see_it(world: World, browser: Open) -> None:
    ended, today = world.now - timedelta(days=30), world.now.date()
    request = world.request(BOROUGH, status="completed")
    duty = world.assignment(request, BINS, ended_at=ended, ended_as="completed", dispose_by=today - timedelta(days=1))
    crew, officer = browser(world.wearer(BINS, "contractor")), browser(world.wearer(BOROUGH, "service_officer"))
    assert "Overdue" in officer.read("/queue/disposals")
    assert officer.post(f"/queue/disposals/{request.ref}/chase").status_code == 303
    assert "Asked on" in officer.read("/queue/disposals") and "asked again on" in crew.read("/disposals")
    duty.dispose_by = today
    world.session.commit()
    assert officer.post(f"/queue/disposals/{request.ref}/chase").status_code == 409
    county = browser(world.wearer(COUNTY, "service_officer"))
    assert county.post(f"/queue/disposals/{request.ref}/chase").status_code == 409, "as for what was never there"
    assert world.session.scalar(select(Entry).where(Entry.event == "disposal.chased")) is not None
