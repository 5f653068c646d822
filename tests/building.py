"""Builds the database that the tests copy: roles, tables, the demonstration's partnership and places, and its policy."""

from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect
from sqlalchemy.orm import Session

from app import create_app
from app.kernel.addresses import Addresses
from app.kernel.database import db
from app.policy.publishing import publish_the_first
from app.policy.roles import prepare
from app.policy.routes import gate
from app.services import partnership
from tests import clusters

MIGRATIONS = str(Path(__file__).parents[1] / "migrations")
TABLES = "0001"


def build(at: Addresses) -> None:
    """Fill an empty database; of one that was filled take the wall down and raise it anew."""
    known = clusters.settings(at)
    prepare(known.admin_url, known.database_url, known.owner_url, known.role_prefix)
    application = create_app(known)
    with application.app_context():
        engine = create_engine(known.owner_url)
        if filled := inspect(engine).has_table("partnership"):
            downgrade(directory=MIGRATIONS, revision=TABLES)
        upgrade(directory=MIGRATIONS)
        with Session(engine) as session:
            if not filled:
                partnership.load(session, partnership.read(known.partnership))
                publish_the_first(session, gate().desk.shelf)
            session.commit()
        engine.dispose()
        db.engine.dispose()
