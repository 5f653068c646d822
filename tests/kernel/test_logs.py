"""No personal data reaches a log line, whoever writes it."""

import dataclasses
import json
import logging

import pytest
import structlog
from flask import Flask

from app.kernel import config, logs
from app.kernel.ids import new_key

SECRET = "Ottoline Throckmorton"


@pytest.fixture
def lines(capfd):
    """Configures logging as a process does and reads back what was written."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    logs.configure(dataclasses.replace(config.read("test", environ={}), log_level="info"))

    def written() -> list[dict]:
        text = capfd.readouterr().err
        assert SECRET not in text and "Ottoline" not in text
        return [json.loads(line) for line in text.splitlines()]

    yield written
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_a_field_that_is_not_on_the_list_is_dropped_and_counted(lines):
    before = logs.DROPPED._value.get()
    structlog.get_logger().info("request taken", status=200, surname=SECRET, telephone="01823 335166")
    (line,) = lines()
    assert line["status"] == 200 and line["dropped"] == 2
    assert logs.DROPPED._value.get() == before + 2


@pytest.mark.parametrize("fields", [
    {"endpoint": SECRET}, {"hat": SECRET}, {"count": 1823335166}, {"status": SECRET}, {"said": SECRET},
    {"sqlstate": SECRET}, {"method": [SECRET]}, {"role": "a\nb"},
])  # fmt: skip
def test_an_allowed_field_of_another_shape_is_dropped(lines, fields):
    structlog.get_logger().info("request taken", **fields)
    (line,) = lines()
    assert line["dropped"] == 1 and not set(fields) & set(line)


def test_an_event_that_is_a_sentence_about_somebody_has_no_name(lines):
    structlog.get_logger().info(f"{SECRET} called")
    assert lines()[0]["event"] == "unnamed"


def test_an_exception_is_told_by_class_and_place_without_its_message(lines):
    def fails() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as inner:
            raise ValueError(f"no such person as {SECRET}") from inner

    try:
        fails()
    except ValueError:
        structlog.get_logger().exception("job failed", job="deliver")
    (line,) = lines()
    assert line["error"] == "ValueError-KeyError"
    assert line["where"].startswith("tests/kernel/test_logs.py:") and " fails < " in line["where"]


def test_libraries_say_only_who_they_are_and_where_they_spoke(lines):
    logging.getLogger("some.library").warning("job for %s", SECRET)
    logging.getLogger("granian").warning("listening on %s", "a port")
    first, second = lines()
    assert first["logger"] == "some.library" and "said" not in first
    assert second["said"] == "listening on a port"


def test_a_request_is_logged_by_endpoint_and_never_by_address(lines):
    app = Flask("app")
    logs.log_requests(app)

    @app.get("/residents/<name>")
    def resident(name: str) -> str:
        raise RuntimeError(name)

    answer = app.test_client().get(f"/residents/{SECRET}?q={SECRET}")
    failed, finished = lines()
    assert (finished["endpoint"], finished["method"], finished["status"]) == ("resident", "GET", 500)
    assert failed["error"] == "RuntimeError"
    assert failed["request_id"] == finished["request_id"] == answer.headers["X-Request-Id"]


def test_an_address_nobody_answers_is_not_logged_either(lines):
    app = Flask("app")
    logs.log_requests(app)
    app.test_client().get(f"/{SECRET}", headers={"X-Request-Id": SECRET})
    assert lines()[0]["endpoint"] == "none"


def test_a_key_may_be_given_as_it_is(lines):
    key = new_key()
    structlog.get_logger().info("request taken", hat=key)
    assert lines()[0]["hat"] == str(key)


def test_development_writes_for_the_console(capsys):
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    logs.configure(dataclasses.replace(config.read("test", environ={}), environment="development", log_level="info"))
    structlog.get_logger().info("request taken", status=200, surname=SECRET)
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    text = capsys.readouterr().err
    assert "request taken" in text and SECRET not in text
