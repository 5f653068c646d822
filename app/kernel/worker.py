"""The worker: jobs kept in PostgreSQL by procrastinate, in a schema of their own, run under the database role that sees no
resident. Which jobs there are is for the features: each names its periodic deeds, and what can be put to the queue, in
``jobs.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from flask import Flask, current_app
from psycopg.conninfo import make_conninfo

from app.kernel.commands import PlainGroup
from app.kernel.config import Settings, libpq_url

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A deed done again and again: ``cron`` says when; ``sql`` is one call of a function that the role may run."""

    name: str
    cron: str
    sql: str


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
    """The queue's application with every deed registered. Those that are ``queued`` run within ``app``."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(settings)))
    for deed in periodic:
        task = queue.task(name=deed.name, queueing_lock=deed.name, pass_context=False)(_deed(settings, deed))
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


def _deed(settings: Settings, deed: Periodic) -> Callable[[int], int]:
    def do(timestamp: int) -> int:
        with psycopg.connect(conninfo(settings)) as connection:
            row = connection.execute(deed.sql.encode()).fetchone()
        done = int(row[0]) if row else 0
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
