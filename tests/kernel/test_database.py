"""The engine is given out, a session is not."""

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel import config
from app.kernel.addresses import Addresses
from app.kernel.config import WrongConfiguration
from app.kernel.database import connect, db
from tests import clusters


def nothing(_at: Addresses) -> None:
    """An empty database."""


@pytest.fixture
def app():
    with clusters.copy(clusters.template("empty", nothing)) as at:
        settings = dataclasses.replace(clusters.settings(at), database_url=config.sqlalchemy_url(at.admin_url),
                                       statement_timeout_ms=200)
        app = Flask("app")
        connect(app, settings)
        with app.app_context():
            yield app
            db.engine.dispose()


def test_a_session_without_an_actor_is_not_given_out(app):
    with pytest.raises(RuntimeError, match="use Work"):
        db.session.execute(text("SELECT 1"))


def test_a_statement_that_takes_too_long_is_ended_by_the_database(app):
    with db.engine.connect() as connection, pytest.raises(Exception, match="statement timeout"):
        connection.execute(text("SELECT pg_sleep(5)"))


def test_every_statement_runs_in_a_transaction_and_in_utc(app):
    with db.engine.connect() as connection:
        first = connection.scalar(text("SELECT pg_current_xact_id()::text"))
        assert connection.scalar(text("SELECT pg_current_xact_id()::text")) == first
        assert connection.scalar(text("SHOW timezone")) == "UTC"


def test_an_application_without_a_database_says_how_to_get_one():
    settings = dataclasses.replace(config.read("test", environ={}), database_url="")
    with pytest.raises(WrongConfiguration, match="make run"):
        connect(Flask("app"), settings)
