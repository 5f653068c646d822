"""Each mistake is noticed by the test that was written against it. A patch that applies no more fails as well: then
either the mistake can be made no longer, or it must be written anew."""

import pytest

from tests import clusters
from tests.faults.running import PATCHES, catchers, mistaken, run


def test_every_mistake_has_a_catcher_and_there_are_enough() -> None:
    assert {path.name for path in PATCHES.glob("*.patch")} == set(catchers())
    assert len(catchers()) >= 15


@pytest.mark.parametrize("patch", sorted(catchers()))
def test_a_mistake_can_still_be_made(patch: str) -> None:
    with mistaken(patch) as tree:
        assert tree.exists()


@pytest.mark.faults
@pytest.mark.parametrize(("patch", "catcher"), sorted(catchers().items()))
def test_a_mistake_is_caught(patch: str, catcher: str) -> None:
    failed, said = run(patch, [catcher], clusters.server())
    assert any(node.startswith(catcher) for node in failed), f"{catcher} did not notice {patch}\n{said[-2000:]}"
