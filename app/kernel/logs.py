"""Structured logging that cannot carry personal data.

A line is made of the allowed keys only, each with the shape its value must have; anything else is dropped and counted.
Exceptions are written as class and place in the code, never as their message. Libraries' own messages are replaced by
where they came from, except those of a few loggers that speak of the machinery alone.
"""

import logging
import re
import sys
import traceback
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter
from structlog.typing import EventDict, Processor, WrappedLogger

from app.kernel.clock import monotonic
from app.kernel.config import ROOT, Settings
from app.kernel.ids import new_key

DROPPED = Counter("log_fields_dropped", "Fields that a log line was not allowed to carry")
# Machinery that never speaks of people; every other library's messages are withheld.
SPOKEN = ("alembic.runtime.migration", "granian", "_granian")
FRAMES = 6

_EVENT = re.compile(r"[a-z][a-z ,:_-]{0,100}\Z")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}\Z")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_STATE = re.compile(r"[0-9A-Z]{5}\Z")
_PLACE = re.compile(r"[\w./<>: -]{1,600}\Z")


def _shaped(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str | uuid.UUID) and bool(pattern.match(str(value)))


def _number(value: Any) -> bool:
    """A count or a duration; nine digits at most, so that a telephone number is none."""
    return isinstance(value, int | float) and abs(value) < 10**9


class _Spoken(str):
    """What one of the SPOKEN loggers said; nothing else is let through as ``said``."""


# What a line may say, and the shape of it. A word is an identifier of ours: an endpoint, a slug, a class, a state.
ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "event": _shaped(_EVENT), "level": _shaped(_WORD), "logger": _shaped(_WORD), "timestamp": _shaped(_PLACE),
    "request_id": _shaped(_KEY), "endpoint": _shaped(_WORD), "method": _shaped(_WORD), "status": _number,
    "milliseconds": _number, "hat": _shaped(_KEY), "person": _shaped(_KEY), "organisation": _shaped(_WORD),
    "role": _shaped(_WORD), "kind": _shaped(_WORD), "error": _shaped(_WORD), "sqlstate": _shaped(_STATE),
    "where": _shaped(_PLACE), "job": _shaped(_WORD), "job_id": _number, "attempt": _number, "count": _number,
    "version": _number, "state": _shaped(_WORD), "process": _shaped(_WORD), "pid": _number, "port": _number,
    "seconds": _number, "said": lambda value: isinstance(value, _Spoken),
}  # fmt: skip


def only_allowed(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line without what it may not carry; ``dropped`` says how many fields that was."""
    kept = {key: value for key, value in line.items() if key in ALLOWED and ALLOWED[key](value)}
    dropped = len(line) - len(kept)
    kept.setdefault("event", "unnamed")
    if dropped:
        DROPPED.inc(dropped)
        kept["dropped"] = dropped
    return {key: str(value) if isinstance(value, uuid.UUID) else value for key, value in kept.items()}


def without_message(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Turn ``exc_info`` into the class, the place and, from the database, the five-character state."""
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    return {**line, **described(error)} if isinstance(error, BaseException) else line


def described(error: BaseException) -> dict[str, str]:
    """What may be told of an exception: its class and those it came from, and where in the code; no message."""
    names = [type(error).__name__]
    inner = error.__cause__ or error.__context__
    while inner is not None and len(names) < 4:
        names.append(type(inner).__name__)
        inner = inner.__cause__ or inner.__context__
    told = {"error": "-".join(names), "where": _where(error.__traceback__)}
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return told | ({"sqlstate": state} if state else {})


def _where(trace: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)[-FRAMES:]
    return " < ".join(f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)) or "-"


def _shortened(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])


class _Libraries(logging.Handler):
    """Takes what libraries log through the standard library and says only who spoke, how loudly and from where."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "where": f"{_shortened(record.pathname)}:{record.lineno}"}
        if record.name.startswith(SPOKEN):
            fields["said"] = _Spoken(record.getMessage())
        if record.exc_info:
            fields["exc_info"] = record.exc_info
        event = "failed" if record.exc_info else "library spoke"
        structlog.get_logger().log(record.levelno, event, **fields)


def configure(settings: Settings) -> None:
    """Once a process: JSON lines on standard error, or the console's rendering in development."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    last: Processor = structlog.processors.JSONRenderer()
    if settings.environment == "development":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_message,
            only_allowed,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # whichever it is when the line is written
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(max(level, logging.WARNING))
    for name in SPOKEN:
        logging.getLogger(name).setLevel(max(level, logging.INFO))


def log_requests(app: Flask) -> None:
    """One line a request: the endpoint's name, never the address asked for. The id goes out as ``X-Request-Id``.

    A failure has a line of its own before it, written by Flask's logger through ours, with the same id.
    """

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = new_key(), monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = str(g.get("request_id", ""))
        structlog.get_logger().info(
            "request", method=request.method, endpoint=request.endpoint or "none", status=response.status_code,
            milliseconds=round((monotonic() - g.get("began", monotonic())) * 1000, 1),
        )  # fmt: skip
        return response
