"""One form for one address line, so that an address that was confirmed is found again."""

import pytest

from app.places.addresses import fold_line


@pytest.mark.parametrize("line", ["Flat 2, 31 St. Mary's Lane", "flat 2 31 ST MARYS LANE",
                                  " Flat 2,31  St Mary’s lane ", "FLAT 2/31 St-Mary's Lane"])
def test_case_spacing_and_marks_make_no_difference(line):
    assert fold_line(line) == "flat 2 31 st marys lane"


def test_letters_with_accents_are_folded_and_other_numbers_stay_other():
    assert fold_line("1 Trê Lane") == "1 tre lane"
    assert fold_line("1 Mill Lane") != fold_line("11 Mill Lane")
    assert fold_line(" , ") == ""
