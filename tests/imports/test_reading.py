"""What comes in as a file comes out as rows with their lines, or is refused with what is wrong and how to mend it."""

import random
from datetime import date

import pytest

from app.imports import columns, dates, opening, spreadsheets
from app.imports.opening import Opened
from app.kernel.errors import Invalid
from tests.imports.files import HEADINGS, csv_of, entry_marked, open_file, spoilt, stretched, workbook

AMA = "Ama,Owusu,9 Lost Lane,TA1 1HE,01823 555012,ama@example.org,27/3/1971"


def rows_of(found: Opened) -> list[tuple[int, list[str]]]:
    return [(row.line, list(row.cells)) for row in found.table.rows() if not row.blank]


def refusal(content: bytes, said: str | None = None) -> str:
    with pytest.raises(Invalid) as told:
        opening.headings_of("people.csv", open_file(content, said).table)
    return told.value.detail


def problems(*lines: str, month_first: bool = False) -> list[str]:
    return surveyed(*lines, month_first=month_first).problems


def surveyed(*lines: str, month_first: bool = False) -> opening.Survey:
    table = open_file(csv_of(*lines)).table
    headings = opening.headings_of("people.csv", table)
    return opening.survey(table, columns.layout(columns.guess(headings), headings, month_first=month_first))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_the_letters_that_its_mark_or_its_bytes_say(encoding: str, end: str) -> None:
    content = csv_of("Name;Postcode", "Amélie Núñez;TA1 1HE", "", 'Ze;"a;""b"""', encoding=encoding, end=end)
    found = open_file(content)
    assert rows_of(found) == [(1, ["Name", "Postcode"]), (2, ["Amélie Núñez", "TA1 1HE"]), (4, ["Ze", 'a;"b"'])]
    assert (found.asks is None) is (encoding != "utf-16-le"), "letters without a mark are asked for"


def test_letters_that_cannot_be_known_are_asked_for_and_read_as_somebody_says() -> None:
    content = csv_of(HEADINGS, AMA, AMA.replace("Ama", "Amélie"), encoding="cp1252")
    asked = open_file(content)
    assert asked.asks and "line 3" in asked.asks and "Windows" in asked.asks
    assert rows_of(open_file(content, "cp1252"))[2][1][0] == "Amélie"
    with pytest.raises(Invalid, match="one of utf-8"):
        open_file(content, "ebcdic")


def test_a_few_spoilt_lines_in_a_file_that_is_utf_8_are_flaws_of_their_rows() -> None:
    content = csv_of(HEADINGS, *[AMA.replace("Ama", "Amélie")] * 3) + AMA.replace("Ama", "Amé").encode("cp1252") + b"\n"
    found = open_file(content)
    assert found.asks is None
    flaws = [(row.line, dict(row.flaws)) for row in found.table.rows() if row.flaws]
    assert [line for line, _ in flaws] == [5] and "UTF-8" in flaws[0][1][-1]


def test_one_stray_quotation_mark_spoils_one_row_and_a_break_inside_quotes_none() -> None:
    found = open_file(csv_of("Name,Address", '"Ama","1, The\nGreen"', 'Bo,"2 Lane', "Cy,3 Lane", 'Di,5" Road', "Ed,6 Lane"))
    told = [(row.line, list(row.cells), -1 in row.flaws) for row in found.table.rows()]
    assert told == [(1, ["Name", "Address"], False), (2, ["Ama", "1, The\nGreen"], False), (4, ['Bo,"2 Lane'], True),
                    (5, ["Cy", "3 Lane"], False), (6, ["Di", '5" Road'], False), (7, ["Ed", "6 Lane"], False)]


def test_what_no_table_of_people_holds_spoils_its_row_alone() -> None:
    found = open_file(csv_of("Name,Address", "Bo,\0", f"Cy,{'x' * 3000}", "Di," + "y" * 1_000_100, "Ed,6 Lane"), size=0)
    rows = list(found.table.rows())
    assert [next(iter(row.flaws), None) for row in rows] == [None, -1, 1, -1, None]
    assert rows[-1].line == 5 and max(len(cell) for row in rows for cell in row.cells) == 2000


