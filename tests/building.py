"""Builds the database that the tests copy: roles, tables, the demonstration's partnership and places, and its policy."""

from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app
from app.kernel.addresses import Addresses
from app.kernel.database import db
from app.policy.publishing import publish
from app.policy.roles import prepare
from app.policy.routes import gate
from app.services import partnership
from tests import clusters


def build(at: Addresses) -> None:
    """Fill an empty database."""
    known = clusters.settings(at)
    prepare(known.admin_url, known.database_url, known.owner_url, known.role_prefix)
    application = create_app(known)
    with application.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        engine = create_engine(known.owner_url)
        with Session(engine) as session:
            partnership.load(session, partnership.read(known.partnership))
            publish(session, gate().desk.rulebook, "the first")
            session.commit()
        engine.dispose()
        db.engine.dispose()
