"""Every postcode of the real file of August 2014, through the real command, against the file's own codes."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.places import queries
from app.places.postcodes import as_written, sector_of
from app.places.sectors import read_sectors

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2014, 9, 1)
NEIGHBOUR = ROOT.parent / "shared" / "data" / "codepoint_open_2014-08_somerset.csv"
GIVEN = Path(os.environ.get("JC_CODEPOINT_FILE") or NEIGHBOUR)


@pytest.fixture(scope="module")
def published():
    """The district and county of each postcode as the file states them."""
    if not GIVEN.is_file() and not os.environ.get("CI"):
        pytest.skip("to look up the real postcodes: JC_CODEPOINT_FILE=<Code-Point Open of August 2014 as one CSV>")
    with GIVEN.open(encoding="utf-8", newline="") as file:
        return {as_written(row["Postcode"]): (row["Admin_district_code"], row["Admin_county_code"])
                for row in csv.DictReader(file)}


def test_every_postcode_of_the_file_is_answered_with_the_files_own_codes(
        published, engine, empty, flask_places, demonstration_folder):
    flask_places("demonstration", "--from", demonstration_folder)
    done = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", GIVEN)
    assert "27,252 postcodes read, 27,252 added" in done.output and "could not be taken" not in done.output
    members = {"E10000027": "somerset", "E07000190": "taunton-deane"}
    with Session(engine) as session:
        answers = queries.find_many(session, published, DAY)
        assert len(answers) == 27_252
        for postcode, (district, county) in published.items():
            answer = answers[postcode]
            assert answer.outcome == "found"
            assert [council.gss for council in answer.councils] == [code for code in (district, county) if code]
            assert (answer.home.member if answer.home else None) == members.get(district, members.get(county))
        for postcode in list(published)[::250]:
            assert queries.look_up(session, postcode.lower().replace(" ", ""), DAY) == answers[postcode]
    again = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", GIVEN)
    assert "27,252 postcodes read, nothing changed" in again.output


def test_the_shipped_sectors_agree_with_the_file(published):
    facts = read_sectors(ROOT / "tenants" / "somerset" / "sectors.csv")
    stated: dict[str, set[tuple[str, str]]] = {}
    for sector, district, county, _ in facts:
        stated.setdefault(sector, set()).add((district, county or ""))
    straddling = {fact.sector for fact in facts if fact.straddles}
    assert {sector_of(postcode) for postcode in published} == set(stated)
    for postcode, codes in published.items():
        assert codes in stated[sector_of(postcode)]
        assert stated[sector_of(postcode)] == {codes} or sector_of(postcode) in straddling


def test_a_sector_alone_answers_as_the_file_does_wherever_it_answers(
        published, engine, empty, flask_places, demonstration_folder):
    flask_places("demonstration", "--from", demonstration_folder)
    with Session(engine) as session:
        answers = queries.find_many(session, published, DAY)
    found = [postcode for postcode, answer in answers.items() if answer.outcome == "found"]
    assert len(found) > 17_000
    for postcode in found:
        district, county = published[postcode]
        assert [council.gss for council in answers[postcode].councils] == [code for code in (district, county) if code]
    for postcode in published.keys() - set(found):
        answer = answers[postcode]
        assert answer.outcome == "ask"
        assert published[postcode][0] in [council.gss for council in answer.candidates]
