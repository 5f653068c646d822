"""Special category data as they lie in the database: encrypted, and another time in other bytes (R12)."""

from sqlalchemy import select, text

from app.residents.models import ResidentSensitive
from tests.world import BOROUGH, World

WORDS = "A condition of the heart"


def test_sensitive_words_lie_encrypted_in_the_database_and_never_twice_alike(world: World) -> None:
    for resident in (world.resident(BOROUGH), world.resident(BOROUGH)):
        world.add(ResidentSensitive(resident_id=resident.id, detail=WORDS))
    one, other = world.session.execute(text("SELECT detail FROM resident_sensitive")).scalars()
    assert "heart" not in one + other, "readable without the key"
    assert one != other
    world.session.expire_all()
    assert set(world.session.scalars(select(ResidentSensitive.detail))) == {WORDS}
