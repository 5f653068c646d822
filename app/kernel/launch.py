"""Starts everything on one computer: ``python -m app.kernel.launch``, which ``make run`` calls.

The database, the commands that bring it up to date, the built pages, the server and the worker; then it watches over
them until Ctrl-C or SIGTERM, and stops what it started. It knows commands by name only.
"""

import fcntl
import http.client
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.kernel import addresses, config, keeping, supervising
from app.kernel.clock import monotonic
from app.kernel.config import Settings, WrongConfiguration
from app.kernel.embedded import Cluster
from app.kernel.steps import Steps, words
from app.kernel.unprivileged import DatabaseTrouble

DATABASE = "joint_contact"
# What is run before the server, in this order: what the person is told, the command, and whether only a demonstration
# needs it. Each may be run again and again.
STEPS: tuple[tuple[str, str, bool], ...] = (
    ("Preparing the roles and the database", "flask database prepare", False),
    ("Bringing the tables up to date", "flask db upgrade", False),
    ("Loading the partnership", "flask partnership load", False),
    ("Loading the places", "flask places demonstration", True),
    ("Publishing the policy", "flask policy import", False),
    ("Loading the demonstration", "flask demo load", True),
    ("Building the pages", "python -m app.shell.assets", False),
)
SERVER = ("python -m granian --interface wsgi --host {host} --port {port} --workers {workers} "
          "--blocking-threads {threads} --no-ws --http 1 --respawn-failed-workers --workers-kill-timeout 3 "
          "--log-level warning wsgi:app")
