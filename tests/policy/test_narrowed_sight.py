"""What a council withholds of its own residents is withheld in the database's answers: from those it names, in lists, records, jobs
and writes, and told as the reason; what the law asks for stays."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.disclosures.models import Disclosure
from app.kernel.errors import NotFound
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.publishing import SHIPPED, publish
from app.policy.purposes import Purpose
from app.policy.rules import PolicyFiles
from app.policy.words import Role
from app.policy.work import Desk
from app.requests.models import Request, RequestCopy
from app.residents.models import Resident, ResidentNeed
from app.rights.explaining import Asked, decide
from app.rights.looking import lookers
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

FILES = PolicyFiles.read(SHIPPED).content
HEADER = "council,groups,organisations,roles,reason,owner,review\n"
SEE, REQUESTS = frozenset({Action.RESIDENT_SEE}), frozenset({Action.REQUEST_SEE})
ASKING = frozenset({Action.RESIDENT_SEE, Action.POLICY_EXPLAIN})


def withhold(desk: Desk, world: World, *lines: str) -> None:
    """The policy from here on."""
    sheet = HEADER + "".join(f"{line},they do without it,information governance,2027-03-31\n" for line in lines)
    publish(world.session, desk.shelf, FILES | {"narrowings.csv": sheet}, "a test")
    world.session.commit()


def groups(desk: Desk, wearer: Wearer, resident: Resident, purpose: Purpose | None = None) -> set[str]:
    """The groups that somebody is shown of a resident."""
    with desk.work(wearer.secret, SEE, purpose=purpose) as work:
        if resident.id not in work.session.scalars(select(Resident.id)).all():
            return set()
        named, shown = work.reach.shown("resident")
        row = work.session.connection().execute(shown, {**work.session.values, "keys": [resident.id]}).one()
        return {str(group) for group, so in zip(named, row[1:], strict=True) if so}


@pytest.fixture
def resident(world: World) -> Resident:
    """Of the borough; agreed to sharing."""
    made = world.resident(BOROUGH, telephone="+441632960001")
    world.add(ResidentNeed(resident_id=made.id, words="Large print"))
    world.choose(made, "sharing", "given", world.wearer(BOROUGH, "adviser"))
    return made


def test_it_is_withheld_from_those_it_names_of_that_councils_residents_only(desk: Desk, world: World, resident: Resident) -> None:
    other = world.resident(COUNTY)
    world.choose(other, "sharing", "given", world.wearer(COUNTY, "adviser"))
    county, borough, officer = world.adviser(COUNTY), world.adviser(BOROUGH), world.wearer(BOROUGH, "information_officer")
    before = groups(desk, county, resident)
    withhold(desk, world, f"{BOROUGH},needs birth,{COUNTY},*")
    assert groups(desk, county, resident) == before - {"needs", "birth"} != before
    assert groups(desk, county, other) >= {"needs", "birth"}, "a council's own residents are theirs to narrow, no others"
    assert groups(desk, borough, resident) >= {"needs", "birth"} and groups(desk, borough, other) >= {"needs", "birth"}
    with desk.work(county.secret, SEE) as work:
        assert work.session.scalars(select(ResidentNeed)).all() == []
    with pytest.raises(NotFound), desk.work(county.secret, frozenset({Action.RESIDENT_SEE, Action.RESIDENT_CHANGE})) as work:
        work.session.add(ResidentNeed(resident_id=resident.id, words="Braille"))
    withhold(desk, world, f"{COUNTY},needs birth,{BOROUGH},*")
    assert not groups(desk, borough, other) & {"needs", "birth"} and groups(desk, borough, resident) >= {"needs", "birth"}
    withhold(desk, world, f"{BOROUGH},name address channels birth,*,*", f"{BOROUGH},needs history choices identity sensitive,*,*")
    assert groups(desk, county, resident) == set() == groups(desk, borough, resident), "what is taken in parts may be all there is"
    assert groups(desk, officer, resident) == set(map(str, RESIDENT_GROUPS)), "never from its own officer"


def test_it_stays_when_the_resident_leaves_and_yields_to_the_law(desk: Desk, world: World, resident: Resident) -> None:
    contractor, request = world.wearer(BINS, "contractor"), world.request(BOROUGH, resident=resident, partner=BINS)
    county = world.adviser(COUNTY)
    assert {"name", "address"} <= groups(desk, contractor, resident)
    withhold(desk, world, f"{BOROUGH},address channels,{BINS} {COUNTY},contractor adviser")
    assert groups(desk, contractor, resident) & {"name", "address", "channels"} == {"name"}
    with desk.work(contractor.secret, REQUESTS) as work:
        assert [each.id for each in work.session.scalars(select(Request))] == [request.id], "the job itself stays"
        assert not {each.grp for each in work.session.scalars(select(RequestCopy))} & {"address", "channels"}
    world.session.execute(text("UPDATE resident SET home_until = current_date, next_home_id = NULL"))
    world.session.commit()
    assert "address" not in groups(desk, contractor, resident), "the keeper answers for whoever has left"
    world.add(Disclosure(
        resident_id=resident.id, organisation_id=world.organisations[COUNTY].id, groups=["address"], ground="court-order",
        requester="The court", authority="An order", since=world.now - timedelta(hours=1), until=world.now + timedelta(days=2),
        opened_by_id=county.person_id))
    assert groups(desk, county, resident, Purpose.PROTECT) == {"address"}


def test_history_takes_the_requests_that_agreement_alone_shows(desk: Desk, world: World, resident: Resident) -> None:
    request, county = world.request(BOROUGH, resident=resident), world.adviser(COUNTY)

    def seen(wearer: Wearer) -> Iterable[object]:
        with desk.work(wearer.secret, REQUESTS) as work:
            return work.session.scalars(select(Request.id)).all()

    assert seen(county) == [request.id]
    withhold(desk, world, f"{BOROUGH},history,{COUNTY},*")
    assert seen(county) == [] and seen(world.adviser(BOROUGH)) == [request.id]


def test_who_can_see_and_why_not_are_told_with_it(desk: Desk, world: World, resident: Resident) -> None:
    withhold(desk, world, f"{BOROUGH},needs,{COUNTY},*")
    with desk.work(world.wearer(BOROUGH, "information_officer").secret, ASKING) as work:
        _, told = lookers(work, resident.ref)
        county = world.organisations[COUNTY].name
        there = next(each for each in told if each.organisation == county and each.role is Role.ADVISER)
        assert Group.NEEDS not in there.groups and Group.NAME in there.groups
        asked = Asked(COUNTY, Role.ADVISER, Purpose.ENQUIRY, Group.NEEDS, Action.RESIDENT_SEE, None, resident.ref, None)
        made = decide(work, asked)
    assert made.outcome == "forbidden"
    assert made.because[0].startswith(f"Of its own residents, {BOROUGH} withholds needs in how a service is delivered from")
