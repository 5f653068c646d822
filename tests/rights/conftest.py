"""A browser of somebody who is signed in, without the page of signing in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.world import Wearer

Browser = Callable[[Wearer], FlaskClient]


@pytest.fixture
def browser(application: Flask) -> Browser:
    """A browser in which this person is signed in. Forms need no token of the page they came from."""
    application.config["WTF_CSRF_ENABLED"] = False

    def of(wearer: Wearer) -> FlaskClient:
        client = application.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = wearer.secret
            kept["_fresh"] = True
        return client

    return of