WORKER = "flask worker run"
LOGINS = "flask demo logins"
READY_SECONDS = 120
DEATHS_BEFORE_READY = 3
CHILDREN_STOP_SECONDS = 4.0
ORDERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotLaunch(Exception):
    """What stands in the way and how to clear it."""


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: an order and no error."""


@dataclass(slots=True)
class Launch:
    """One launch from beginning to end."""

    settings: Settings
    project: Path = config.ROOT
    steps: tuple[tuple[str, str, bool], ...] = STEPS
    server: str = SERVER
    worker: str = WORKER
    logins: str = LOGINS
    mark: str = field(default_factory=lambda: secrets.token_hex(16))
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Returns only by Stopped, or by what prevents the launch."""
        with self._alone():
            self._check_port()
            with self._database():
                logins = self._prepare()
                supervision = supervising.Supervision(_say)
                try:
                    self._serve(supervision, logins)
                finally:
                    _say("\nStopping.")
                    supervision.stop(CHILDREN_STOP_SECONDS)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One launch of this project at a time; what a killed one left behind is ended first."""
        self.settings.var.mkdir(mode=0o711, parents=True, exist_ok=True)
        with open(self.settings.var / "launch.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotLaunch("it runs already from this folder; stop that first (Ctrl-C there)") from None
            kept = self.settings.var / "launch.toml"
            if mark := keeping.values_in(kept).get("mark"):
                supervising.end_marked(mark)
            keeping.write(kept, {"mark": self.mark})
            self.environment = {**os.environ, supervising.MARK: self.mark, "PYTHONUNBUFFERED": "1",
                                "JC_ENVIRONMENT": self.settings.environment, "JC_PORT": str(self.settings.port)}
            yield

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.settings.host, self.settings.port))
            except OSError as taken:
                raise CannotLaunch(f"port {self.settings.port} of {self.settings.host} cannot be used "
                                   f"({taken.strerror}); choose another: make run PORT=<number>") from taken

    @contextmanager
    def _database(self) -> Iterator[None]:
        """The embedded PostgreSQL for as long as we run, or the one that was named."""
        settings = self.settings
        kept = keeping.kept(settings.var, settings.environment).get("database_url", "")
        if settings.database_url not in ("", config.sqlalchemy_url(kept)):
            self._check_named()
            yield
            return
        cluster = Cluster(settings.var / "postgresql")
        try:
            with _progress("Starting the database"):
                cluster.start()
            found = addresses.for_database(DATABASE, cluster.admin_url(), settings.role_prefix, settings.secret_key)
            keeping.keep(settings.var, settings.environment, found.settings())
            self.environment |= found.environment()
            yield
        finally:
            cluster.stop()

    def _check_named(self) -> None:
        missing = [name for name in ("owner_url", "admin_url") if not getattr(self.settings, name)]
        if missing:
            named = " and ".join("JC_" + name.upper() for name in missing)
            raise CannotLaunch(f"DATABASE_URL is set, so {named} must be too: the role that owns the tables, and an "
                               "administrator who makes the roles; or unset DATABASE_URL for the embedded PostgreSQL")

    def _prepare(self) -> str:
        """Run the steps and, in a demonstration, ask for the log-ins to be shown at the end."""
        log = self.settings.var / "steps.log"
        log.unlink(missing_ok=True)
        running = Steps(self.project, self.environment, log)
        demonstration = self.settings.environment == "development"
        try:
            for told, command, only_demonstration in self.steps:
                if demonstration or not only_demonstration:
                    with _progress(told):
                        code, said = running.run(command)
                        if code != 0:
                            raise CannotLaunch(f"this step failed: {command}\n{_last_lines(said)}")
            return running.run(self.logins)[1].strip("\n") if demonstration else ""
        finally:
            running.stop()

    def _serve(self, supervision: supervising.Supervision, logins: str) -> None:
        settings, log = self.settings, self.settings.var
        server = self.server.format(host=settings.host, port=settings.port, threads=settings.threads,
                                    workers=settings.workers or os.cpu_count() or 1)
        for name, command in (("server", server), ("worker", self.worker)):
            supervision.start(supervising.Child(name, words(command), log / f"{name}.log", self.environment,
                                                self.project))
        with _progress("Starting the server and the worker"):
            self._wait_until_ready(supervision)
        _say(f"\n{logins}\n\nJoint Contact answers at http://{self._host_to_ask()}:{settings.port}/ (Ctrl-C stops it; "
             f"what it logs is in {settings.var})")
        while True:
            time.sleep(0.5)
            supervision.watch()

    def _wait_until_ready(self, supervision: supervising.Supervision) -> None:
        until = monotonic() + READY_SECONDS
        while not self._is_ready():
            time.sleep(0.1)
            supervision.watch()
            for child in supervision.children:
                if child.deaths >= DEATHS_BEFORE_READY:
                    raise CannotLaunch(f"the {child.name} does not stay up:\n{_tail(child.log)}")
            if monotonic() > until:
                raise CannotLaunch(f"the server did not become ready within {READY_SECONDS} s:\n"
                                   f"{_tail(self.settings.var / 'server.log')}")

    def _is_ready(self) -> bool:
        asked = http.client.HTTPConnection(self._host_to_ask(), self.settings.port, timeout=5)
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def _host_to_ask(self) -> str:
        return "127.0.0.1" if self.settings.host == "0.0.0.0" else self.settings.host


def main(environ: Mapping[str, str] = os.environ) -> int:
    for number in ORDERS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, _stop)
    try:
        Launch(config.read(environ=environ)).run()
    except Stopped:
        _say("Stopped.")
        return 0
    except (CannotLaunch, DatabaseTrouble, WrongConfiguration) as trouble:
        print(f"Cannot start: {trouble}", file=sys.stderr, flush=True)
        return 1
    return 0


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """Once: while things are being stopped, a second Ctrl-C must not leave them half stopped."""
    for number in ORDERS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


@contextmanager
def _progress(words: str) -> Iterator[None]:
    """Say what is being done and, on a terminal, every second for how long it has been. By an alarm and not a thread:
    children are forked meanwhile."""
    began = monotonic()
    again = "\r" if sys.stdout.isatty() else ""

    def tick(_number: int, _frame: FrameType | None) -> None:
        print(f"\r{words} ... {monotonic() - began:.0f} s", end="", flush=True)

    print(f"{words} ...", end="", flush=True)
    if again:
        signal.signal(signal.SIGALRM, tick)
        signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)
    try:
        yield
    except BaseException:
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(flush=True)
        raise
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(f"{again + words + ' ...' if again else ''} done in {monotonic() - began:.1f} s", flush=True)


def _say(line: str) -> None:
    print(line, flush=True)


def _tail(path: Path) -> str:
    return _last_lines(path.read_text(errors="replace")) if path.exists() else ""


def _last_lines(said: str) -> str:
    return "\n".join(said.rstrip().splitlines()[-20:])


if __name__ == "__main__":
    raise SystemExit(main())
