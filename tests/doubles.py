"""One person with two records, made as a test wants them."""

from datetime import date

from sqlalchemy import select

from app.matching.person import Person
from app.residents.keys import keys_of
from app.residents.models import Resident, ResidentBirth, ResidentKey, ResidentName
from tests.world import World

TELEPHONE = "+441632960001"


def born(world: World, resident: Resident, day: date = date(1971, 3, 27)) -> Resident:
    """With a date of birth, and what it is found by."""
    names = world.session.execute(
        select(ResidentName.given, ResidentName.family).where(ResidentName.resident_id == resident.id)).all()
    world.add(ResidentBirth(resident_id=resident.id, born=day),
              *(ResidentKey(resident_id=resident.id, council_id=resident.keeper_id, shared=resident.shared, grp=grp, key=key)
                for grp, key in keys_of(Person(names=[tuple(name) for name in names], born=day)) if "birth" in grp))
    return resident


def twice(world: World, home: str, other: str | None = None, **columns: object) -> tuple[Resident, Resident]:
    """One person, recorded twice: at one council, or at two."""
    first = born(world, world.resident(home, telephone=TELEPHONE))
    return first, born(world, world.resident(other or home, telephone=TELEPHONE, **columns))