@pytest.mark.parametrize(("content", "words"), [
    (b"", "the file is empty"), (b"\n\n\n", "blank"),
    (b"\n" * 1_001 + csv_of(HEADINGS, AMA), "over 1,000 of them above the headings"),
    (b"just one column\nAma\n", "columns apart by commas"),
    (csv_of(AMA, AMA), "line 1 seems to hold data where the headings should be"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "older kind (.xls)"), (b"PK\x03\x04nonsense", "cannot be read"),
    (workbook([["Ama", "Owusu", "9 Lost Lane", "TA1 1HE", "01823 555012"]]), "line 1 seems to hold data"),
    (workbook([["Name"]], doctype='<!DOCTYPE x [<!ENTITY a "b">]>'), "cannot be read"),
    # The places of the flags, the way of packing and the version that is needed to unpack.
    (entry_marked(workbook([["Name"]]), 8, 0x01), "is under a password; save it again without one"),
    (entry_marked(workbook([["Name"]]), 10, 12), "packed in a way that spreadsheets do not use"),
    (entry_marked(workbook([["Name"]]), 6, 99), "packed in a way that spreadsheets do not use"),
])
def test_what_is_no_table_is_refused_with_how_to_mend_it(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_spoilt_workbook_is_read_as_far_as_it_says_something_or_refused_in_words() -> None:
    chance, whole = random.Random(7), workbook([HEADINGS.split(","), *[AMA.split(",")] * 200])
    told = set()
    for _ in range(300):
        try:
            list(open_file(spoilt(whole, chance), size=0).table.rows())
        except Invalid as refused:
            told.add(refused.detail.partition(": ")[2])
    assert told and all("save it" in words for words in told)


def test_our_own_mistake_in_reading_a_row_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(value: object) -> str:
        raise KeyError(value)

    monkeypatch.setattr(spreadsheets, "_text", mistaken)
    with pytest.raises(KeyError):
        list(open_file(workbook([HEADINGS.split(",")])).table.rows())


def test_a_workbook_gives_dates_and_numbers_as_meant_and_names_the_cells_with_formulas() -> None:
    found = open_file(workbook([["Name", "Telephone", "Born", "Sum"], ["Ama", 1823555012, date(1971, 3, 27), "=A1&B1"],
                                [], ["Bo", 0.5, "#REF!", "plain"]], blank=3))
    rows = list(found.table.rows())
    assert [list(row.cells[:3]) for row in rows[:2]] == [["Name", "Telephone", "Born"], ["Ama", "1823555012", "1971-03-27"]]
    assert rows[1].flaws == {3: "Cell D2 holds a formula: copy the column and paste it as values"}
    assert rows[3].line == 4 and "C4 holds an error (#REF!)" in rows[3].flaws[2]
    assert sum(row.blank for row in rows) == 4 and "“Notes”" in found.table.told[0]


def test_dates_of_two_styles_in_one_column_are_told_with_a_line_of_each() -> None:
    day, month, either = (AMA.replace("27/3/1971", each) for each in ("27/3/1971", "3/27/1971", "5/6/1971"))
    assert "the day first on line 2, the month first on line 4" in problems(HEADINGS, day, either, month)[0]
    assert "month first (line 3)" in problems(HEADINGS, either, month)[0]
    assert problems(HEADINGS, either, month, month_first=True) == problems(HEADINGS, either, day) == []
    assert "day first (line 2)" in problems(HEADINGS, day, month_first=True)[0]


def test_one_slip_among_a_thousand_dates_hands_its_row_back_and_leaves_the_file_as_it_is() -> None:
    day, month, either = (AMA.replace("27/3/1971", each) for each in ("27/3/1971", "3/27/1971", "5/6/1971"))
    few, enough = [day] * 999, [day] * 1000
    assert "two styles" in problems(HEADINGS, *few, month)[0]
    assert problems(HEADINGS, *enough, month, either) == []
    found = surveyed(HEADINGS, *enough, either, month, either)
    assert found.told[-1] == (
        "1 of the dates in column “Date of birth” can only be read with the month first, such as that on line 1003: their rows are "
        "handed back. Others are read with the day first.")
    assert "day first (line 2)" in problems(HEADINGS, *enough, month, month_first=True)[0]
    assert dates.read("3/27/1971", date(2014, 9, 1)) is None and dates.read("5/6/1971", date(2014, 9, 1)) == date(1971, 6, 5)


def test_a_heading_without_rows_and_a_million_blank_ones_are_told() -> None:
    assert problems(HEADINGS) == problems(HEADINGS, ",,,,") == ["There are headings, and no row under them"]
    for content, blank, told in ((csv_of(HEADINGS, AMA) + b"\n" * 1_000_000, 1_000_000, "1,000,000 blank rows are passed over."),
                                 (stretched(workbook([HEADINGS.split(","), AMA.split(",")]), 20_000), 20_000,
                                  "20,000 blank rows are passed over.")):
        table = open_file(content, size=65_536).table
        headings = opening.headings_of("people.csv", table)
        found = opening.survey(table, columns.layout(columns.guess(headings), headings))
        assert (found.rows, found.blank) == (1, blank) and told in found.told


def test_columns_are_known_by_what_systems_call_them_and_a_mapping_is_remembered() -> None:
    headings = columns.named(["Surname", "Forename", "Name", "Town", "Addr1", "Phone", "Phone", "", "Post code", "Reason"])
    assert headings[6:8] == ["Phone (2)", "Column 8"]
    found = columns.guess(headings)
    assert found == {"Surname": "family", "Forename": "given", "Town": "line3", "Addr1": "line1", "Phone": "telephone",
                     "Phone (2)": "telephone2", "Post code": "postcode"}
    assert columns.guess(headings, {"Column 8": "email", "Phone": "telephone2", "gone": "needs"}) == (
        {name: held for name, held in found.items() if name != "Phone (2)"} | {"Column 8": "email", "Phone": "telephone2"})
    assert columns.wrong_with(found, headings) == []
    told = columns.wrong_with({"Surname": "family", "Forename": "family", "Else": "given", "Town": "choice:news:date"}, headings)
    assert len(told) == 5 and "“Surname” and “Forename”" in " ".join(told) and "no column “Else”" in told[0]
