"""What is read decides on the time that an answer takes: looking for somebody, who is new or who was described, reads as much
of the indexes with hidden records as without."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from app.duplicates.alike import alike
from app.matching.person import Person
from app.policy.actions import Action
from app.policy.work import Desk, Work
from app.residents.clues import read
from app.residents.finding import search
from tests.doubles import TELEPHONE, born
from tests.world import BOROUGH, COUNTY, Wearer, World

NEEDS = frozenset({Action.RESIDENT_FIND, Action.RESIDENT_SEE})
ENTRIES = text("SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) FROM pg_index i WHERE i.indrelid = ANY (ARRAY["
               "'resident'::regclass, 'resident_key'::regclass, 'resident_name'::regclass])")
CHIDI = Person(names=[("Chidi", "Okafor")], addresses=[("12 Mill Lane", "TA1 1HE")], telephones=[TELEPHONE], born=date(1971, 3, 27))


def entries_read(desk: Desk, wearer: Wearer, ask: Callable[[Work], object]) -> int:
    with desk.work(wearer.secret, NEEDS) as work:
        work.session.connection().execute(text("SET LOCAL enable_seqscan = off"))
        ask(work)
        return int(work.session.connection().execute(ENTRIES).scalar_one())


def a_large_table(world: World) -> None:
    """So many keys that PostgreSQL plans as it does where it matters: of few it would read all."""
    for council in (BOROUGH, COUNTY):
        resident = world.resident(council, given="Sue", family="Pratt", postcode="TA2 6AA")
        world.session.execute(text(
            "INSERT INTO resident_key (id, resident_id, council_id, shared, grp, key) "
            "SELECT gen_random_uuid(), :id, :council, n % 5 > 1, 'name', 'f:nobody ' || n FROM generate_series(1, 5000) n"),
            {"id": resident.id, "council": resident.home_id})
    world.session.execute(text("ANALYZE resident_key"))
    world.session.commit()


def hidden(world: World, number: int) -> None:
    """Records of the other council, as like the one sought as can be."""
    for at in range(number):
        born(world, world.resident(COUNTY, telephone=TELEPHONE), CHIDI.born or date.today())
        world.resident(COUNTY, given="Chidy", family="Okafer", postcode="TA1 1HF", lines=(f"{at} Mill Lane",))


@pytest.mark.parametrize("ask", [lambda work: alike(work, CHIDI)] + [
    lambda work, typed=typed: search(work, read(typed, work.today)) for typed in
    ("chidi okafor ta1 1he", "okafer 27/03/1971", "01632 960001", "chidi okafor", "okafro 28/03/1971", "okafer ta1",
     "27/03/1971 ta1 1hg", "chidy okafer 01632 960010", "okafor 12 mill lane")],
    ids=lambda ask: (ask.__defaults__ or ("somebody new",))[0])
def test_as_much_is_read_with_hidden_records_as_without(desk: Desk, world: World, ask: Callable[[Work], object]) -> None:
    adviser = world.adviser(BOROUGH)
    a_large_table(world)
    before = entries_read(desk, adviser, ask)
    hidden(world, 6)
    assert entries_read(desk, adviser, ask) == before
    born(world, world.resident(BOROUGH, telephone=TELEPHONE))
    assert entries_read(desk, adviser, ask) > before, "a record in sight is read"
