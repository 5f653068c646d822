"""Files as systems give them: CSV in any encoding, and small workbooks."""

import io
import random
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from app.imports.opening import Opened, opened

HEADINGS = "First name,Family name,Address line 1,Postcode,Telephone,E-mail address,Date of birth"


def csv_of(*lines: str, encoding: str = "utf-8", end: str = "\n") -> bytes:
    """The lines as a file."""
    return (end.join(lines) + end).encode(encoding)


def in_blocks(content: bytes, size: int = 7) -> Iterator[bytes]:
    """In pieces so small that everything falls across two of them."""
    yield from (content[at:at + size] for at in range(0, len(content), size))


def open_file(content: bytes, said: str | None = None, name: str = "people.csv", size: int = 7) -> Opened:
    """As the application opens it."""
    return opened(name, lambda: in_blocks(content, size) if size else [content], said)


def workbook(rows: Iterable[Sequence[object]], *, blank: int = 0, doctype: str = "") -> bytes:
    """A workbook with one sheet of these rows and ``blank`` rows that are formatted and empty, and a second sheet."""
    made, book = io.BytesIO(), Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "People"
    book.create_sheet("Notes")
    count = 0
    for count, row in enumerate(rows, start=1):
        for at, value in enumerate(row, start=1):
            sheet.cell(count, at, value)  # type: ignore[arg-type]
    for at in range(count + 1, count + 1 + blank):
        sheet.cell(at, 1).font = Font(bold=True)
    book.save(made)
    return _with_doctype(made.getvalue(), doctype) if doctype else made.getvalue()


def stretched(content: bytes, blank: int) -> bytes:
    """The same workbook with so many rows at the end that have a format and nothing else."""
    return _rewritten(content, "</sheetData>", '<row><c s="0"/></row>' * blank + "</sheetData>")


def _with_doctype(content: bytes, doctype: str) -> bytes:
    """As nobody's spreadsheet writes it, and somebody's attack does."""
    return _rewritten(content, "<worksheet", f"{doctype}<worksheet")


def _rewritten(content: bytes, words: str, others: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).decode().replace(words, others, 1))
    return made.getvalue()


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """The same file as a bad disk or a broken transfer leaves it: some bytes others, or its end missing."""
    left = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        left[chance.randrange(4, len(left))] = chance.randrange(256)
    return bytes(left[:chance.randrange(5, len(left))] if chance.random() < 0.2 else left)


def entry_marked(content: bytes, at: int, value: int) -> bytes:
    """The same workbook with a byte of its first entry in the archive's directory set to something else."""
    changed = bytearray(content)
    changed[content.index(b"PK\x01\x02") + at] = value
    return bytes(changed)
