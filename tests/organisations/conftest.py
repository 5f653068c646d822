"""The database and folders of the tests of organisations."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.organisations.folders import Edited
from tests.organisations.throwaway import SECOND, clear, throwaway_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A database of this run's own."""
    with throwaway_engine() as made:
        yield made


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
