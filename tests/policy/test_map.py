"""The map of addresses: what is not declared, and what would never answer, keeps the application from starting."""

import pytest
from flask import Flask

from app import _each_feature
from app.policy.routes import check_map


@pytest.fixture(autouse=True)
def read_features() -> None:
    for part in ("models", "scopes", "views"):
        _each_feature(part)


def test_two_endpoints_at_one_address_are_refused_by_name() -> None:
    made = Flask("made", static_folder=None)
    made.add_url_rule("/residents", "rights.find_resident")
    check_map(made)
    made.add_url_rule("/residents", "rights.found_resident", methods=["POST"])
    check_map(made)
    made.add_url_rule("/residents", "desk.desk")
    with pytest.raises(RuntimeError, match="two endpoints at GET /residents: .*desk.desk"):
        check_map(made)


def test_an_endpoint_that_declares_no_needs_is_refused_by_name() -> None:
    made = Flask("made", static_folder=None)
    made.add_url_rule("/open-door", "somebody.forgot")
    with pytest.raises(RuntimeError, match="somebody.forgot"):
        check_map(made)
