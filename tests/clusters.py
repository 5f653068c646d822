"""A real PostgreSQL for the tests: one server a run, template databases built once, and a copy for whoever wants one.

All processes of a run (pytest-xdist's workers) share one embedded server without fsync; the last that leaves stops it.
Its data stay, in memory where there is room and else under var/, so that the next run finds the templates whose sources did
not change. JC_ADMIN_URL names another server to use instead, for instance of an older version.

Roles belong to the server and not to a database. Their names begin with the setting ``role_prefix`` and not with a
database's name, so a template and all its copies have one set of roles, and the privileges that the template's
migrations gave hold in every copy. The price: two databases on one server are separated by their contents alone, so
tests give and take privileges of roles only inside their own copy (GRANT and REVOKE on objects are stored in the
database; ALTER ROLE is not, and no test may use it).
"""

import atexit
import dataclasses
import fcntl
import hashlib
import inspect
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

from app.kernel import addresses, config
from app.kernel.addresses import Addresses
from app.kernel.embedded import Cluster

VAR = config.ROOT / "var"
# What a template may depend on: code, rules and data, not pages.
SOURCES = ("app", "migrations", "policies", "tenants", "config", "tests/builders", "tests/world.py")
SUFFIXES = {".py", ".sql", ".csv", ".toml", ".conf", ".json", ".md"}
KEPT_TEMPLATES = 3
MEMORY, MEMORY_WANTED = Path("/dev/shm"), 4 << 30
# Whoever runs the tests of a changed tree beside others names its templates otherwise, so as not to crowd theirs out.
NAMED = os.environ.get("JC_TEMPLATES", "template")
# One iteration for the passwords of roles: they are no secret, and each connection would take four thousand.
SETTINGS: dict[str, str | int] = {"max_connections": 200, "shared_buffers": "128MB", "max_wal_size": "2GB",
                                  "max_parallel_workers_per_gather": 0, "autovacuum_naptime": "5min",
                                  "scram_iterations": 1}  # fmt: skip
_numbers = itertools.count()


@cache
def server() -> str:
    """The administrator's address of the run's server, started by the first process that asks."""
    given = os.environ.get("JC_ADMIN_URL")
    if not given:
        cluster = Cluster(_home())
        cluster.start(fsync=False, **SETTINGS)
        atexit.register(cluster.stop)
        given = cluster.admin_url()
    # Not the lock of those who build a template: who comes later need not wait for one that they do not use.
    with _locked("test-copies.lock"), _administrator(given) as connection:
        _sweep(connection)
    return given


def _home() -> Path:
    """Under var/ or, by a link from there, in memory: each test copies a database, which takes 0.03 s in memory and up to
    0.8 s on a busy disk."""
    home = VAR / "test-postgresql"
    VAR.mkdir(exist_ok=True)
    with _locked("test-copies.lock"):
        if not home.exists() and not home.is_symlink() and _room(MEMORY) >= MEMORY_WANTED:
            home.symlink_to(tempfile.mkdtemp(prefix="joint-contact-tests-", dir=MEMORY))
    return home


def _room(folder: Path) -> int:
    """Free bytes there, none where there is no such folder or no permission to write to it."""
    return shutil.disk_usage(folder).free if os.access(folder, os.W_OK) else 0


def template(name: str, build: Callable[[Addresses], None]) -> str:
    """The name of a database that ``build`` filled, made unless one of the same sources is there.

    ``build`` gets an empty database that the administrator owns, prepares roles and tables, and leaves.
    Who knows that a database of other sources serves names it in JC_TEMPLATE_ and the name; who knows that it serves when
    ``build`` has gone over it once more, in JC_BEFORE_ and the name.
    """
    if given := os.environ.get(f"JC_TEMPLATE_{name.upper()}"):
        return given
    at, database = server(), f"jc_{NAMED}_{name}_{_digest(build)}"
    with _locked(), _administrator(at) as connection:
        if not _exists(connection, database):
            aside = f"jc_{NAMED}_building_{name}"
            _drop(connection, aside)
            before = os.environ.get(f"JC_BEFORE_{name.upper()}", "template1")
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(aside), sql.Identifier(before)))
            build(_addresses(aside))
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [aside])
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(aside), sql.Identifier(database)))
        _drop_older(connection, f"jc_{NAMED}_{name}_")
    return database


@contextmanager
def copy(template: str) -> Iterator[Addresses]:
    """The addresses of a copy of the template, dropped afterwards whoever is still connected."""
    database = f"jc_copy_{os.getpid()}_{next(_numbers)}"
    with _administrator(server()) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(database), sql.Identifier(template)))
    try:
        yield _addresses(database)
    finally:
        with _administrator(server()) as connection:
            _drop(connection, database)


def environment(known: Mapping[str, str]) -> dict[str, str]:
    """What a process of its own is started with: none of the words by which tests are run, which an application would refuse."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JC_")} | dict(known)


def settings(at: Addresses) -> config.Settings:
    """The settings of a test that uses that database."""
    return dataclasses.replace(
        config.read("test", environ={}),
        database_url=config.sqlalchemy_url(at.database_url),
        owner_url=config.sqlalchemy_url(at.owner_url),
        admin_url=config.sqlalchemy_url(at.admin_url),
    )


def _addresses(database: str) -> Addresses:
    """All three lead to this database, the administrator's too: what a test does past the wall stays in its own copy."""
    known = config.read("test", environ={})
    own = urlunsplit(urlsplit(server())._replace(path=f"/{database}"))
    return addresses.for_database(database, own, known.role_prefix, known.secret_key)


@contextmanager
def _administrator(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(config.libpq_url(url), autocommit=True) as connection:
        yield connection


@contextmanager
def _locked(name: str = "test-databases.lock") -> Iterator[None]:
    with open(VAR / name, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(build: Callable[[Addresses], None]) -> str:
    """Twelve characters that change with anything a template is made from."""
    files = {path for source in SOURCES for path in _files(config.ROOT / source)}
    files.add(Path(inspect.getfile(build)))
    whole = hashlib.sha256(config.read("test", environ={}).data_key)
    for path in sorted(files):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(config.ROOT)}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
    yield from (path for path in source.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def _exists(connection: psycopg.Connection, database: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def _drop(connection: psycopg.Connection, database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def _drop_older(connection: psycopg.Connection, beginning: str) -> None:
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET %s",
        [beginning, KEPT_TEMPLATES]).fetchall()
    for (database,) in found:
        _drop(connection, database)


def _sweep(connection: psycopg.Connection) -> None:
    """Drop what was made for processes that were killed before they could drop it themselves."""
    for (database,) in connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^jc_(copy|fault)_[0-9]+_'"):
        if not psutil.pid_exists(int(database.split("_")[2])):
            _drop(connection, database)
