"""What people say, in one form."""

from datetime import date

import pytest

from app.matching import folding


@pytest.mark.parametrize(("typed", "folded"), [
    ("O’Connor-Núñez", "oconnor nunez"), ("  o'CONNOR   nunez ", "oconnor nunez"), ("Łukasz", "lukasz"),
    ("Øystein", "oystein"),
    ("D.J. St. John", "dj st john"), ("İpek", "ipek"), ("张伟", "张伟"), ("", ""), ("–'", ""),
])
def test_names_lose_case_accents_apostrophes_and_hyphens(typed: str, folded: str) -> None:
    assert folding.name(typed) == folded


@pytest.mark.parametrize(("typed", "number"), [
    ("07700 900123", "+447700900123"), ("+44 (0)7700 900-123", "+447700900123"), ("0044 7700.900.123", "+447700900123"),
    ("01823356356", "+441823356356"), ("+33 1 42 68 53 00", "+33142685300"), ("0800 1111", "+448001111"),
    ("0770090012", None), ("12", None), ("", None), ("ring me", None), ("07700 900123 ext 4", None), ("999", None),
])
def test_telephones_are_read_in_any_form_and_nothing_else_is_one(typed: str, number: str | None) -> None:
    assert folding.telephone(typed) == number


@pytest.mark.parametrize(("typed", "address"), [
    (" A.B@Example.COM ", "a.b@example.com"), ("x@example.test", "x@example.test"), ("a@", None), ("a@b", None),
    ("", None), ("two words@example.com", None),
])
def test_email_addresses_are_folded_without_asking_anybody(typed: str, address: str | None) -> None:
    assert folding.email(typed) == address


@pytest.mark.parametrize(("typed", "day"), [
    ("27/3/1971", date(1971, 3, 27)), ("3/4/1971", date(1971, 4, 3)), ("27.03.71", date(1971, 3, 27)),
    ("27 March 1971", date(1971, 3, 27)), ("1st of May 1980", date(1980, 5, 1)), ("27-mar-71", date(1971, 3, 27)),
    ("27031971", date(1971, 3, 27)), ("1971-03-27", date(1971, 3, 27)), ("3.4.22", date(1922, 4, 3)),
    ("31/2/2000", None), ("1971-13-01", None), ("27 Smarch 1971", None), ("", None), ("yesterday", None),
    ("1/1/1700", None),
])
def test_dates_are_read_with_the_day_first(typed: str, day: date | None) -> None:
    assert folding.day(typed, date(2014, 9, 1)) == day


def test_the_number_of_a_house_is_found_behind_that_of_a_flat() -> None:
    assert folding.house("Flat 2, 12A Mill Lane") == "12a"
    assert folding.house("Rose Cottage") is None
    assert folding.street("Flat 2, 12A Mill Lane") == "flat mill lane"
