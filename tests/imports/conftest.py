"""Loads on a test's own database."""

import pytest

from app.policy.work import Desk
from tests.imports.loads import Loads
from tests.world import World


@pytest.fixture
def loads(desk: Desk, world: World) -> Loads:
    """What a team leader of the borough does."""
    return Loads.of(desk, world)
