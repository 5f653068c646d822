"""Makes a mistake in a copy of the tree and runs tests there: on the server of the tests, with databases of its own."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.kernel import config

HERE = Path(__file__).parent
PATCHES = HERE / "patches"
LEFT_OUT = {"var", "node_modules", ".venv", ".git", "bench"}
SECONDS = 540


def catchers() -> dict[str, str]:
    """Patch -> the test that catches it."""
    return tomllib.loads((HERE / "catchers.toml").read_text(encoding="utf-8"))["catchers"]


@contextmanager
def mistaken(patch: str) -> Iterator[Path]:
    """A copy of the tree with the mistake in it. Raises CalledProcessError where the patch applies no more."""
    with tempfile.TemporaryDirectory(prefix="joint-contact-fault-") as folder:
        tree = Path(folder)
        for source in config.ROOT.iterdir():
            if source.is_dir() and source.name not in LEFT_OUT:
                shutil.copytree(source, tree / source.name, ignore=shutil.ignore_patterns("__pycache__", "faults"))
            elif source.is_file() and source.name not in LEFT_OUT:
                shutil.copy(source, tree / source.name)
        # The server, its keys and its lock are those of the tests.
        (tree / "var").symlink_to(config.ROOT / "var")
        subprocess.run(["patch", "--strip=1", "--fuzz=0", "--silent", "--forward", "--input", str(PATCHES / patch)],
                       cwd=tree, check=True, capture_output=True, text=True)
        yield tree


def run(patch: str, nodes: list[str], server: str) -> tuple[set[str], str]:
    """The tests among these that fail with the mistake, and what was said. ``server`` is the administrator's address."""
    templates = "fault" + hashlib.sha256(f"{patch} {os.getpid()}".encode()).hexdigest()[:10]
    environment = os.environ | {"JC_ADMIN_URL": server, "JC_TEMPLATES": templates, "JC_PROOF_RESIDENTS": "240",
                                "JC_PROOF_HATS": "10", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith(("PYTEST", "COV"))}
    try:
        with mistaken(patch) as tree:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=line", "-p", "no:cacheprovider", *nodes],
                cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS)
    finally:
        _sweep(server, templates)
    said = done.stdout + done.stderr
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{patch}: the tests did not run\n{said[-3000:]}")
    return set(re.findall(r"^FAILED (\S+)", said, re.M)), said


def _sweep(server: str, templates: str) -> None:
    with psycopg.connect(config.libpq_url(server), autocommit=True) as connection:
        for (name,) in connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"jc_{templates}_"]).fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
