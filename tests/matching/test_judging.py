"""Two people compared: what speaks for one person, what no sum outweighs, and what must hold whoever they are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.frequencies import Frequencies, Term
from app.matching.judging import Judgement, Verdict, judge, settle, two_people
from app.matching.person import Person
from app.matching.scale import scale
from app.matching.waterfall import waterfall
from app.matching.weighing import shipped

WEIGHTS = shipped()
MILLION = Frequencies(1_000_000)
ROBERT = Person(names=[("Robert", "Stephens")], addresses=[("31 Mill Lane", "TA1 1HE")], telephones=["+441823256312"],
                emails=["r.stephens@example.com"], born=date(1971, 3, 27))


def judged(**changed: object) -> Judgement:
    """Robert compared with somebody like him but for this."""
    return judge(ROBERT, replace(ROBERT, **changed), WEIGHTS, MILLION)  # type: ignore[arg-type]


@pytest.mark.parametrize("changed", [
    {}, {"names": [("Bob", "Stevens")]}, {"names": [("Rob", "Stephens")], "telephones": ["+447700900321"]},
    {"names": [("Robret", "Stephens")], "emails": []}, {"names": [("Stephens", "Robert")]},
    {"born": date(1971, 3, 28)}, {"addresses": [("4 Church Street", "EX4 3AB")]},
    {"names": [("Robert", "Stephens-Hall")], "addresses": []}, {"names": [("R", "Stephens")]},
    {"names": [("James Robert", "Stephens")], "telephones": [], "emails": []},
    {"addresses": [("9 New Road", "TA2 7QA"), ("31 Mill Lane", "TA1 1HE")], "telephones": []},
    {"names": [("Robert", "Jones"), ("Robert", "Stephens")], "telephones": [], "emails": []},
])
def test_a_person_told_of_twice_is_linked(changed: dict[str, object]) -> None:
    assert judged(**changed).verdict is Verdict.LINK


@pytest.mark.parametrize(("changed", "verdict", "held"), [
    ({"names": [("Anne", "Stephens")]}, Verdict.REVIEW, "different first name, same household"),
    ({"names": [("Anne", "Stephens")], "born": date(1973, 9, 2)}, Verdict.HOUSEHOLD, "different first name, same household"),
    ({"names": [("Anne", "Stephens")], "born": None}, Verdict.HOUSEHOLD, "different first name, same household"),
    ({"born": date(1999, 11, 5)}, Verdict.REVIEW, "different date of birth, same household: perhaps parent and child"),
    ({"born": None, "emails": []}, Verdict.REVIEW, "no date of birth to compare"),
    ({"names": [("", "Stephens")]}, Verdict.REVIEW, "no first name to compare"),
    ({"names": [("Walter", "Stephens")]}, Verdict.REVIEW, "different first name, same household"),
])
def test_families_are_never_linked_by_themselves(changed: dict[str, object], verdict: Verdict, held: str) -> None:
    found = judged(**changed)
    assert (found.verdict, found.held) == (verdict, held)


@pytest.mark.parametrize("twins", [("Jack", "Jake"), ("Emma", "Emily"), ("Marie", "Maria"), ("Ella", "Ellie"), ("Aaron", "Adam")])
def test_twins_are_never_linked_by_themselves(twins: tuple[str, str]) -> None:
    one, other = (replace(ROBERT, names=[(name, "Stephens")]) for name in twins)
    assert judge(one, other, WEIGHTS, MILLION).verdict is Verdict.REVIEW


def test_everything_at_which_an_address_agrees_is_told_and_so_is_that_it_says_no_more_than_which_household() -> None:
    said = {part.words: part.bits for part in judged().parts}
    assert {"Same postcode", "Same street", "Same house: 31"} <= said.keys()
    together = sum(bits for words, bits in said.items() if words in ("Same postcode", "Same street", "Same house: 31"))
    assert together + said["One household: an address says no more"] == pytest.approx(scale(WEIGHTS, MILLION).household)
    moved = {part.words: part.bits for part in judged(addresses=[("4 Church Street", "EX4 3AB")]).parts}
    assert not any(words.startswith("One household") for words in moved)
    assert moved["Different postcodes"] == pytest.approx(scale(WEIGHTS, MILLION).moved), "one move, told once"
    assert "Different streets" not in moved


def test_a_slip_is_called_by_its_name() -> None:
    """Two neighbours changed about are no wrong digit."""
    changed = {"Robert and Robret have two letters changed about": {"names": [("Robret", "Stephens")]},
               "Telephones with two digits changed about": {"telephones": ["+441823253612"]},
               "Telephones one digit apart": {"telephones": ["+441823256313"]},
               "House numbers with two digits changed about": {"addresses": [("13 Mill Lane", "TA1 1HE")]},
               "Postcodes with two characters changed about": {"addresses": [("31 Mill Lane", "TA1 1EH")]},
               "Robart and Robert are one letter apart": {"names": [("Robart", "Stephens")]}}
    for words, otherwise in changed.items():
        assert words in [part.words for part in judged(**otherwise).parts], words


def test_an_e_mail_address_stands_in_for_a_date_of_birth() -> None:
    assert judged(born=None).verdict is Verdict.LINK


def test_a_mobile_telephone_of_ones_own_stands_in_for_it_where_the_first_name_is_the_same() -> None:
    reached = replace(ROBERT, telephones=["+447700900123"], emails=[])
    again = replace(reached, born=None)
    assert judge(reached, again, WEIGHTS, MILLION).verdict is Verdict.LINK
    assert judge(reached, replace(again, names=[("Bob", "Stephens")]), WEIGHTS, MILLION).held == "no date of birth to compare"
    assert judged(born=None, emails=[]).held == "no date of birth to compare", "a landline is a household's"


def test_further_lines_of_an_address_tell_who_moved_away_from_whose_postcode_holds_a_slip() -> None:
    def beside(lines: str, postcode: str = "TA4 1QQ") -> Judgement:
        lived = replace(ROBERT, addresses=[("31 Mill Lane\nBishops Hull\nTaunton", "TA1 1HE")])
        return judge(lived, replace(lived, addresses=[(lines, postcode)]), WEIGHTS, MILLION)

    there, in_town, away = (beside(lines) for lines in (
        "31 Mill Lane\nBishops Hull\nTaunton", "2 High Street\nPriorswood\nTaunton", "2 High Street\nHeavitree\nExeter"))
    assert there.bits > in_town.bits > away.bits
    assert "Same place: Taunton" in [part.words for part in there.parts]
    assert beside("Bishops Hull\n31 Mill Lane\nTaunton").bits == pytest.approx(there.bits), "the lines were given in another order"
    assert beside("31 Mill Lane", "TA1 1HE").bits == pytest.approx(beside("31 Mill Lane\nTaunton", "TA1 1HE").bits, abs=1.5)


def test_names_of_which_one_was_changed_about_with_another_are_for_a_person() -> None:
    assert judged(names=[("Jones", "Robert")]).held == "different first name, same household"
    assert judged(names=[("Stephens", "")]).verdict is Verdict.REVIEW


def test_strangers_are_two_people() -> None:
    stranger = Person(names=[("Chidi", "Okafor")], addresses=[("2 Tone Terrace", "TA9 3AA")], telephones=["+447700900111"],
                      born=date(1988, 1, 5))
    assert judge(ROBERT, stranger, WEIGHTS, MILLION).verdict is Verdict.NEW
    assert judge(Person(), Person(), WEIGHTS, MILLION).verdict is Verdict.NEW


def test_an_address_and_its_landline_are_one_piece_of_evidence() -> None:
    landline = judged(emails=[])
    reached = replace(ROBERT, telephones=["+447700900123"], emails=[])
    mobile = judge(reached, reached, WEIGHTS, MILLION)
    assert mobile.bits > landline.bits
    assert "Address and landline counted once" in [part.words for part in landline.parts]


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def both(family: str) -> float:
        person = Person(names=[("Robert", family)])
        return judge(person, person, WEIGHTS, Frequencies(1_000_000, {Term.FAMILY: {"smith": 14_000}})).bits

    assert both("Hembrow") > both("Smith") + 3


def test_what_is_counted_outweighs_what_is_published() -> None:
    counted = Frequencies(1000, {Term.FAMILY: {"hembrow": 100}}, frozenset({Term.FAMILY}))
    assert counted.share(Term.FAMILY, "hembrow") == 0.1
    assert counted.share(Term.FAMILY, "smith") <= 0.005, "what is not kept is borne by few"
    assert Frequencies().share(Term.FAMILY, "smith") > 0.01, "with no counts the published share stands"


def test_the_words_can_be_read_by_a_person() -> None:
    said = [part.words for part in judged(names=[("Bob", "Stevens")]).parts]
    assert said[:4] == ["Bob is a short form of Robert", "Stevens sounds like Stephens", "Same date of birth", "Same postcode"]


def test_what_is_compared_shows_no_values_in_its_repr() -> None:
    shown = repr(judged()) + repr(ROBERT) + repr(waterfall(judged()))
    assert not [value for value in ("Robert", "Stephens", "Mill Lane", "TA1", "256312", "example.com") if value in shown]


def test_a_runner_up_that_is_near_sends_both_to_a_person() -> None:
    one, other = judged(), judged(names=[("Rob", "Stephens")])
    assert {j.verdict for j in settle([one, other], WEIGHTS)} == {Verdict.REVIEW}
    far = judged(names=[("Anne", "Stephens")])
    assert [j.verdict for j in settle([far, one], WEIGHTS)] == [Verdict.REVIEW, Verdict.LINK]
    assert settle([], WEIGHTS) == [] and settle([one], WEIGHTS) == [one]


def test_of_several_that_fit_only_the_best_is_linked() -> None:
    best = judged()
    lesser = judged(telephones=["+447700900321"], emails=["other@example.com"])
    assert lesser.verdict is Verdict.LINK and lesser.bits < best.bits - WEIGHTS.lines.runner_up
    assert [j.verdict for j in settle([lesser, best], WEIGHTS)] == [Verdict.REVIEW, Verdict.LINK]


# A few values that are like each other in every way that is told apart.
GIVEN = st.sampled_from("Robert Bob Rob Robret Anne Ann Mary Maryann Jack Jake J R Chidi José Zoe".split()+ ["Mary Ann", "", "J A"])
FAMILY = st.sampled_from("Stephens Stevens Stephns Smith Jones Hembrow Smith-Jones O'Brien Obrien Robert Lee Li".split()
                         + ["van der Berg", ""])
LINE = st.sampled_from(["31 Mill Lane", "13 Mill Lane", "Mill House, Mill Lane", "31 Church Street", "", "Flat 2, 31 Mill Lane",
                        "31 Mill Lane\nTaunton", "Mill House\nMill Lane\nTauton", "4 Church Street\nWellington\nTaunton"])
POSTCODE = st.sampled_from(["TA1 1HE", "TA1 1HF", "TA1 1EH", "TA1 4AB", "TA2 6AA", "EX4 3AB", ""])
TELEPHONE = st.sampled_from(["+441823256312", "+441823256321", "+441823256313", "+447700900123", "+447700900132"])
EMAIL = st.sampled_from(["r@example.com", "rs@example.com", "anne@example.com"])
BORN = st.none() | st.dates(date(1970, 1, 1), date(1971, 12, 31)) | st.sampled_from([date(1971, 3, 2), date(1971, 2, 3)])
PEOPLE = st.builds(
    Person, names=st.lists(st.tuples(GIVEN, FAMILY), max_size=2), addresses=st.lists(st.tuples(LINE, POSTCODE), max_size=2),
    telephones=st.lists(TELEPHONE, max_size=2, unique=True), emails=st.lists(EMAIL, max_size=2, unique=True), born=BORN)
BEARERS = st.integers(5, 400)
COUNTS = st.fixed_dictionaries({
    Term.FAMILY: st.dictionaries(st.sampled_from(["stephens", "smith", "jones", "lee"]), BEARERS),
    Term.POSTCODE: st.dictionaries(POSTCODE, BEARERS), Term.TELEPHONE: st.dictionaries(TELEPHONE, BEARERS)})
COUNTED = st.builds(Frequencies, st.integers(400, 2_000_000), COUNTS) | st.builds(Frequencies)


@settings(max_examples=200)
@given(PEOPLE, PEOPLE, COUNTED)
def test_the_order_of_the_two_makes_no_difference(one: Person, other: Person, counted: Frequencies) -> None:
    there, back = judge(one, other, WEIGHTS, counted), judge(other, one, WEIGHTS, counted)
    assert there.bits == pytest.approx(back.bits)
    assert (there.verdict, there.held) == (back.verdict, back.held)


@settings(max_examples=200)
@given(PEOPLE, PEOPLE, COUNTED)
def test_the_waterfall_adds_up_to_the_bits(one: Person, other: Person, counted: Frequencies) -> None:
    found = judge(one, other, WEIGHTS, counted)
    drawn = waterfall(found)
    assert found.prior + sum(part.bits for part in found.parts) == pytest.approx(found.bits)
    assert drawn.rows[-1].total == pytest.approx(found.bits)
    assert all(0 <= row.start <= 100 and 0 <= row.width <= 100.01 - row.start for row in drawn.rows)


@settings(max_examples=300)
@given(PEOPLE, PEOPLE, COUNTED, st.sampled_from(["names", "addresses", "telephones", "emails", "born"]))
def test_to_agree_in_one_more_detail_never_lowers_the_bits(one: Person, other: Person, counted: Frequencies,
                                                           detail: str) -> None:
    agreeing = replace(one, **{detail: getattr(other, detail)})
    if getattr(other, detail):
        assert judge(agreeing, other, WEIGHTS, counted).bits >= judge(one, other, WEIGHTS, counted).bits - 1e-6


@settings(max_examples=500)
@given(PEOPLE, PEOPLE, COUNTED)
def test_two_people_by_first_name_and_birthday_are_so_when_weighed(one: Person, other: Person, counted: Frequencies) -> None:
    if two_people(one, other):
        assert judge(one, other, WEIGHTS, counted).verdict in (Verdict.NEW, Verdict.HOUSEHOLD)


def test_two_people_need_not_be_weighed_and_who_may_be_one_is() -> None:
    assert two_people(ROBERT, replace(ROBERT, names=[("Anne", "Stephens")], born=date(1950, 1, 1)))
    for maybe in ({"names": [("Anne", "Stephens")]}, {"born": date(1950, 1, 1)}, {"names": [("", "Stephens")], "born": None},
                  {"names": [("Stephens", "Robert")], "born": None}, {"names": []}):
        assert not two_people(ROBERT, replace(ROBERT, **maybe))  # type: ignore[arg-type]


@settings(max_examples=200)
@given(PEOPLE, PEOPLE)
def test_nobody_is_linked_without_a_first_name_that_may_be_theirs(one: Person, other: Person) -> None:
    found = judge(replace(one, names=[("Anne", "Stephens")]), replace(other, names=[("Chidi", "Stephens")]), WEIGHTS, MILLION)
    assert found.verdict is not Verdict.LINK


@settings(max_examples=100)
@given(st.integers(5600, 20000))
def test_parent_and_child_of_one_name_are_never_linked_by_themselves(days: int) -> None:
    child = date(1971, 3, 27) + timedelta(days=days)
    assert judged(born=child).verdict is not Verdict.LINK


@pytest.mark.parametrize("year", [1986, 1991, 2001])
def test_not_even_when_the_child_was_born_on_the_parents_birthday(year: int) -> None:
    assert judged(born=date(year, 3, 27)).held == "different date of birth, same household: perhaps parent and child"
    assert judged(born=date(1972, 3, 27)).verdict is Verdict.LINK, "a slip in the year"
