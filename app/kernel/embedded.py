"""The PostgreSQL that comes with the application and is used when no DATABASE_URL is given.

It answers for one cluster: made at the first start, found again at the next, shared by the processes that use it,
started anew after a kill. As whom it runs and from which binaries is for ``app.kernel.unprivileged``.
"""

import fcntl
import os
import secrets
import shlex
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
import psycopg

from app.kernel import keeping
from app.kernel.clock import monotonic
from app.kernel.config import ROOT
from app.kernel.unprivileged import DatabaseTrouble, RunsAs, binaries, home_for, runs_as

ADMINISTRATOR = "postgres"
SOCKET_PATH_LIMIT = 107
# Below the range from which systems take ports for outgoing connections, so that a remembered port stays free.
PORTS = range(20_000, 32_000)
PATIENCE_SECONDS = 60
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Statements, parameters and the details of errors may hold what residents said: none of them is logged.
ALWAYS = {
    "listen_addresses": "127.0.0.1", "password_encryption": "scram-sha-256", "timezone": "UTC", "log_timezone": "UTC",
    "lc_messages": "C", "log_min_messages": "log", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
    "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "unix_socket_permissions": "0700",
    "logging_collector": "off",
}  # fmt: skip


class Cluster:
    """One PostgreSQL with its data. Nothing happens before ``start``."""

    def __init__(self, data_directory: Path) -> None:
        self._user: RunsAs = runs_as()
        # Where a link leads: a server tells its data by the folder itself.
        self.home = home_for(data_directory.resolve(), self._user)
        self._data = self.home / "data"
        self._state = self.home / "state.toml"
        self._used: IO[str] | None = None

    def start(self, fsync: bool = True, **settings: str | int) -> bool:
        """Have it answer. True if this call started the server, False if it was found running.

        The settings hold for a server started by this call. Until ``stop`` this process counts as one that uses it.
        """
        with self._one_at_a_time():
            self._use()
            if self._runs():
                return False
            program = binaries(self.home, self._user)
            self._clear_leftovers()
            if not (self._data / "PG_VERSION").exists():
                self._initialise(program, fsync)
            self._launch(program, {**ALWAYS, **({} if fsync else UNSAFE_BUT_FAST), **settings})
            return True

    def stop(self) -> bool:
        """Use it no more. It stops, and True is returned, unless another process still uses it."""
        with self._one_at_a_time():
            if not self._is_last():
                return False
            self._halt()
            self._forget_socket()
            return True

    def remove(self) -> None:
        """Stop it and delete all its data."""
        with self._one_at_a_time():
            if not self._is_last():
                raise DatabaseTrouble(f"the database in {self.home} is in use; stop what runs first (Ctrl-C)")
            self._halt()
            self._forget_socket()
            shutil.rmtree(self.home)

    def admin_url(self, database: str = "postgres") -> str:
        """The address for the cluster's administrator, as libpq takes it."""
        state = keeping.values_in(self._state)
        return f"postgresql://{ADMINISTRATOR}:{state['password']}@127.0.0.1:{state['port']}/{database}"

    # Who uses it. Locks are the kernel's: a killed process holds none.

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with open(self.home / "start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _use(self) -> None:
        if self._used is None:
            self._used = open(self.home / "use.lock", "w")  # noqa: SIM115 - held until stop
            fcntl.flock(self._used, fcntl.LOCK_SH)

    def _is_last(self) -> bool:
        """Give up our own use and see whether anybody else's remains."""
        if self._used is not None:
            self._used.close()
            self._used = None
        with open(self.home / "use.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    # What runs already.

    def _answers(self) -> bool:
        if "port" not in keeping.values_in(self._state):
            return False
        try:
            with psycopg.connect(self.admin_url(), connect_timeout=5) as connection:
                found = connection.execute("SELECT current_setting('data_directory')").fetchone()
        except psycopg.OperationalError:
            return False
        return found is not None and found[0] == str(self._data)

    def _runs(self) -> bool:
        """Whether a server of this data is there. One that replays its log after a kill is waited for."""
        until = monotonic() + PATIENCE_SECONDS
        while self._postmaster() is not None:
            if self._answers():
                return True
            if monotonic() > until:
                raise DatabaseTrouble(f"the PostgreSQL of {self._data} runs but does not answer; "
                                      f"see {self._data}/server.log")
            time.sleep(0.1)
        return False

    def _postmaster(self) -> psutil.Process | None:
        """The living server of this data. A zombie, or a stranger who got its number since, is none."""
        try:
            number = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(number)
            if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                return None
            return process if process.cwd() == str(self._data) else None
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        except psutil.AccessDenied as denied:
            raise DatabaseTrouble(f"the PostgreSQL of {self._data} was started by another user of this computer; "
                                  "stop it as that user, or set DATABASE_URL") from denied

    def _clear_leftovers(self) -> None:
        """After a kill: wait until the dead server's helpers are gone too, then take away its lock file.

        Taking it away earlier would let two servers write one set of files. It has to go because a zombie's number
        still counts as alive to PostgreSQL.
        """
        helpers = [p for p in psutil.process_iter(["name", "cwd", "status"]) if p.info["cwd"] == str(self._data)
                   and p.info["name"].startswith("postgres") and p.info["status"] != psutil.STATUS_ZOMBIE]
        _, alive = psutil.wait_procs(helpers, timeout=10)
        for process in alive:
            process.send_signal(signal.SIGQUIT)
        _, alive = psutil.wait_procs(alive, timeout=10)
        if alive:
            raise DatabaseTrouble(f"processes of a killed PostgreSQL still use {self._data}: "
                                  f"end {', '.join(str(p.pid) for p in alive)}, then start again")
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._forget_socket()

    # Making and starting.

    def _initialise(self, program: Path, fsync: bool) -> None:
        """Make the cluster aside and move it into place, so that a kill half way leaves nothing half made."""
        aside, spoken = self.home / "data.new", self.home / "password"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        self._user.own(aside)
        password = secrets.token_hex(24)
        keeping.write(self._state, {"password": password})
        spoken.unlink(missing_ok=True)
        with os.fdopen(os.open(spoken, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        self._user.own(spoken)
        command: list[str | Path] = [
            program / "initdb", "-D", aside, f"--username={ADMINISTRATOR}", f"--pwfile={spoken}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", *([] if fsync else ["--no-sync"]),
        ]  # fmt: skip
        log = self.home / "initdb.log"
        code = self._user.run(command, log=log)
        spoken.unlink()
        if code != 0:
            raise DatabaseTrouble(f"initdb failed:\n{_tail(log)}\nThe whole of it is in {log}")
        aside.rename(self._data)

    def _launch(self, program: Path, settings: dict[str, str | int]) -> None:
        state = keeping.values_in(self._state)
        if "password" not in state:
            raise DatabaseTrouble(f"{self._state} is missing and with it the password of the data beside it; "
                                  f"put it back, or delete {self.home} to begin with an empty database")
        state["socket"] = str(self._socket_folder())
        for _ in range(5):
            state["port"] = str(_free_port(int(state.get("port", 0))))
            keeping.write(self._state, state)
            self._configure(settings | {"port": state["port"], "unix_socket_directories": state["socket"]})
            options = f"-c config_file={shlex.quote(str(self.home / 'server.conf'))}"
            code = self._user.run([program / "pg_ctl", "start", "-D", self._data, "-w", "-t", str(PATIENCE_SECONDS),
                                   "-l", self._data / "server.log", "-o", options])
            if code == 0 and self._answers():
                return
            if not _is_taken(int(state["port"])):
                break
        raise DatabaseTrouble(f"PostgreSQL did not start:\n{_tail(self._data / 'server.log')}\n"
                              f"The whole of it is in {self._data}/server.log")

    def _configure(self, settings: dict[str, str | int]) -> None:
        """Our own files, beside the data: the server's user reads them and cannot change them."""
        lines = {
            "hba.conf": "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n",
            "ident.conf": "",
            "server.conf": "",
        }
        named = settings | {"hba_file": str(self.home / "hba.conf"), "ident_file": str(self.home / "ident.conf")}
        lines["server.conf"] = f"include = {_quoted(self._data / 'postgresql.conf')}\n" + "".join(
            f"{name} = {_quoted(value)}\n" for name, value in named.items())
        for name, text in lines.items():
            path = self.home / name
            path.write_text(text, encoding="utf-8")
            os.chmod(path, 0o644)

    def _socket_folder(self) -> Path:
        """A folder of the server's user alone, with a name nobody can guess and prepare, short enough for a socket."""
        for base in (tempfile.gettempdir(), "/tmp"):
            longest = os.fsencode(f"{base}/jc-12345678/.s.PGSQL.65535")
            if len(longest) < SOCKET_PATH_LIMIT and self._user.reaches(Path(base)):
                folder = Path(tempfile.mkdtemp(prefix="jc-", dir=base))
                self._user.own(folder)
                return folder
        raise DatabaseTrouble("no folder for temporary files is short enough and open; set TMPDIR to such a folder")

    def _forget_socket(self) -> None:
        """The socket's lock too may name a zombie, so each start has a new folder; the old one goes if it is ours."""
        folder = Path(keeping.values_in(self._state).get("socket", "/nowhere"))
        if self._is_ours(folder):
            shutil.rmtree(folder)

    def _is_ours(self, folder: Path) -> bool:
        try:
            found = folder.lstat()
        except FileNotFoundError:
            return False
        return found.st_mode == 0o040700 and found.st_uid == self._user.uid

    def _halt(self) -> None:
        """Ask it to end at once, and if it does not, to drop everything: what was acknowledged is kept either way."""
        for order, seconds in ((signal.SIGINT, 4), (signal.SIGQUIT, 2)):
            until = monotonic() + seconds
            server = self._postmaster()
            if server is not None:
                server.send_signal(order)
            while server is not None and monotonic() < until:
                time.sleep(0.02)
                server = self._postmaster()
            if server is None:
                return
        raise DatabaseTrouble(f"the PostgreSQL of {self._data} does not stop; see {self._data}/server.log")


def main(words: list[str]) -> int:
    """``python -m app.kernel.embedded remove``: delete the clusters of this project, wherever their data lie."""
    if words != ["remove"]:
        print("usage: python -m app.kernel.embedded remove", file=sys.stderr)
        return 2
    for folder in ("postgresql", "test-postgresql"):
        try:
            Cluster(ROOT / "var" / folder).remove()
        except DatabaseTrouble as trouble:
            print(trouble, file=sys.stderr)
            return 1
    return 0


def _free_port(remembered: int) -> int:
    """The remembered port if nobody took it, else a random one."""
    for port in [remembered] * (remembered > 0) + [secrets.choice(PORTS) for _ in range(100)]:
        if not _is_taken(port):
            return port
    raise DatabaseTrouble(f"no free port was found between {PORTS.start} and {PORTS.stop}")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-8:]) if path.exists() else "(no log)"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
