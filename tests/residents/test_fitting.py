"""Of those who fit, the likeliest comes first; it says why, and what would tell apart the many who fit equally well."""

from datetime import date

import pytest

from app.matching.frequencies import Frequencies, Term
from app.matching.person import Person
from app.matching.queries import Standard
from app.matching.weighing import shipped
from app.residents import fitting
from app.residents.clues import Clues, read
from app.residents.ranking import score
from app.residents.weighing import weigh
from tests.residents.test_api import Program, recorded
from tests.world import BOROUGH, World

TODAY = date(2026, 11, 23)
COUNTED = Frequencies(100_000, {Term.FAMILY: {"smith": 1400}, Term.POSTCODE: {"TA1 1HE": 30}},
                      frozenset({Term.FAMILY, Term.POSTCODE}))


def bits(text: str, record: Person) -> float:
    return max(weigh(record, said, Standard(shipped(), COUNTED)).bits for said in fitting.described(read(text, TODAY)))


def test_a_rare_name_says_more_than_a_common_one_where_both_agree_as_well() -> None:
    rare, common = (Person(names=[("Ann", family)], born=date(1980, 4, 3)) for family in ("Hembrow", "Smith"))
    assert score(read("hembrow 4/3/1980", TODAY), rare) == score(read("smith 4/3/1980", TODAY), common)
    assert bits("hembrow 4/3/1980", rare) > bits("smith 4/3/1980", common) + 3


@pytest.mark.parametrize("typed", ["ann hembrow ta1 1he", "hembrow ann ta1 1he", "TA1 1HE Hembrow Ann"])
def test_the_order_of_words_neither_adds_nor_costs(typed: str) -> None:
    record = Person(names=[("Ann", "Hembrow")], addresses=[("12 Mill Lane", "TA1 1HE")])
    assert bits(typed, record) == bits("ann hembrow ta1 1he", record)


def test_one_word_may_be_either_name() -> None:
    assert [each.names for each in fitting.described(Clues(names=("ann",)))] == [[("", "Ann")], [("Ann", "")]]
    assert [each.names for each in fitting.described(Clues(given="ann", family="hembrow"))] == [[("Ann", "Hembrow")]]
    assert [each.names for each in fitting.described(Clues(telephone="+441823960101"))] == [[]]


@pytest.mark.parametrize(("typed", "hint"), [
    ("ann smith", "6 people fit equally well: add a date of birth or a postcode to tell them apart"),
    ("ann smith ta1 1he", "6 people fit equally well: add a date of birth or a telephone number to tell them apart"),
])
def test_where_many_fit_equally_well_one_more_detail_is_asked_for(typed: str, hint: str) -> None:
    assert fitting.one_more(read(typed, TODAY), [7.1] * 6) == hint
    assert fitting.one_more(read(typed, TODAY), [7.1] * 5) is None, "five can be read at a glance"
    assert fitting.one_more(read(typed, TODAY), [9.0, *[7.1] * 6]) is None, "the first is likelier"
    assert fitting.one_more(read(typed, TODAY), []) is None


def test_only_what_was_asked_by_is_told_of_beside_the_name_and_the_address() -> None:
    assert fitting.groups_told(read("ann smith ta1 1he", TODAY)) == ["name", "address"]
    assert fitting.groups_told(read("ann 01823 960101 4/3/1980", TODAY)) == ["name", "address", "channels", "birth"]


def test_every_hit_says_why_by_which_weights_and_many_alike_ask_for_more(client: object, world: World) -> None:
    adviser = Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"))  # type: ignore[arg-type]
    refs = [recorded(adviser, name=[{"given": "Ann", "family": "Hembrow"}], birth=f"19{year}-05-03", another=True).json["ref"]
            for year in range(60, 66)]
    found = adviser("POST", "/residents/search", {"q": "ann hembrow"}).json
    assert found["hint"] == "6 people fit equally well: add a date of birth or a postcode to tell them apart"
    assert {each["words"] for each in found["items"][0]["because"]} == {"Same first name: Ann", "Same family name: Hembrow"}
    assert all(each["model"] and each["bits"] == found["items"][0]["bits"] for each in found["items"])
    one = adviser("POST", "/residents/search", {"q": "hembrow 3/5/1963"}).json
    assert [each["ref"] for each in one["items"]][:1] == [refs[3]] and one["hint"] is None
    assert one["items"][0]["because"][0] == {"words": "Same date of birth", "bits": pytest.approx(14.7, abs=2)}
