"""Services are found by the words that callers use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.partnership import read
from app.services.search import Entry, ranked
from tests.organisations.throwaway import SOMERSET

ENTRIES = [Entry(s.lgsl, s.name, s.words, True) for s in read(SOMERSET).catalogue.services]


@pytest.mark.parametrize(("typed", "first"), [
    ("gard", 530), ("new garden waste bin", 530), ("missed bin", 524), ("pothole", 557), ("POTHOLES", 557),
    ("pot hole", 557), ("fly tipping", 587), ("flytipping", 587), ("blue badge", 279), ("rats", 431), ("557", 557),
    ("council tax", 58), ("meals on wheels", 315), ("tree", 508), ("baby", 319), ("sofa", 528), ("birth", 319),
    ("libary card", 438), ("primary school", 13), ("parking permit", 474),
])
def test_what_callers_say_finds_the_service_they_mean(typed: str, first: int) -> None:
    assert ranked(ENTRIES, typed)[0] == first


def test_every_word_must_fit() -> None:
    assert ranked(ENTRIES, "missed badge") == []
    assert ranked(ENTRIES, "") == ranked(ENTRIES, " - ") == []


def test_names_come_before_other_words_and_the_partnerships_own_before_the_published() -> None:
    entries = [Entry(1, "Bonfires", "garden", True), Entry(2, "Garden bin", "", False),
               Entry(3, "Garden bag", "", True)]
    assert ranked(entries, "garden") == [3, 2, 1]


def test_one_slip_is_forgiven_in_a_long_word_and_none_in_a_short_one() -> None:
    entries = [Entry(1, "Pothole", "", True), Entry(2, "Bins", "", True)]
    assert ranked(entries, "pohtole") == [1]
    assert ranked(entries, "bon") == []


@given(st.text(max_size=60))
def test_anything_may_be_typed(typed: str) -> None:
    assert set(ranked(ENTRIES, typed)) <= {entry.lgsl for entry in ENTRIES}
