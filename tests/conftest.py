"""What every test may ask for: a database of its own, the application on it, and a small world of people and residents."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from app.kernel.addresses import Addresses
from app.policy.routes import gate
from app.policy.work import Desk
from tests import clusters, serving
from tests.building import build
from tests.world import World

# How fast a drawn example is depends on what else the machine does, and no test is about that.
settings.register_profile("as before", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
# The same examples are drawn each time, so that nobody is stopped by what another wrote; JC_PROOF_CHANCE draws others.
settings.register_profile("by chance", settings.get_profile("as before"), derandomize=False)
settings.load_profile("by chance" if os.environ.get("JC_PROOF_CHANCE") else "as before")


@pytest.fixture(scope="session")
def template() -> str:
    """The name of the database that tests copy."""
    return clusters.template("whole", build)


@pytest.fixture
def database(template: str) -> Iterator[Addresses]:
    """A fresh database with the partnership in it and nobody else."""
    with clusters.copy(template) as at:
        yield at


@pytest.fixture
def application(database: Addresses) -> Iterator[Flask]:
    """The application on this test's database."""
    with serving.before(database) as made, made.app_context():
        yield made


@pytest.fixture
def desk(application: Flask) -> Desk:
    """Where work is opened on this test's database."""
    return gate().desk


@pytest.fixture
def world(application: Flask) -> Iterator[World]:
    """People, hats and residents made as the tests want them."""
    with World(application) as made:
        yield made


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    """A browser of sorts: follows no redirect by itself and keeps its cookies."""
    return application.test_client()
