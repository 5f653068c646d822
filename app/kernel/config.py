"""What the application was told: config/default.toml, then the environment's own file, then environment variables.

The answer is frozen and typed. A key nobody knows, a value of the wrong kind or a production without its secrets
refuses to start and says where. Generated secrets of development and tests are kept by ``app.kernel.keeping``.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from app.kernel import keeping

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("development", "test", "production")
PREFIX = "JC_"
# Told in the same way and no setting: which environment, and where the tests find a publisher's full file.
BESIDE = ("ENVIRONMENT", "CODEPOINT_FILE")
# Names that hosting platforms set by custom; the prefixed name wins where both are given.
PLAIN = {"DATABASE_URL": "database_url", "PORT": "port", "SECRET_KEY": "secret_key"}
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
ADDRESSES = ("database_url", "owner_url", "admin_url")
NEEDED_IN_PRODUCTION = ("database_url", "secret_key", "data_key")
LEAST = {"port": 1, "workers": 0, "threads": 1, "pool_size": 1, "session_idle_minutes": 1, "session_hours": 1,
         "token_hours": 1, "argon2_time": 1, "argon2_memory_kib": 8, "argon2_parallelism": 1, "lockout_attempts": 1,
         "lockout_address_attempts": 1, "lockout_minutes": 1, "statement_timeout_ms": 0, "proxy_hops": 0}


class WrongConfiguration(Exception):
    """The application refuses to start: what is wrong, in which file or variable, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between installations. Secrets and addresses with passwords stay out of the repr."""

    environment: str
    # SQLAlchemy addresses (postgresql+psycopg://): the application's login role, the owner of the tables who migrates,
    # and the cluster's administrator who makes roles and the database once.
    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    admin_url: str = field(repr=False)
    # Roles belong to the whole cluster: this word begins the name of each that the application makes.
    role_prefix: str
    pool_size: int
    statement_timeout_ms: int
    secret_key: str = field(repr=False)
    data_key: bytes = field(repr=False)
    partnership: Path
    var: Path
    host: str
    port: int
    workers: int
    threads: int
    session_idle_minutes: int
    session_hours: int
    token_hours: int
    argon2_time: int
    argon2_memory_kib: int
    argon2_parallelism: int
    lockout_attempts: int
    lockout_address_attempts: int
    lockout_minutes: int
    secure_cookies: bool
    hsts: bool
    proxy_hops: int
    log_level: str


def read(environment: str | None = None, environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """The settings of this process. ``environment`` wins over ``JC_ENVIRONMENT``; without either: development."""
    chosen = environment or environ.get(PREFIX + "ENVIRONMENT") or "development"
    if chosen not in ENVIRONMENTS:
        raise WrongConfiguration(f"the environment {chosen!r} is unknown; use one of {', '.join(ENVIRONMENTS)}")
    values: dict[str, Any] = {}
    for name in ("default", chosen):
        values |= _from_file(root / "config" / f"{name}.toml")
    values |= _from_environ(environ)
    values["environment"] = chosen
    values["var"] = root / values.get("var", "var")
    values["partnership"] = root / values.get("partnership", "")
    _complete(values, chosen)
    return Settings(**values)


def sqlalchemy_url(url: str) -> str:
    """The same address with the driver we use spelled out; ``postgres://`` and ``postgresql://`` are understood."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in ("postgres", "postgresql") else url


def libpq_url(url: str) -> str:
    """The same address as psycopg and the command line tools take it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _kinds() -> dict[str, type]:
    return {f.name: f.type for f in fields(Settings) if f.name != "environment" and isinstance(f.type, type)}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise WrongConfiguration(f"{path}: the file is missing; every environment has one, even if empty") from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise WrongConfiguration(f"{path}: not readable as TOML: {broken}") from broken
    kinds = _kinds()
    for key, value in found.items():
        if key not in kinds:
            raise WrongConfiguration(f"{path}: the key {key!r} is unknown{_nearest(key, kinds)}")
        wanted = kinds[key] if kinds[key] in (int, bool) else str
        if type(value) is not wanted:
            raise WrongConfiguration(f"{path}: {key} must be {_described(wanted)}, not {type(value).__name__}")
    return found


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    kinds = _kinds()
    values = {key: _converted(name, environ[name], kinds[key]) for name, key in PLAIN.items() if environ.get(name)}
    known = [PREFIX + key.upper() for key in kinds] + [PREFIX + name for name in BESIDE]
    for name in sorted(n for n in environ if n.startswith(PREFIX)):
        if name not in known:
            raise WrongConfiguration(f"environment variable {name} is unknown{_nearest(name, known)}")
        key = name.removeprefix(PREFIX).lower()
        if key in kinds:
            values[key] = _converted(name, environ[name], kinds[key])
    return values


def _converted(name: str, text: str, kind: type) -> Any:
    if kind is int:
        if not text.strip().lstrip("-").isascii() or not text.strip().lstrip("-").isdigit():
            raise WrongConfiguration(f"environment variable {name} must be a whole number")
        return int(text)
    if kind is bool:
        if text.lower() not in TRUE + FALSE:
            raise WrongConfiguration(f"environment variable {name} must be true or false")
        return text.lower() in TRUE
    return text


def _described(kind: type) -> str:
    return {int: "a whole number", bool: "true or false", str: "text in quotes"}[kind]


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


def _complete(values: dict[str, Any], environment: str) -> None:
    """Check ranges, fill in what development and tests generate, and refuse a production without its secrets."""
    missing = sorted(set(_kinds()) - set(values) - {"secret_key", "data_key", *ADDRESSES})
    if missing:
        raise WrongConfiguration(f"config/default.toml does not state {', '.join(missing)}")
    for key, least in LEAST.items():
        if values[key] < least:
            raise WrongConfiguration(f"{key} is {values[key]}; it must be {least} or more")
    if environment == "production":
        absent = [key for key in NEEDED_IN_PRODUCTION if not values.get(key)]
        if absent:
            named = " and ".join(PREFIX + key.upper() for key in absent)
            raise WrongConfiguration(f"production does not start without {named}: set the environment variable")
    else:
        # The three addresses belong together: one that was given is never mixed with those of the embedded database.
        given = any(values.get(key) for key in ADDRESSES)
        for key, value in keeping.kept(values["var"], environment).items():
            if not (given and key in ADDRESSES):
                values[key] = values.get(key) or value
    for key in ADDRESSES:
        values[key] = sqlalchemy_url(values.get(key, ""))
    try:
        values["data_key"] = keeping.key_bytes(values["data_key"])
    except ValueError as wrong:
        raise WrongConfiguration(f"JC_DATA_KEY {wrong}") from wrong
    if len(values["secret_key"]) < 32:
        raise WrongConfiguration("JC_SECRET_KEY must have 32 characters or more; make one with: openssl rand -hex 32")
