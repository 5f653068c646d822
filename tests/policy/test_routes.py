"""A view says what it needs, or there is no application."""

import pytest
from flask import Flask

from app import create_app
from app.kernel.addresses import Addresses
from app.policy.routes import OPEN, REGISTERED, Routes, check_map
from tests import clusters


def test_every_address_of_the_application_was_registered_with_what_it_needs(database: Addresses) -> None:
    application = create_app(clusters.settings(database))
    assert len({endpoint for endpoint, _ in REGISTERED} & set(application.view_functions)) > 60


def test_an_address_that_went_past_the_register_keeps_the_application_from_starting() -> None:
    app = Flask("strangers")
    app.add_url_rule("/everybody", "everybody", lambda: "everybody's records")
    with pytest.raises(RuntimeError, match="without declared needs: everybody"):
        check_map(app)


@pytest.mark.parametrize("needs", [(), None, "resident:see", ("resident:see",)])
def test_needs_are_said_in_the_words_there_are(needs: object) -> None:
    with pytest.raises(TypeError, match="what it needs"):
        Routes("strangers", __name__).get("/everybody", needs=needs)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Routes("strangers", __name__).get("/everybody")  # type: ignore[call-arg]
    assert Routes("strangers", __name__).get("/strangers-are-told", needs=OPEN)
