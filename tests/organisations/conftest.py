"""The database and folders of the tests of organisations."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.kernel.config import sqlalchemy_url
from app.services.partnership import load, read
from tests import clusters
from tests.organisations.folders import Edited
from tests.organisations.throwaway import SECOND, SOMERSET, build, clear


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine on a copy of that database."""
    with clusters.copy(clusters.template("organisations", build)) as at:
        made = create_engine(sqlalchemy_url(at.admin_url))
        yield made
        made.dispose()


@pytest.fixture(scope="module")
def demonstration(engine: Engine) -> Iterator[None]:
    """The demonstration, loaded once."""
    clear(engine)
    with Session(engine) as session, session.begin():
        load(session, read(SOMERSET))
    yield
    clear(engine)


@pytest.fixture
def empty(engine: Engine) -> Engine:
    """The database with nothing in it."""
    clear(engine)
    return engine


@pytest.fixture
def session(empty: Engine) -> Iterator[Session]:
    """A session on an empty database, whose work is undone at the end."""
    with Session(empty) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Edited:
    """A copy of the second partnership's folder, to be changed."""
    return Edited(Path(shutil.copytree(SECOND, tmp_path / "partnership")))
