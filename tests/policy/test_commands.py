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
    assert "4 masks and 0 narrowings are right" in result.output
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


def test_check_runs_the_examples_and_warns_of_what_decides_nothing(runner: FlaskCliRunner, copy: Path) -> None:
    assert "examples." in runner.invoke(args=["policy", "check"]).output
    _change(copy / "grants.csv", "# Team leaders include", "team_leader,*,*,desk:use,none,enquiry,any,allow,-,-,customer services,"
            "2027-03-31\n# Team leaders include")
    warned = runner.invoke(args=["policy", "check", str(copy)])
    assert warned.exit_code == 0 and "gives all of it already. Take one of them out." in warned.output
    _change(copy / "examples.csv", ",R1,adviser,,,enquiry,resident:find,name address channels birth,own,,,,,,,,,yes",
            ",R1,adviser,,,enquiry,resident:find,name address channels birth,own,,,,,,,,,no")
    refused = runner.invoke(args=["policy", "check", str(copy)])
    assert refused.exit_code == 1 and "expects no, and the policy answers yes" in refused.output


def test_examples_are_run_and_what_they_leave_untried_is_told(runner: FlaskCliRunner, copy: Path) -> None:
    whole = runner.invoke(args=["policy", "examples", "--coverage", "--mutate"])
    assert whole.exit_code == 0, whole.output
    assert "0 of them untouched; 0 cells of the table untouched" in whole.output
    assert "0 of them would not be missed." in whole.output and "without it the examples of line " in whole.output
    lines = (copy / "examples.csv").read_text(encoding="utf-8").splitlines()
    (copy / "examples.csv").write_text("\n".join(line for line in lines if ",match," not in line), encoding="utf-8")
    less = runner.invoke(args=["policy", "examples", str(copy), "--coverage", "--mutate"]).output
    assert "Untouched: grants.csv, line " in less and "Untouched cell: team_leader, match, home, resident:merge" in less
    assert "without it no example fails. Team leaders may" in less
    _change(copy / "examples.csv", "yes", "no")
    assert runner.invoke(args=["policy", "examples", str(copy)]).exit_code == 1
    _change(copy / "examples.csv", "adviser,", "advisor,")
    assert "Did you mean adviser?" in runner.invoke(args=["policy", "examples", str(copy)]).output


def test_two_policies_are_compared_and_one_is_compared_with_the_shipped(runner: FlaskCliRunner, copy: Path) -> None:
    assert runner.invoke(args=["policy", "diff", str(copy)]).output == "They say the same.\n"
    _change(copy / "grants.csv", "*,resident:move,address,enquiry,home,", "*,resident:move,address,enquiry,kept,")
    told = runner.invoke(args=["policy", "diff", str(SHIPPED), str(copy)]).output
    assert "added rule: Advisers may move residents" in told and "removed rule: Advisers may move" in told and "2 changes." in told


@pytest.mark.parametrize(("sentence", "line"), [
    ("Team leaders may do whatever advisers may.", "team_leader,adviser"),
    ("Advisers of northshire must not look up places, for any purpose; me, myself answers for this and reviews it by 1 May 2027.",
     'adviser,northshire,*,place:lookup,none,*,any,deny,-,-,"me, myself",2027-05-01'),
    ("Where the resident is protected, we withhold addresses reached through keeping the record; x answers for this and reviews it"
     " by 1 May 2027.", "protected,takes,kept,address,-,-,-,x,2027-05-01"),
    ("Where the resident is protected, we spare team leaders at the home council what is reached through keeping the record,"
     " for any purpose; x answers for this and reviews it by 1 May 2027.",
     "protected,lifts,kept,-,team_leader,*,home,x,2027-05-01"),
])
def test_a_sentence_makes_its_line(runner: FlaskCliRunner, sentence: str, line: str) -> None:
    assert runner.invoke(args=["policy", "read", sentence]).output == f"{line}\n"
    wrong = runner.invoke(args=["policy", "read", sentence.replace("may", "might").replace("Where", "Were")])
    assert wrong.exit_code == 1 or "must not" in sentence
