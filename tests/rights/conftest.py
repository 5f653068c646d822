"""The styles that every page names."""

import pytest

from app.shell.assets import ensure_built


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)
