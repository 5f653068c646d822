"""How Alembic runs here: as the owner of the tables, in one transaction a revision, on the models' own metadata."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from app.kernel.database import db

settings = current_app.config["JC_SETTINGS"]


def run() -> None:
    """Run the revisions on the database of ``owner_url``; ``flask db upgrade --sql`` is not offered: roles differ by place."""
    if context.is_offline_mode():
        raise SystemExit("migrations run on a database: the names of its roles are part of what they write")
    given = context.config.attributes.get("connection")
    if given is not None:
        _configure(given)
        return
    engine = create_engine(settings.owner_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        _configure(connection)
        connection.commit()


def _configure(connection: object) -> None:
    context.configure(connection=connection, target_metadata=db.metadata, compare_type=True,  # type: ignore[arg-type]
                      transaction_per_migration=True, include_name=_ours)
    with context.begin_transaction():
        context.run_migrations()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's own tables to the library that makes them."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


run()
