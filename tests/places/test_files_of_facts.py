"""The files of authorities and sectors that a partnership keeps are read strictly."""

from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.places.authorities import COLUMNS, read_authorities
from app.places.sectors import COLUMNS as SECTOR_COLUMNS
from app.places.sectors import read_sectors

ROOT = Path(__file__).resolve().parents[2]
GOOD = "E07000190,Taunton Deane Borough Council,borough,1974-04-01,2019-04-01,E07000246,taunton-deane,https://a.example/"
NEXT = "E07000246,Somerset West and Taunton Council,district,2019-04-01,,,,"


def written(path: Path, columns, *rows: str) -> Path:
    path.write_text("\n".join([",".join(columns), *rows, ""]), encoding="utf-8")
    return path


def test_the_authorities_of_the_tests_are_read_with_their_dates_and_successors():
    councils = {council.gss: council for council in read_authorities(Path(__file__).parent / "files" / "areas.csv")}
    borough = councils["E07000190"]
    assert borough.name == "Taunton Deane Borough Council" and borough.member == "taunton-deane"
    assert str(borough.ends) == "2019-04-01" and borough.successor == "E07000246"
    assert councils["E07000246"].tier == "borough"
    assert councils["E06000058"].name == "Bournemouth, Christchurch and Poole Council"


@pytest.mark.parametrize(("row", "column", "words"), [
    (GOOD.replace("E07000190", "E0700019"), "gss", "is not a code"),
    (GOOD.replace("borough,", "parish,"), "tier", "“parish” is unknown"),
    (GOOD.replace("1974-04-01", "1 April 1974"), "begins", "is not a date"),
    (GOOD.replace("1974-04-01", "2020-04-01"), "ends", "is not after begins"),
    (GOOD.replace("2019-04-01", ""), "successor", "state both or neither"),
    (GOOD.replace("E07000246", "E07000999"), "successor", "is not in this file"),
    (GOOD.replace("2019-04-01", "2018-04-01"), "successor", "does not stand on 2018-04-01"),
    (GOOD.replace("taunton-deane", "Taunton Deane"), "member", "is not a slug"),
    (GOOD.replace("https://a.example/", "a.example"), "homepage", "is not a web address"),
    (GOOD.replace("Taunton Deane Borough Council", ""), "name", "is empty"),
    (GOOD + ",more", "row", "has 9 columns"),
])
def test_a_wrong_authority_is_told_with_its_file_line_and_column(tmp_path, row, column, words):
    with pytest.raises(Invalid) as refused:
        read_authorities(written(tmp_path / "areas.csv", COLUMNS, NEXT, row))
    told = refused.value.errors["areas.csv"]
    assert any(message.startswith(f"areas.csv, line 3, {column}: ") and words in message for message in told), told


def test_an_authority_stated_twice_is_told_with_both_lines(tmp_path):
    with pytest.raises(Invalid) as refused:
        read_authorities(written(tmp_path / "areas.csv", COLUMNS, NEXT, GOOD, GOOD))
    (told,) = refused.value.errors["areas.csv"]
    assert told == "areas.csv, line 4, gss: E07000190 is already on line 3; state it once"


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    with pytest.raises(Invalid) as refused:
        read_authorities(written(tmp_path / "areas.csv", COLUMNS, "x,,parish,,,,,", "y,,parish,,,,,"))
    assert len(refused.value.errors["areas.csv"]) == 6


@pytest.mark.parametrize(("content", "words"), [
    (b"", "the file is empty"), (b"gss,name\n", "the heading is 'gss,name'"),
    ((",".join(COLUMNS) + "\n").encode(), "no rows"),
    ((",".join(COLUMNS) + "\nE07000190,Caf\xe9,borough,,,,,\n").encode("latin-1"), "line 2: not UTF-8"),
])
def test_a_file_that_is_not_one_of_authorities_is_refused_with_words(tmp_path, content, words):
    path = tmp_path / "areas.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read_authorities(path)
    assert words in str(refused.value)


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(Invalid, match="areas.csv: there is no such file"):
        read_authorities(tmp_path / "areas.csv")


def test_the_shipped_sectors_are_read():
    facts = read_sectors(ROOT / "tenants" / "somerset" / "sectors.csv")
    assert len({fact.sector for fact in facts}) == 163
    straddling = [fact for fact in facts if fact.sector == "TA22 9"]
    assert len(straddling) == 3 and all(fact.straddles for fact in straddling)


@pytest.mark.parametrize(("rows", "words"), [
    (["TA1,E07000190,E10000027,no"], "is not a postcode sector"),
    (["TA1 1,E0700019,E10000027,no"], "is not a code"),
    (["TA1 1,E07000190,,maybe"], "write yes or no"),
    (["TA1 1,E07000190,,yes"], "TA1 1 has 1 rows"),
    (["TA1 1,E07000190,,no", "TA1 1,E07000191,,no"], "TA1 1 has 2 rows"),
    (["TA1 1,E07000190,,yes", "TA1 1,E07000190,,yes"], "is stated twice"),
])
def test_a_wrong_sector_is_told_with_its_line(tmp_path, rows, words):
    with pytest.raises(Invalid) as refused:
        read_sectors(written(tmp_path / "sectors.csv", SECTOR_COLUMNS, *rows))
    assert words in str(refused.value) and "sectors.csv, line" in str(refused.value)
