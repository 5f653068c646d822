"""Pages need the built styles and scripts, and requests that know nothing of each other."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.kernel.addresses import Addresses
from app.shell.assets import ensure_built
from tests import serving


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@pytest.fixture
def application(database: Addresses) -> Iterator[Flask]:
    """Without a context around the test: requests would share what is kept for one of them, such as who is asking."""
    with serving.before(database) as made:
        yield made
