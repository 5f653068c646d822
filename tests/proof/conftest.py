"""A large generated world in a database of its own, once for all tests of parity. JC_PROOF_RESIDENTS, JC_PROOF_SEED and
JC_PROOF_HATS change how many residents, which, and how many of the hats ask (every role is always among them)."""

import os
import random
from collections.abc import Iterator
from datetime import UTC

import pytest
from sqlalchemy import create_engine

from app import create_app
from app.kernel import config
from app.kernel.database import db
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles
from app.policy.shelf import Shelf
from app.policy.work import Desk
from tests import clusters
from tests.oracle import generate
from tests.oracle.facts import Hat, World
from tests.oracle.partnership import COUNCILS, UNITS
from tests.proof.asking import Asked
from tests.proof.joining import join_some
from tests.proof.loading import load

RESIDENTS = int(os.environ.get("JC_PROOF_RESIDENTS", "5000"))
SEED = int(os.environ.get("JC_PROOF_SEED", "7"))
HATS = int(os.environ.get("JC_PROOF_HATS", "18"))


def words_of(world: World) -> Rulebook:
    """The shipped policy in the words of the world's partnership."""
    units = {each.slug: list(UNITS if each.slug in COUNCILS else ()) for each in world.organisations}
    return Rulebook.build(PolicyFiles.read(config.ROOT / "policies"), set(units), units)


def chosen(world: World) -> list[Hat]:
    """Some hats by chance, one of each role and some that are in a contact first."""
    hats = random.Random(SEED).sample(world.hats, len(world.hats))
    in_contact = {contact.hat for contact in world.contacts if contact.ended is None}
    hats.sort(key=lambda hat: hat.key not in in_contact)
    first = {hat.role: hat for hat in reversed(hats)}
    rest = [hat for hat in random.Random(SEED).sample(world.hats, len(world.hats)) if first[hat.role] is not hat]
    return [*first.values(), *rest][:max(HATS, len(first))]


@pytest.fixture(scope="module")
def hats(asked: Asked) -> list[Hat]:
    """Who asks."""
    return chosen(asked.world)


@pytest.fixture(scope="module")
def asked(template: str) -> Iterator[Asked]:
    """The application on the loaded world."""
    with clusters.copy(template) as at:
        settings = clusters.settings(at)
        application = create_app(settings)
        administrator = create_engine(config.sqlalchemy_url(settings.admin_url))
        with application.app_context(), administrator.connect() as connection:
            driver = connection.connection.driver_connection
            now = driver.execute("SELECT now()").fetchone()[0].astimezone(UTC)
            world = generate.world(SEED, RESIDENTS, now=now)
            loaded = load(driver, world)
            joinings = join_some(driver, loaded, SEED)
            connection.close()
            yield Asked(Desk(db.engine, settings.role_prefix, Shelf(words_of(world))), loaded, administrator,
                        joinings)
            db.engine.dispose()
        administrator.dispose()

