"""A draft is handed in, approved and published only when it is known what it would change for the people it is about, nothing of
that gives sight that may not be given, and whoever approves has read it: the operations say so, and the database holds to it."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.drafts import impacts, operations, weighing
from app.drafts.impact_words import withheld
from app.drafts.impacts import State
from app.drafts.models import APPROVED, HANDED_IN, Draft, DraftStep, PolicyImpact
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.policy.actions import Action
from app.policy.work import Desk
from tests.drafts.office import ALL, SHARED, Office, put, without_births
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

ANSWERING = "service_officer,*,*,request:see,stub job name address channels needs,deliver,responsible,"
PAST = "contractor,*,*,request:see,stub,deliver,past,"
JOBS = "contractor,*,*,request:see,stub job name address channels needs,deliver,assigned,"
SERVED = "service_officer,*,*,resident:see,name address channels needs,deliver,served,"


def line(old: str, new: str, *, also: str = "") -> object:
    """The change of one rule's groups, and another line where that is said."""
    def change(content: dict[str, str]) -> dict[str, str]:
        made = put("grants.csv", old, new)(content)
        return made | {"grants.csv": made["grants.csv"] + also}
    return change


def told(office: Office, ref: str) -> list[str]:
    return [row["said"] for row in (office.weigh(ref).result or {})["lines"]]


def test_what_a_draft_would_change_is_told_in_sentences_and_numbers(office: Office, world: World) -> None:
    by = world.adviser(BOROUGH)
    for answer in ["given"] * 6 + ["refused"] * 2:
        world.choose(world.resident(BOROUGH), "sharing", answer, by)
    for _ in range(7):
        world.choose(world.resident(COUNTY), "sharing", "given", by)
    impact = office.weigh(office.begun(line(SHARED, SHARED.replace(" birth", ""))))
    assert impact.state is State.CLEAR and impact.as_at is not None and (impact.position, impact.base) == (impact.total, 1)
    lines = {row["said"]: row for row in (impact.result or {})["lines"]}
    county = "Advisers of Somerset County Council would no longer see the date of birth of 6 residents, to handle an enquiry."
    assert lines[county]["parts"] == [
        {"whom": "residents of another council who agreed to sharing between the councils", "many": 6}]
    assert {row["whole"] for row in lines.values()} == {6, 7} and not any(row["gains"] for row in lines.values())
    assert (impact.result or {})["counted"] == {"resident": 15}


def test_small_numbers_are_withheld_with_what_would_give_them_away(office: Office, world: World) -> None:
    by = world.adviser(BOROUGH)
    for _ in range(4):
        world.choose(world.resident(BOROUGH), "sharing", "given", by)
    lines = (office.weigh(office.begun(line(SHARED, SHARED.replace(" birth", "")))).result or {})["lines"]
    assert [(row["whole"], [part["many"] for part in row["parts"]]) for row in lines] == [(None, [None])] * len(lines) and lines
    assert "fewer than 5 residents" in lines[0]["said"]
    assert withheld([10, 3]) == (13, [None, None]) and withheld([10, 9, 1, 1]) == (21, [10, None, None, None])
    assert withheld([10, 4, 4]) == (18, [10, None, None]) and withheld([2, 2]) == (None, [None, None]) and withheld([7]) == (7, [7])


def test_sight_of_somebody_who_refused_or_was_not_asked_bars_a_draft(office: Office, world: World) -> None:
    wider = line(ANSWERING, ANSWERING.replace("needs", "needs birth"))
    world.request(COUNTY, BOROUGH, resident=world.resident(BOROUGH))
    assert office.weigh(office.begun(wider)).state is State.CLEAR, "nobody is asked whether the own council may see them"
    asked = world.resident(COUNTY)
    request = world.request(COUNTY, BOROUGH, resident=asked)
    ref = office.begun(wider)
    impact = office.weigh(ref)
    assert impact.state is State.BLOCKED
    assert "who were not asked about sharing. This cannot be approved: they refused or were" in impact.result["barred"][0]
    with pytest.raises(Conflict, match="gives sight that cannot be given. Service officers of Taunton"), office.desk.work(
            office.author.secret, ALL) as work:
        impacts.check_clear(work, operations.draft_of(work, ref))
    world.choose(asked, "sharing", "refused", world.adviser(COUNTY))
    assert "who refused sharing" in office.weigh(office.begun(wider)).result["barred"][0]
    world.choose(asked, "sharing", "given", world.adviser(COUNTY))
    assert office.weigh(office.begun(wider)).state is State.CLEAR
    world.object(asked, BOROUGH, world.adviser(COUNTY))
    assert "they objected to that organisation" in office.weigh(office.begun(wider)).result["barred"][0]
    assert request.ref not in str(impact.result)


