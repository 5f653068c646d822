"""A request worked on through the guard and the wall: by its partner, the council responsible, the one that took it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.journal.models import Entry, EntrySubject
from app.kernel.errors import Conflict, Failure, Invalid, NotFound, NotPermitted
from app.organisations.models import Agreement
from app.policy.actions import Action
from app.policy.work import Desk
from app.requests import working
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestNote, RequestStep
from app.requests.stages import Verb
from app.requests.working import Done
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

ROADS = "roadmend"
NEEDS = {Verb.ACCEPT: Action.REQUEST_ACCEPT, Verb.REFUSE: Action.REQUEST_REFUSE, Verb.START: Action.REQUEST_UPDATE,
         Verb.UPDATE: Action.REQUEST_UPDATE, Verb.COMPLETE: Action.REQUEST_COMPLETE, Verb.ASSIGN: Action.REQUEST_ASSIGN,
         Verb.TAKE_BACK: Action.REQUEST_ASSIGN, Verb.NOTE: Action.REQUEST_WORK, Verb.PASS: Action.REQUEST_PASS,
         Verb.CANCEL: Action.REQUEST_CANCEL, Verb.CLOSE: Action.REQUEST_CLOSE}
DO: dict[Verb, Callable[..., Done]] = {
    Verb.ACCEPT: working.accept, Verb.REFUSE: working.refuse, Verb.START: working.start, Verb.UPDATE: working.update,
    Verb.COMPLETE: working.complete, Verb.ASSIGN: working.assign, Verb.TAKE_BACK: working.take_back,
    Verb.NOTE: working.note, Verb.PASS: working.pass_on, Verb.CANCEL: working.cancel, Verb.CLOSE: working.close}
SEE = frozenset({Action.REQUEST_SEE, Action.RESIDENT_SEE})


def do(desk: Desk, who: Wearer, verb: Verb, request: Request, *words: Any) -> Done:
    with desk.work(who.secret, SEE | {NEEDS[verb]}) as work:
        return DO[verb](work, request.ref, *words)


def parts(desk: Desk, who: Wearer, request: Request) -> set[str]:
    """What of a request this hat reads: the stub, the job, the notes and the groups of its copy."""
    with desk.work(who.secret, SEE) as work:
        def rows(model: Any, column: Any) -> list[Any]:
            return list(work.session.scalars(select(model).where(column == request.id)))

        return ({"stub"} if rows(Request, Request.id) else set()) | (
            {"job"} if rows(RequestJob, RequestJob.request_id) else set()) | (
            {"note"} if rows(RequestNote, RequestNote.request_id) else set()) | {
            row.grp for row in rows(RequestCopy, RequestCopy.request_id)}


def events(world: World) -> list[str]:
    world.session.expire_all()
    return [entry.event for entry in world.session.scalars(select(Entry).order_by(Entry.at, Entry.id))]


def steps(world: World, request: Request) -> list[str]:
    return [row.status for row in world.session.scalars(
        select(RequestStep).where(RequestStep.request_id == request.id).order_by(RequestStep.at, RequestStep.id))]


def test_a_partner_does_its_job_and_loses_sight_with_the_completion(desk: Desk, world: World) -> None:
    resident = world.resident(BOROUGH)
    request = world.request(BOROUGH, resident=resident, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    assert parts(desk, crew, request) == {"stub", "job", "name", "address", "channels", "needs"}
    assert do(desk, crew, Verb.ACCEPT, request).status == "accepted"
    assert do(desk, crew, Verb.START, request).status == "started"
    assert do(desk, crew, Verb.UPDATE, request, "Back on Friday with the larger vehicle").status == "started"
    done = do(desk, crew, Verb.COMPLETE, request, "done", "Emptied")
    assert (done.status, done.outcome, done.provider) == ("completed", "done", None)
    assert parts(desk, crew, request) == {"stub"}
    assert {"stub", "job", "note", "name", "address"} <= parts(desk, officer, request)
    assert do(desk, officer, Verb.CLOSE, request).status == "closed"
    assert steps(world, request) == ["assigned", "accepted", "started", "completed", "closed"]
    assert events(world)[-6:] == ["request.accepted", "request.started", "request.updated", "disposal.instructed",
                                  "request.completed", "request.closed"]
    held = world.session.scalar(select(Assignment).where(Assignment.request_id == request.id))
    assert held is not None and held.ended_as == "completed" and held.accepted_at and held.started_at
    agreement = world.session.get_one(Agreement, held.agreement_id)
    with desk.work(officer.secret, SEE) as work:
        assert held.dispose_by is not None and (held.dispose_by - work.today).days == agreement.disposal_days
    named = {row.resident_id for row in world.session.scalars(select(EntrySubject))}
    assert named == {resident.id}


def test_a_refusal_puts_the_job_back_into_the_queue_with_its_reason(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    assert do(desk, crew, Verb.REFUSE, request, "Not our round").status == "queued"
    assert parts(desk, crew, request) == {"stub"}
    with desk.work(officer.secret, SEE) as work:
        assert [row.words for row in work.session.scalars(select(RequestNote))] == ["Not our round"]
    with pytest.raises(Conflict) as again:
        do(desk, crew, Verb.REFUSE, request, "Not our round")
    assert again.value.facts == {"state": "refused"}
    assert do(desk, officer, Verb.ASSIGN, request, BINS).provider == BINS
    assert "address" in parts(desk, crew, request)


def test_a_step_sent_twice_is_told_the_state(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    for verb, words, who, state in (
            (Verb.ACCEPT, (), crew, "accepted"), (Verb.START, (), crew, "started"),
            (Verb.COMPLETE, ("done",), crew, "completed"), (Verb.CLOSE, (), officer, "closed")):
        do(desk, who, verb, request, *words)
        with pytest.raises(Conflict) as again:
            do(desk, who, verb, request, *words)
        assert again.value.facts == {"state": state}


def test_what_a_hat_cannot_see_is_not_found_and_what_it_may_not_do_is_refused(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    with pytest.raises(NotFound):
        do(desk, world.wearer(COUNTY, "service_officer"), Verb.CLOSE, request)
    with pytest.raises(NotFound):
        do(desk, world.wearer(ROADS, "contractor"), Verb.ACCEPT, request)
    with pytest.raises(NotPermitted):
        do(desk, world.wearer(BINS, "contractor"), Verb.CLOSE, request)
    with pytest.raises(NotPermitted):
        do(desk, world.wearer(BOROUGH, "service_officer"), Verb.COMPLETE, request, "done")
    with pytest.raises(NotFound), desk.work(world.wearer(BINS, "contractor").secret, SEE) as work:
        working.request_of(work, "not a reference")


def test_an_officer_of_another_unit_finds_nothing(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, unit="waste")
    with pytest.raises(NotFound):
        do(desk, world.wearer(BOROUGH, "service_officer", unit="housing"), Verb.CLOSE, request)
    assert do(desk, world.wearer(BOROUGH, "service_officer", unit="waste"), Verb.CLOSE, request).status == "closed"


def test_a_request_goes_to_a_partner_only_under_an_agreement_and_without_objection(desk: Desk, world: World) -> None:
    resident, adviser = world.resident(BOROUGH), world.adviser(BOROUGH)
    officer = world.wearer(BOROUGH, "service_officer")
    request = world.request(BOROUGH, resident=resident)
    for slug, words in ((ROADS, f"choose one of {BINS}"), ("nobody", "No agreement"), (COUNTY, "No agreement")):
        with pytest.raises(Invalid) as refused:
            do(desk, officer, Verb.ASSIGN, request, slug)
        assert words in refused.value.errors["to"][0]
    world.object(resident, BINS, adviser)
    with pytest.raises(Invalid) as refused:
        do(desk, officer, Verb.ASSIGN, request, BINS)
    told = refused.value.errors["to"][0]
    assert "objected" in told and "council does this one itself" in told


@pytest.mark.parametrize("answers", [("refused",), ("given", "withdrawn")])
def test_nothing_is_handed_over_once_the_resident_said_no_to_passing_on(
        desk: Desk, world: World, answers: tuple[str, ...]) -> None:
    resident, adviser = world.resident(BOROUGH), world.adviser(BOROUGH)
    for answer in answers:
        world.choose(resident, "passing", answer, adviser)
    officer, request = world.wearer(BOROUGH, "service_officer"), world.request(BOROUGH, resident=resident)
    with pytest.raises(Invalid) as refused:
        do(desk, officer, Verb.ASSIGN, request, BINS)
    told = refused.value.errors["to"][0]
    assert "to passing anything on" in told and "council does this one itself" in told
    world.choose(resident, "passing", "given", adviser)
    assert do(desk, officer, Verb.ASSIGN, request, BINS).provider == BINS


def test_an_objection_is_heeded_by_a_council_that_may_not_see_the_resident(desk: Desk, world: World) -> None:
    """The county does a borough resident's request: it sees neither record nor objection, and may not hand over."""
    resident, adviser = world.resident(BOROUGH), world.adviser(BOROUGH)
    request = world.request(BOROUGH, COUNTY, lgsl=550, resident=resident)
    world.object(resident, ROADS, adviser)
    with pytest.raises(Invalid) as refused:
        do(desk, world.wearer(COUNTY, "service_officer"), Verb.ASSIGN, request, ROADS)
    assert "objected" in refused.value.errors["to"][0]


