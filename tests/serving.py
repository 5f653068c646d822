"""One application for all tests of a process, put before each test's own database.

Making an application takes longer than most tests, and what it has compiled (statements, reaches, templates) is the same for
every copy of the template: all differ in the database's name alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit, urlunsplit

from flask import Flask
from sqlalchemy import Engine, event

from app import create_app
from app.kernel.addresses import Addresses
from app.kernel.database import db
from tests import clusters

_before: list[str] = []


@contextmanager
def before(at: Addresses) -> Iterator[Flask]:
    """The application on that database, as it was when it was made whatever a test did to it. One at a time."""
    made = _application(urlunsplit(urlsplit(at.database_url)._replace(path="/none")))
    assert not _before, "the one application is before another database still: make one of your own"
    _before.append(urlsplit(at.database_url).path.removeprefix("/"))
    kept = {name: dict(getattr(made, name)) for name in ("config", "extensions", "view_functions")}
    made.config["JC_SETTINGS"] = clusters.settings(at)
    try:
        yield made
    finally:
        with made.app_context():
            db.engine.dispose()
        for name, was in kept.items():
            getattr(made, name).clear()
            getattr(made, name).update(was)
        _before.clear()


@cache
def _application(nowhere: str) -> Flask:
    made = create_app(clusters.settings(Addresses(nowhere, nowhere, nowhere)))
    with made.app_context():
        connects_to(db.engine, lambda: _before[0])
    return made


def connects_to(engine: Engine, database: Callable[[], str]) -> None:
    """Let each new connection of an engine be to the database that is named at that moment."""
    @event.listens_for(engine, "do_connect")
    def name_it(_dialect: object, _record: object, _arguments: object, known: dict[str, object]) -> None:
        known["dbname"] = database()
