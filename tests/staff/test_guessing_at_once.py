"""Guesses sent at the same moment, and a sign-in that has no hat yet: neither gets more than its turn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.journal.models import Entry
from app.kernel.errors import NotSignedIn
from app.kernel.ids import new_secret, secret_hash
from app.policy.work import Desk
from app.staff import operations
from app.staff.models import SignIn
from tests.staff.conftest import someone
from tests.world import BOROUGH, World


def test_no_more_guesses_are_compared_than_are_allowed_however_many_come_at_once(application: Flask, world: World,
                                                                                desk: Desk) -> None:
    someone(world, application, (BOROUGH, "adviser"))
    settings = application.config["JC_SETTINGS"]

    def guess(number: int) -> bool:
        with desk.door() as door:
            checked = operations.check(door, settings, "ada.marsh", f"guess {number}", "192.0.2.1")
            assert checked.person is None
            return checked.opens is not None

    with ThreadPoolExecutor(4) as threads:
        closed = list(threads.map(guess, range(24)))
    compared = world.session.scalar(select(func.count()).where(Entry.event == "sign-in.failed"))
    assert compared == settings.lockout_attempts
    assert closed.count(False) == settings.lockout_attempts - 1


def test_a_sign_in_without_a_hat_speaks_for_nobody_even_in_a_conversation_of_that_person(world: World, desk: Desk) -> None:
    adviser = world.adviser(BOROUGH)
    contact = world.contact(world.wearer(BOROUGH, "adviser", person=adviser.person_id))
    secret = new_secret()
    world.add(SignIn(secret_hash=secret_hash(secret), person_id=adviser.person_id, hat_id=None, kind="browser",
                     created_at=world.now, seen_at=world.now, idle_minutes=10, expires_at=world.now + timedelta(minutes=10)))
    with desk.work(adviser.secret, frozenset(), contact_ref=contact.ref) as work:
        assert work.contact_id == contact.id
    with pytest.raises(NotSignedIn), desk.work(secret, frozenset(), contact_ref=contact.ref):
        pytest.fail("nobody has chosen a hat")
