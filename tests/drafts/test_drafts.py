"""A change of the policy is written by one, approved by others, one of each council that it affects, and published; taking
sight away at once ends by itself; what somebody else published is never overwritten unsaid."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.drafts import operations
from app.drafts.models import Draft, DraftStep
from app.kernel.errors import Conflict, Invalid, NotPermitted
from app.policy.actions import Action
from app.policy.models import PolicyVersion
from app.policy.publishing import live
from app.policy.work import Desk, Work
from app.residents.models import Resident
from tests.drafts.office import ALL, NO_BIRTH, SHARED, Office, put, without_births
from tests.world import BOROUGH, COUNTY, Wearer, World


def births_seen(desk: Desk, wearer: Wearer) -> bool:
    with desk.work(wearer.secret, frozenset({Action.RESIDENT_SEE})) as work:
        return "birth" in {group for scope in work.reach.reading["resident"].values() for group in scope} and bool(
            work.reach.reading["resident"].get("consented", frozenset()) & {"birth"})


def test_a_change_goes_from_a_draft_past_two_councils_to_everybody(office: Office, desk: Desk, world: World) -> None:
    adviser = world.adviser(COUNTY)
    assert births_seen(desk, adviser)
    ref = office.begun(without_births)
    with desk.work(office.author.secret, ALL) as work:
        said = operations.judge(work, operations.draft_of(work, ref))
    assert said.obstacles == () and said.narrows_only and [change.lost for change in said.changes[:1]] == [("the date of birth",)]
    office.hand_in(ref)
    with pytest.raises(Conflict, match="leaves its approval"):
        office(office.author, operations.approve, ref)
    with pytest.raises(Conflict, match="An approval is missing of"):
        office(office.author, operations.publish, ref, None)
    office.approve(ref, office.county)
    with pytest.raises(Conflict, match="missing"):
        office(office.author, operations.publish, ref, None)
    assert births_seen(desk, adviser), "nothing changes before it is published"
    office.approve(ref, office.borough)
    assert office(office.author, operations.publish, ref, None) == 2
    assert not births_seen(desk, adviser) and office.state(ref) == "published"
    version = live(world.session)
    assert version is not None and version.reason == "No dates of birth: They are not needed for an enquiry"


def test_an_edit_voids_every_approval_and_whoever_edits_does_not_approve(office: Office, world: World) -> None:
    ref = office.begun(without_births)
    office.hand_in(ref)
    office.approve(ref, office.county, office.borough)
    office(office.other, operations.edit, ref, lambda content: content | {"roles.csv": content["roles.csv"] + "# Looked at\n"})
    assert office.state(ref) == "open"
    office.hand_in(ref)
    with pytest.raises(Conflict, match="missing"):
        office(office.author, operations.publish, ref, None)
    with pytest.raises(Conflict, match="leaves its approval"):
        office(office.other, operations.approve, ref)
    office.approve(ref, office.county, office.borough)
    assert office(office.author, operations.publish, ref, None) == 2


def test_whoever_returned_a_draft_does_not_edit_it_and_says_why(office: Office) -> None:
    ref = office.begun(without_births)
    office.hand_in(ref)
    with pytest.raises(Invalid):
        office(office.borough, operations.send_back, ref, " ".strip())
    office.approve(ref, office.county)
    office(office.borough, operations.send_back, ref, "Team leaders need it")
    with pytest.raises(Conflict, match="leaves its changing"):
        office(office.borough, operations.edit, ref, lambda content: content | {"roles.csv": "role,includes\n"})
    office.hand_in(ref)
    office.approve(ref, office.borough)
    with pytest.raises(Conflict, match="missing"):
        office(office.author, operations.publish, ref, None)


def test_the_database_counts_the_approvals_itself(office: Office, desk: Desk, world: World) -> None:
    ref = office.begun(without_births)
    draft = world.session.scalars(select(Draft).where(Draft.ref == ref)).one()
    publish = text("SELECT wall.publish_draft(:draft, :at_once)")

    def tried(who: Wearer, at_once: bool = False) -> None:
        with desk.work(who.secret, ALL) as work:
            work.session.connection().execute(publish, {"draft": draft.id, "at_once": at_once})

    with pytest.raises(DBAPIError, match="cannot be published"):
        tried(office.author)
    office.hand_in(ref)
    for who in (office.author, office.county):
        office.read(ref, who)
        world.add(DraftStep(draft_id=draft.id, at=world._instant(), person_id=who.person_id, act="approved",
                            organisation_id=world.organisations[BOROUGH].id if who is office.author else who.organisation_id,
                            fingerprint=draft.fingerprint))
    with pytest.raises(DBAPIError, match="an approval is missing"):
        tried(office.author)
    with pytest.raises(NotPermitted):
        tried(world.wearer(COUNTY, "auditor"))
    assert world.session.scalars(select(PolicyVersion.number)).all() == [1]


def test_sight_is_taken_away_at_once_for_three_days_and_stays_once_ratified(office: Office, desk: Desk, world: World) -> None:
    adviser = world.adviser(COUNTY)
    ref = office.begun(put("grants.csv", SHARED, NO_BIRTH))
    assert office(office.author, operations.tighten, ref) == 2
    assert not births_seen(desk, adviser)
    version = world.session.get_one(PolicyVersion, 2)
    assert version.live_until == version.live_from + timedelta(hours=72)
    with pytest.raises(Conflict, match="ratified or withdrawn"):
        office(office.author, operations.edit, ref, without_births)
    office.approve(ref, office.county, office.borough)
    assert office(office.author, operations.publish, ref, None) == 3
    assert not births_seen(desk, adviser) and world.session.get_one(PolicyVersion, 3).live_until is None


def test_nothing_that_gives_anybody_anything_is_done_at_once(office: Office) -> None:
    more = "adviser,*,*,resident:see,identity,enquiry,consented,allow,public_task,-,customer services,2027-03-31\n"
    wider = office.begun(lambda content: put("grants.csv", SHARED, NO_BIRTH)(content) | {
        "grants.csv": content["grants.csv"].replace(SHARED, NO_BIRTH) + more})
    with pytest.raises(Conflict, match="identity"):
        office(office.author, operations.tighten, wider)
    laxer = office.begun(put("masks.csv", "objection,takes,consented assigned,*", "objection,takes,assigned,*"))
    with pytest.raises(Conflict):
        office(office.author, operations.tighten, laxer)
    with pytest.raises(Conflict, match="Nothing is changed yet|Only what takes"):
        office(office.author, operations.tighten, office.begun())


def test_what_was_published_meanwhile_is_never_overwritten(office: Office, desk: Desk, world: World) -> None:
    first, second = office.begun(without_births), office.begun(put(
        "grants.csv", "auditor,*,*,journal:audit,none,run,own,allow,-,-,internal audit,2027-03-31",
        "auditor,*,*,journal:audit,none,run,own,allow,-,-,internal audit,2027-06-30"))
    same = office.begun(put("grants.csv", SHARED, SHARED.replace(" needs", "")))
    office.hand_in(first)
    office.hand_in(second)
    office.approve(first, office.county, office.borough)
    office.approve(second, office.county)
    office(office.author, operations.publish, first, None)
    with pytest.raises(Conflict, match="bring the draft up to date"):
        office(office.author, operations.publish, second, None)
    office(office.author, operations.bring_up_to_date, second)
    office.hand_in(second)
    with pytest.raises(Conflict, match="missing"):
        office(office.author, operations.publish, second, None)
    office.approve(second, office.county)
    office(office.author, operations.publish, second, None)
    said = live(world.session)
    assert said is not None and NO_BIRTH in said.content["grants.csv"] and "internal audit,2027-06-30" in said.content["grants.csv"]
    with pytest.raises(Conflict, match="changes the same"):
        office(office.author, operations.bring_up_to_date, same)


def test_a_version_begins_at_its_time_and_nothing_passes_it_meanwhile(office: Office, desk: Desk, world: World) -> None:
    ref, other = office.begun(without_births), office.begun(put(
        "grants.csv", "internal audit,2027-03-31", "internal audit,2027-06-30"))
    for each in (ref, other):
        office.hand_in(each)
        office.approve(each, office.county, office.borough)
    with pytest.raises(Invalid):
        office(office.author, operations.publish, ref, world.now - timedelta(days=1))
    assert office(office.author, operations.publish, ref, world.now + timedelta(days=2)) == 2
    assert births_seen(desk, world.adviser(COUNTY))
    with pytest.raises(Conflict, match="waits for its time"):
        office(office.author, operations.publish, other, None)


def test_who_saw_an_older_text_is_told_instead_of_deciding(office: Office, desk: Desk) -> None:
    ref = office.begun(without_births)

    def stale(work: Work, ref: str, seen: int) -> Draft:
        return operations.hand_in(work, ref, seen - 1)

    with pytest.raises(Conflict, match="Somebody changed this draft"):
        office(office.author, stale, ref)


def test_a_draft_that_cannot_be_read_is_kept_and_not_handed_in(office: Office, world: World) -> None:
    ref = office.begun(put("grants.csv", "auditor,*,*,journal:audit", "auditer,*,*,journal:audit"))
    with pytest.raises(Conflict, match="Did you mean auditor"):
        office(office.author, operations.hand_in, ref)
    kept = world.session.scalars(select(Draft).where(Draft.ref == ref)).one()
    assert "auditer" in kept.content["grants.csv"] and kept.fingerprint is None


def test_nothing_is_handed_in_whose_examples_come_out_otherwise(office: Office) -> None:
    ref = office.begun(put("grants.csv", SHARED, NO_BIRTH))
    with pytest.raises(Conflict, match="examples.csv, line"):
        office(office.author, operations.hand_in, ref)


def test_residents_stay_out_of_it(office: Office, world: World) -> None:
    world.resident(BOROUGH)
    with office.desk.work(office.author.secret, ALL) as work:
        assert work.session.scalars(select(Resident)).all() == []
