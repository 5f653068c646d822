"""Asks of small changes of the policy core whether a test notices: `make mutants`.

The application and the tests are read once. Each test runs by itself first, to see which functions of the core it passes through
and how long it takes. For each change a fork of this process puts the changed function in place of its original and runs the
tests that pass through it, quickest first, until one fails; where none does, the comparison with the independent oracle. What is
decided while a file is read is not changed so.
"""

import argparse
import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest
from sqlalchemy.orm import configure_mappers

from app.kernel import config
from tests import clusters, serving
from tests.building import build
from tests.mutants.changing import Mutant, changed_code, mutants_of

POLICY = ("criteria", "guard", "judging", "protection", "reach", "reading", "rulebook", "rules", "scopes", "shelf", "wall", "work")
CORE = (*(f"app/{name}/scopes.py" for name in ("requests", "residents", "contacts", "journal", "disclosures", "choices")),
        *(f"app/policy/{name}.py" for name in POLICY))
TESTS = tuple(f"tests/{name}.py" for name in (
    *(f"policy/test_{name}" for name in (
        "judging", "layers_alone", "layers_among_others", "layers_of_the_journal", "narrowed_sight", "narrowings", "protection",
        "publishing", "reach", "reading", "rulebook", "scopes", "wall_and_guard", "work")),
    "journal/test_scopes", "contacts/test_conversations", "choices/test_states", "duplicates/test_no_wider_sight",
    *(f"requests/test_{name}" for name in ("blind_intake", "linking", "taking", "taking_once", "working")),
    "residents/test_moves", "residents/test_protected", "imports/test_loads"))
# What takes a minute to set up, and is asked last.
LAST = ("tests/proof/test_parity.py",)
# Seconds that the tests of one change may take together, by what they took unchanged; and after which one hangs.
ENOUGH, HANGS = 1000.0, 600
NOT_CHANGED = 77
Through = dict[str, tuple[float, set[str]]]


class Asking:
    """In place of pytest's loop over the tests: first what each test passes through, then one change after another."""

    def __init__(self, mutants: list[Mutant], kept: Path) -> None:
        self.mutants, self.kept = mutants, kept

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        functions = [each for each in gc.get_objects() if isinstance(each, FunctionType) and _file(each.__code__) in CORE]
        gc.freeze()
        last = [item for item in session.items if item.nodeid.startswith(LAST)]
        quick = [item for item in session.items if item not in last]
        through = _through(quick, self.kept)
        score: dict[str, list[int]] = {}
        for mutant in self.mutants:
            nodes = _few_enough([item for item in sorted(quick, key=lambda item: through[item.nodeid][0])
                                 if _name_at(functions, mutant) in through[item.nodeid][1]], through) + last
            begun = time.monotonic()
            came = _in_a_fork(lambda mutant=mutant, nodes=nodes: _noticed(mutant, functions, nodes))
            killed, survived, aside = score.setdefault(mutant.file, [0, 0, 0])
            score[mutant.file] = [killed + (came not in (0, NOT_CHANGED)), survived + (came == 0), aside + (came == NOT_CHANGED)]
            if came == 0:
                print(f"survived {len(nodes)} tests ({time.monotonic() - begun:.0f} s): {mutant}", flush=True)
            if mutant.file != getattr(next(iter(self.mutants[self.mutants.index(mutant) + 1:]), None), "file", None):
                print(f"{mutant.file:<32} noticed {{}}, survived {{}}, not made {{}}".format(*score[mutant.file]), flush=True)
        return True


def _through(items: list[pytest.Item], kept: Path) -> Through:
    """Of each test, the seconds it takes and the functions of the core it passes through; remembered from one run to the next."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for item in items:
        if item.nodeid not in known:
            known[item.nodeid] = _alone(item, kept.with_suffix(".one"))
            kept.write_text(json.dumps(known), encoding="utf-8")
    return {node: (seconds, set(names)) for node, (seconds, names) in known.items()}


def _alone(item: pytest.Item, told: Path) -> tuple[float, list[str]]:
    passed: set[str] = set()

    def look(frame: FrameType, _event: str, _argument: Any) -> None:
        if (file := _file(frame.f_code)) in CORE:
            passed.add(_called(file, frame.f_code.co_qualname))

    def run() -> int:
        sys.settrace(look)
        red = _run([item])
        sys.settrace(None)
        told.write_text(json.dumps(sorted(passed)), encoding="utf-8")
        return red

    begun = time.monotonic()
    if _in_a_fork(run):
        raise SystemExit(f"{item.nodeid} fails without any change")
    return time.monotonic() - begun, json.loads(told.read_text(encoding="utf-8"))


def _few_enough(nodes: list[pytest.Item], through: Through) -> list[pytest.Item]:
    """Those of them that take no longer than ``ENOUGH`` together; one at least."""
    left, chosen = ENOUGH, []
    for item in nodes:
        left -= through[item.nodeid][0]
        if left < 0 and chosen:
            break
        chosen.append(item)
    return chosen


def _noticed(mutant: Mutant, functions: list[FunctionType], nodes: list[pytest.Item]) -> int:
    """In a fork: whether a test fails with the change."""
    instead, made = changed_code(mutant), 0
    for function in functions:
        if function.__code__ in instead and _file(function.__code__) == mutant.file:
            function.__code__ = instead[function.__code__]
            made += 1
    return _run(nodes) if made else NOT_CHANGED


def _in_a_fork(work: Callable[[], int]) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (1, 2):
            os.dup2(nowhere, number)
        signal.alarm(HANGS)
        try:
            os._exit(work())
        except ValueError:
            # The change uses other variables from without than the original does.
            os._exit(NOT_CHANGED)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(items: Sequence[pytest.Item]) -> int:
    """Run tests until one fails, and say whether one did. What several of one file share is made once."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            item.config.hook.pytest_runtest_teardown(item=item, nextitem=None)
            return 1
    return 0


def _file(code: Any) -> str:
    return code.co_filename.removeprefix(f"{config.ROOT}/")


def _called(file: str, name: str) -> str:
    return f"{file}:{name.partition('.<locals>')[0]}"


def _name_at(functions: list[FunctionType], mutant: Mutant) -> str:
    """The function that a change is in: the last that begins before it."""
    before = [each.__code__ for each in functions
              if _file(each.__code__) == mutant.file and each.__code__.co_firstlineno <= mutant.line]
    return _called(mutant.file, max(before, key=lambda code: code.co_firstlineno).co_qualname) if before else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="file", default=CORE, help="all of the core where none is named")
    parser.add_argument("--each", type=int, default=40, help="how many changes of a file, drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="+", default=(*TESTS, *LAST))
    given = parser.parse_args()
    os.environ |= {"JC_ADMIN_URL": clusters.server(), "JC_TEMPLATE_WHOLE": clusters.template("whole", build)}
    configure_mappers()
    with clusters.copy(os.environ["JC_TEMPLATE_WHOLE"]) as at, serving.before(at):
        pass
    mutants = [mutant for file in given.files for mutant in mutants_of(file, random.Random(f"{given.seed} {file}"), given.each)]
    asking = Asking(mutants, config.ROOT / "var/mutants.json")
    return int(pytest.main(["-q", "-s", "-p", "no:cacheprovider", *given.tests], [asking]))


if __name__ == "__main__":
    raise SystemExit(main())
