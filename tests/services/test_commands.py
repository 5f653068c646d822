"""``flask partnership`` and ``flask services``, as a person runs them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.organisations.models import Organisation, Partnership
from app.services.commands import GROUPS
from tests.organisations.folders import Edited

Run = Callable[..., Result]


@pytest.fixture
def flask(empty: Engine, folder: Edited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``flask ...`` in a folder of its own, with the second partnership configured."""
    app = Flask("commands")
    for group in GROUPS:
        app.cli.add_command(group)
    app.config["JC_SETTINGS"] = SimpleNamespace(partnership=folder.path, owner_url=empty.url.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)
    runner = app.test_cli_runner()

    def run(*arguments: str, status: int = 0) -> Result:
        result = runner.invoke(args=list(arguments))
        assert result.exit_code == status, result.output
        return result

    return run


def test_check_says_what_it_read_and_touches_no_database(flask: Run, empty: Engine) -> None:
    assert flask("partnership", "check").output == (
        "Fenmark Together: 3 councils, 1 partners, 1 agreements, 3 services, 11 wordings. Nothing is wrong.\n")
    with Session(empty) as session:
        assert session.get(Partnership, 1) is None


def test_check_tells_every_problem_and_ends_with_one(flask: Run, folder: Edited) -> None:
    folder.replace("partnership.toml", "wales", "whales").replace("needs.csv", "524,name", "524,names")
    output = flask("partnership", "check", str(folder.path), status=1).output
    assert output.splitlines() == [
        "Error: The partnership in partnership cannot be used:",
        "needs.csv, line 2, group: “names” is not a field group that a service may need; did you mean “name”?",
        "partnership.toml, line 4, nation: “whales” is not a nation; did you mean “wales”?"]


def test_load_is_all_or_nothing_and_twice_is_once(flask: Run, folder: Edited, empty: Engine) -> None:
    assert "added 4 organisations" in flask("partnership", "load").output
    assert flask("partnership", "load").output.endswith("Nothing changed: everything was already as the files say.\n")
    folder.replace("organisations/saltby.toml", 'short_name = "Saltby"', 'short_name = "S"')
    folder.replace("wording/news.toml", "May we", "Can we")
    assert "has other words now" in flask("partnership", "load", status=1).output
    with Session(empty) as session:
        assert session.scalar(select(Organisation.short_name).where(Organisation.slug == "saltby")) == "Saltby"


def test_import_hands_bad_rows_back_in_a_file(flask: Run, tmp_path: Path, empty: Engine) -> None:
    (tmp_path / "list.csv").write_text("LGSL,Description,Providing Tier\n1,One,all\n2,Two,everyone\n", encoding="utf-8")
    output = flask("services", "import", "list.csv").output
    assert "1 services read.\nadded 1 services\n1 rows could not be taken" in output
    assert (tmp_path / "handed-back-services.csv").read_text(encoding="utf-8").splitlines() == [
        "line,reason,row", '3,"“everyone” is not a tier; use one of all, county/unitary, district/unitary",'
                           '"2,Two,everyone"']
    assert "Nothing changed" in flask("services", "import", "list.csv").output
    with Session(empty) as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_the_application_itself_loads_its_partnership_again_without_a_change(application: Flask) -> None:
    result = application.test_cli_runner().invoke(args=["partnership", "load"])
    assert result.exit_code == 0, result.output
    assert result.output.endswith("Nothing changed: everything was already as the files say.\n")
