"""The worker: jobs kept in PostgreSQL by procrastinate, in a schema of their own, run under the database role that sees no
resident. Which jobs there are is for the features: each names its periodic deeds in ``jobs.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import procrastinate
import psycopg
import structlog
from flask import current_app
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


def conninfo(settings: Settings) -> str:
    """How the worker connects: as the application's log-in, with the role of jobs put on from the first statement."""
    return make_conninfo(libpq_url(settings.database_url), application_name="joint-contact-worker",
                         options=f"-c role={settings.role_prefix}_job -c search_path=jobs")


def made(settings: Settings, periodic: tuple[Periodic, ...]) -> procrastinate.App:
    """The queue's application with every periodic deed registered."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(settings)))
    for deed in periodic:
        task = queue.task(name=deed.name, queueing_lock=deed.name, pass_context=False)(_deed(settings, deed))
        queue.periodic(cron=deed.cron)(task)
    return queue


def _deed(settings: Settings, deed: Periodic) -> Callable[[int], int]:
    def do(timestamp: int) -> int:
        with psycopg.connect(conninfo(settings)) as connection:
            row = connection.execute(deed.sql.encode()).fetchone()
        done = int(row[0]) if row else 0
        if done:
            log.info("periodic deed", job=deed.name, count=done)
        return done

    return do


def worker_commands(periodic: Callable[[], tuple[Periodic, ...]]) -> PlainGroup:
    """``flask worker run``: work until told to stop."""
    group = PlainGroup("worker", help="What is done without anybody asking.")

    @group.command("run")
    def run() -> None:
        """Do the periodic deeds and whatever is queued, until SIGINT or SIGTERM."""
        queue = made(current_app.config["JC_SETTINGS"], periodic())
        log.info("worker began")
        queue.run_worker(name="worker", concurrency=2)

    return group
