"""The worker: jobs kept in PostgreSQL by procrastinate, in a schema of their own, run under the database role that sees no
resident. Which jobs there are is for the features: each names its periodic deeds, and what can be put to the queue, in
``jobs.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import procrastinate
import psycopg
import structlog
from flask import Flask, current_app
from psycopg.conninfo import make_conninfo

from app.kernel.commands import PlainGroup
from app.kernel.config import Settings, libpq_url

log = structlog.get_logger(__name__)


class Call(Protocol):
    """Calls one function of the database as the role of jobs, in a transaction of its own, and gives the rows."""

    def __call__(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Periodic:
    """A deed done again and again: ``cron`` says when; ``sql`` is one call of a function that the role may run, or ``do``
    does it inside the application, and counts what it did."""

    name: str
    cron: str
    sql: str = ""
    do: Callable[[Call], int] | None = None


@dataclass(frozen=True)
class Queued:
    """A deed that somebody asked for: ``do`` is told how to know that it should stop, and what was put to the queue. It
    opens its work as whoever it acts for, and can be begun again where it was broken off."""

    name: str
    do: Callable[..., None]


def conninfo(settings: Settings) -> str:
    """How the worker connects: as the application's log-in, with the role of jobs put on from the first statement."""
    return make_conninfo(libpq_url(settings.database_url), application_name="joint-contact-worker",
                         options=f"-c role={settings.role_prefix}_job -c search_path=jobs")


def made(settings: Settings, periodic: tuple[Periodic, ...], queued: tuple[Queued, ...] = (),
         app: Flask | None = None) -> procrastinate.App:
    """The queue's application with every deed registered. What is ``queued``, or that ``do`` does, runs within ``app``."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(settings)))
    for deed in periodic:
        task = queue.task(name=deed.name, queueing_lock=deed.name, pass_context=False)(_deed(settings, deed, app))
        queue.periodic(cron=deed.cron)(task)
    for asked in queued:
        assert app is not None, "what is queued runs within the application"
        queue.task(name=asked.name, pass_context=True)(_asked(app, asked))
    return queue


def _asked(app: Flask, deed: Queued) -> Callable[..., None]:
    def do(context: procrastinate.JobContext, **given: Any) -> None:
        with app.app_context():
            deed.do(context.should_abort, **given)

    return do


def caller(settings: Settings) -> Call:
    """What a deed calls the database's functions with."""
    def call(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(conninfo(settings)) as connection:
            found = connection.execute(sql.encode(), values)
            return found.fetchall() if found.description else []

    return call


def _deed(settings: Settings, deed: Periodic, app: Flask | None) -> Callable[[int], int]:
    def do(timestamp: int) -> int:
        call = caller(settings)
        if deed.do is not None:
            assert app is not None, "what is done inside the application runs within it"
            with app.app_context():
                done = deed.do(call)
        else:
            rows = call(deed.sql)
            done = int(rows[0][0]) if rows else 0
        if done:
            log.info("periodic deed", job=deed.name, count=done)
        return done

    return do


def worker_commands(periodic: Callable[[], tuple[Periodic, ...]],
                    queued: Callable[[], tuple[Queued, ...]]) -> PlainGroup:
    """``flask worker run``: work until told to stop."""
    group = PlainGroup("worker", help="What is done without anybody asking.")

    @group.command("run")
    def run() -> None:
        """Do the periodic deeds and whatever is queued, until SIGINT or SIGTERM."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        queue = made(app.config["JC_SETTINGS"], periodic(), queued(), app)
        log.info("worker began")
        queue.run_worker(name="worker", concurrency=2)

    return group
