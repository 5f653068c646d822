"""The administrators of both councils."""

import pytest

from app.policy.work import Desk
from tests.drafts.office import Office
from tests.world import World


@pytest.fixture
def office(desk: Desk, world: World) -> Office:
    return Office(desk, world)
