"""A Python that has read the libraries and none of our code. For each run of pytest it forks, so that a run begins where the
imports of others would have ended: they are most of what a single quick test costs. `running` starts it as a program of
its own and gives it orders, one a line; each is answered with the run's exit code."""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

# Pytest reads its plugins itself, and would complain of finding them there.
LEFT_TO_PYTEST = {"pytest", "_pytest", "xdist", "execnet", "hypothesis", "_hypothesis_pytestplugin", "_hypothesis_globals"}


def serve() -> None:
    """Carry out orders until there are no more. What the first run needed is read before the next."""
    known = False
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if not known and Path(order["read"]).exists():
            for name in json.loads(Path(order["read"]).read_text(encoding="utf-8")):
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
            gc.freeze()
            known = True
        print(status, flush=True)


def _run(order: dict[str, Any]) -> None:
    """Pytest in this process, which is a child and ends with it."""
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.path.insert(0, order["folder"])
    # What ends in seconds need not tidy up.
    gc.disable()
    signal.alarm(order["seconds"])
    code = pytest.main(order["arguments"])
    sys.stdout.flush()
    Path(order["read"]).write_text(json.dumps(_of_others(order["folder"])), encoding="utf-8")
    os._exit(code)


def _of_others(folder: str) -> list[str]:
    """What has been imported and is not of the tree, in the order in which it was."""
    return [name for name, module in sys.modules.items()
            if name.partition(".")[0] not in LEFT_TO_PYTEST and not _within(folder, module)]


def _within(folder: str, module: object) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place and os.path.realpath(place).startswith(os.path.realpath(folder)) for place in places)


if __name__ == "__main__":
    serve()
