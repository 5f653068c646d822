"""Settings are read strictly, in one order, and keep what is secret to themselves."""

import base64
import shutil
import stat
from pathlib import Path

import pytest

from app.kernel import config, keeping
from app.kernel.config import WrongConfiguration, read

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {"DATABASE_URL": "postgres://a:b@localhost/c", "SECRET_KEY": "s" * 32, "JC_DATA_KEY": KEY}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(config.ROOT / "config", tmp_path / "config")
    return tmp_path


def add(root: Path, name: str, text: str) -> None:
    path = root / "config" / name
    path.write_text(text + "\n" + path.read_text())


def test_variables_win_over_the_environments_file_and_that_over_the_default(root):
    add(root, "development.toml", "threads = 7\nworkers = 5")
    settings = read("development", {"JC_WORKERS": "6"}, root)
    assert (settings.threads, settings.workers, settings.pool_size) == (7, 6, 4)


def test_an_unknown_key_in_a_file_is_named_with_its_file_and_the_nearest_spelling(root):
    add(root, "development.toml", "thread = 7")
    with pytest.raises(WrongConfiguration, match=r"development\.toml: the key 'thread' is unknown; .*'threads'"):
        read("development", {}, root)


def test_an_unknown_variable_is_named_with_the_nearest_spelling(root):
    with pytest.raises(WrongConfiguration, match="JC_POOLSIZE is unknown; did you mean 'JC_POOL_SIZE'"):
        read("development", {"JC_POOLSIZE": "3"}, root)


@pytest.mark.parametrize(("line", "words"), [
    ('threads = "2"', "threads must be a whole number, not str"),
    ("threads = true", "threads must be a whole number, not bool"),
    ('hsts = "no"', "hsts must be true or false, not str"),
    ("threads = 0", "threads is 0; it must be 1 or more"),
    ("threads = ", "not readable as TOML"),
])  # fmt: skip
def test_a_value_of_the_wrong_kind_says_what_is_wanted(root, line, words):
    path = root / "config" / "test.toml"
    path.write_text(line)
    with pytest.raises(WrongConfiguration, match=words):
        read("test", {}, root)


@pytest.mark.parametrize(("name", "value", "words"), [
    ("PORT", "http", "PORT must be a whole number"),
    ("JC_HSTS", "maybe", "JC_HSTS must be true or false"),
    ("JC_DATA_KEY", "c2hvcnQ=", "JC_DATA_KEY must be 32 bytes in base64"),
    ("SECRET_KEY", "short", "JC_SECRET_KEY must have 32 characters"),
])  # fmt: skip
def test_a_variable_of_the_wrong_kind_is_named(root, name, value, words):
    with pytest.raises(WrongConfiguration, match=words):
        read("development", {name: value}, root)


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY", "JC_DATA_KEY"])
def test_production_does_not_start_without_its_secrets(root, missing):
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(WrongConfiguration, match=f"production does not start without JC_{missing.removeprefix('JC_')}"):
        read("production", given, root)
    assert not (root / "var").exists()


def test_production_with_its_secrets_has_safe_cookies(root):
    settings = read("production", PRODUCTION, root)
    assert settings.secure_cookies and settings.hsts
    assert settings.database_url == "postgresql+psycopg://a:b@localhost/c"


def test_development_makes_its_keys_once_for_its_owner_alone(root):
    first, second = read("development", {}, root), read("development", {}, root)
    assert first.data_key == second.data_key and first.secret_key == second.secret_key
    assert stat.S_IMODE((root / "var" / "development.toml").stat().st_mode) == 0o600
    assert read("test", {}, root).secret_key != first.secret_key


def test_a_database_that_was_given_is_not_mixed_with_the_kept_owner_of_another(root):
    keeping.keep(root / "var", "development", {"database_url": "postgresql://kept/a", "owner_url": "postgresql://kept/b"})
    assert read("development", {}, root).owner_url == "postgresql+psycopg://kept/b"
    given = read("development", {"DATABASE_URL": "postgresql://given/a"}, root)
    assert given.owner_url == ""


def test_nothing_secret_is_printed(root):
    settings = read("production", PRODUCTION, root)
    for secret in ("a:b@", "s" * 32, KEY, repr(settings.data_key)):
        assert secret not in repr(settings)


def test_a_kept_file_is_never_seen_half_written(tmp_path):
    path = tmp_path / "kept.toml"
    keeping.write(path, {"a": "1"})
    with pytest.raises(ValueError, match="the value of b cannot be kept"):
        keeping.write(path, {"b": "it's"})
    assert keeping.values_in(path) == {"a": "1"}
