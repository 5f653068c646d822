"""The shipped policy, read once, and a small partnership's words for it."""

from pathlib import Path

import pytest

from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles

SHIPPED = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="session")
def shipped_files() -> PolicyFiles:
    return PolicyFiles.read(SHIPPED)


@pytest.fixture(scope="session")
def shipped(shipped_files: PolicyFiles) -> Rulebook:
    return Rulebook.build(shipped_files, {"northshire", "eastford", "swiftfix"}, {"northshire": {"roads", "care"}})
