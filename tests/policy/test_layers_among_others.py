"""The guard alone where a right stands among others that are not quite it: of a record made before and one made after, of another
organisation, person, unit or agreement, closed or not begun. A condition that is a little too wide shows one of them."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.contacts.models import Contact
from app.disclosures.models import Disclosure
from app.kernel.clock import london_date
from app.kernel.errors import NotPermitted
from app.kernel.ids import new_key
from app.organisations.models import (
    Agreement,
    AgreementCouncil,
    AgreementGroup,
    AgreementPurpose,
    AgreementService,
    Unit,
)
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk
from app.requests.models import Request, RequestJob, RequestStep
from app.residents.models import Resident
from app.staff.models import Relation
from tests.policy.test_layers_alone import Layers, contractor
from tests.world import BINS, BOROUGH, COUNTY, World

TALKS = frozenset({Action.CONTACT_SEE})


@pytest.fixture
def layers(desk: Desk, world: World) -> Layers:
    return Layers(desk, world)


def test_a_move_counts_from_its_day_on_settled_or_not(layers: Layers) -> None:
    world, today = layers.world, london_date(layers.world.now)
    county = world.organisations[COUNTY].id
    after = {days: world.resident(BOROUGH, home_until=today + timedelta(days=days), next_home_id=county).id
             for days in (-400, -1, 0, 1, 400)}
    assert layers.guarded(world.adviser(BOROUGH), Resident) == {after[1], after[400]}
    assert layers.guarded(world.adviser(COUNTY), Resident) == {after[-400], after[-1], after[0]}


def test_what_is_shared_is_labelled_so_for_the_other_council_alone(layers: Layers) -> None:
    world = layers.world
    shared = world.resident(BOROUGH, shared=True)
    for council, word in ((BOROUGH, "home"), (COUNTY, "consented")):
        with layers.guard(world.adviser(council)) as session:
            words, asked = session.reach.labelled("resident")
            row = session.connection().execute(asked, {**session.values, "keys": [shared.id]}).one()
            assert [str(each) for each, holds in zip(words, row[1:], strict=True) if holds] == [word]


@pytest.mark.parametrize(("council", "home"), [(COUNTY, BOROUGH), (BOROUGH, COUNTY)])
def test_a_disclosure_opens_that_record_to_whom_it_names_and_no_other(layers: Layers, council: str, home: str) -> None:
    world = layers.world
    early, adviser, late = (world.adviser(council) for _ in range(3))
    others = [each.id for each in world.organisations.values() if each.id != early.organisation_id]
    residents = []
    for organisation, person, ended in (
            (None, None, False), (early.organisation_id, None, False),
            (early.organisation_id, early.person_id, False), (early.organisation_id, adviser.person_id, False),
            (early.organisation_id, late.person_id, False), (early.organisation_id, None, True), (None, None, False),
            *((other, None, False) for other in others)):
        residents.append(world.resident(home).id)
        if organisation:
            world.add(Disclosure(
                resident_id=residents[-1], organisation_id=organisation, person_id=person, groups=["name"], ground="court-order",
                requester="a court", authority="an order", since=world.now - timedelta(hours=2),
                until=world.now + timedelta(hours=-1 if ended else 1), opened_by_id=adviser.person_id))
    for wearer, own in ((early, 2), (adviser, 3), (late, 4)):
        assert layers.guarded(wearer, Resident, Purpose.PROTECT) == {residents[1], residents[own]}


def test_a_conversation_in_progress_under_another_hat_is_its_own_persons(layers: Layers) -> None:
    world = layers.world
    early, adviser, late = (world.wearer(BOROUGH, "adviser") for _ in range(3))
    talks = {each: world.contact(world.wearer(COUNTY, "adviser", person=each.person_id)).id for each in (early, adviser, late)}
    ended = world.contact(world.wearer(COUNTY, "adviser", person=adviser.person_id), ended=True).id
    for each in (early, adviser, late):
        with layers.guard(each, needs=TALKS) as session:
            seen = set(session.scalars(select(Contact.id)))
        assert seen & {*talks.values(), ended} == {talks[each]}


def test_a_unit_sees_its_own_queue_and_whose_hat_names_none_sees_all(layers: Layers) -> None:
    world = layers.world
    units = sorted(world.session.scalars(select(Unit.slug).where(Unit.organisation_id == world.organisations[COUNTY].id)))[:3]
    residents = {unit: world.resident(COUNTY) for unit in (*units, None)}
    requests = {unit: world.request(COUNTY, resident=each, unit=unit).id for unit, each in residents.items()}
    whole = world.wearer(COUNTY, "service_officer")
    assert layers.guarded(whole, RequestJob, Purpose.DELIVER) == set(requests.values())
    for unit in units:
        officer = world.wearer(COUNTY, "service_officer", unit=unit)
        assert layers.guarded(officer, RequestJob, Purpose.DELIVER) == {requests[unit]}
        assert layers.guarded(officer, Resident, Purpose.DELIVER) == {residents[unit].id}


def test_who_is_served_is_seen_while_that_very_request_is_open(layers: Layers) -> None:
    world, officer = layers.world, layers.world.wearer(BOROUGH, "service_officer")
    past, present = world.resident(BOROUGH), world.resident(BOROUGH)
    world.request(BOROUGH)
    world.request(BOROUGH, resident=past, status="closed", closed_at=world.now)
    world.request(BOROUGH, resident=present)
    world.request(BOROUGH)
    assert layers.guarded(officer, Resident, Purpose.DELIVER) == {present.id}


def test_a_closed_intake_is_offered_to_nobody(layers: Layers) -> None:
    world, officer = layers.world, layers.world.wearer(COUNTY, "service_officer")
    words = {"intake": True, "permission": "given", "intake_home_id": officer.organisation_id}
    offered = world.request(BOROUGH, **words)
    world.request(BOROUGH, **words, status="closed", closed_at=world.now)
    assert layers.guarded(officer, RequestJob, Purpose.DELIVER) == {offered.id}


@pytest.mark.parametrize("mask", [{"restricted": True}, {"objected": BINS}])
def test_a_mask_takes_that_request_and_leaves_those_before_and_after(layers: Layers, mask: dict[str, object]) -> None:
    world, wearer = layers.world, layers.world.wearer(BINS, "contractor")
    columns = {"objected_to": [wearer.organisation_id]} if "objected" in mask else mask
    requests = [world.request(BOROUGH, resident=each, partner=BINS).id
                for each in (world.resident(BOROUGH), world.resident(BOROUGH, **columns), world.resident(BOROUGH))]
    assert layers.guarded(wearer, RequestJob, Purpose.DELIVER) == {requests[0], requests[2]}


def test_a_request_is_seen_through_its_resident_where_the_resident_would_be(layers: Layers) -> None:
    world, county, borough = layers.world, layers.world.adviser(COUNTY), layers.world.adviser(BOROUGH)
    sharing = {"plain": {}, "objects": {"objected_to": [county.organisation_id]}, "restricted": {"restricted": True}, "own": {},
               "hidden": {"shared": False}, "left": {"home_until": london_date(world.now)}}
    residents = {word: world.resident(BOROUGH, **{"shared": True, **columns}) for word, columns in sharing.items()}
    world.add(Relation(person_id=county.person_id, resident_id=residents["own"].id),
              Relation(person_id=borough.person_id, resident_id=residents["plain"].id))
    requests = {word: world.request(BOROUGH, resident=resident).id for word, resident in residents.items()}
    assert layers.guarded(county, Request) == {requests["plain"]}
    homes = layers.world.wearer(BOROUGH, "adviser")
    assert layers.guarded(homes, RequestJob) == {requests[word] for word in sharing if word not in ("restricted", "left")}
    assert requests["plain"] not in layers.guarded(borough, RequestJob)


def test_a_keeper_reads_the_requests_of_those_who_left_and_not_of_somebody_close(layers: Layers) -> None:
    world = layers.world
    officer, county = world.wearer(BOROUGH, "information_officer"), world.organisations[COUNTY].id
    kept, close, others = (world.resident(None, keeper_id=keeper) for keeper in (officer.organisation_id,) * 2 + (county,))
    world.add(Relation(person_id=officer.person_id, resident_id=close.id))
    requests = [world.request(COUNTY, resident=each).id for each in (kept, close, others)]
    assert layers.guarded(officer, Request, Purpose.RIGHTS) == {requests[0]}


@pytest.mark.parametrize("key", [uuid.UUID(int=1), uuid.UUID(int=2**128 - 1)])
def test_another_agreement_in_force_is_not_that_of_the_job(layers: Layers, key: uuid.UUID) -> None:
    wearer, _, request = contractor(layers)
    world = layers.world
    others = world.session.scalars(select(Agreement).where(Agreement.partner_id == wearer.organisation_id)).all()
    made = Agreement(id=key, slug="another", partner_id=wearer.organisation_id, title="Another", standing=others[0].standing,
                     valid=others[0].valid, disposal_days=30, terms="The same")
    world.add(made)
    world.add(AgreementService(agreement_id=key, lgsl=request.lgsl),
              AgreementCouncil(agreement_id=key, council_id=request.responsible_id),
              AgreementPurpose(agreement_id=key, purpose="deliver"),
              *(AgreementGroup(agreement_id=key, group=group) for group in ("name", "address")))
    assert layers.guarded(wearer, RequestJob, Purpose.DELIVER) == {request.id}
    world.session.execute(text("UPDATE agreement SET valid = daterange('2001-01-01', '2002-01-01') WHERE id <> :key"), {"key": key})
    world.session.commit()
    assert layers.guarded(wearer, RequestJob, Purpose.DELIVER) == set() == layers.guarded(wearer, Resident, Purpose.DELIVER)


@pytest.mark.parametrize("action", [Action.REQUEST_PASS, Action.REQUEST_TAKE])
def test_what_may_end_its_own_sight_is_not_written_in_one_statement(layers: Layers, action: Action) -> None:
    world, adviser = layers.world, layers.world.adviser(BOROUGH)
    row = {"id": new_key(), "request_id": world.request(BOROUGH).id, "status": "queued",
           "organisation_id": adviser.organisation_id, "at": world.now}
    with layers.guard(adviser, needs=frozenset({Action.REQUEST_SEE, action})) as session, pytest.raises(NotPermitted):
        session.add_many(RequestStep, [row])


def test_a_conversation_is_not_changed_by_what_only_sees_it(layers: Layers) -> None:
    world, adviser = layers.world, layers.world.wearer(BOROUGH, "adviser")
    world.contact(adviser)
    with layers.guard(adviser, needs=TALKS) as session, pytest.raises(NotPermitted):
        session.scalars(select(Contact)).one().line = "county"
        session.flush()