def test_sensitive_data_and_partners_without_an_agreement_bar_a_draft(office: Office, world: World) -> None:
    sensitive = line(SERVED, SERVED.replace("needs", "needs sensitive"))
    assert office.weigh(office.begun(sensitive)).state is State.CLEAR, "nobody is served"
    world.request(BOROUGH, resident=world.resident(BOROUGH))
    barred = office.weigh(office.begun(sensitive)).result["barred"]
    assert barred and all("nobody gains sight of sensitive data" in words for words in barred)
    asked = world.resident(BOROUGH)
    world.choose(asked, "passing", "given", world.adviser(BOROUGH))
    world.request(BOROUGH, resident=asked, partner=BINS)
    past = line(PAST, PAST.replace("stub", "stub job"))
    ended = line(JOBS, JOBS.replace("stub job name", "stub name"))
    assert office.weigh(office.begun(past)).state is State.CLEAR
    world.session.execute(text("UPDATE agreement SET valid = daterange('2010-01-01', '2011-01-01')"))
    world.session.commit()
    barred = office.weigh(office.begun(past)).result["barred"]
    assert len(barred) == 1 and barred[0].startswith("Contractors’ staff of") or "contractor" in barred[0].lower()
    assert "the organisation has no agreement in force" in barred[0]
    assert office.weigh(office.begun(ended)).state is State.CLEAR, "who loses sight needs no agreement"


def test_a_partner_gains_sight_of_those_alone_who_agreed_to_passing_on(office: Office, world: World) -> None:
    wider = line(JOBS, JOBS, also=JOBS.replace("stub job name address channels needs", "birth") + (
        "allow,public_task,in-force,contracts and agreements,2027-03-31\n"))
    asked = world.resident(BOROUGH)
    world.request(BOROUGH, resident=asked, partner=BINS)
    world.session.execute(text("INSERT INTO service_need SELECT lgsl, 'birth', 'to know', false, 9 FROM request "
                               "ON CONFLICT DO NOTHING"))
    world.session.execute(text("INSERT INTO agreement_group SELECT id, 'birth' FROM agreement ON CONFLICT DO NOTHING"))
    world.session.commit()
    assert "who were not asked about passing on" in office.weigh(office.begun(wider)).result["barred"][0]
    world.choose(asked, "passing", "given", world.adviser(BOROUGH))
    impact = office.weigh(office.begun(wider))
    assert impact.state is State.CLEAR and any("the date of birth of fewer than 5 requests" in said for said in
                                               (row["said"] for row in impact.result["lines"]))


def test_open_jobs_that_would_lose_a_field_are_told_by_partner_and_field(
        application: Flask, office: Office, world: World) -> None:
    for _ in range(6):
        asked = world.resident(BOROUGH)
        world.choose(asked, "passing", "given", world.adviser(BOROUGH))
        world.request(BOROUGH, resident=asked, partner=BINS)
    closed = world.request(BOROUGH, resident=asked, partner=BINS)
    world.session.execute(text("UPDATE request SET closed_at = now(), status = 'closed' WHERE id = :id"), {"id": closed.id})
    world.session.commit()
    ref = office.begun(line(JOBS, JOBS.replace(" name address", " address")))
    less = office.weigh(ref)
    assert less.result["jobs"] == [{"partner": BINS, "group": "name", "many": [6, 6]}], "a job that is over loses nothing"
    assert office.weigh(office.begun(line(SHARED, SHARED.replace(" birth", "")))).result["jobs"] == []
    page = signed_in(application, office.county).get(f"/policy/drafts/{ref}/impact").text
    lost = page.partition("Who would see less")[2]
    assert "6 open jobs would no longer show names." in lost.partition("Everybody who would see less")[0]


