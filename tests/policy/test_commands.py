"""``flask policy`` reads, prints and answers on the command line, and fails with every fault."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.policy.commands import SHIPPED, VOCABULARY, commands
from app.policy.rules import Vocabulary


@pytest.fixture
def runner() -> FlaskCliRunner:
    app = Flask("policy-commands")
    app.cli.add_command(commands)
    app.extensions[VOCABULARY] = Vocabulary.of({"northshire", "eastford"}, {"northshire": {"roads"}})
    return app.test_cli_runner()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "policies"))


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_takes_the_shipped_policy_and_prints_its_fingerprint(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["policy", "check", "--sentences"])
    assert result.exit_code == 0, result.output
    assert "4 masks are right" in result.output
    assert "Fingerprint " in result.output
    assert "Team leaders may do whatever advisers may." in result.output


def test_check_tells_every_fault_and_fails(runner: FlaskCliRunner, copy: Path) -> None:
    _change(copy / "grants.csv", "adviser,*,*,resident:find", "advisor,*,*,resident:find")
    _change(copy / "roles.csv", "team_leader,adviser", "team_leader,team_leader")
    result = runner.invoke(args=["policy", "check", str(copy)])
    assert result.exit_code == 1
    assert "Did you mean adviser?" in result.output
    assert "roles.csv, line 3, includes" in result.output


def test_check_fails_where_the_policy_and_the_expected_table_differ(runner: FlaskCliRunner, copy: Path) -> None:
    _change(copy / "matrix.csv", "contractor voluntary,deliver,past,disposal:see disposal:confirm,stub\n", "")
    result = runner.invoke(args=["policy", "check", str(copy)])
    assert result.exit_code == 1
    assert "contractor, deliver, past, disposal:confirm: the policy gives stub" in result.output


def test_check_fails_on_a_spoilt_table_and_on_a_missing_file(runner: FlaskCliRunner, copy: Path) -> None:
    _change(copy / "matrix.csv", "roles,purpose", "role,purpose")
    assert "matrix.csv, line 4" in runner.invoke(args=["policy", "check", str(copy)]).output
    (copy / "masks.csv").unlink()
    result = runner.invoke(args=["policy", "check", str(copy)])
    assert result.exit_code == 1
    assert "masks.csv" in result.output


def test_matrix_prints_one_purpose_or_all(runner: FlaskCliRunner) -> None:
    one = runner.invoke(args=["policy", "matrix", "--purpose", "match"])
    assert one.output.startswith("To find duplicate records (match)")
    assert "enquiry" not in one.output
    every = runner.invoke(args=["policy", "matrix"])
    assert one.output.strip() in every.output
    assert "To handle an enquiry (enquiry)" in every.output
    sheet = runner.invoke(args=["policy", "matrix", "--purpose", "match", "--csv"])
    assert sheet.output.startswith("group,team_leader@consented,team_leader@home\n")


def test_explain_answers_with_the_line_and_what_would_change_it(runner: FlaskCliRunner) -> None:
    asked = ["policy", "explain", "--organisation", "northshire", "--role", "adviser", "--purpose", "enquiry",
             "--action", "resident:see", "--group", "name"]
    assert runner.invoke(args=[*asked, "--scope", "home"]).output.startswith("yes\n")
    missing = runner.invoke(args=asked).output
    assert missing.startswith("missing\n")
    assert "The resident would have to agree to sharing" in missing
    forbidden = runner.invoke(args=[*asked, "--scope", "consented", "--mask", "objection"]).output
    assert forbidden.startswith("forbidden\n")


@pytest.mark.parametrize(("options", "told"), [
    (["--organisation", "westmere"], "use one of eastford, northshire"),
    (["--organisation", "eastford", "--unit", "roads"], "has no unit 'roads'"),
])
def test_a_hat_that_is_not_loaded_is_refused_and_not_answered_with_no(
        runner: FlaskCliRunner, options: list[str], told: str) -> None:
    result = runner.invoke(args=["policy", "matrix", *options])
    assert result.exit_code == 2
    assert told in result.output


def test_without_a_partnership_the_shipped_policy_can_still_be_read() -> None:
    app = Flask("policy-commands")
    app.cli.add_command(commands)
    assert app.test_cli_runner().invoke(args=["policy", "check"]).exit_code == 0
