"""Each mistake is noticed by the test that was written against it, and that test says so. A patch that applies no more
fails as well: then either the mistake can be made no longer, or it must be written anew."""

from collections.abc import Iterator

import pytest

from tests.faults.running import HARMLESS, PATCHES, Fault, Missed, Outcome, Tree, faults, prove

ENOUGH = 24


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """One copy of the tree for each process that runs tests."""
    made = Tree(tmp_path_factory.mktemp("mistaken"))
    yield made
    made.close()


def test_every_mistake_has_a_catcher_and_there_are_enough() -> None:
    assert {path.stem for path in PATCHES.glob("*.patch")} == {fault.name for fault in faults()}
    assert len(faults()) >= ENOUGH


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_a_mistake_is_caught(tree: Tree, fault: Fault) -> None:
    prove(tree, fault)


def test_what_no_test_notices_is_told(tree: Tree) -> None:
    with pytest.raises(Missed, match="did not notice harmless"):
        prove(tree, HARMLESS)


def test_a_failure_for_another_reason_is_not_taken_for_the_catch() -> None:
    fault = Fault(PATCHES / "x.patch", "tests/x.py::test_it", "assert 1 == 0")
    failed = {"tests/x.py::test_it[a]"}
    assert Outcome(frozenset(failed), "E   assert 1 == 0", 1).caught(fault)
    assert not Outcome(frozenset(failed), "E   ModuleNotFoundError: app\nsaid: assert 1 == 0", 1).caught(fault)
    assert not Outcome(frozenset({"tests/x.py::test_it_too"}), "E   assert 1 == 0", 1).caught(fault)
    assert not Outcome(frozenset(), "E   assert 1 == 0", 1).caught(fault)
