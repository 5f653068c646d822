"""How common names are is counted where it may be counted, and read by the council whose residents were counted."""

from sqlalchemy import text

from app.matching import folding
from app.matching.frequencies import Frequencies, Term
from app.matching.person import Person
from app.matching.queries import standard
from app.policy.actions import Action
from app.policy.work import Desk
from tests.world import BOROUGH, COUNTY, Wearer, World

SEEING = frozenset({Action.RESIDENT_SEE})
PEOPLE = [Person(names=[("Chidi", "Hembrow-Okafor")], addresses=[("12 Mill Lane", "TA1 1HE")], telephones=["+441632960001"]),
          Person(names=[("Anne", "Rareman")])]
NAMES = ("O'Connor", "Núñez", "Ó Briain", "Smith-Jones", "van der Berg", "Łukasz", "Østergård", "  St. John ", "MAC DONALD", "Weiß")


def counted(world: World) -> int:
    return int(world.session.execute(text("SELECT wall.measure_frequencies()")).scalar_one())


def known(desk: Desk, wearer: Wearer) -> Frequencies:
    with desk.work(wearer.secret, SEEING) as work:
        return standard(work, PEOPLE).frequencies


def test_a_council_counts_its_own_residents_and_keeps_nothing_that_few_bear(desk: Desk, world: World) -> None:
    ours, theirs = world.adviser(BOROUGH), world.adviser(COUNTY)
    # As in a database of one's own: privileges on a database are not copied with it.
    world.session.execute(text(f"REVOKE TEMPORARY ON DATABASE {world.session.connection().engine.url.database} FROM PUBLIC"))
    assert known(desk, ours) == Frequencies(), "what is published, until there is a count"
    for number in range(6):
        world.resident(BOROUGH, family="Hembrow-Okafor", telephone="+441632960001", postcode="TA1 1HE", protected=number == 5)
    for _ in range(4):
        world.resident(COUNTY, family="Hembrow-Okafor", shared=True)
        world.resident(BOROUGH, family="Rareman", given="Anne", postcode="TA2 6AA")
    assert counted(world) == 4
    world.session.commit()
    found = known(desk, ours)
    assert found.people == 9, "the protected one is not counted"
    assert found.counts == {Term.GIVEN: {"chidi": 5}, Term.FAMILY: {"hembrowokafor": 5}, Term.POSTCODE: {"TA1 1HE": 5},
                            Term.TELEPHONE: {"+441632960001": 5}}
    assert known(desk, theirs) == Frequencies(4, {term: {} for term in found.counts}, found.counted), "neither sees the other's"
    assert counted(world) == 4, "counting again counts the same"


def test_names_are_folded_by_the_database_as_they_are_compared(world: World) -> None:
    for name in NAMES:
        assert world.session.execute(text("SELECT wall.folded(:name)"), {"name": name}).scalar_one() == folding.name(name), name
