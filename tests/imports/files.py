"""Files as systems give them: CSV in any encoding, and small workbooks written by hand, with what spreadsheets put into them."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from app.imports.opening import Opened, opened

HEADINGS = "First name,Family name,Address line 1,Postcode,Telephone,E-mail address,Date of birth"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_of(*lines: str, encoding: str = "utf-8", end: str = "\n") -> bytes:
    """The lines as a file."""
    return (end.join(lines) + end).encode(encoding)


def in_blocks(content: bytes, size: int = 7) -> Iterator[bytes]:
    """In pieces so small that everything falls across two of them."""
    yield from (content[at:at + size] for at in range(0, len(content), size))


def open_file(content: bytes, said: str | None = None, name: str = "people.csv", size: int = 7) -> Opened:
    """As the application opens it."""
    return opened(name, lambda: in_blocks(content, size) if size else [content], said)


def _cell(place: str, value: object) -> str:
    if isinstance(value, tuple):
        kind, held = value
        if kind == "formula":
            return f'<c r="{place}"><f>{escape(str(held))}</f><v>1</v></c>'
        if kind == "date":
            return f'<c r="{place}" s="1"><v>{held}</v></c>'
        if kind == "error":
            return f'<c r="{place}" t="e"><v>{held}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def workbook(rows: Iterable[Sequence[object]], *, blank: int = 0, doctype: str = "") -> bytes:
    """A workbook with one sheet of these rows and ``blank`` rows that are formatted and empty."""
    lines = [f'<row r="{number}">' + "".join(_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row)) + "</row>"
             for number, row in enumerate(rows, start=1)]
    lines += [f'<row r="{len(lines) + at}"><c r="A{len(lines) + at}" s="0"/></row>' for at in range(1, blank + 1)]
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
                           'relationships"><sheets><sheet name="People" sheetId="1" r:id="rId1"/>'
                           '<sheet name="Notes" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                                      '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'{doctype}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()
