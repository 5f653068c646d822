"""The guard without the wall and the wall without the guard: each must hold by itself, or a mistake in one would hide behind the
other. The guard alone reads as the database's administrator, whom row security does not touch; the wall alone is plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, make_url, select, text, true, union_all
from sqlalchemy.orm import aliased

from app.choices.models import Choice
from app.disclosures.models import Disclosure
from app.kernel.clock import london_date
from app.kernel.config import sqlalchemy_url
from app.kernel.errors import NotFound
from app.kernel.ids import new_key
from app.policy import wall
from app.policy.actions import Action
from app.policy.actor import Actor, Asking
from app.policy.guard import GuardedSession
from app.policy.protection import PROTECTED
from app.policy.purposes import Purpose
from app.policy.reach import Wearer as Words
from app.policy.reach import compile_reach
from app.policy.words import Role
from app.policy.work import Desk
from app.requests.models import Request, RequestCopy, RequestJob, RequestResident
from app.residents.models import Resident, ResidentAddress, ResidentName, ResidentNeed
from app.staff.models import Relation
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

NEEDS = frozenset({Action.RESIDENT_SEE, Action.REQUEST_SEE, Action.INTAKE_SEE})


@dataclass(frozen=True)
class Layers:
    """Asks one layer at a time as somebody who is signed in."""

    desk: Desk
    world: World

    @contextmanager
    def guard(self, wearer: Wearer, purpose: Purpose = Purpose.ENQUIRY,
              needs: frozenset[Action] = NEEDS) -> Iterator[GuardedSession]:
        """A guarded session on a connection that row security does not touch."""
        with self.desk.engine.connect() as connection:
            begun = wall.begin(connection, self.desk.prefix, wearer.secret, None)
        actor = Actor(begun.person_id, begun.hat_id, begun.organisation_id, begun.organisation, begun.organisation_kind,
                      Role(begun.role), begun.unit, begun.sign_in_id, begun.audience)
        reach = compile_reach(self.desk.shelf.shipped, Words(actor.role, actor.organisation, actor.unit), purpose, needs)
        asking = Asking(actor, begun.at, london_date(begun.at), begun.facts_on)
        engine = create_engine(make_url(sqlalchemy_url(str(self.world.session.get_bind().url.render_as_string(False)))))  # type: ignore[union-attr]
        try:
            with engine.connect() as connection, connection.begin():
                # The functions that name masked requests ask who speaks; nothing else of the wall is on.
                connection.execute(text("SELECT set_config('jc.secret', :s, true)"), {"s": wearer.secret})
                with GuardedSession(reach, asking.values(), bind=connection) as session:
                    yield session
        finally:
            engine.dispose()

    def guarded(self, wearer: Wearer, model: type, purpose: Purpose = Purpose.ENQUIRY) -> set[object]:
        """What the guard alone lets through: the first column of the primary key of each row."""
        with self.guard(wearer, purpose) as session:
            return {row.id if hasattr(row, "id") else row.request_id for row in session.scalars(select(model))}

    def walled(self, wearer: Wearer, model: type) -> set[object]:
        """What plain SQL finds behind the wall alone."""
        table = model.__tablename__  # type: ignore[attr-defined]
        column = "id" if hasattr(model, "id") else "request_id"
        with self.desk.engine.connect() as connection, connection.begin():
            wall.begin(connection, self.desk.prefix, wearer.secret, None)
            return {row[0] for row in connection.execute(text(f"SELECT {column} FROM {table}"))}

    def both(self, wearer: Wearer, model: type, purpose: Purpose = Purpose.ENQUIRY) -> set[object]:
        """What each lets through, where they must agree; a difference fails, naming it."""
        guarded, walled = self.guarded(wearer, model, purpose), self.walled(wearer, model)
        assert guarded == walled, f"guard {guarded}, wall {walled}"
        return guarded


@pytest.fixture
def layers(desk: Desk, world: World) -> Layers:
    return Layers(desk, world)


def test_what_a_resident_said_is_written_down_of_who_is_seen_through_the_guard_alone(layers: Layers) -> None:
    world = layers.world
    own, shared, hidden, adviser = world.resident(BOROUGH), world.resident(COUNTY, shared=True), world.resident(COUNTY), \
        world.adviser(BOROUGH)

    def say(*residents: Resident) -> None:
        with layers.guard(adviser, needs=frozenset({Action.RESIDENT_SEE, Action.CHOICE_RECORD})) as session:
            session.add_all(Choice(resident_id=each.id, matter="news", answer="given", wording_version="1", channel="telephone",
                                   at=world.now, hat_id=adviser.hat_id) for each in residents)
            session.flush()

    for which in ([hidden], [own, hidden], [hidden, shared]):
        with pytest.raises(NotFound):
            say(*which)
    say(own, shared)
    assert set(world.session.scalars(select(Choice.resident_id))) == {own.id, shared.id}


def test_home_and_sharing(layers: Layers) -> None:
    world, borough, county = layers.world, layers.world.adviser(BOROUGH), layers.world.adviser(COUNTY)
    hidden, shared = world.resident(BOROUGH), world.resident(BOROUGH, shared=True)
    assert layers.both(borough, Resident) == {hidden.id, shared.id}
    assert layers.both(county, Resident) == {shared.id}
    assert len(layers.both(county, ResidentName)) == 1
    _, back = world.resident(COUNTY), world.resident(COUNTY, shared=True)
    assert layers.both(borough, Resident) == {hidden.id, shared.id, back.id}


def test_each_answer_about_sharing_opens_to_the_other_council_what_was_promised(layers: Layers) -> None:
    """R2: refused, withdrawn and never asked are the same to the other council. R5, R14: what beats and ends a yes."""
    world, county, home = layers.world, layers.world.adviser(COUNTY), layers.world.wearer(BOROUGH, "adviser")
    said = {"not asked": (), "given": ("given",), "refused": ("refused",), "withdrawn": ("given", "withdrawn"),
            "given again": ("given", "withdrawn", "given"), "given and objected": ("given",), "given and left": ("given",)}
    residents = {}
    for answers, each in said.items():
        left = answers == "given and left"
        residents[answers] = world.resident(None if left else BOROUGH, keeper_id=world.organisations[BOROUGH].id)
        for answer in each:
            world.choose(residents[answers], "sharing", answer, home)
    world.choose(residents["not asked"], "news", "given", home)
    world.object(residents["given and objected"], COUNTY, home)
    seen = layers.both(county, Resident)
    assert {answers for answers, resident in residents.items() if resident.id in seen} == {"given", "given again"}
    assert len(layers.both(county, ResidentName)) == 2


def test_the_guard_alone_filters_each_table_of_a_union_and_of_what_is_selected_from(layers: Layers) -> None:
    """As each was selected by itself: in a statement made once, for whoever asks, and in one that is made anew."""
    world, county, borough = layers.world, layers.world.adviser(COUNTY), layers.world.adviser(BOROUGH)
    hidden, shared = world.resident(BOROUGH), world.resident(BOROUGH, shared=True)
    both = union_all(select(ResidentName.resident_id), select(ResidentAddress.resident_id))
    inner = select(ResidentName.resident_id, ResidentName.given).subquery()
    for _ in range(2):
        for wearer, seen in ((county, {shared.id}), (borough, {hidden.id, shared.id})):
            with layers.guard(wearer) as session:
                assert set(session.scalars(both)) == seen
                assert set(session.scalars(select(inner.c.resident_id))) == seen
                assert set(session.scalars(select(aliased(Resident).id).where(true()))) == seen
            assert len(layers.guarded(wearer, ResidentAddress)) == len(seen)


def test_of_requests_that_stand_among_others_each_council_sees_its_own_and_those_of_a_shared_record(layers: Layers) -> None:
    world, county, borough = layers.world, layers.world.adviser(COUNTY), layers.world.adviser(BOROUGH)
    residents = [world.resident(BOROUGH, shared=shared) for shared in (False, True, False)]
    theirs = [world.request(BOROUGH, resident=resident) for resident in residents]
    own = world.request(COUNTY)
    more = [world.request(BOROUGH, resident=resident) for resident in residents]
    assert layers.guarded(county, Request) == {own.id, theirs[1].id, more[1].id}
    assert layers.guarded(borough, Request) == {each.id for each in (*theirs, *more)}


def test_who_keeps_the_record_of_somebody_who_left_sees_it_and_the_other_council_does_not(layers: Layers) -> None:
    """R14: each council's information officer still answers for the records that were its own, and for no other's."""
    world = layers.world
    left = {council: world.resident(None, keeper_id=world.organisations[council].id) for council in (BOROUGH, COUNTY)}
    for council, resident in left.items():
        officer = world.wearer(council, "information_officer")
        assert layers.both(officer, Resident, Purpose.RIGHTS) == {resident.id}
        assert layers.both(world.adviser(council), Resident) == set()


def test_an_objection_beats_sharing(layers: Layers) -> None:
    world, county = layers.world, layers.world.adviser(COUNTY)
    world.resident(BOROUGH, shared=True, objected_to=[world.organisations[COUNTY].id])
    assert layers.both(county, Resident) == set()


def test_restriction_and_ones_own_record(layers: Layers) -> None:
    world, borough = layers.world, layers.world.adviser(BOROUGH)
    older = world.resident(BOROUGH)
    world.resident(BOROUGH, restricted=True)
    own, newer = world.resident(BOROUGH), world.resident(BOROUGH)
    world.add(Relation(person_id=borough.person_id, resident_id=own.id),
              Relation(person_id=world.adviser(COUNTY).person_id, resident_id=newer.id))
    assert layers.both(borough, Resident) == {older.id, newer.id}


def test_a_move_takes_effect_on_its_day_and_leaving_ends_sharing(layers: Layers) -> None:
    world, borough, county = layers.world, layers.world.adviser(BOROUGH), layers.world.adviser(COUNTY)
    today = london_date(world.now)
    county_id = world.organisations[COUNTY].id
    moved = world.resident(BOROUGH, home_until=today, next_home_id=county_id)
    moving = world.resident(BOROUGH, home_until=today + timedelta(days=1), next_home_id=county_id)
    left = world.resident(BOROUGH, home_until=today, shared=True)
    assert layers.both(borough, Resident) == {moving.id}
    assert layers.both(county, Resident) == {moved.id}
    assert left.id not in layers.both(county, Resident)


def test_a_disclosure_opens_its_groups_until_its_end(layers: Layers) -> None:
    world, county = layers.world, layers.world.adviser(COUNTY)
    somebody_else = world.wearer(COUNTY, "adviser").person_id
    for minutes, person in ((10, None), (-10, None), (10, somebody_else)):
        resident = world.resident(BOROUGH)
        world.add(Disclosure(resident_id=resident.id, organisation_id=county.organisation_id, person_id=person,
                             groups=["name"], ground="court-order",
                             requester="a court", authority="an order", since=world.now - timedelta(hours=1),
                             until=world.now + timedelta(minutes=minutes), opened_by_id=county.person_id))
    assert len(layers.guarded(county, ResidentName, Purpose.PROTECT)) == 1
    assert layers.guarded(county, ResidentAddress, Purpose.PROTECT) == set()
    assert len(layers.walled(county, Resident)) == 1


def test_a_protected_address_is_not_read_and_its_record_is(layers: Layers) -> None:
    world, borough = layers.world, layers.world.adviser(BOROUGH)
    resident = world.resident(BOROUGH, protected=True, telephone="+441632960001")
    assert layers.guarded(borough, Resident) == {resident.id}
    assert layers.guarded(borough, ResidentAddress) == set()


def contractor(layers: Layers, **columns: object) -> tuple[Wearer, Resident, Request]:
    world = layers.world
    resident = world.resident(BOROUGH, **columns)
    world.add(ResidentNeed(resident_id=resident.id, words="Large print"))
    request = world.request(BOROUGH, resident=resident, partner=BINS)
    return world.wearer(BINS, "contractor"), resident, request


def test_a_partner_sees_the_resident_of_its_open_request_and_what_the_service_needs(layers: Layers) -> None:
    wearer, resident, request = contractor(layers)
    other = layers.world.resident(BOROUGH)
    assert layers.both(wearer, Resident, Purpose.DELIVER) == {resident.id}
    assert other.id not in layers.walled(wearer, Resident)
    assert layers.both(wearer, RequestJob, Purpose.DELIVER) == {request.id}
    groups = _groups_read(layers, wearer)
    assert groups and groups <= {"name", "address", "channels", "needs"}


def _groups_read(layers: Layers, wearer: Wearer) -> set[str]:
    with layers.guard(wearer, Purpose.DELIVER) as session:
        return {row.grp for row in session.scalars(select(RequestCopy))}


@pytest.mark.parametrize("ending", ["closed", "completed", "objected", "restricted", "expired", "unnamed"])
def test_a_partner_loses_sight_when_its_right_ends(layers: Layers, ending: str) -> None:
    wearer, resident, request = contractor(layers)
    run = {"closed": "UPDATE request SET status = 'closed', closed_at = now()",
           "completed": "UPDATE assignment SET ended_at = now(), ended_as = 'completed'",
           "objected": "UPDATE resident SET objected_to = ARRAY[(SELECT id FROM organisation WHERE slug = 'greenbins')]",
           "restricted": "UPDATE resident SET restricted = true",
           "expired": "UPDATE agreement SET valid = daterange('2001-01-01', '2002-01-01')",
           "unnamed": "DELETE FROM agreement_service"}[ending]
    layers.world.session.execute(text(run))
    layers.world.session.commit()
    assert layers.both(wearer, Resident, Purpose.DELIVER) == set()
    assert layers.guarded(wearer, RequestJob, Purpose.DELIVER) == set()
    if ending != "restricted":
        assert layers.guarded(wearer, Request, Purpose.DELIVER) == {request.id}


def test_a_partner_reads_no_group_that_its_agreement_does_not_name(layers: Layers) -> None:
    wearer, resident, request = contractor(layers)
    assert {"channels", "address"} <= _groups_read(layers, wearer)
    layers.world.session.execute(text(
        "DELETE FROM agreement_group WHERE \"group\" = 'channels' AND agreement_id = (SELECT agreement_id FROM assignment)"))
    layers.world.session.commit()
    assert "channels" not in _groups_read(layers, wearer)
    layers.world.session.execute(text("DELETE FROM service_need WHERE \"group\" = 'address' AND lgsl = (SELECT lgsl FROM request)"))
    layers.world.session.commit()
    assert "address" not in _groups_read(layers, wearer)


def test_the_taker_sees_what_was_typed_at_an_intake_until_the_contact_ends(layers: Layers) -> None:
    world, adviser = layers.world, layers.world.wearer(COUNTY, "adviser")
    world.contact(world.wearer(COUNTY, "adviser"))
    talk = world.contact(adviser)
    request = world.request(COUNTY, BOROUGH, talk=talk, intake=True, permission="given",
                            intake_home_id=world.organisations[BOROUGH].id)
    assert layers.both(adviser, RequestJob) == {request.id}
    world.contact(world.wearer(COUNTY, "adviser"))
    world.session.execute(text("UPDATE contact SET ended_at = now(), outcome = 'passed-on' WHERE id = :talk"), {"talk": talk.id})
    world.session.commit()
    assert layers.both(adviser, RequestJob) == set()
    assert layers.both(adviser, Request) == {request.id}


def test_an_intake_is_offered_to_the_council_where_the_caller_lives_until_it_is_linked(layers: Layers) -> None:
    world, officer = layers.world, layers.world.wearer(COUNTY, "service_officer")
    request = world.request(BOROUGH, intake=True, permission="given", intake_home_id=officer.organisation_id)
    refused = world.request(BOROUGH, intake=True, permission="refused", intake_home_id=officer.organisation_id)
    assert layers.both(officer, RequestJob, Purpose.DELIVER) == {request.id}
    assert refused.id not in layers.both(officer, Request, Purpose.DELIVER)
    world.add(RequestResident(request_id=request.id, resident_id=world.resident(BOROUGH).id))
    assert layers.guarded(officer, RequestJob, Purpose.DELIVER) == set()


def test_the_guard_alone_lets_nothing_of_a_hidden_resident_be_written(layers: Layers) -> None:
    world, county = layers.world, layers.world.adviser(COUNTY)
    hidden, own = world.resident(BOROUGH), world.resident(COUNTY)
    changing = NEEDS | {Action.RESIDENT_CHANGE}
    with layers.guard(county, needs=changing) as session:
        session.add(ResidentNeed(resident_id=hidden.id, words="Large print"))
        with pytest.raises(NotFound):
            session.flush()
    with layers.guard(county, needs=changing) as session:
        row = session.scalars(select(ResidentName).where(ResidentName.resident_id == own.id)).one()
        row.resident_id = hidden.id
        with pytest.raises(NotFound):
            session.flush()
    theirs = world.session.scalars(select(ResidentName).where(ResidentName.resident_id == hidden.id)).one()
    world.session.expunge(theirs)
    with layers.guard(county, needs=changing) as session:
        session.add(theirs)
        theirs.resident_id = own.id
        with pytest.raises(NotFound):
            session.flush()


def test_the_guard_alone_checks_very_many_new_rows_by_what_each_hangs_on(layers: Layers) -> None:
    """They are written in one statement, and one record of another's among them is enough."""
    world, leader = layers.world, layers.world.wearer(COUNTY, "team_leader")
    hidden, own = world.resident(BOROUGH), world.resident(COUNTY)
    needs = frozenset({Action.RESIDENT_IMPORT, Action.RESIDENT_MATCH})

    def needing(*whose: Resident, **of: object) -> None:
        with layers.guard(leader, Purpose.MATCH, needs) as session:
            session.add_many(ResidentNeed, [
                {"id": new_key(), "resident_id": each.id, "words": "Large print"} | of for each in whose])

    for whose in ((own, hidden), (hidden,)):
        with pytest.raises(NotFound):
            needing(*whose)
    with pytest.raises(NotFound):
        needing(own, merged_from=hidden.id)
    assert world.session.scalars(select(ResidentNeed)).all() == []
    needing(own, own)
    world.session.rollback()
    assert len(world.session.scalars(select(ResidentNeed)).all()) == 2


def test_every_protected_table_is_behind_forced_row_security(layers: Layers) -> None:
    protected = {model.__tablename__ for model in PROTECTED}  # type: ignore[attr-defined]
    forced = set(layers.world.session.scalars(text(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relnamespace = 'public'::regnamespace")))
    assert protected <= forced
