"""The guard and the wall, on the smallest worlds that show each: who sees a resident, and what an audience may do in plain SQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.disclosures.models import Disclosure
from app.kernel.errors import Conflict, NotFound, NotPermitted, NotReady, NotSignedIn
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk
from app.residents.models import Resident, ResidentName
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

SEE = frozenset({Action.RESIDENT_SEE})


def seen(desk: Desk, wearer: Wearer) -> set[str]:
    with desk.work(wearer.secret, SEE) as work:
        return {row.ref for row in work.session.scalars(select(Resident))}


def test_a_record_is_seen_by_its_home_council_and_by_no_other(desk: Desk, world: World) -> None:
    resident = world.resident(BOROUGH)
    assert seen(desk, world.adviser(BOROUGH)) == {resident.ref}
    assert seen(desk, world.adviser(COUNTY)) == set()


def test_sharing_opens_a_record_to_the_other_council_and_withdrawal_closes_it(desk: Desk, world: World) -> None:
    resident, borough, county = world.resident(BOROUGH), world.adviser(BOROUGH), world.adviser(COUNTY)
    world.choose(resident, "sharing", "given", borough)
    assert seen(desk, county) == {resident.ref}
    world.choose(resident, "sharing", "withdrawn", borough)
    assert seen(desk, county) == set()


def test_an_objection_beats_sharing_and_never_the_home_council(desk: Desk, world: World) -> None:
    resident, borough, county = world.resident(BOROUGH), world.adviser(BOROUGH), world.adviser(COUNTY)
    world.choose(resident, "sharing", "given", borough)
    world.object(resident, COUNTY, borough)
    world.object(resident, BOROUGH, borough)
    assert seen(desk, county) == set()
    assert seen(desk, borough) == {resident.ref}
    world.object(resident, COUNTY, borough, active=False)
    assert seen(desk, county) == {resident.ref}


def test_an_adviser_without_a_contact_is_told_to_open_one(desk: Desk, world: World) -> None:
    with pytest.raises(Conflict) as refused:
        seen(desk, world.wearer(BOROUGH, "adviser"))
    assert refused.value.kind == "contact-needed"


def test_an_administrator_may_not_ask_for_residents_at_all(desk: Desk, world: World) -> None:
    with pytest.raises(NotPermitted):
        seen(desk, world.wearer(BOROUGH, "administrator"))


def test_a_kind_that_was_not_asked_for_yields_nothing(desk: Desk, world: World) -> None:
    world.resident(BOROUGH)
    with desk.work(world.adviser(BOROUGH).secret, frozenset({Action.REQUEST_SEE})) as work:
        assert work.session.scalars(select(ResidentName)).all() == []


def test_an_unknown_or_ended_secret_speaks_for_nobody(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    world.session.execute(text("UPDATE sign_in SET revoked_at = now() WHERE id = :id"), {"id": adviser.sign_in_id})
    world.session.commit()
    for secret in (adviser.secret, "made up", ""):
        with pytest.raises(NotSignedIn):
            seen(desk, Wearer(secret, *[adviser.person_id] * 4))


def test_nothing_is_seen_while_the_database_lives_by_another_policy(desk: Desk, world: World) -> None:
    adviser = world.adviser(BOROUGH)
    assert seen(desk, adviser) == set()
    world.session.execute(text("INSERT INTO policy_version VALUES (99, 'another', '{}', now(), now(), NULL, 'a test')"))
    world.session.commit()
    with pytest.raises(NotReady):
        seen(desk, adviser)


def test_what_was_decided_for_one_purpose_organisation_or_role_is_not_used_for_another(desk: Desk, world: World) -> None:
    resident, county, keeper = world.resident(BOROUGH), world.adviser(COUNTY), world.wearer(BOROUGH, "information_officer")
    world.add(Disclosure(resident_id=resident.id, organisation_id=county.organisation_id, groups=["name"], ground="court-order",
                         requester="a court", authority="an order", since=world.now, until=world.now + timedelta(hours=1),
                         opened_by_id=county.person_id))

    def names(wearer: Wearer, purpose: Purpose | None = None) -> int:
        with desk.work(wearer.secret, SEE, purpose=purpose) as work:
            return len(work.session.scalars(select(ResidentName)).all())

    assert [names(county), names(county, Purpose.PROTECT), names(keeper), names(county), names(keeper, Purpose.PROTECT),
            names(world.adviser(BOROUGH)), names(county)] == [0, 1, 1, 0, 0, 1, 0]


def test_a_row_of_another_council_cannot_be_changed_even_when_its_key_is_known(desk: Desk, world: World) -> None:
    hidden, county = world.resident(BOROUGH), world.adviser(COUNTY)
    with pytest.raises(NotFound), desk.work(county.secret, frozenset({Action.RESIDENT_SEE, Action.RESIDENT_CHANGE})) as work:
        work.session.add(ResidentName(resident_id=hidden.id, kind="usual", given="A", family="B"))
        work.session.flush()


def test_a_table_that_no_claimed_action_may_write_is_not_written(desk: Desk, world: World) -> None:
    own, borough = world.resident(BOROUGH), world.adviser(BOROUGH)
    with pytest.raises(NotPermitted), desk.work(borough.secret, SEE) as work:
        work.session.add(ResidentName(resident_id=own.id, kind="usual", given="A", family="B"))
        work.session.flush()


def test_plain_sql_as_web_without_an_audience_finds_no_table(desk: Desk, world: World) -> None:
    with desk.engine.connect() as connection, pytest.raises(Exception, match="does not exist|permission denied"):
        connection.execute(text("SELECT * FROM resident"))


@pytest.mark.parametrize("audience", ["council", "partner", "rights", "office", "signin", "job"])
def test_a_contractor_under_any_other_audience_sees_no_resident(desk: Desk, world: World, audience: str) -> None:
    world.resident(BOROUGH, shared=True)
    contractor = world.wearer(BINS, "contractor")
    with desk.engine.connect() as connection:
        connection.execute(text("SELECT set_config('jc.secret', :s, true), set_config('role', :r, true)"),
                           {"s": contractor.secret, "r": f"{desk.prefix}_{audience}"})
        if audience in ("signin", "job"):
            with pytest.raises(Exception, match="permission denied"):
                connection.execute(text("SELECT * FROM resident"))
        else:
            assert connection.execute(text("SELECT * FROM resident")).all() == []


def test_the_application_role_owns_nothing_and_bypasses_nothing(desk: Desk, world: World) -> None:
    roles = world.session.execute(text("""
        SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,
               (SELECT count(*) FROM pg_class WHERE relowner = r.oid)
          FROM pg_roles r WHERE starts_with(rolname, :prefix) AND rolname NOT LIKE '%\\_owner'"""),
        {"prefix": desk.prefix + "_"}).all()
    assert {row.rolname for row in roles} >= {f"{desk.prefix}_web", f"{desk.prefix}_council", f"{desk.prefix}_definer"}
    assert all(tuple(row)[1:] == (False, False, False, False, False, 0) for row in roles)


def test_an_update_that_reads_no_column_does_not_pass_the_wall(desk: Desk, world: World) -> None:
    hidden, borough = world.resident(COUNTY), world.adviser(BOROUGH)
    with desk.work(borough.secret, SEE) as work:
        work.session.connection().execute(text("UPDATE resident SET version = 77"))
    world.session.refresh(hidden)
    assert hidden.version == 1
