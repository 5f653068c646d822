"""Who is worth weighing beside somebody: what two records have in common, before anything of their addresses is read."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duplicates.resembling import asked_for, worth_weighing
from app.matching.person import Person
from app.residents.keys import keys_of

CHIDI = Person(names=[("Chidi", "Okafor")], addresses=[("12 Mill Lane", "TA1 4DY")], telephones=["+447700900123"],
               emails=["chidi@example.org"], born=date(1980, 3, 4))
ELSEWHERE = [("3 Quay", "BA5 1AA")]


def shared(one: Person, other: Person) -> set[str]:
    """The keys by which the other is found when the one is asked for."""
    return asked_for(one).keys() & {key for _, key in keys_of(other)}


def looked_at(one: Person, other: Person) -> bool:
    return bool(shared(one, other)) and worth_weighing(one, other, shared(one, other))


@pytest.mark.parametrize("other", [
    replace(CHIDI, addresses=ELSEWHERE, telephones=[], emails=[]),
    replace(CHIDI, addresses=ELSEWHERE, telephones=[], emails=[], born=date(1980, 4, 3)),
    replace(CHIDI, addresses=ELSEWHERE, telephones=[], emails=[], born=date(1990, 3, 4)),
    replace(CHIDI, addresses=ELSEWHERE, telephones=[], emails=[], born=None),
    replace(CHIDI, names=[("Chidi", "Webber")], telephones=[], emails=[]),
    replace(CHIDI, names=[("Chidi", "Webber")], addresses=ELSEWHERE, emails=[], born=None),
    replace(CHIDI, names=[("Chidi", "Webber")], addresses=ELSEWHERE, telephones=[], emails=[]),
], ids=["moved", "moved, day and month changed about", "moved, ten years off", "moved, no date of birth", "married",
        "married and moved", "married, moved, another telephone"])
def test_one_person_told_otherwise_is_looked_at(other: Person) -> None:
    assert looked_at(CHIDI, other) and looked_at(other, CHIDI)


@pytest.mark.parametrize("other", [
    replace(CHIDI, addresses=ELSEWHERE, telephones=[], emails=[], born=date(1951, 12, 25)),
    Person(names=[("Beryl", "Webber")], addresses=ELSEWHERE, born=CHIDI.born),
    replace(CHIDI, names=[("Beryl", "Okafor")], born=date(1951, 12, 25)),
    Person(names=[("Beryl", "Okafor")], addresses=[("99 Mill Lane", "TA1 9ZZ")], born=date(1951, 12, 25)),
], ids=["a namesake", "of one birthday", "of one household", "of one surname and district"])
def test_who_has_one_thing_in_common_that_hundreds_have_is_not(other: Person) -> None:
    assert not looked_at(CHIDI, other) and not looked_at(other, CHIDI)


NAMES = st.sampled_from([("Chidi", "Okafor"), ("Chid", "Okafor"), ("Bob", "Stevens"), ("Robert", "Stephens"), ("", "Okafor"),
                         ("Ann", "Smith-Jones"), ("Anne", "Jones")])
PEOPLE = st.builds(Person, names=st.lists(NAMES, min_size=1, max_size=2),
                   addresses=st.lists(st.sampled_from([("12 Mill Lane", "TA1 4DY"), ("3 Quay", "BA5 1AA")]), max_size=2),
                   telephones=st.lists(st.sampled_from(["+447700900123", "+441823000001"]), max_size=1),
                   born=st.none() | st.dates(date(1979, 12, 1), date(1981, 2, 1)))


@given(PEOPLE, PEOPLE)
def test_it_makes_no_difference_who_of_the_two_is_asked_for(one: Person, other: Person) -> None:
    assert looked_at(one, other) == looked_at(other, one)
