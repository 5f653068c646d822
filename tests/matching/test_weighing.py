"""The file of weights is read strictly: what is wrong is said with its line and how to mend it."""

from pathlib import Path

import pytest

from app.kernel.config import WrongConfiguration
from app.matching.weighing import FOLDER, SHIPPED, Comparison, Level, read, shipped

TEXT = (FOLDER / f"{SHIPPED}.toml").read_text(encoding="utf-8")


def refusal(folder: Path, text: str) -> str:
    path = folder / f"{SHIPPED}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongConfiguration) as refused:
        read(path)
    return str(refused.value).removeprefix(f"{path}, ")


def line_of(text: str, start: str) -> int:
    return next(at for at, row in enumerate(text.splitlines(), start=1) if row.startswith(start))


def test_the_shipped_weights_are_whole() -> None:
    weights = shipped()
    assert weights.version == SHIPPED and weights.lines.link == 10
    assert all(0 < weight.m < 1 for levels in weights.of.values() for weight in levels.values())
    exact = weights.of[Comparison.FORENAME][Level.EXACT]
    assert (exact.times, exact.u) == (1.0, None)


def test_an_unknown_word_is_named_with_its_line_and_the_one_that_was_meant(tmp_path: Path) -> None:
    wrong = TEXT.replace("nickname =", "nicknam =")
    assert refusal(tmp_path, wrong) == f"line {line_of(wrong, 'nicknam')}: forename.nicknam is unknown; did you mean 'nickname'?"
    section = TEXT.replace("[email]", "[e-mail]")
    assert refusal(tmp_path, section) == f"line {line_of(section, '[e-mail]')}: e-mail is unknown; did you mean 'email'?"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("link = 10.0", "link = -1.0", "lines.review must lie between likely and link"),
    ("link = 10.0\n", "", "lines does not state 'link'"),
    ("people = 1000", "people = 0", "lines.people must be a whole number from 1"),
    ("{ m = 0.77, times = 1.0 }", "{ m = 0.67, times = 1.0 }", "forename its m add up to 0.900: they must add up to 1"),
    ("{ m = 0.77, times = 1.0 }", "{ m = 0.77 }", "forename.exact must state m, and either u or times: { m = 0.9, u = 0.01 }"),
    ("{ m = 0.77, times = 1.0 }", "{ m = 0.77, times = true }", "forename.exact times must be a number above 0 and at most 1000"),
    ('version = "2026-11-23"', 'version = "2026-12"', "version is '2026-12', but the file is called '2026-11-23': make both one"),
])
def test_a_wrong_value_is_said_with_how_to_mend_it(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert refusal(tmp_path, TEXT.replace(old, new, 1)).partition(": ")[2] == said


def test_a_version_that_there_is_not_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WrongConfiguration, match="those there are: 2026-11, 2026-11-23"):
        shipped("1999-01")


def test_a_file_from_before_towns_were_compared_is_read_as_it_was() -> None:
    assert Comparison.TOWN not in shipped("2026-11").of and Comparison.TOWN in shipped().of
