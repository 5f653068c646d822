"""A database with the tables of places alone, an application with nothing but their commands, and small facts."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.addresses import Addresses
from app.kernel.config import sqlalchemy_url
from app.kernel.tables import Base
from app.places.authorities import read_authorities
from app.places.commands import UNIT_OF_WORK, places
from app.places.models import Authority, Place, PlaceOverride, Sector
from app.places.succession import Register
from tests import clusters

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "files"
TABLES = [model.__table__ for model in (Authority, Place, Sector, PlaceOverride)]


def build(at: Addresses) -> None:
    """The tables as the models state them: what a migration makes of them is tried with the whole application."""
    made = create_engine(sqlalchemy_url(at.admin_url))
    Base.metadata.create_all(made, tables=TABLES)
    made.dispose()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine on a copy of that database."""
    with clusters.copy(clusters.template("places", build)) as at:
        made = create_engine(sqlalchemy_url(at.admin_url))
        yield made
        made.dispose()


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
    app.extensions[UNIT_OF_WORK] = sessionmaker(engine).begin
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
