"""One row of a file becomes what a desk would have sent, or is told cell by cell why it cannot be taken."""

from datetime import date

import pytest

from app.imports import columns, tidying
from app.imports.checking import Checked, Judge
from app.imports.rows import Row

TODAY = date(2026, 11, 23)
WORDINGS = {"sharing": {"1", "2"}}
WHOLE = {"First name": "Chidi", "Family name": "Okafor", "Address line 1": "12 Mill Lane", "Postcode": "TA1 1HE"}
SAID = {"sharing answer": "yes", "sharing date": "1/2/2014", "sharing channel": "phone", "sharing wording": "1",
        "sharing evidence": "Form 12"}


def checked(cells: dict[str, str], *, flaws: dict[int, str] | None = None, more: tuple[str, ...] = ()) -> Checked:
    headings = list(cells)
    layout = columns.layout(columns.guess(headings), headings)
    return Judge(layout, TODAY, WORDINGS).check(Row(2, [*cells.values(), *more], flaws or {}))


def faults(cells: dict[str, str], **more: object) -> list[tuple[str, str]]:
    return [(fault.heading, fault.words) for fault in checked(cells, **more).faults]  # type: ignore[arg-type]


def test_a_whole_row_is_what_a_desk_would_have_sent() -> None:
    made = checked(WHOLE | {"Town": "Taunton", "Phone": "01823 555012", "Mobile": "07700 900123", "Email": "A@Example.org",
                            "DOB": "27/3/71", "Needs": "Large print; Interpreter", "Preferred contact": "post",
                            "Known as": "Chi", "Since": "1/4/2010"})
    wanted = made.wanted
    assert made.faults == made.notes == made.told == [] and wanted is not None
    assert [(each.given, each.family, each.kind) for each in wanted.names or ()] == [
        ("Chidi", "Okafor", "usual"), ("Chi", "Okafor", "known_as")]
    address = (wanted.addresses or ())[0]
    assert (address.lines, address.postcode, address.since) == (["12 Mill Lane", "Taunton"], "TA1 1HE", date(2010, 4, 1))
    assert (wanted.telephones, wanted.emails) == (["+441823555012", "+447700900123"], ["a@example.org"])
    assert (wanted.born, wanted.needs) == (date(1971, 3, 27), ["Large print", "Interpreter"])
    assert wanted.preferred is not None and wanted.preferred.channel == "letter"


@pytest.mark.parametrize(("name", "given", "family"), [
    ("Mrs Ama Owusu", "Ama", "Owusu"), ("Okafor, Mr Chidi", "Chidi", "Okafor"), ("Ludwig van den Berg", "Ludwig", "van den Berg"),
    ("Teri", "", "Teri")])
def test_a_whole_name_is_parted(name: str, given: str, family: str) -> None:
    wanted = checked({"Name": name, "Address": "12 Mill Lane, Taunton, TA1 1HE", "Postcode": "ta11he"}).wanted
    assert wanted is not None and wanted.names is not None and wanted.addresses is not None
    assert (wanted.names[0].given, wanted.names[0].family) == (given, family)
    assert wanted.addresses[0].lines == ["12 Mill Lane", "Taunton"]


@pytest.mark.parametrize(("cells", "note"), [
    ({"Phone": "1823555012"}, tidying.LOST_ZERO), ({"Phone": "N/A"}, tidying.SAID_NOTHING),
    ({"Phone": "'+441823555012"}, tidying.APOSTROPHE), ({"Postcode": "TA1 IHE"}, tidying.POSTCODE_READ),
    ({"Family name": "Oka\u200bfor"}, tidying.UNSEEN)])
def test_a_slip_is_mended_and_noted_once(cells: dict[str, str], note: str) -> None:
    made = checked(WHOLE | {"Phone": "", "Mobile": cells.get("Phone", "")} | cells)
    assert made.notes == [note] and made.wanted is not None


