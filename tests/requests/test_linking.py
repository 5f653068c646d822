"""Blind intake (R18) from the home council's side: likely records in words, the link, what nobody else learns of it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from app.journal.models import Entry, EntrySubject
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.policy.actions import Action
from app.policy.work import Desk
from app.requests import linking, working
from app.requests.models import IntakeKept, Request, RequestCopy, RequestResident, RequestStep
from tests.requests.conftest import bytes_of, words_of
from tests.requests.test_working import at_once
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

Open = Callable[[Wearer], Any]
LINKING = frozenset({Action.INTAKE_SEE, Action.INTAKE_LINK})
SAID = {"name": [{"given": "Chidi", "family": "Okafor", "kind": "usual"}],
        "address": [{"lines": ["3 Quay Street"], "postcode": "TA6 3NA"}],
        "channels": {"telephones": ["+441278555012"], "emails": []}}


def taken(world: World, adviser: Wearer | None = None, **columns: Any) -> Request:
    """An intake that the borough took from a caller who lives in the county, for a county service."""
    adviser = adviser or world.wearer(BOROUGH, "adviser")
    talk = world.contact(adviser, ended=True)
    county = world.organisations[COUNTY].id
    return world.request(BOROUGH, COUNTY, lgsl=550, status="passed", talk=talk, copy=SAID,
                         **{"intake": True, "intake_home_id": county, "permission": "given", **columns})


def test_likely_records_are_told_in_words_likeliest_first(desk: Desk, world: World) -> None:
    hers = world.resident(COUNTY, telephone="+441278555012", postcode="TA6 3NA", lines=["3 Quay Street"])
    sister = world.resident(COUNTY, given="Ada", postcode="TA6 3NA", lines=["9 Quay Street"])
    world.resident(COUNTY, given="Ada", postcode="BA1 1AA")
    world.resident(COUNTY, given="Bea", family="Jones", postcode="TA6 3NA")
    world.resident(BOROUGH, telephone="+441278555012", postcode="TA6 3NA", shared=True)
    request, officer = taken(world), world.wearer(COUNTY, "service_officer")
    with desk.work(officer.secret, LINKING) as work:
        found = linking.candidates(work, request.ref)
    assert [each.ref for each in found] == [hers.ref, sister.ref], "another council's resident is no candidate"
    told = {words: bits for words, bits in found[0].reasons}
    assert {"Same telephone", "Same postcode"} <= set(told) and all(bits > 0 for bits in list(told.values())[:4]), told
    assert any(words.startswith("Same family name") for words in told), "each clue in words, with what it adds"
    assert found[0].steps.total > found[1].steps.total
    assert any(words.startswith("Different first names") and bits < 0 for words, bits in found[1].reasons)
    named = set(world.session.scalars(select(EntrySubject.resident_id)))
    assert named == {hers.id, sister.id}, "whose record was looked at is journalled"


def test_a_surname_that_sounds_alike_counts_with_a_postcode_and_a_first_name(desk: Desk, world: World) -> None:
    known = world.resident(COUNTY, family="Okaffor", postcode="TA6 3NA")
    request = taken(world)
    with desk.work(world.wearer(COUNTY, "service_officer").secret, LINKING) as work:
        found = linking.candidates(work, request.ref)
    assert [each.ref for each in found] == [known.ref]
    assert any("Okaffor" in words and bits > 0 for words, bits in found[0].reasons)


def test_linking_shows_in_the_record_and_in_nothing_that_the_taker_can_see(desk: Desk, world: World) -> None:
    resident, adviser = world.resident(COUNTY), world.adviser(BOROUGH)
    request, officer = taken(world, adviser), world.wearer(COUNTY, "service_officer")
    see = frozenset({Action.REQUEST_SEE, Action.INTAKE_SEE, Action.RESIDENT_SEE})

    def seen_by_the_taker() -> list[Any]:
        with desk.work(adviser.secret, see) as work:
            stub = work.session.scalars(select(Request).where(Request.id == request.id)).one()
            steps = work.session.scalars(select(RequestStep).where(RequestStep.request_id == request.id)).all()
            others = [work.session.scalars(select(model)).all() for model in (RequestCopy, RequestResident, IntakeKept)]
            return [stub.status, stub.version, [(row.status, row.at) for row in steps], others]

    before = seen_by_the_taker()
    with desk.work(officer.secret, LINKING) as work:
        assert linking.link(work, request.ref, resident.ref.lower()).status == "passed"
    assert seen_by_the_taker() == before == ["passed", 1, before[2], [[], [], []]]
    entry = world.session.scalar(select(Entry).where(Entry.event == "intake.linked"))
    assert entry is not None and entry.facts == {"request": request.ref}
    with desk.work(officer.secret, see) as work:
        assert working.linked_to(work, working.request_of(work, request.ref)) == (resident.id,)


def test_an_intake_is_linked_once_even_by_two_at_once(desk: Desk, world: World) -> None:
    residents = [world.resident(COUNTY), world.resident(COUNTY, given="Ada")]
    request = taken(world)
    officers = [world.wearer(COUNTY, "service_officer") for _ in residents]

    def link(who: Wearer, ref: str) -> working.Done:
        with desk.work(who.secret, LINKING | {Action.REQUEST_SEE}) as work:
            return linking.link(work, request.ref, ref)

    answers = at_once(*(lambda who=who, ref=each.ref: link(who, ref)  # type: ignore[misc]
                        for who, each in zip(officers, residents, strict=True)))
    refused = [each for each in answers if isinstance(each, Conflict)]
    assert len(refused) == 1 and refused[0].facts == {"state": "linked"}
    assert len(world.session.scalars(select(RequestResident)).all()) == 1


def test_only_the_home_council_links_and_only_to_its_own(desk: Desk, world: World) -> None:
    hers, others = world.resident(COUNTY), world.resident(BOROUGH, shared=True)
    request, officer = taken(world), world.wearer(COUNTY, "service_officer")
    needs = LINKING | {Action.REQUEST_SEE}
    for ref in (others.ref, "ZZZ-ZZZ-ZZ8", "nobody"):
        with pytest.raises(NotFound), desk.work(officer.secret, needs) as work:
            linking.link(work, request.ref, ref)
    with pytest.raises(NotFound), desk.work(world.wearer(BOROUGH, "service_officer").secret, needs) as work:
        linking.link(work, request.ref, others.ref)
    elsewhere = taken(world, intake_home_id=world.organisations[BOROUGH].id)
    with pytest.raises(NotPermitted), desk.work(officer.secret, needs) as work:
        linking.link(work, elsewhere.ref, hers.ref)
    with pytest.raises(NotPermitted), desk.work(world.adviser(COUNTY).secret, LINKING):
        pass
    ordinary = world.request(COUNTY, lgsl=550)
    with pytest.raises(Conflict) as refused, desk.work(officer.secret, needs) as work:
        linking.link(work, ordinary.ref, hers.ref)
    assert refused.value.facts == {"state": "no open intake"}


def test_the_wall_itself_refuses_a_link_to_a_request_that_is_not_seen(desk: Desk, world: World) -> None:
    """Who knew the key of a hidden request could otherwise link it to a resident of their own, and so see it."""
    resident, hidden = world.resident(BOROUGH), world.request(COUNTY, lgsl=550)
    with pytest.raises(NotFound), desk.work(world.wearer(BOROUGH, "service_officer").secret, LINKING) as work:
        work.session.connection().execute(text("INSERT INTO request_resident VALUES (:q, :r)"),
                                          {"q": hidden.id, "r": resident.id})


def test_none_of_these_leaves_the_queue_and_no_trace_for_others(world: World, browser: Open) -> None:
    request, kept = taken(world), taken(world)
    officer = browser(world.wearer(COUNTY, "service_officer"))
    assert request.ref in officer.read("/queue/intake") and kept.ref in officer.read("/queue/intake")
    assert "No record of ours is like" in officer.read(f"/queue/intake/{kept.ref}")
    assert officer.post(f"/queue/intake/{kept.ref}/keep").status_code == 303
    assert officer.post(f"/queue/intake/{kept.ref}/keep").status_code == 303, "sent twice it says the same"
    listed = officer.read("/queue/intake")
    assert request.ref in listed and kept.ref not in listed
    assert len(world.session.scalars(select(Entry).where(Entry.event == "intake.kept-unlinked")).all()) == 1
    other = browser(world.wearer(BOROUGH, "service_officer"))
    hidden, absent = other.get(f"/queue/intake/{kept.ref}"), other.get("/queue/intake/ZZZ-ZZZ-ZZ8")
    assert hidden.status_code == absent.status_code == 404 and bytes_of(hidden) == bytes_of(absent)


def test_an_officer_links_from_the_page(world: World, browser: Open) -> None:
    resident = world.resident(COUNTY, telephone="+441278555012")
    request = taken(world)
    officer = browser(world.wearer(COUNTY, "service_officer"))
    page = officer.read(f"/queue/intake/{request.ref}")
    assert "Same telephone (+" in page and "Chidi Okafor" in page and resident.ref in page
    assert officer.post(f"/queue/intake/{request.ref}/link", resident=resident.ref).status_code == 303
    assert officer.post(f"/queue/intake/{request.ref}/link", resident=resident.ref).status_code in (404, 409)
    assert "No intake waits" in officer.read("/queue/intake")
    assert "Linked" not in words_of(browser(world.wearer(BINS, "contractor")).get("/jobs"))
