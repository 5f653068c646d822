"""Each mistake is noticed by the test that was written against it, and that test says so. A patch that applies no more
fails as well: then either the mistake can be made no longer, or it must be written anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.__main__ import told
from tests.faults.patching import Outdated, changes, make
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


def test_a_mistake_that_is_missed_fails_the_run_and_a_harmless_change_must_be_missed(capsys: pytest.CaptureFixture[str]) -> None:
    fault = Fault(PATCHES / "x.patch", "tests/x.py::test_it", "assert 1 == 0")
    caught, missed = Outcome(frozenset({"tests/x.py::test_it"}), "E   assert 1 == 0", 1), Outcome(frozenset(), "", 1)
    assert told(fault, caught) and not told(fault, missed)
    assert told(HARMLESS, missed) and not told(HARMLESS, caught) and not told(HARMLESS, Outcome(frozenset(), "", 1, stopped=1))
    rows = [row for row in capsys.readouterr().out.splitlines() if not row.startswith("    ")]
    assert [("not caught" in row, "could not begin" in row) for row in rows] == [
        (False, False), (True, False), (True, False), (True, False), (True, True)]


def test_a_patch_is_made_where_its_lines_are_and_is_outdated_when_they_are_not(tmp_path: Path) -> None:
    patch, file = tmp_path / "x.patch", tmp_path / "a.py"
    patch.write_text("diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,2 @@ def f():\n one\n-two\n three\n"
                     "@@ -7,1 +6,2 @@\n-seven\n+-7\n+\n")
    assert [(change.path, change.before, change.after) for change in changes(patch)] == [
        ("a.py", "one\ntwo\nthree\n", "one\nthree\n"), ("a.py", "seven\n", "-7\n\n")]
    file.write_text("nought\none\ntwo\nthree\nseven\n")
    make(patch, tmp_path)
    assert file.read_text() == "nought\none\nthree\n-7\n\n"
    for text in ("one\n", "one\ntwo\nthree\nseven\nseven\n", ""):
        file.write_text(text)
        with pytest.raises(Outdated, match="a.py has these lines [02] times"):
            make(patch, tmp_path)
    patch.write_text("")
    with pytest.raises(Outdated, match="changes nothing"):
        make(patch, tmp_path)
