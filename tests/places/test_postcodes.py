"""Postcodes as people type and say them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.places.postcodes import (
    AFTER_DIGIT,
    AREAS,
    Postcode,
    area_of,
    as_written,
    district_of,
    normalise,
    sector_of,
)

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@st.composite
def written_postcodes(draw: st.DrawFn) -> str:
    """Any well-formed postcode of an area that exists."""
    area = draw(st.sampled_from(sorted(AREAS)))
    district = str(draw(st.integers(0, 99)))
    if len(district) == 1 and draw(st.booleans()):
        district += draw(st.sampled_from(AFTER_DIGIT["A" * len(area) + "9A"]))
    inward = draw(st.sampled_from("0123456789")) + draw(st.sampled_from(INWARD_LETTERS)) + draw(
        st.sampled_from(INWARD_LETTERS))
    return f"{area}{district} {inward}"


@given(written_postcodes(), st.randoms(use_true_random=False))
def test_any_case_and_spacing_is_read_as_the_written_form(written, random):
    typed = "".join((c.lower() if random.random() < 0.5 else c) + " " * random.randrange(3)
                    for c in written.replace(" ", ""))
    assert normalise("  " + typed) == Postcode(written)


@given(written_postcodes(), st.randoms(use_true_random=False))
def test_o_for_nought_and_i_for_one_are_corrected_by_position_with_a_note(written, random):
    slips = {"0": "O", "O": "0", "1": "I", "I": "1"}
    typed = "".join(slips[c] if c in slips and random.random() < 0.7 else c for c in written)
    read = normalise(typed)
    assert read.written == written
    assert (read.note is None) == (typed == written)
    if read.note:
        assert typed in read.note and written in read.note


@given(written_postcodes())
def test_the_written_form_is_left_as_it_is(written):
    assert normalise(written).written == written == as_written(written)


@given(st.text(max_size=12))
@example(".")
def test_whatever_is_typed_is_a_written_postcode_or_refused_with_words_that_keep_it(typed):
    try:
        read = normalise(typed)
    except Invalid as refused:
        (words,) = refused.errors["postcode"]
        assert typed.strip() in words
        assert str(refused) == Invalid.title
    else:
        assert normalise(read.written) == Postcode(read.written)


@pytest.mark.parametrize(("typed", "written"), [
    ("ta11he", "TA1 1HE"), ("TA1 1HE", "TA1 1HE"), (" t a 1 1he", "TA1 1HE"), ("TA1-1HE.", "TA1 1HE"),
    ("TAI 1HE", "TA1 1HE"), ("TAl IHE", "TA1 1HE"), ("TA6 3OO", None), ("0X1 2JD", "OX1 2JD"), ("S014 7LP", "SO14 7LP"),
    ("E1O 5AA", "E10 5AA"), ("W1A 1AA", "W1A 1AA"), ("EC1Y 8SY", "EC1Y 8SY"), ("BL0 9AA", "BL0 9AA"),
    ("TA1O 0AA", "TA10 0AA"), ("XX1 1AA", None), ("TA1 1HC", None), ("TA1", None), ("TA1 1H", None), ("", None),
    ("TA1 1HEE", None), ("ＴＡ１ １ＨＥ", None), ("GIR 0AA", "GIR 0AA"), ("1P1 1AA", "IP1 1AA"),
])
def test_what_is_typed_is_read_as_meant(typed, written):
    if written:
        assert normalise(typed).written == written
    else:
        with pytest.raises(Invalid):
            normalise(typed)


@pytest.mark.parametrize(("typed", "words"), [
    ("", "Enter a postcode"), ("ta1", "“ta1” is only the first half"), ("ta1 1h", "“ta1 1h” is not a postcode"),
    ("xx1 1aa", "“xx1 1aa” is not a postcode"), ("somewhere in Taunton", "“somewhere in Taunton” is not a postcode"),
])
def test_a_malformed_postcode_is_told_with_what_was_typed(typed, words):
    with pytest.raises(Invalid) as refused:
        normalise(typed)
    assert words in refused.value.errors["postcode"][0]
    assert str(refused.value) == Invalid.title


@pytest.mark.parametrize(("written", "area", "district", "sector"), [
    ("TA1 1HE", "TA", "TA1", "TA1 1"), ("TA10 0AA", "TA", "TA10", "TA10 0"), ("W1A 1AA", "W", "W1A", "W1A 1"),
    ("B1 1BB", "B", "B1", "B1 1"),
])
def test_a_postcode_has_an_area_a_district_and_a_sector(written, area, district, sector):
    assert (area_of(written), district_of(written), sector_of(written)) == (area, district, sector)
    postcode = Postcode(written)
    assert (postcode.area, postcode.district, postcode.sector) == (area, district, sector)


@pytest.mark.parametrize("padded", ["TA101AA", "TA1  1AA", "TA1 1AA", "ta1 1aa"])
def test_a_publishers_padding_is_taken_off(padded):
    assert as_written(padded) in ("TA10 1AA", "TA1 1AA")


@pytest.mark.parametrize("stated", ["TAI 1AA", "XX1 1AA", "", "TA1", "TA1 1AAA"])
def test_nothing_a_publisher_states_is_corrected(stated):
    assert as_written(stated) is None
