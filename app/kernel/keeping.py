"""What development and tests generate for themselves and find again: their secrets and their database's addresses.

One TOML file for each environment under var/, readable by its owner only. Production keeps nothing here.
"""

import base64
import binascii
import fcntl
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

KEY_LENGTH = 32


def kept(var: Path, environment: str) -> dict[str, str]:
    """The kept values, with both keys made at the first asking."""
    with _locked(var):
        found = values_in(_path(var, environment))
        if "secret_key" in found and "data_key" in found:
            return found
        fresh = {"secret_key": secrets.token_hex(32), "data_key": base64.b64encode(os.urandom(KEY_LENGTH)).decode()}
        found = fresh | found
        write(_path(var, environment), found)
        return found


def keep(var: Path, environment: str, values: Mapping[str, str]) -> None:
    """Add or replace values, such as the addresses of the embedded database; an empty value is forgotten."""
    with _locked(var):
        merged = {**values_in(_path(var, environment)), **values}
        write(_path(var, environment), {key: value for key, value in merged.items() if value})


def key_bytes(text: str) -> bytes:
    """The 32 bytes of an encryption key written in base64. Raises ValueError with how to make one."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_LENGTH:
        raise ValueError(f"must be {KEY_LENGTH} bytes in base64; make one with: openssl rand -base64 {KEY_LENGTH}")
    return key


def _path(var: Path, environment: str) -> Path:
    return var / f"{environment}.toml"


def values_in(path: Path) -> dict[str, str]:
    """What the file keeps; nothing if there is none."""
    if not path.exists():
        return {}
    return {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Replace the file, readable by its owner only, in one step: a reader sees the old or the new one, never half."""
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Made by the application for itself; safe to delete while it is stopped.\n")
        for key, value in sorted(values.items()):
            if any(c in value for c in "'\n"):
                raise ValueError(f"the value of {key} cannot be kept: it holds a quote or a line end")
            file.write(f"{key} = '{value}'\n")
    aside.replace(path)


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    """One process at a time, so that two that start together agree on one key."""
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    with open(var / "kept.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
