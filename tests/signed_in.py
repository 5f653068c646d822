"""Browsers of people who are signed in, without the page of signing in."""

from typing import Any

from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import Wearer


class Browser(FlaskClient):
    """A browser of one person. The tests hold an application context open, so what Flask keeps in it for a request
    (who is signed in among it) is let go of before the next."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        if has_app_context():
            g._get_current_object().__dict__.clear()
        return super().open(*args, **options)


def signed_in(application: Flask, wearer: Wearer) -> Browser:
    """A browser in which this person is signed in. Forms need no token of the page they came from."""
    application.config["WTF_CSRF_ENABLED"] = False
    browser = Browser(application, use_cookies=True)
    with browser.session_transaction() as kept:
        kept["_user_id"] = wearer.secret
    return browser
