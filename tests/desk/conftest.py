"""Pages need the built styles and scripts, and requests that know nothing of each other."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.kernel.addresses import Addresses
from app.kernel.database import db
from app.shell.assets import ensure_built
from tests import clusters


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@pytest.fixture
def application(database: Addresses) -> Iterator[Flask]:
    """Without a context around the test: requests would share what is kept for one of them, such as who is asking."""
    made = create_app(clusters.settings(database))
    yield made
    with made.app_context():
        db.engine.dispose()
