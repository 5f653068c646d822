"""Reads the first sheet of an XLSX workbook row by row, without ever holding the sheet. Formulas are told and not worked
out; dates come out as ISO 8601, numbers as they were typed.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from app.imports.rows import LONGEST_CELL, Row, column_letters, refuse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What a workbook may come to unpacked: a million rows are about a quarter of it.
MOST_UNPACKED = 2_000_000_000
MOST_COLUMNS = 500
DATES_BUILT_IN = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})
# Colours, conditions and quoted words of a number format are no date.
ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")
BLOCK = 65_536


class Spreadsheet:
    """``whole`` gives the file's bytes each time it is called."""

    def __init__(self, name: str, whole: Callable[[], bytes]) -> None:
        self.name, self._whole = name, whole
        self.told: list[str] = []

    def rows(self) -> Iterator[Row]:
        """The rows of the first sheet that is not hidden. Rows that the workbook leaves out are not there."""
        try:
            with zipfile.ZipFile(BytesIO(self._whole())) as archive:
                if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                    refuse(self.name, "the workbook is far larger unpacked than any table of people; save it as CSV")
                sheet, since_1904 = self._first_sheet(archive)
                words, dates = _shared(archive), _date_styles(archive)
                with archive.open(sheet) as stream:
                    for element in _elements(stream, f"{MAIN}row"):
                        yield _row(element, words, dates, since_1904)
        except (zipfile.BadZipFile, ParseError, KeyError, IndexError, NotImplementedError, RuntimeError) as broken:
            refuse(self.name, f"the workbook cannot be read ({type(broken).__name__}); open it, save it again as .xlsx "
                              "without a password, or save it as CSV")

    def _first_sheet(self, archive: zipfile.ZipFile) -> tuple[str, bool]:
        book = _whole(archive, "xl/workbook.xml")
        links = {each.get("Id"): each.get("Target", "") for each in _whole(archive, "xl/_rels/workbook.xml.rels")}
        sheets = [each for each in book.iter(f"{MAIN}sheet") if each.get("state", "visible") == "visible"]
        if not sheets:
            refuse(self.name, "the workbook has no sheet that is shown")
        if len(sheets) > 1 and not self.told:
            others = ", ".join(f"“{each.get('name')}”" for each in sheets[1:6])
            self.told.append(f"Only the first sheet, “{sheets[0].get('name')}”, is read, and not {others}.")
        target = links[sheets[0].get(LINK)].removeprefix("/")
        settings = book.find(f"{MAIN}workbookPr")
        since_1904 = settings is not None and settings.get("date1904", "0") in ("1", "true")
        return target if target.startswith("xl/") else f"xl/{target}", since_1904


def _whole(archive: zipfile.ZipFile, part: str) -> Element:
    parser: Any = XMLPullParser(("start", "end"))
    with archive.open(part) as stream:
        _feed(parser, stream.read(50_000_000))
    _, root = next(iter(parser.read_events()))
    assert isinstance(root, Element)
    return root


def _feed(parser: Any, block: bytes) -> None:
    if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
        raise ParseError("a document type: no workbook has one")
    parser.feed(block)


def _elements(stream: IO[bytes], tag: str) -> Iterator[Element]:
    """Each element of that name, forgotten as soon as the next is asked for."""
    parser: Any = XMLPullParser(("start", "end"))
    around = list[Element]()
    while block := stream.read(BLOCK):
        _feed(parser, block)
        for happened, element in parser.read_events():
            assert isinstance(element, Element)
            if happened == "start":
                around.append(element)
                continue
            around.pop()
            if element.tag == tag:
                yield element
                if around:
                    around[-1].clear()


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    with archive.open("xl/sharedStrings.xml") as stream:
        return [_text(element) for element in _elements(stream, f"{MAIN}si")]


def _text(element: Element) -> str:
    """The words of a cell in all their runs; how it sounds (in Japanese) is left out."""
    return "".join(part.text or "" for run in element if run.tag != f"{MAIN}rPh"
                   for part in run.iter(f"{MAIN}t"))


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The numbers of those styles of cells that show a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _whole(archive, "xl/styles.xml")
    own = {int(each.get("numFmtId", "0")) for each in styles.iter(f"{MAIN}numFmt")
           if re.search(r"[dy]", ASIDE.sub("", each.get("formatCode", "")), re.IGNORECASE)}
    cells = styles.find(f"{MAIN}cellXfs")
    return frozenset(at for at, each in enumerate(cells if cells is not None else ())
                     if int(each.get("numFmtId", "0")) in DATES_BUILT_IN | own)


def _row(element: Element, words: list[str], dates: frozenset[int], since_1904: bool) -> Row:
    line = int(element.get("r", "0"))
    cells, flaws = list[str](), dict[int, str]()
    for cell in element:
        at = _column(cell.get("r"), len(cells))
        if at >= MOST_COLUMNS:
            continue
        cells += [""] * (at + 1 - len(cells))
        if cell.find(f"{MAIN}f") is not None:
            flaws[at] = (f"Cell {column_letters(at)}{line} holds a formula: copy the column and paste it as values")
        cells[at] = _value(cell, words, dates, since_1904)
        if cell.get("t") == "e":
            flaws[at] = f"Cell {column_letters(at)}{line} holds an error ({cells[at]}): type what is meant"
        elif len(cells[at]) > LONGEST_CELL:
            cells[at], flaws[at] = cells[at][:LONGEST_CELL], f"This is longer than {LONGEST_CELL:,} characters: shorten it"
    return Row(line, cells, flaws)


def _column(place: str | None, follows: int) -> int:
    found = PLACE.fullmatch(place or "")
    if found is None:
        return follows
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _value(cell: Element, words: list[str], dates: frozenset[int], since_1904: bool) -> str:
    kind, held = cell.get("t", "n"), cell.find(f"{MAIN}v")
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return "" if inline is None else _text(inline)
    typed = "" if held is None or held.text is None else held.text
    if not typed:
        return ""
    if kind == "s":
        return words[int(typed)]
    if kind == "b":
        return "yes" if typed == "1" else "no"
    if kind == "d":
        return typed[:10]
    if kind != "n":
        return typed
    return _number(typed, int(cell.get("s", "0")) in dates, since_1904)


def _number(typed: str, is_date: bool, since_1904: bool) -> str:
    try:
        number = float(typed)
    except ValueError:
        return typed
    if is_date and 0 < number < 2_958_466:
        first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
        return (first + timedelta(days=number)).date().isoformat()
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else typed
