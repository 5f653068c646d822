"""The rule that compares, as the worker has it do, and browsers of people signed in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.duplicates.rule import compare_what_is_due
from app.kernel.worker import caller
from tests.signed_in import signed_in
from tests.world import Wearer


@pytest.fixture
def compare(application: Flask) -> Callable[[], int]:
    """What the worker does every minute."""
    return lambda: compare_what_is_due(caller(application.config["JC_SETTINGS"]))


@pytest.fixture
def browser(application: Flask) -> Callable[[Wearer], FlaskClient]:
    """A browser of somebody signed in, whose forms need no token."""
    return lambda wearer: signed_in(application, wearer)
