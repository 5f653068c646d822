"""The application's engine, through Flask-SQLAlchemy, over the plain declarative base.

It hands out an engine and no session: rows are reached through a Work alone, so the session that Flask-SQLAlchemy
would offer refuses to exist.
"""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from psycopg import Connection, RawCursor, RawServerCursor
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError

from app.kernel.config import Settings, WrongConfiguration
from app.kernel.tables import Base

T = TypeVar("T")


class NoSession(Session):
    """Stands where ``db.session`` would be. Making one is a mistake: it would know no actor and no reach."""

    def __init__(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise RuntimeError("use Work: a session without an actor is not given out")


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": NoSession})


def connect(app: Flask, settings: Settings) -> None:
    """Give the application its engine. Nothing is connected before the first query."""
    if not settings.database_url:
        raise WrongConfiguration("no database is known: use make run, which brings its own, or set DATABASE_URL")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Transactions always (no AUTOCOMMIT: it would lose the transaction-local context), and time limits for each."""
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "idle_in_transaction_session_timeout": settings.statement_timeout_ms * 2,
        "timezone": "UTC",
    }
    return {
        # What was asked for may name a person: it stays out of the texts of exceptions.
        "hide_parameters": True,
        # PostgreSQL's own: psycopg would look for its marks in each long statement anew.
        "paramstyle": "numeric_dollar",
        "pool_pre_ping": True,
        "pool_size": settings.pool_size,
        "max_overflow": 0,
        "pool_timeout": 10,
        "connect_args": {
            "application_name": "joint-contact",
            "cursor_factory": RawCursor,
            "connect_timeout": 5,
            # There are few statements, and each is long: planned for good when it comes for the second time.
            "prepare_threshold": 1,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
    }


def prepare(engine: Engine) -> None:
    """Rows of one table that are flushed together go in one statement: row security asks who speaks once a statement, and a
    hundred rows one by one ask a hundred times. Long answers are read with the same marks for parameters as short ones."""
    engine.dialect.use_insertmanyvalues_wo_returning = True

    @event.listens_for(engine, "connect")
    def _stream_raw(connection: Connection[Any], _record: object) -> None:
        connection.server_cursor_factory = RawServerCursor


def again_if_taken(do: Callable[[], T]) -> T:
    """Do a whole unit of work and, where a reference that it drew by chance was somebody's already, once more: of some 10^12
    references two of a million are the same now and then. ``do`` must leave nothing behind when it fails."""
    try:
        return do()
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        if not (name.startswith("uq_") and name.endswith("_ref")):
            raise
    return do()
