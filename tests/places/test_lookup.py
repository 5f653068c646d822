"""The lookup over the tables: the edition in force, the sector behind it, and an address that was confirmed."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from marshmallow import ValidationError
from sqlalchemy import func, select

from app.kernel.errors import Invalid
from app.places import queries
from app.places.imports import import_authorities, import_sectors
from app.places.models import Place, PlaceOverride
from app.places.operations import confirm_address
from app.places.schemas import LookupAnswer, LookupQuestion, as_answered

FILES = Path(__file__).parent / "files"
SECTORS = Path(__file__).resolve().parents[2] / "tenants" / "somerset" / "sectors.csv"
DAY = date(2014, 9, 1)
AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
ADVISER = uuid.UUID(int=7)


@pytest.fixture
def known(session):
    """The councils are known and no postcode is."""
    import_authorities(session, FILES / "areas.csv")
    return session


@pytest.fixture
def demonstration(known):
    """The councils and the sectors of the demonstration are known."""
    import_sectors(known, SECTORS)
    return known


def place(postcode, edition, district, county=None):
    return Place(postcode=postcode, edition=edition, district_gss=district, county_gss=county, quality=10)


def codes(councils):
    return [council.gss for council in councils]


def test_the_demonstration_answers_for_taunton_bridgwater_and_bath_without_any_download(demonstration):
    for postcode, home in (("ta1 1he", "taunton-deane"), ("TA6 3AJ", "somerset"), ("BA1 1AA", None)):
        answer = queries.look_up(demonstration, postcode, DAY)
        assert answer.outcome == "found"
        assert (answer.home.member if answer.home else None) == home


def test_a_sector_that_straddles_asks_for_the_address_between_its_candidates(demonstration):
    answer = queries.look_up(demonstration, "TA22 9AA", DAY)
    assert answer.outcome == "ask" and answer.home is None and answer.councils == ()
    assert {"E07000191", "E07000042", "E07000043", "E10000027", "E10000008"} == set(codes(answer.candidates))


def test_a_straddling_sector_is_found_after_the_merger_that_joined_its_sides(demonstration):
    assert queries.look_up(demonstration, "TA2 8AA", DAY).outcome == "ask"
    assert queries.look_up(demonstration, "TA2 8AA", date(2024, 1, 1)).outcome == "found"


def test_the_full_table_is_asked_before_the_sector(demonstration):
    demonstration.add(place("TA22 9AA", date(2014, 8, 1), "E07000191", "E10000027"))
    demonstration.flush()
    answer = queries.look_up(demonstration, "TA22 9AA", DAY)
    assert answer.outcome == "found" and codes(answer.councils) == ["E07000191", "E10000027"]


def test_a_postcode_without_a_district_is_answered_by_its_sector(demonstration):
    demonstration.add(place("TA1 1HE", date(2014, 8, 1), None))
    demonstration.flush()
    assert queries.look_up(demonstration, "TA1 1HE", DAY).home.member == "taunton-deane"


@pytest.mark.parametrize(("on", "district"), [
    (date(2010, 1, 1), "E07000188"), (date(2012, 1, 1), "E07000188"), (date(2014, 7, 31), "E07000188"),
    (date(2014, 8, 1), "E07000190"), (date(2015, 1, 1), "E07000190"), (date(2016, 1, 1), "E07000191"),
])
def test_the_latest_edition_up_to_the_day_is_taken_or_else_the_earliest_after_it(known, on, district):
    known.add_all([place("TA1 1HE", date(2014, 8, 1), "E07000190", "E10000027"),
                   place("TA1 1HE", date(2012, 1, 1), "E07000188", "E10000027"),
                   place("TA1 1HE", date(2016, 1, 1), "E07000191", "E10000027")])
    known.flush()
    assert codes(queries.look_up(known, "TA1 1HE", on).councils) == [district, "E10000027"]


def test_an_edition_of_today_asks_about_the_time_before_the_merger_where_no_sector_settles_it(known):
    known.add(place("TA1 1HE", date(2026, 1, 1), "E06000066"))
    known.flush()
    answer = queries.look_up(known, "TA1 1HE", DAY)
    assert answer.outcome == "ask" and codes(answer.councils) == ["E10000027"]
    import_sectors(known, SECTORS)
    assert queries.look_up(known, "TA1 1HE", DAY).home.member == "taunton-deane"
    assert codes(queries.look_up(known, "TA1 1HE", date(2026, 1, 1)).councils) == ["E06000066"]


def test_an_unknown_postcode_is_refused_with_what_was_typed_and_found_unknown_by_those_who_go_on(demonstration):
    with pytest.raises(Invalid) as refused:
        queries.look_up(demonstration, " zei 1aa", DAY)
    assert "“zei 1aa”" in refused.value.errors["postcode"][0] and "ZE1 1AA" in refused.value.errors["postcode"][0]
    assert refused.value.kind == "unknown-postcode"
    assert "1aa" not in str(refused.value).lower()
    assert queries.find(demonstration, "ZE1 1AA", DAY).outcome == "unknown"


def test_an_address_that_was_confirmed_wins_over_its_postcode_and_only_for_itself(demonstration):
    confirm_address(demonstration, "ta22 9aa", "1, Moor Lane", "E07000191", ADVISER, AT)
    answer = queries.look_up(demonstration, "TA22 9AA", DAY, "1 MOOR LANE")
    assert answer.outcome == "found" and codes(answer.councils) == ["E07000191", "E10000027"]
    assert queries.look_up(demonstration, "TA22 9AA", DAY, "2 Moor Lane").outcome == "ask"
    assert queries.look_up(demonstration, "TA22 9AA", DAY).outcome == "ask"


def test_the_latest_confirmation_of_an_address_holds_and_the_earlier_one_is_kept(demonstration):
    confirm_address(demonstration, "TA22 9AA", "1 Moor Lane", "E07000042", ADVISER, AT)
    confirm_address(demonstration, "TA22 9AA", "1 Moor Lane", "E07000191", ADVISER, AT - timedelta(days=1))
    answer = queries.look_up(demonstration, "TA22 9AA", DAY, "1 Moor Lane")
    assert codes(answer.councils) == ["E07000042", "E10000008"]
    assert demonstration.scalar(select(func.count()).select_from(PlaceOverride)) == 2


def test_a_confirmed_district_takes_its_county_from_another_postcode_where_the_sector_does_not_say(known):
    known.add(place("TA2 7AA", DAY, "E07000190", "E10000027"))
    known.flush()
    assert confirm_address(known, "ZE1 1AA", "1 Moor Lane", "E07000190", ADVISER, AT).county_gss == "E10000027"


@pytest.mark.parametrize(("line", "district"), [("1 Moor Lane", "E10000027"), ("1 Moor Lane", "E07009999"),
                                               (" , ", "E07000190")])
def test_what_cannot_be_confirmed_is_refused(demonstration, line, district):
    with pytest.raises(Invalid):
        confirm_address(demonstration, "TA22 9AA", line, district, ADVISER, AT)


def test_a_confirmed_address_does_not_show_in_the_repr(demonstration):
    override = confirm_address(demonstration, "TA22 9AA", "1 Moor Lane", "E07000191", ADVISER, AT)
    assert "Moor" not in repr(override) and "TA22" not in repr(override)


def test_the_answer_of_the_interface_says_councils_home_and_signpost(demonstration):
    answer = as_answered(queries.look_up(demonstration, "BA11HE", DAY))
    assert json.loads(LookupAnswer().dumps(answer)) == {
        "postcode": "BA1 1HE", "on": "2014-09-01", "outcome": "found", "candidates": [], "home": None, "note": None,
        "councils": [{"slug": None, "name": "Bath and North East Somerset Council", "gss": "E06000022",
                      "tier": "unitary"}],
        "signpost": [{"name": "Bath and North East Somerset Council", "gss": "E06000022",
                      "homepage": "http://www.bathnes.gov.uk/"}],
    }
    taunton = as_answered(queries.look_up(demonstration, "TA1 1HE", DAY))
    assert taunton["home"] == "taunton-deane" and taunton["signpost"] == []
    assert [council["slug"] for council in taunton["councils"]] == ["taunton-deane", "somerset"]


def test_the_question_of_the_interface_takes_a_postcode_and_perhaps_a_day():
    assert LookupQuestion().load({"postcode": "ta11he"}) == {"postcode": "ta11he", "on": None, "address_line": None}
    assert LookupQuestion().load({"postcode": "x", "on": "2014-09-01"})["on"] == DAY
    with pytest.raises(ValidationError):
        LookupQuestion().load({"on": "September"})