def test_an_objection_while_the_job_runs_takes_it_away_at_once(desk: Desk, world: World) -> None:
    resident, adviser = world.resident(BOROUGH), world.adviser(BOROUGH)
    request = world.request(BOROUGH, resident=resident, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    do(desk, crew, Verb.ACCEPT, request)
    world.object(resident, BINS, adviser)
    assert parts(desk, crew, request) == {"stub"}
    for verb, words in ((Verb.COMPLETE, ("done",)), (Verb.REFUSE, ("No",)), (Verb.UPDATE, ("Soon",))):
        with pytest.raises(Conflict) as lost:
            do(desk, crew, verb, request, *words)
        assert lost.value.facts == {"state": "withdrawn"}
    assert do(desk, officer, Verb.TAKE_BACK, request, "The resident objected").status == "queued"


def test_a_job_whose_agreement_ended_is_lost_and_given_to_nobody_under_it(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    held = world.session.scalar(select(Assignment).where(Assignment.request_id == request.id))
    agreement = world.session.get_one(Agreement, held.agreement_id)  # type: ignore[union-attr]
    agreement.valid = type(agreement.valid)(agreement.valid.lower, world.now.date().replace(year=2014, month=8, day=1))
    world.session.commit()
    assert parts(desk, crew, request) == {"stub"}
    with pytest.raises(Conflict):
        do(desk, crew, Verb.ACCEPT, request)
    with pytest.raises(Invalid):
        do(desk, officer, Verb.ASSIGN, request, BINS)


def test_passing_changes_who_answers_and_what_is_promised(desk: Desk, world: World) -> None:
    """Neither council that passes needs to have taken it: it loses sight with the same stroke, unless it took it."""
    request = world.request(COUNTY, BOROUGH, lgsl=550, partner=None, unit="waste")
    borough, county = world.wearer(BOROUGH, "service_officer"), world.wearer(COUNTY, "service_officer")
    with pytest.raises(Invalid) as refused:
        do(desk, borough, Verb.PASS, request, BOROUGH, "Not ours")
    assert COUNTY in refused.value.errors["to"][0]
    done = do(desk, borough, Verb.PASS, request, COUNTY, "The road is the county's")
    assert (done.status, done.responsible) == ("passed", COUNTY) and done.promised_by is not None
    assert parts(desk, borough, request) == set()
    assert {"stub", "job", "note", "name"} <= parts(desk, county, request)
    world.session.refresh(request)
    assert request.unit == "highways" and request.promised_by == done.promised_by
    with pytest.raises(NotFound):
        do(desk, borough, Verb.PASS, request, COUNTY, "The road is the county's")


def test_passing_a_job_on_takes_it_from_its_partner(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    do(desk, officer, Verb.PASS, request, COUNTY, "Not the borough's")
    assert parts(desk, crew, request) == {"stub"} and parts(desk, officer, request) == set()


@pytest.mark.parametrize("whose", ["taken", "home"])
def test_the_council_that_took_it_or_whose_resident_it_is_for_may_cancel(desk: Desk, world: World, whose: str) -> None:
    """A county service for a borough resident: the borough's advisers never answer for it, and may call it off."""
    resident = world.resident(BOROUGH)
    taker = BOROUGH if whose == "taken" else COUNTY
    request = world.request(taker, COUNTY, lgsl=550, resident=None if whose == "taken" else resident, partner=ROADS)
    adviser, crew = world.adviser(BOROUGH), world.wearer(ROADS, "contractor")
    assert do(desk, adviser, Verb.CANCEL, request, "No longer needed").status == "cancelled"
    assert parts(desk, crew, request) == {"stub"}
    held = world.session.scalar(select(Assignment).where(Assignment.request_id == request.id))
    assert held is not None and held.ended_as == "closed" and held.dispose_by is not None


def test_a_council_that_only_shares_the_resident_does_not_cancel(desk: Desk, world: World) -> None:
    resident, adviser = world.resident(COUNTY), world.adviser(BOROUGH)
    world.choose(resident, "sharing", "given", adviser)
    request = world.request(COUNTY, lgsl=550, resident=resident)
    with pytest.raises(NotPermitted):
        do(desk, adviser, Verb.CANCEL, request, "No longer needed")


@pytest.mark.parametrize(("verb", "words"), [(Verb.ACCEPT, ()), (Verb.COMPLETE, ("done",))])
def test_of_two_who_step_at_once_one_steps_and_the_other_is_told_the_state(
        desk: Desk, world: World, verb: Verb, words: tuple[str, ...]) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew = [world.wearer(BINS, "contractor"), world.wearer(BINS, "contractor")]
    if verb is Verb.COMPLETE:
        do(desk, crew[0], Verb.ACCEPT, request)
    answers = at_once(*(lambda who=who: do(desk, who, verb, request, *words) for who in crew))  # type: ignore[misc]
    stepped, refused = sorted(answers, key=lambda each: isinstance(each, Failure))
    assert isinstance(stepped, Done) and isinstance(refused, Conflict)
    assert refused.facts["state"] == stepped.status
    assert steps(world, request).count(stepped.status) == 1


def test_a_job_given_to_another_while_it_is_accepted_is_held_by_one_alone(desk: Desk, world: World) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    answers = at_once(lambda: do(desk, crew, Verb.ACCEPT, request),
                      lambda: do(desk, officer, Verb.TAKE_BACK, request, "Another crew goes"))
    assert isinstance(answers[1], Done)
    world.session.refresh(request)
    assert request.status == "queued"
    assert world.session.scalar(select(Assignment).where(Assignment.ended_at.is_(None))) is None


def at_once(*acts: Callable[[], Done]) -> list[Done | Failure]:
    """What each act came to, begun together in threads of their own."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Done]) -> None:
        gate.wait(10)
        try:
            answers[number] = act()  # type: ignore[call-overload]
        except Failure as failure:
            answers[number] = failure  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers  # type: ignore[return-value]


