"""A world of the oracle laid down in a database of its own, and the application before it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from sqlalchemy import create_engine

from app import create_app
from app.kernel import config
from app.kernel.database import db
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles, Vocabulary
from app.policy.shelf import Shelf
from app.policy.work import Desk
from tests import clusters
from tests.oracle.facts import World
from tests.oracle.joined import Joining
from tests.oracle.partnership import COUNCILS, UNITS
from tests.proof.asking import Asked
from tests.proof.loading import Loaded, load


def vocabulary_of(world: World) -> Vocabulary:
    """The words of the world's partnership."""
    units = {each.slug: list(UNITS if each.slug in COUNCILS else ()) for each in world.organisations}
    return Vocabulary.of(set(units), units, {each.slug: each.kind for each in world.organisations})


def words_of(world: World) -> Rulebook:
    """The shipped policy in the words of the world's partnership."""
    known = vocabulary_of(world)
    return Rulebook.build(PolicyFiles.read(config.ROOT / "policies"), known.organisations, known.units)


@contextmanager
def laid_down(template: str, make: Callable[[datetime], World],
              join: Callable[[psycopg.Connection, Loaded], list[Joining]] | None = None) -> Iterator[Asked]:
    """The application on a world that is made for the database's own moment; ``join`` joins some of its records."""
    with clusters.copy(template) as at:
        settings = clusters.settings(at)
        application = create_app(settings)
        administrator = create_engine(config.sqlalchemy_url(settings.admin_url))
        with application.app_context(), administrator.connect() as connection:
            driver = connection.connection.driver_connection
            world = make(driver.execute("SELECT now()").fetchone()[0].astimezone(UTC))
            loaded = load(driver, world)
            joinings = join(driver, loaded) if join else []
            connection.close()
            yield Asked(Desk(db.engine, settings.role_prefix, Shelf(words_of(world))), loaded, administrator,
                        joinings)
            db.engine.dispose()
        administrator.dispose()
