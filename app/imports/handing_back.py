"""Writes the rows that come back from a load as CSV, each with its line and reason in front and otherwise as it came, so that it
can be mended and brought again. No cell is one that a spreadsheet would reckon with.

Pure.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.imports.tidying import FORMULA

MARK = "\ufeff"


def lines(headings: Sequence[str], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    """The file line by line, with the mark in front by which spreadsheets know that it is UTF-8."""
    yield MARK + _line(["line", "reason", *headings])
    for line, row in rows:
        yield _line([str(line), _reason(row["faults"]), *row["cells"]])


def _reason(faults: Sequence[Sequence[str]]) -> str:
    return "; ".join(f"{heading}: {words}" if heading else words for heading, words in faults)


def _line(cells: Sequence[str]) -> str:
    """Every cell between quotation marks, so that no other separator parts it."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([safe(cell) for cell in cells])
    return written.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; what is read again leaves the apostrophe out."""
    return f"'{cell}" if cell.lstrip(" \u00a0")[:1] in FORMULA and cell.strip() else cell
