"""A request that is sent twice, at once or later, is one request (R21)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.errors import Conflict
from app.policy.actions import Action
from app.policy.work import Desk
from app.requests.models import Request
from app.requests.taking import Taking, take_once
from tests.world import BOROUGH, Wearer, World

TAKING = frozenset({Action.REQUEST_TAKE, Action.INTAKE_TAKE, Action.RESIDENT_SEE, Action.CONTACT_SEE})
POTHOLE: dict[str, Any] = {"lgsl": 557, "postcode": "TA1 1HE", "answers": {"where": "road"},
                           "details": {"where": "By the bridge", "size": "Larger", "danger": True}}


def sent(desk: Desk, wearer: Wearer, key: str, body: dict[str, Any] = POTHOLE) -> str:
    with desk.work(wearer.secret, TAKING) as work:
        return take_once(work, Taking(**body), "POST /requests", key, body)[0]


def test_four_at_once_with_one_key_are_one_request(desk: Desk, world: World) -> None:
    adviser, together = world.adviser(BOROUGH), Barrier(4)

    def send(_: int) -> str:
        together.wait(timeout=30)
        return sent(desk, adviser, "one")

    with ThreadPoolExecutor(4) as pool:
        refs = set(pool.map(send, range(4)))
    assert len(refs) == 1
    assert world.session.scalars(select(Request.ref)).all() == list(refs)


def test_a_key_belongs_to_one_person_and_one_thing_sent(desk: Desk, world: World) -> None:
    adviser, colleague = world.adviser(BOROUGH), world.adviser(BOROUGH)
    first = sent(desk, adviser, "one")
    assert sent(desk, adviser, "one") == first
    assert sent(desk, colleague, "one") != first
    assert sent(desk, adviser, "two") != first
    with pytest.raises(Conflict):
        sent(desk, adviser, "one", POTHOLE | {"details": POTHOLE["details"] | {"danger": False}})
    assert world.session.scalar(select(func.count()).select_from(Request)) == 3
