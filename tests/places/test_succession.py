"""Which councils cover a place before, during and after the mergers, and whose home it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.authorities import read_authorities
from app.places.succession import Council, PlaceFacts, Register, councils_covering, home_of, outside

SOMERSET, TAUNTON_DEANE, WEST_SOMERSET, SEDGEMOOR = "E10000027", "E07000190", "E07000191", "E07000188"
WEST_AND_TAUNTON, UNITARY, BATH = "E07000246", "E06000066", "E06000022"
REGISTER = Register(read_authorities(Path(__file__).parent / "files" / "areas.csv"))
TAUNTON = PlaceFacts(TAUNTON_DEANE, SOMERSET)
BRIDGWATER = PlaceFacts(SEDGEMOOR, SOMERSET)


def codes(councils):
    return [council.gss for council in councils]


@pytest.mark.parametrize(("on", "expected"), [
    (date(2014, 9, 1), [TAUNTON_DEANE, SOMERSET]),
    (date(2019, 3, 31), [TAUNTON_DEANE, SOMERSET]),
    (date(2019, 4, 1), [WEST_AND_TAUNTON, SOMERSET]),
    (date(2023, 3, 31), [WEST_AND_TAUNTON, SOMERSET]),
    (date(2023, 4, 1), [UNITARY]),
    (date(2026, 1, 1), [UNITARY]),
])
def test_codes_of_2014_are_followed_through_both_mergers(register, on, expected):
    coverage = councils_covering([TAUNTON], register, on)
    assert len(coverage.possibilities) == 1
    assert codes(coverage.certain) == expected


@pytest.mark.parametrize(("facts", "on", "home"), [
    (TAUNTON, date(2014, 9, 1), "taunton-deane"), (BRIDGWATER, date(2014, 9, 1), "somerset"),
    (PlaceFacts(BATH), date(2014, 9, 1), None), (TAUNTON, date(2020, 1, 1), "somerset"),
    (TAUNTON, date(2024, 1, 1), None),
])
def test_the_home_council_is_the_lowest_member_tier_of_the_day(register, facts, on, home):
    found = councils_covering([facts], register, on).home
    assert (found.member if found else None) == home


def test_a_unitary_member_is_home_by_itself():
    member = Council("E06000001", "One", "unitary", member="one")
    assert home_of([member]) is member
    assert home_of([]) is None


def test_a_todays_code_looked_back_before_the_merger_leaves_the_district_open_and_the_county_certain(register):
    coverage = councils_covering([PlaceFacts(UNITARY)], register, date(2014, 9, 1))
    assert codes(coverage.certain) == [SOMERSET]
    assert set(codes(coverage.candidates)) == {TAUNTON_DEANE, WEST_SOMERSET, SEDGEMOOR, "E07000187", "E07000189"}
    assert coverage.home is None
    between = councils_covering([PlaceFacts(UNITARY)], register, date(2020, 1, 1))
    assert WEST_AND_TAUNTON in codes(between.candidates) and TAUNTON_DEANE not in codes(between.candidates)


def test_a_district_that_became_part_of_a_unitary_elsewhere_is_not_covered_by_its_old_countys_successor(register):
    christchurch = PlaceFacts("E07000048", "E10000009")
    assert codes(councils_covering([christchurch], register, date(2020, 1, 1)).certain) == ["E06000058"]


def test_a_boundary_between_two_districts_of_one_county_leaves_the_county_certain(register):
    coverage = councils_covering([TAUNTON, BRIDGWATER], register, date(2014, 9, 1))
    assert codes(coverage.certain) == [SOMERSET]
    assert set(codes(coverage.candidates)) == {TAUNTON_DEANE, SEDGEMOOR}
    assert coverage.home is None


def test_a_home_that_is_the_same_on_both_sides_of_a_boundary_is_known(register):
    coverage = councils_covering([BRIDGWATER, PlaceFacts("E07000187", SOMERSET)], register, date(2014, 9, 1))
    assert coverage.home is not None and coverage.home.member == "somerset"


def test_a_boundary_that_a_merger_removed_is_asked_about_no_more(register):
    coverage = councils_covering([TAUNTON, BRIDGWATER], register, date(2024, 1, 1))
    assert len(coverage.possibilities) == 1
    assert codes(coverage.certain) == [UNITARY]


def test_an_authority_that_ended_without_a_successor_covers_nothing():
    gone = Register([Council("E07000001", "Gone", "borough", ends=date(2009, 4, 1))])
    coverage = councils_covering([PlaceFacts("E07000001")], gone, date(2014, 1, 1))
    assert coverage.possibilities == () and coverage.certain == () and coverage.home is None


def test_a_council_that_the_register_does_not_name_is_signposted_where_councils_are_found(register):
    (council,) = councils_covering([PlaceFacts("E08000035")], register, date(2014, 9, 1)).certain
    assert council.member is None and council.tier == "unitary" and "E08000035" in council.name
    assert council.homepage and council.homepage.startswith("https://www.gov.uk/")
    assert outside([council]) == (council,)


@given(st.dates(date(1974, 4, 1), date(2040, 1, 1)))
def test_on_every_day_since_1974_a_place_is_covered_by_councils_that_stand_that_day(on):
    (councils,) = councils_covering([TAUNTON], REGISTER, on).possibilities
    assert councils and all(council.stands(on) for council in councils)
    assert [c.tier for c in councils] in (["borough", "county"], ["unitary"])


def test_an_end_is_the_first_day_without_the_council():
    council = Council("E07000001", "One", "borough", date(2000, 1, 1), date(2001, 1, 1))
    assert council.stands(date(2000, 1, 1)) and council.stands(date(2001, 1, 1) - timedelta(days=1))
    assert not council.stands(date(2001, 1, 1)) and not council.stands(date(1999, 12, 31))
