"""Makes a mistake in a copy of the tree and runs tests there: on the server of the tests, with databases of its own where
the mistake changes what a database is made from."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from app.kernel import config
from tests import clusters
from tests.building import build
from tests.faults.patching import changes, make

HERE = Path(__file__).parent
PATCHES = HERE / "patches"
COPIED = ("app", "config", "migrations", "policies", "tenants", "tests")
BUILT = Path("app/shell/static/built")
# A mistake elsewhere leaves the databases as they are: those of the run are used. In the wall: a copy with the wall raised anew.
MAKE_THE_DATABASE = ("migrations/", "policies/", "tenants/", "config/")
THE_WALL = "migrations/sql/"
SECONDS = 540
# Plugins that take a second to begin with or to end with, and that no catcher needs.
LEAN = tuple(part for name in ("cacheprovider", "hypothesispytest", "xdist", "unraisableexception", "threadexception")
             for part in ("-p", f"no:{name}"))


@dataclass(frozen=True)
class Fault:
    """A mistake: its patch, the test that must notice it, and what that test says of it."""

    patch: Path
    catcher: str
    says: str

    @property
    def name(self) -> str:
        return self.patch.stem

    @property
    def touches(self) -> tuple[str, ...]:
        """The files it changes."""
        return tuple(dict.fromkeys(change.path for change in changes(self.patch)))


@dataclass(frozen=True)
class Outcome:
    """The tests that went red with the mistake, with what they said, how long it took, and how many could not begin."""

    red: frozenset[str]
    said: str
    seconds: float
    stopped: int = 0

    def caught(self, fault: Fault) -> bool:
        """Whether the catcher failed, and for the reason it was chosen for. An error on the way to it is no failure."""
        complaints = "\n".join(re.findall(r"^E  .*", self.said, re.M))
        return any(_is(node, fault.catcher) for node in self.red) and fault.says in complaints


# A change of words alone, beside what this test looks at: no test may go red at it, or the runner would call anything caught.
HARMLESS = Fault(HERE / "harmless.patch", "tests/policy/test_layers_alone.py::test_home_and_sharing", "")


class Missed(AssertionError):
    """A mistake that its catcher did not notice."""


def faults() -> list[Fault]:
    """Every mistake there is, by name."""
    known = tomllib.loads((HERE / "catchers.toml").read_text(encoding="utf-8"))
    return [Fault(PATCHES / f"{name}.patch", each["catcher"], each["says"]) for name, each in sorted(known.items())]


class Tree:
    """A throw-away copy of the tree, in which one mistake after another is made. What Python compiles there is kept from
    one to the next."""

    def __init__(self, folder: Path) -> None:
        self.root, self.notes = root, notes = folder / "tree", folder / "notes"
        root.mkdir()
        notes.mkdir()
        # The server, its keys and its lock are those of the tests; what is built of styles and scripts is not changed.
        (root / "var").symlink_to(config.ROOT / "var")
        for name in COPIED:
            shutil.copytree(config.ROOT / name, root / name, ignore=shutil.ignore_patterns("built", "faults", "__pycache__"))
        for path in config.ROOT.iterdir():
            if path.is_file():
                shutil.copy2(path, root / path.name)
        if (config.ROOT / BUILT).exists():
            (root / BUILT).symlink_to(config.ROOT / BUILT)
        self.prepared = subprocess.Popen([sys.executable, "-P", HERE / "prepared.py"], cwd=notes, text=True,
                                         env=_kept(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @contextmanager
    def mistaken(self, fault: Fault) -> Iterator[Path]:
        """The copy with the mistake in it. Raises Outdated where its lines are gone."""
        try:
            make(fault.patch, self.root)
            yield self.root
        finally:
            for path in fault.touches:
                shutil.copy2(config.ROOT / path, self.root / path)

    def run(self, fault: Fault, nodes: Sequence[str]) -> Outcome:
        """What these tests say of the mistake. Raises RuntimeError where they could not be run."""
        begun, server = time.monotonic(), clusters.server()
        templates = f"fault_{os.getpid()}_{hashlib.sha256(fault.name.encode()).hexdigest()[:10]}"
        with self.mistaken(fault) as root:
            try:
                code, said = self._pytest(root, nodes, _environment(server, templates, fault))
            finally:
                _sweep(server, templates)
        if code not in (0, 1):
            raise RuntimeError(f"{fault.name}: the tests did not run\n{said[-3000:]}")
        red, stopped = frozenset(re.findall(r"^FAILED (\S+)", said, re.M)), re.findall(r"^ERROR (\S+)", said, re.M)
        return Outcome(red, said, time.monotonic() - begun, len(stopped))

    def _pytest(self, root: Path, nodes: Sequence[str], environment: dict[str, str]) -> tuple[int, str]:
        """The exit code of a run, and what it said."""
        order = {"folder": str(root), "environment": environment, "said": str(self.notes / "said"),
                 "read": str(self.notes / "read"), "seconds": SECONDS,
                 "arguments": ["-q", "-rfE", "--tb=short", "--continue-on-collection-errors", *LEAN, *nodes]}
        assert self.prepared.stdin is not None and self.prepared.stdout is not None
        self.prepared.stdin.write(json.dumps(order) + "\n")
        self.prepared.stdin.flush()
        answer = self.prepared.stdout.readline()
        if not answer:
            raise RuntimeError(f"what runs the tests has ended: {self.prepared.wait()}")
        return int(answer), (self.notes / "said").read_text(encoding="utf-8")

    def close(self) -> None:
        """End what runs the tests. It ends by itself when it is given no more orders."""
        self.prepared.communicate()


def prove(tree: Tree, fault: Fault) -> Outcome:
    """Run the catcher against its mistake. Raises Missed where it does not notice, or says something else of it."""
    outcome = tree.run(fault, [fault.catcher])
    if not outcome.caught(fault):
        raise Missed(f"{fault.catcher} did not notice {fault.name}, or did not say “{fault.says}”\n{outcome.said[-3000:]}")
    return outcome


def _is(node: str, catcher: str) -> bool:
    """A catcher may be one case of a test or all of them."""
    return node == catcher or node.startswith(f"{catcher}[")


def _environment(server: str, templates: str, fault: Fault) -> dict[str, str]:
    given = {"JC_ADMIN_URL": server, "JC_TEMPLATES": templates}
    making = [path for path in fault.touches if path.startswith(MAKE_THE_DATABASE)]
    if all(path.startswith(THE_WALL) for path in making):
        given["JC_BEFORE_WHOLE" if making else "JC_TEMPLATE_WHOLE"] = _template()
    return _kept() | given


@cache
def _template() -> str:
    return clusters.template("whole", build)


def _kept() -> dict[str, str]:
    """Of this process's environment what a run of its own shall have; compiled files are kept for the runs after it."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "COV")) and name != "PYTHONDONTWRITEBYTECODE"}


def _sweep(server: str, templates: str) -> None:
    with psycopg.connect(config.libpq_url(server), autocommit=True) as connection:
        for (name,) in connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"jc_{templates}_"]).fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
