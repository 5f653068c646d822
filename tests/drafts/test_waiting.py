"""What waits for an administrator is what can be done by them: not what they wrote, not what their council has approved."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from app.drafts import operations, waiting
from app.policy.actions import Action
from app.policy.rules import PolicyFiles
from app.policy.work import Desk
from tests.drafts.office import FILES, Office, without_births
from tests.signed_in import signed_in
from tests.world import BOROUGH, World

READ = frozenset({Action.POLICY_READ})


def waits(desk: Desk, secret: str) -> list[tuple[str, bool]]:
    with desk.work(secret, READ) as work:
        return [(each.ref, each.wrote) for each in waiting.approvals(work)]


def test_a_change_waits_for_each_council_until_somebody_of_it_approved(office: Office, desk: Desk) -> None:
    ref = office.begun(without_births)
    assert waits(desk, office.borough.secret) == [], "it is not handed in"
    office.hand_in(ref)
    assert waits(desk, office.borough.secret) == [(ref, False)] and waits(desk, office.author.secret) == [(ref, True)]
    office.approve(ref, office.borough)
    assert waits(desk, office.borough.secret) == waits(desk, office.other.secret) == []
    assert waits(desk, office.county.secret) == [(ref, False)], "the other council is still asked"


def test_what_was_done_in_haste_what_ends_and_what_is_to_be_reviewed_is_told(
        application: Flask, desk: Desk, office: Office, world: World) -> None:
    ref = office.begun(without_births)
    office(office.author, operations.tighten, ref)
    with desk.work(office.borough.secret, READ) as work:
        ending, = waiting.in_haste(work)
        assert "No dates of birth" in ending.words and work.now + timedelta(hours=71) < ending.on < work.now + timedelta(hours=73)
        assert waiting.agreements(work) == []
        soonest = min(grant.review for grant in work.rulebook.tables.grants)
        shown = waiting.reviews(work, work.rulebook.tables)
        assert bool(shown) == (soonest <= work.today + waiting.AHEAD)
        facts = work.on
        near = operations.shelf().tables(FILES | {"grants.csv": PolicyFiles.of(FILES).grants.replace(
            soonest.isoformat(), (work.today + timedelta(days=3)).isoformat(), 1)})
        assert [each.over for each in waiting.reviews(work, near)][:1] == [False]
    world.session.execute(text("UPDATE agreement SET valid = daterange(lower(valid), :ends) WHERE id = (SELECT min(id::text)::uuid "
                               "FROM agreement WHERE lower(valid) < :ends)"), {"ends": facts + timedelta(days=10)})
    world.session.commit()
    with desk.work(office.borough.secret, READ) as work:
        assert [(each.on, each.over) for each in waiting.agreements(work)] == [(facts + timedelta(days=10), False)]
    page = signed_in(application, office.borough).get("/policy/waiting").text
    assert "unless it is ratified" in page and "Ends" in page and "Changes that wait" in page, "a tightening waits to be ratified"
    assert signed_in(application, world.wearer(BOROUGH, "adviser")).get("/policy/waiting").status_code == 403
