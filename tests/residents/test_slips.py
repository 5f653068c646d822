"""What is asked for when a digit was misheard or mistyped, and what of it is shown."""

from dataclasses import replace
from datetime import date

import pytest

from app.matching.person import Person
from app.residents import keys, probes, ranking, slips
from app.residents.clues import read
from tests.oracle.canaries import telephone

TODAY = date(2026, 11, 23)
HELD = Person(names=[("Billy", "Hembrow")], addresses=[("12 Mill Lane", "TA18 4EW")], telephones=["+447700900123"],
              born=date(1989, 10, 31))
FILED = {key for _, key in keys.keys_of(HELD)}


@pytest.mark.parametrize("typed", [
    "07700 900132", "07700 900124", "Billy Hembrow 07700 900132", "Hembrow 31/10/1998", "Hembrow 31/10/1999", "Hembrow 30/10/1989",
    "Billy Hembrow 13/10/1989", "Hembrow TA14 4EW", "Hembrow TA28 4EW", "Hembrow TA8 4EW", "Hembrow TA08 4EW",
     "Hembow TA14 4EW", "Hembrow TA18 4WE",
])
def test_a_slip_in_a_number_finds_and_shows_the_record(typed: str) -> None:
    clues = read(typed, TODAY)
    assert FILED.intersection(key for wanted in probes.rounds(clues) for key in wanted(clues))
    assert ranking.score(clues, HELD) >= ranking.WORTH_SHOWING


@pytest.mark.parametrize("typed", ["Hembrow 31/10/1942", "07700 900456"])
def test_more_than_a_slip_does_not_speak_for_a_record(typed: str) -> None:
    assert ranking.score(read(typed, TODAY), HELD) < ranking.WORTH_SHOWING


def test_a_record_without_a_date_of_birth_may_be_shown_and_does_not_end_the_search() -> None:
    clues, unknown = read("TA18 4EW 31/10/1989", TODAY), replace(HELD, born=None)
    assert ranking.score(clues, HELD) == 100
    assert ranking.WORTH_SHOWING <= ranking.score(clues, unknown) < ranking.FAIR
    assert ranking.plenty(clues, [100]) and not ranking.plenty(clues, [ranking.score(clues, unknown)], least=ranking.FAIR)


def test_a_word_of_letters_alone_is_a_name_and_not_a_postcode() -> None:
    assert read("Billy Thornton TA18 4EW", TODAY).names == ("billy", "thornton")
    assert read("Billy Thornton TA18 4EW", TODAY).postcode == "TA18 4EW"
    assert read("Smiith Leon", TODAY).names == ("smiith", "leon")
    assert read("taI ihe okafor", TODAY).postcode == "TA1 1HE", "with a space it is how a postcode is typed"


def test_no_slip_makes_the_telephone_of_one_canary_that_of_another() -> None:
    numbers = {f"+44{telephone(f'r-{n:06}')[1:]}" for n in range(2000)}
    assert len(numbers) == 2000 and not any(numbers.intersection(slips.telephones(number)) for number in numbers)


def test_slips_are_few_and_never_the_value_itself() -> None:
    born = date(2000, 2, 29)
    assert len(slips.telephones("+447700900123")) < 110 and "+447700900123" not in slips.telephones("+447700900123")
    assert slips.telephones("+33612345678") == ()
    assert 20 < len(slips.births(born)) < 80 and born not in slips.births(born)
    assert set(slips.districts("TA1")) >= {*(f"TA{digit}" for digit in "023456789"), "TA18", "TA21"}
    assert set(slips.districts("TA18")) >= {"TA1", "TA8", "TA17", "TA28"} and "TA18" not in slips.districts("TA18")
    assert len(probes.tolerant(read("Billy Hembrow TA18 4EW 31/10/1989 07700 900123", TODAY))) < 3000
