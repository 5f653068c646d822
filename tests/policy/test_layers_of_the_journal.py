"""The guard alone over the journal and conversations, as `test_layers_alone` asks it of residents: row security behind it says the
same, and would hide a mistake of the guard."""

import pytest
from sqlalchemy import select

from app.contacts.models import Contact, ContactPerson
from app.journal.models import Entry
from app.journal.record import Subject, record
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk
from app.residents.models import Resident
from app.staff.models import Relation
from tests.policy.test_layers_alone import Layers
from tests.world import BOROUGH, COUNTY, Wearer, World

READ, TALKS = frozenset({Action.JOURNAL_READ}), frozenset({Action.CONTACT_SEE})


@pytest.fixture
def layers(desk: Desk, world: World) -> Layers:
    return Layers(desk, world)


def wrote(desk: Desk, wearer: Wearer, event: str, *about: Resident) -> None:
    with desk.work(wearer.secret, frozenset()) as work:
        record(work, event, [Subject(each.id, ["name"], ["home"]) for each in about])


def test_an_officer_reads_of_those_it_keeps_and_of_its_staff_through_the_guard_alone(layers: Layers) -> None:
    world, desk = layers.world, layers.desk
    kept, own, others = world.resident(BOROUGH), world.resident(BOROUGH), world.resident(COUNTY)
    officer, colleague = world.wearer(BOROUGH, "information_officer"), world.wearer(BOROUGH, "information_officer")
    world.add(Relation(person_id=officer.person_id, resident_id=own.id))
    county = world.wearer(COUNTY, "adviser")
    # Before and after each other, so that an entry is not taken for one of another that is read.
    for number, about in enumerate((others, kept, own, others, kept, own)):
        wrote(desk, county, f"{'others' if about is others else 'kept' if about is kept else 'own'}.{number}", about)
    wrote(desk, world.wearer(BOROUGH, "adviser"), "staff.6")

    def read(wearer: Wearer) -> set[str]:
        with layers.guard(wearer, Purpose.RIGHTS, READ) as session:
            return set(session.scalars(select(Entry.event)))

    assert read(officer) == {"kept.1", "kept.4", "staff.6"}
    assert read(colleague) == {"kept.1", "kept.4", "own.2", "own.5", "staff.6"}


def test_a_conversation_is_read_by_who_held_it_and_with_whom_it_was_through_the_guard_alone(layers: Layers) -> None:
    world = layers.world
    adviser, asker = world.wearer(COUNTY, "adviser"), world.wearer(BOROUGH, "adviser")
    shared, hidden, objects, restricted, own = (
        world.resident(COUNTY, shared=True), world.resident(COUNTY),
        world.resident(COUNTY, shared=True, objected_to=[world.organisations[BOROUGH].id]),
        world.resident(COUNTY, shared=True, restricted=True), world.resident(COUNTY, shared=True))
    world.add(Relation(person_id=asker.person_id, resident_id=own.id))
    talks = {}
    for resident in (hidden, shared, objects, restricted, own):
        talks[resident.id] = world.contact(adviser, ended=True).id
        world.add(ContactPerson(contact_id=talks[resident.id], resident_id=resident.id))
    held = world.contact(asker, ended=True).id
    with layers.guard(asker, Purpose.ENQUIRY, TALKS) as session:
        assert set(session.scalars(select(Contact.id))) == {held, talks[shared.id]}
