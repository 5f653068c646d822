"""What was typed told apart, what it is asked with, and how well what comes fits."""

from datetime import date
from typing import Any

import pytest

from app.kernel.errors import Invalid
from app.matching import spoken
from app.matching.person import Person
from app.residents import keys, probes, ranking
from app.residents.clues import Clues, read, require_enough

TODAY = date(2026, 11, 23)


def found(text: str) -> dict[str, Any]:
    clues = read(text, TODAY)
    return {name: getattr(clues, name) for name in Clues.__slots__ if getattr(clues, name)}


@pytest.mark.parametrize(("text", "clues"), [
    ("okafor ta11he", {"names": ("okafor",), "postcode": "TA1 1HE"}),
    ("TA1 1HE 12 Okafor", {"names": ("okafor",), "postcode": "TA1 1HE", "house": "12"}),
    ("12 mill lane, ta1 1he", {"postcode": "TA1 1HE", "house": "12", "street": "mill lane"}),
    ("taI ihe okafor", {"names": ("okafor",), "postcode": "TA1 1HE"}),
    ("okafor ta1", {"names": ("okafor",), "outward": "TA1"}),
    ("Chidi O'Kafor", {"names": ("chidi", "okafor")}),
    ("(07700) 900 123", {"telephone": "+447700900123"}),
    ("okafor +44 7700 900123", {"names": ("okafor",), "telephone": "+447700900123"}),
    ("A.B@example.com", {"email": "a.b@example.com"}),
    ("smith 27/3/1971", {"names": ("smith",), "born": date(1971, 3, 27)}),
    ("27 march 1971 smith", {"names": ("smith",), "born": date(1971, 3, 27)}),
    ("robertson", {"names": ("robertson",)}),
    ("", {}), ("---", {}),
])
def test_clues_are_told_apart_in_any_order(text: str, clues: dict[str, Any]) -> None:
    assert found(text) == clues


def test_a_reference_is_known_however_it_is_typed() -> None:
    from app.kernel.ids import new_reference
    ref = next(made for made in iter(new_reference, None) if any(c.isdigit() for c in made))
    for typed in (ref, ref.lower(), ref.replace("-", ""), ref.replace("-", " ")):
        assert found(typed) == {"ref": ref}


@pytest.mark.parametrize("text", ["okafor", "ta1 1he", "ta1", "12", "12 ta1", "27/3/1971", ""])
def test_one_weak_clue_alone_is_not_enough(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_enough(read(text, TODAY))
    assert refused.value.kind == "add-a-clue"


@pytest.mark.parametrize("text", ["okafor ta1", "chidi okafor", "12 ta1 1he", "okafor 12", "okafor 27/3/1971",
                                  "07700900123", "a@example.com"])
def test_two_clues_or_one_strong_one_are_enough(text: str) -> None:
    require_enough(read(text, TODAY))


RECORD = Person(names=[("Robert", "Stephens")], addresses=[("12 Mill Lane", "TA1 1HE")], telephones=["+447700900123"],
                emails=["a@example.com"], born=date(1971, 3, 27))


@pytest.mark.parametrize("text", [
    "robert stephens", "stephens robert", "bob stephens", "stevens bob", "stephns robert", "stehpens rob",
    "stephenns bob", "stephens ta1 1he", "stevens ta1", "12 stephens", "07700 900123", "a@example.com",
    "stephens 27/3/1971", "12 ta1 1he",
])
def test_a_record_is_asked_for_by_every_usual_way_of_saying_it(text: str) -> None:
    held, clues = {key for _, key in keys.keys_of(RECORD)}, read(text, TODAY)
    assert held.intersection(key for wanted in probes.rounds(clues) for key in wanted(clues))


def test_a_house_is_found_by_the_line_that_tells_its_number() -> None:
    whole = Person([("Ann", "Hembrow")], [("The Old Rectory\n14 High Street\nWellington", "TA21 8AA")])
    asked = probes.pointed(read("hembrow 14", TODAY)) + probes.named(read("hembrow 14", TODAY))
    assert not {key for _, key in keys.keys_of(whole)}.isdisjoint(asked)
    assert ranking.score(read("hembrow 14 high street", TODAY), whole) > ranking.score(read("hembrow 15 high street", TODAY), whole)


def test_nothing_is_asked_for_by_a_surname_alone_or_the_half_of_a_postcode_alone() -> None:
    for text in ("stephens ta1", "chidi okafor", "12 stephens", "stephens ta1 1he", "a b c d e f g"):
        for key in [key for wanted in probes.rounds(read(text, TODAY)) for key in wanted(read(text, TODAY))]:
            assert key[0] in "tepb" or len(key[2:].split()) == 2, key


def test_every_key_belongs_to_a_group_that_may_be_withheld() -> None:
    groups = {group for group, _ in keys.keys_of(RECORD)}
    assert groups == {"name", "address", "channels", "birth", "address+name", "birth+name"}
    assert all(key[0] in "fn" for group, key in keys.keys_of(RECORD) if group == "name")


def test_a_slip_of_one_consonant_is_within_what_is_asked_for() -> None:
    for typed in ("hembrow", "hembow", "hemborw", "hebmrow", "hemmbrow", "henbrow", "hemgrow", "lembrow", "embrow"):
        assert spoken.sound("hembrow") in {spoken.sound(typed)} | spoken.near(spoken.sound(typed)), typed
    assert spoken.sound("hembrow") not in {spoken.sound("heron")} | spoken.near(spoken.sound("heron"))
    assert spoken.near(spoken.sound("lee")) == frozenset(), "a single sound with a slip would be anybody"


def test_double_names_are_found_by_each_half() -> None:
    held = {key for _, key in keys.keys_of(Person(names=[("Ann", "Smith-Jones")]))}
    assert {"f:ann smith", "f:ann jones", "f:ann smithjones"} <= held


HELD = Person(names=[("Robert", "Stephens")], addresses=[("12 Mill Lane", "TA1 1HE"), ("3 Old Road", "TA2 6AA")],
            telephones=["+447700900123"], emails=[], born=date(1971, 3, 27))


def test_what_agrees_more_scores_more() -> None:
    texts = ["robert stephens ta1 1he", "bob stephens ta1 1he", "bob stevens ta1 1he", "bob stevens ta2 6aa",
             "jones ta1 1he"]
    scores = [ranking.score(read(text, TODAY), HELD) for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100 and scores[-2] >= ranking.WORTH_SHOWING > scores[-1]


@pytest.mark.parametrize(("text", "shown"), [
    ("stephens 27/3/1942", False), ("robert stephens 28/3/1971", True), ("jones 27/3/1971", False),
    ("12 mill lane ta1 1he", True), ("14 mill lane ta1 1he", True), ("stephens ta9 9zz", False),
])
def test_a_clue_that_disagrees_tells_against_a_record(text: str, shown: bool) -> None:
    assert (ranking.score(read(text, TODAY), HELD) >= ranking.WORTH_SHOWING) is shown


def test_what_is_not_seen_of_a_record_does_not_speak_for_it() -> None:
    assert ranking.score(read("okafor ta1 1he", TODAY), Person(names=[("Chidi", "Okafor")])) < ranking.WORTH_SHOWING
    assert ranking.score(read("chidi okafor", TODAY), Person()) == 0
