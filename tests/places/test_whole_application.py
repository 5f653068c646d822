"""The commands in the whole application: the tables' owner brings places in, and then they are answered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.places import queries
from app.places.authorities import read_authorities
from app.places.sectors import read_sectors

SHIPPED = Path(__file__).resolve().parents[2] / "tenants" / "somerset"
DAY = date(2014, 9, 1)


@pytest.fixture
def owner(application: Flask) -> Iterator[Session]:
    """A session of the tables' owner."""
    engine = create_engine(application.config["JC_SETTINGS"].owner_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def run(application: Flask, *arguments: str) -> str:
    done = application.test_cli_runner().invoke(args=["places", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_owner_brings_postcodes_in_and_they_are_answered(application, owner, tmp_path):
    path = tmp_path / "ex.csv"
    path.write_text("EX1 1AA,10,1,1,E92000001,,,E10000008,E07000042,E05006872\n", encoding="utf-8")
    assert queries.find(owner, "EX1 1AA", DAY).outcome == "unknown"
    run(application, "import", "--kind", "codepoint", "--edition", "2014-08", str(path))
    assert [council.gss for council in queries.look_up(owner, "ex11aa", DAY).councils] == ["E07000042", "E10000008"]


def test_the_shipped_partnership_answers_for_its_area_and_its_own_files_change_nothing(application, owner):
    said = run(application, "demonstration")
    assert "Councils: nothing changed. Postcode sectors: nothing changed." in said
    for postcode, home in (("TA1 1HE", "taunton-deane"), ("TA6 3AJ", "somerset"), ("BA1 1AA", None)):
        answer = queries.look_up(owner, postcode, DAY)
        assert answer.outcome == "found" and (answer.home.member if answer.home else None) == home


def test_every_council_of_the_shipped_sectors_is_named_with_its_own_pages():
    councils = {council.gss: council for council in read_authorities(SHIPPED / "areas.csv")}
    for facts in read_sectors(SHIPPED / "sectors.csv"):
        assert councils[facts.district_gss].homepage and councils[facts.district_gss].stands(DAY)
        assert facts.county_gss is None or councils[facts.county_gss].stands(DAY)
