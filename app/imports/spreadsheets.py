"""Reads the first sheet of an XLSX workbook row by row, without ever holding the sheet. Formulas are told and not worked
out; dates come out as ISO 8601, numbers as they were typed.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from typing import Any, NoReturn
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.imports.rows import LONGEST_CELL, Row, column_letters, refuse

# What a workbook may come to unpacked: a million rows are about a quarter of it.
MOST_UNPACKED = 2_000_000_000
MOST_COLUMNS = 500
FORMULA, ERROR = "f", "e"
# What openpyxl raises for what is no workbook. A document type (which none has, and which could be made to grow without end)
# is refused by defusedxml with a ValueError.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
          AttributeError)
PACKED_AS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Bits of an entry's flags: of the older and the stronger ciphers, and of data that is a patch to other data.
UNDER_A_PASSWORD, A_PATCH = 0x41, 0x20


class Spreadsheet:
    """``whole`` gives the file's bytes each time it is called."""

    def __init__(self, name: str, whole: Callable[[], bytes]) -> None:
        self.name, self._whole = name, whole
        self.told: list[str] = []

    def rows(self) -> Iterator[Row]:
        """The rows of the first sheet that is not hidden, those left out between two others as blank."""
        return (_row(line, cells) for line, cells in enumerate(self._sheet(), start=1))

    def _sheet(self) -> Iterator[Sequence[Any]]:
        """The cells of each row as the workbook has them; only reading the workbook is in here, and its errors are refusals."""
        content = self._whole()
        try:
            self._check(content)
            with closing(load_workbook(BytesIO(content), read_only=True, keep_links=False)) as book:
                sheet = self._first_sheet(book)
                # What the sheet says of its own size is often wrong; it is read to its end.
                sheet.reset_dimensions()
                yield from sheet.iter_rows(max_col=MOST_COLUMNS)
        except BROKEN as broken:
            refuse(self.name, f"the workbook cannot be read ({type(broken).__name__}); open it, save it again as .xlsx, "
                              "or save it as CSV")

    def _check(self, content: bytes) -> None:
        """What can be told of the archive without unpacking it."""
        parts = self._parts(content)
        if any(part.flag_bits & UNDER_A_PASSWORD for part in parts):
            refuse(self.name, "the workbook is under a password; save it again without one, or save it as CSV")
        if any(part.compress_type not in PACKED_AS or part.flag_bits & A_PATCH for part in parts):
            self._refuse_packing()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            refuse(self.name, "the workbook is far larger unpacked than any table of people; save it as CSV")

    def _parts(self, content: bytes) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                return archive.infolist()
        except NotImplementedError:
            # What zipfile raises for an archive of a later kind than it reads: the sender is told how to save it.
            self._refuse_packing()

    def _refuse_packing(self) -> NoReturn:
        refuse(self.name, "the workbook is packed in a way that spreadsheets do not use; save it again as .xlsx, or as CSV")

    def _first_sheet(self, book: Workbook) -> Any:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            refuse(self.name, "the workbook has no sheet that is shown")
        if len(sheets) > 1 and not self.told:
            others = ", ".join(f"“{sheet.title}”" for sheet in sheets[1:6])
            self.told.append(f"Only the first sheet, “{sheets[0].title}”, is read, and not {others}.")
        return sheets[0]


def _row(line: int, cells: Sequence[Any]) -> Row:
    texts, flaws = [_text(cell.value) for cell in cells], dict[int, str]()
    while texts and not texts[-1]:
        texts.pop()
    for at, text in enumerate(texts):
        where = f"Cell {column_letters(at)}{line}"
        if cells[at].data_type == FORMULA:
            flaws[at] = f"{where} holds a formula: copy the column and paste it as values"
        elif cells[at].data_type == ERROR:
            flaws[at] = f"{where} holds an error ({text}): type what is meant"
        elif len(text) > LONGEST_CELL:
            texts[at], flaws[at] = text[:LONGEST_CELL], f"This is longer than {LONGEST_CELL:,} characters: shorten it"
    return Row(line, texts, flaws)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