@pytest.mark.parametrize(("cells", "heading", "words"), [
    ({"Family name": ""}, "Family name", "Enter this"), ({"Family name": "<b>"}, "Family name", "Remove the signs"),
    ({"First name": "12"}, "First name", "A name has letters"), ({"Address line 1": ""}, "Address line 1", "between one and six"),
    ({"Postcode": "TA1"}, "Postcode", "only the first half"), ({"Phone": "1.82E+09"}, "Phone", "not a telephone number"),
    ({"Email": "ama"}, "Email", "needs an @"), ({"DOB": "31/2/1971"}, "DOB", "“31/2/1971” is not a date"),
    ({"DOB": "1/1/1850"}, "DOB", "is not a date"), ({"DOB": "2030-01-01"}, "DOB", "has not come yet"),
    ({"Preferred contact": "pigeon"}, "Preferred contact", "Choose one of"), ({"Since": "long ago"}, "Since", "not a date"),
    ({"Family name": '=HYPERLINK("x")'}, "Family name", "a formula"),
    ({"Address line 1": " '=A1&B1"}, "Address line 1", "a formula"),
    ({"Family name": "x" * 101}, "Family name", "too long"), ({"sharing answer": "perhaps"}, "sharing answer", "is no answer")])
def test_what_cannot_be_taken_is_told_under_its_heading(cells: dict[str, str], heading: str, words: str) -> None:
    told = faults(WHOLE | cells)
    assert [each for each, _ in told] == [heading] and words in told[0][1]
    assert checked(WHOLE | cells).wanted is None


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    told = faults(WHOLE | {"Postcode": "?", "Phone": "7", "Email": "x", "DOB": "y", "sharing answer": "no"})
    assert sorted(heading for heading, _ in told) == ["DOB", "Email", "Phone", "Postcode", "sharing answer"]
    told = faults(WHOLE | {"First name": "=1+1", "Family name": "<b>", "Known as": "Chi", "Phone": "7"}, flaws={3: "no letters"})
    assert [heading for heading, _ in told] == ["Postcode", "First name", "Phone", "Family name"], told
    assert "a formula" in told[1][1] and told[0][1] == "no letters"


def test_a_formula_counts_where_its_column_is_wanted_and_a_cell_too_many_always() -> None:
    layout = WHOLE | {"Colour": "red"}
    assert faults(layout, flaws={1: "a formula"}) == [("Family name", "a formula")]
    assert faults(layout, flaws={4: "a formula"}) == []
    assert "6 cells where the headings are 5" in faults(layout, more=("x",))[0][1]
    assert faults(layout, more=("",)) == []


def test_a_choice_counts_with_its_evidence() -> None:
    made = checked(WHOLE | SAID)
    assert made.told == [] and [(c.matter, c.answer, c.on, c.channel, c.wording, c.evidence) for c in made.chosen] == [
        ("sharing", "given", date(2014, 2, 1), "telephone", "1", "Form 12")]


@pytest.mark.parametrize(("part", "lacks"), [
    ("sharing date", "the day"), ("sharing channel", "how it was asked"), ("sharing wording", "the version"),
    ("sharing evidence", "where the evidence is")])
def test_given_without_some_of_its_evidence_is_not_asked_and_told_so(part: str, lacks: str) -> None:
    for nothing in ("", "n/a"):
        made = checked(WHOLE | SAID | {part: nothing})
        assert made.wanted is not None and made.chosen == () and made.faults == []
        assert made.told[0].heading == "sharing answer" and lacks in made.told[0].words


def test_a_refusal_is_kept_or_hands_the_row_back_but_is_never_lost() -> None:
    for said in ("no", "withdrawn", "Opted out"):
        kept = checked(WHOLE | SAID | {"sharing answer": said, "sharing wording": "", "sharing evidence": ""})
        assert [(c.answer, c.wording) for c in kept.chosen] == [("refused", "not-known")]
        assert "is not to be lost" in faults(WHOLE | SAID | {"sharing answer": said, "sharing date": ""})[0][1]
    assert checked(WHOLE | SAID | {"sharing answer": "not asked"}).chosen == ()