def test_an_edit_makes_it_stale_and_nothing_goes_on_without_it(office: Office, world: World) -> None:
    ref = office.begun(without_births)
    assert office.impact(ref).state is State.MISSING
    with pytest.raises(Conflict, match="not known what this draft would change"):
        office(office.author, operations.hand_in, ref)
    office.hand_in(ref)
    office(office.other, operations.edit, ref, put("grants.csv", "internal audit,2027-03-31", "internal audit,2027-06-30"))
    assert office.impact(ref).state is State.STALE
    with pytest.raises(Conflict, match="not known"):
        office(office.author, operations.hand_in, ref)
    office.hand_in(ref)
    with pytest.raises(Conflict, match="Read first"):
        office(office.county, operations.approve, ref)
    office.approve(ref, office.county, office.borough)
    world.session.execute(text("UPDATE policy_impact SET done_at = done_at - interval '8 days'"))
    world.session.commit()
    assert office.impact(ref).state is State.STALE, "people say other things within a week"
    with pytest.raises(Conflict, match="not known"):
        office(office.author, operations.publish, ref, None)
    office.weigh(ref)
    assert office(office.author, operations.publish, ref, None) == 2


def test_the_database_itself_lets_nothing_by_that_is_not_known_or_not_read(office: Office, desk: Desk, world: World) -> None:
    ref = office.begun(without_births)
    draft = world.session.scalars(select(Draft).where(Draft.ref == ref)).one()

    def step(act: str, who: Wearer) -> None:
        with desk.work(who.secret, ALL) as work:
            work.session.add(DraftStep(draft_id=draft.id, at=work.now, person_id=who.person_id, act=act, organisation_id=who.
                                       organisation_id, fingerprint=draft.fingerprint))

    for act in (HANDED_IN, APPROVED):
        with pytest.raises(DBAPIError, match="is not known, or stands in its way"):
            step(act, office.county)
    office.hand_in(ref)
    with pytest.raises(DBAPIError, match="was not read"):
        step(APPROVED, office.county)
    office.approve(ref, office.county, office.borough)
    world.session.execute(text("UPDATE policy_impact SET blocked = true"))
    world.session.commit()
    with pytest.raises(DBAPIError, match="stands in its way"), desk.work(office.author.secret, ALL) as work:
        work.session.connection().execute(text("SELECT wall.publish_draft(:draft, false)"), {"draft": draft.id})
    assert world.session.scalars(select(PolicyImpact.state)).all() == ["done"]


def test_only_the_job_itself_is_told_the_classes_and_writes_what_came_of_it(office: Office, desk: Desk, world: World) -> None:
    ref = office.begun(without_births)
    with desk.work(office.author.secret, ALL) as work:
        impact, nonce = weighing.begin(work, operations.draft_of(work, ref), queued=False)
    for call in ("impact_residents(0, 99)", "impact_served()", "impact_requests(0, 99)", "impact_contacts(0, 99)",
                 "impact_lookups(now(), now())", "impact_sizes()", "end_impact(now(), false, '{}')", "tell_impact(1, 1)"):
        with pytest.raises(DBAPIError, match="nothing is being worked out here"), desk.engine.connect() as connection:
            connection.execute(text("SELECT set_config('role', :role, true), set_config('jc.secret', :secret, true)"),
                               {"role": f"{desk.prefix}_office", "secret": office.author.secret})
            connection.execute(text(f"SELECT wall.{call}")).all()
    with pytest.raises(Conflict, match="being worked out"), desk.work(office.author.secret, ALL) as work:
        weighing.begin(work, operations.draft_of(work, ref), queued=False)
    with pytest.raises(NotPermitted), desk.work(office.author.secret, frozenset({Action.POLICY_READ})) as work:
        weighing.begin(work, operations.draft_of(work, ref), queued=False)
    weighing.go_on(desk, impact, "a wrong word")
    assert office.impact(ref).state is State.WORKING
    weighing.go_on(desk, impact, nonce)
    assert office.impact(ref).state is State.CLEAR
    weighing.go_on(desk, impact, nonce)
    with pytest.raises(NotFound), desk.work(office.author.secret, ALL) as work:
        work.session.connection().execute(text("UPDATE policy_impact SET blocked = false"))


def test_what_takes_sight_away_at_once_needs_none(office: Office) -> None:
    ref = office.begun(line(SHARED, SHARED.replace(" birth", "")))
    assert office(office.author, operations.tighten, ref) == 2 and office.impact(ref).state is State.MISSING
    with pytest.raises(Conflict, match="not known"):
        office(office.county, operations.approve, ref)
