"""Taking a request: what it keeps, where it lands in the same breath, and what the taker sees of it afterwards."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.contacts import operations as contacts
from app.journal.models import Entry, EntrySubject
from app.kernel.errors import Failure, Invalid, NotFound, NotPermitted, Unroutable
from app.kernel.ids import new_reference
from app.policy.actions import Action
from app.policy.work import Desk
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestResident, RequestStep
from app.requests.taking import Taking, take, without_permission
from app.residents.models import ResidentBirth, ResidentNeed
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

TAKING = frozenset({Action.REQUEST_TAKE, Action.INTAKE_TAKE, Action.RESIDENT_SEE, Action.CONTACT_SEE})
SEEING = frozenset({Action.REQUEST_SEE, Action.INTAKE_SEE})
GARDEN_BIN, POTHOLE, MISSED_BIN, MEALS = 530, 557, 524, 315
BIN = {"how-many": 1, "reason": "Broken"}
CALLER = {"name": "Rosa Field", "address": "3 Bridge Row", "telephone": "01632 960 011"}


def taken(desk: Desk, wearer: Wearer, **command: Any) -> str:
    with desk.work(wearer.secret, TAKING) as work:
        return take(work, Taking(**command)).ref


def refused(desk: Desk, wearer: Wearer, **command: Any) -> Failure:
    with pytest.raises(Failure) as raised, desk.work(wearer.secret, TAKING) as work:
        take(work, Taking(**command))
    return raised.value


def seen(desk: Desk, wearer: Wearer, needs: frozenset[Action] = SEEING) -> dict[str, list[str]]:
    """Of each request that may be seen, the parts of it that may be."""
    with desk.work(wearer.secret, needs) as work:
        found = {row.id: (row.ref, ["stub"]) for row in work.session.scalars(select(Request))}
        for job in work.session.scalars(select(RequestJob)):
            found[job.request_id][1].append("job")
        for copy in work.session.scalars(select(RequestCopy)):
            found[copy.request_id][1].append(copy.grp)
        return {ref: sorted(parts) for ref, parts in found.values()}


def test_a_residents_request_is_copied_linked_and_in_the_partners_hands_at_once(desk: Desk, world: World) -> None:
    adviser, bins = world.adviser(BOROUGH), world.wearer(BINS, "contractor")
    resident = world.resident(BOROUGH, telephone="+441632960001")
    world.add(ResidentNeed(resident_id=resident.id, words="Large print"),
              ResidentBirth(resident_id=resident.id, born=world.now.date()))
    ref = taken(desk, adviser, lgsl=GARDEN_BIN, postcode="ta11he", details=BIN, resident=resident.ref)
    request = world.session.scalars(select(Request)).one()
    assert (request.ref, request.status, request.unit, request.intake) == (ref, "assigned", "waste", False)
    assert request.responsible_id == request.taken_by_id == adviser.organisation_id
    assert request.promised_by is not None
    copies = {row.grp: row.value for row in world.session.scalars(select(RequestCopy))}
    assert copies == {
        "name": [{"given": "Chidi", "family": "Okafor", "kind": "usual"}],
        "address": [{"lines": ["12 Mill Lane"], "postcode": "TA1 1HE"}],
        "channels": {"telephones": ["+441632960001"], "emails": []}, "needs": ["Large print"]}
    job = world.session.scalars(select(RequestJob)).one()
    assert (job.postcode, job.details) == ("TA1 1HE", BIN)
    assert any("GreenBins" in why for why in job.because)
    assert world.session.scalars(select(RequestResident.resident_id)).all() == [resident.id]
    assert world.session.scalars(select(Assignment.organisation_id)).all() == [bins.organisation_id]
    assert world.session.scalars(select(RequestStep.status)).all() == ["assigned"]
    assert seen(desk, bins, frozenset({Action.REQUEST_SEE})) == {
        ref: ["address", "channels", "job", "name", "needs", "stub"]}
    entry = world.session.scalars(select(Entry).where(Entry.event == "request.taken")).one()
    assert "Okafor" not in str(entry.facts)
    assert world.session.scalars(select(EntrySubject.resident_id).where(EntrySubject.entry_id == entry.id)).all() == [
        resident.id]


def test_the_taker_of_another_councils_request_keeps_the_stub_alone(desk: Desk, world: World) -> None:
    adviser, roads = world.adviser(BOROUGH), world.wearer(COUNTY, "service_officer", unit="highways")
    other_unit = world.wearer(COUNTY, "service_officer", unit="education")
    details = {"where": "By the bridge", "size": "Larger", "danger": True}
    ref = taken(desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", answers={"where": "road"}, details=details)
    assert seen(desk, adviser) == {ref: ["stub"]}
    assert seen(desk, world.wearer("roadmend", "contractor"), frozenset({Action.REQUEST_SEE})) == {ref: ["job", "stub"]}
    assert seen(desk, roads) == {ref: ["job", "stub"]}
    assert seen(desk, other_unit) == {}
    assert seen(desk, world.adviser(COUNTY)) == {}
    assert world.session.scalars(select(Request.status)).one() == "assigned"


def test_an_intake_is_read_by_the_taker_until_the_contact_ends_and_by_those_it_was_passed_to(
        desk: Desk, world: World) -> None:
    adviser, hidden = world.adviser(BOROUGH), world.resident(COUNTY, given="Rosa", family="Field", postcode="TA6 3AA")
    care = world.wearer(COUNTY, "service_officer", unit="adult-care")
    meal = {"days": "Weekdays", "start": "2014-09-08"}
    ref = taken(desk, adviser, lgsl=MEALS, postcode="TA6 3AA", details=meal, intake=CALLER, permission="given")
    everything = ["address", "channels", "job", "name", "stub"]
    assert seen(desk, adviser) == {ref: everything}
    assert seen(desk, care) == {ref: everything}
    assert seen(desk, world.wearer("orchard-meals", "voluntary"), frozenset({Action.REQUEST_SEE})) == {ref: everything}
    with desk.work(adviser.secret, frozenset({Action.CONTACT_SEE, Action.CONTACT_END, Action.RESIDENT_SEE})) as work:
        contacts.end_contact(work, "passed-on", True)
    world.contact(adviser)
    assert seen(desk, adviser) == {ref: ["stub"]}
    assert seen(desk, care) == {ref: everything}
    request = world.session.scalars(select(Request)).one()
    assert (request.intake_home_id, request.permission) == (hidden.home_id, "given")
    assert world.session.scalar(select(func.count()).select_from(RequestResident)) == 0
    copies = {row.grp: row.value for row in world.session.scalars(select(RequestCopy))}
    assert copies == {"name": [{"given": "Rosa", "family": "Field", "kind": "usual"}],
                      "address": [{"lines": ["3 Bridge Row"], "postcode": "TA6 3AA"}],
                      "channels": {"telephones": ["+441632960011"], "emails": []}}


def test_an_intake_is_out_of_the_takers_sight_when_the_sign_in_ends_before_the_contact(desk: Desk, world: World) -> None:
    adviser, colleague = world.adviser(BOROUGH), world.adviser(BOROUGH)
    ref = taken(desk, adviser, lgsl=MEALS, postcode="TA6 3AA", details={"days": "Weekdays", "start": "2014-09-08"},
                intake=CALLER, permission="given")
    assert "name" in seen(desk, colleague)[ref]
    world.session.execute(text("UPDATE sign_in SET revoked_at = now() WHERE id = :id"), {"id": adviser.sign_in_id})
    world.session.commit()
    assert seen(desk, colleague) == {ref: ["stub"]}


def test_without_permission_nothing_of_the_caller_is_kept_but_a_number_to_ring(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    with desk.work(adviser.secret, TAKING) as work:
        told = without_permission(work, Taking(lgsl=MEALS, postcode="TA6 3AA", intake=CALLER, permission="refused"))
    assert told.ring is not None
    assert (told.ring.name, told.ring.telephone) == ("Somerset County Council", "+443001232224")
    for table in (Request, RequestJob, RequestCopy, RequestStep, Assignment):
        assert world.session.scalar(select(func.count()).select_from(table)) == 0
    assert not any("Field" in str(facts) or "TA6" in str(facts) for facts in world.session.scalars(select(Entry.facts)))


def test_a_hidden_resident_and_an_absent_one_are_refused_alike(desk: Desk, world: World) -> None:
    adviser, hidden = world.adviser(BOROUGH), world.resident(COUNTY)
    for details in (BIN, {"nonsense": 1}):
        for ref in (hidden.ref, new_reference(), ""):
            failure = refused(desk, adviser, lgsl=GARDEN_BIN, postcode="TA1 1HE", details=details, resident=ref)
            assert isinstance(failure, NotFound)
            assert (failure.detail, failure.facts) == (NotFound().detail, {})


def test_only_what_the_service_needs_is_taken_with_the_reason_beside_each_field(desk: Desk, world: World) -> None:
    adviser, resident = world.adviser(BOROUGH), world.resident(BOROUGH)
    here: dict[str, Any] = {"lgsl": GARDEN_BIN, "postcode": "TA1 1HE"}

    def wrong(**command: Any) -> Any:
        failure = refused(desk, adviser, **(here | command))
        assert isinstance(failure, Invalid)
        return failure.errors

    asked = wrong(resident=resident.ref, details={"how-many": "some", "reason": "Bored", "shoe-size": 43})["details"]
    assert "whole number" in asked["how-many"][0]
    assert "Broken" in asked["reason"][0]
    assert "does not ask" in asked["shoe-size"][0]
    assert "The yearly charge" in wrong(resident=resident.ref, details={"reason": "Broken"})["details"]["how-many"][0]
    assert "1,000,000" in wrong(resident=resident.ref, details=BIN | {"how-many": -1})["details"]["how-many"][0]
    assert "TA1" in wrong(postcode="TA1", resident=resident.ref, details=BIN)["postcode"][0]
    assert set(wrong(details=BIN)) == {"resident"}
    assert set(wrong(details=BIN, resident=resident.ref, intake=CALLER, permission="given")) == {"intake"}
    assert set(wrong(details=BIN, intake=CALLER)) == {"permission"}
    assert set(wrong(details=BIN, intake=CALLER, permission="perhaps")) == {"permission"}
    assert set(wrong(details=BIN, resident=resident.ref, permission="given")) == {"permission"}
    intake = wrong(details=BIN, permission="given", intake={
        "birth": "1971-03-27", "telephone": "12", "email": "nobody", "name": "<b>", "shoe": 1})["intake"]
    assert "does not need the date of birth" in intake["birth"][0]
    assert set(intake) == {"birth", "telephone", "email", "name", "shoe", "address"}
    assert "The crew comes to this address" in intake["address"][0]
    assert "This service does not need" in refused(
        desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", answers={"where": "road"}, intake=CALLER, permission="given",
        details={"where": "By the bridge", "size": "Larger", "danger": True}).errors["intake"]["address"][0]  # type: ignore[attr-defined]
    assert world.session.scalar(select(func.count()).select_from(Request)) == 0


def test_what_has_to_be_asked_or_is_for_somebody_else_is_not_taken(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    asked = refused(desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", details={})
    assert isinstance(asked, Invalid)
    assert "road" in asked.errors["answers"]["where"][0]
    told = refused(desk, adviser, lgsl=MISSED_BIN, postcode="TA6 3AA")
    assert isinstance(told, Unroutable)
    assert told.facts["signpost"]["homepage"] == "http://www.sedgemoor.gov.uk/"


def test_what_cannot_be_routed_waits_in_the_takers_named_queue(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    ref = taken(desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", answers={"where": "unknown"},
                details={"where": "By the bridge", "size": "Larger", "danger": False})
    request = world.session.scalars(select(Request)).one()
    assert (request.ref, request.queue, request.status, request.unit) == (ref, "duty", "queued", None)
    assert request.responsible_id == adviser.organisation_id
    assert seen(desk, world.wearer(BOROUGH, "service_officer")) == {ref: ["job", "stub"]}


def test_an_objection_and_a_refusal_keep_it_with_the_council(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    objecting, refusing, unasked = (world.resident(BOROUGH) for _ in range(3))
    world.object(objecting, BINS, adviser)
    world.choose(refusing, "passing", "refused", adviser)
    with_whom = {}
    for resident in (objecting, refusing, unasked):
        ref = taken(desk, adviser, lgsl=GARDEN_BIN, postcode="TA1 1HE", details=BIN, resident=resident.ref)
        request = world.session.scalars(select(Request).where(Request.ref == ref)).one()
        with_whom[resident.id] = request.status
        because = world.session.get(RequestJob, request.id).because[-1]  # type: ignore[union-attr]
        assert ("said no" in because) == (resident is not unasked)
    assert list(with_whom.values()) == ["queued", "queued", "assigned"]
    assert len(seen(desk, world.wearer(BINS, "contractor"), frozenset({Action.REQUEST_SEE}))) == 1


def test_the_parts_of_a_request_are_written_only_with_the_request_itself(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    taken(desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", answers={"where": "road"},
          details={"where": "By the bridge", "size": "Larger", "danger": False})
    own = world.session.scalars(select(Request)).one()
    with pytest.raises(NotFound), desk.work(adviser.secret, TAKING) as work:
        work.session.add(RequestCopy(request_id=own.id, grp="name", value=[]))
        work.session.flush()
    with pytest.raises(NotPermitted), desk.work(adviser.secret, SEEING) as work:
        work.session.add(RequestCopy(request_id=own.id, grp="name", value=[]))
        work.session.flush()


def test_the_wall_shows_the_taker_no_more_than_the_guard_does(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    taken(desk, adviser, lgsl=POTHOLE, postcode="TA1 1HE", answers={"where": "road"},
          details={"where": "By the bridge", "size": "Larger", "danger": False})
    with desk.engine.connect() as connection:
        connection.execute(text("SELECT set_config('jc.secret', :s, true), set_config('role', :r, true)"),
                           {"s": adviser.secret, "r": f"{desk.prefix}_council"})
        counts = [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in
                  ("request", "request_step", "assignment", "request_job", "request_copy")]
    assert counts == [1, 1, 1, 0, 0]
