"""Opens a file for what its first bytes say it is, and surveys it as a whole: its headings, how many rows, how dates are written.

What single rows hold is for ``checking``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from app.imports import columns, dates
from app.imports.columns import Layout
from app.imports.csv_files import CsvFile
from app.imports.encodings import ENCODINGS, OLD_EXCEL, ZIP, reading_of
from app.imports.rows import Row, Table, refuse
from app.imports.spreadsheets import Spreadsheet

CSV, XLSX = "csv", "xlsx"
MOST_COLUMNS = 200
# Rows in which the headings are looked for: whoever brings a file waits for it.
LOOKED_THROUGH = 1_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read. ``encoding`` is None for a workbook; ``asks`` are the words where it has to be said."""

    kind: str
    table: Table
    encoding: str | None = None
    asks: str | None = None


@dataclass(slots=True)
class Survey:
    """What a whole file is like. ``problems`` keep it from being loaded; ``told`` are words on how it was read."""

    rows: int = 0
    blank: int = 0
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def opened(name: str, blocks: Callable[[], Iterable[bytes]], said: str | None = None) -> Opened:
    """The table in a file. ``blocks`` begins it anew each time. Raises Invalid for what is no table."""
    head = next(iter(blocks()), b"")
    if not head:
        refuse(name, "the file is empty: choose the one that has the residents")
    if head.startswith(ZIP):
        return Opened(XLSX, Spreadsheet(name, lambda: b"".join(blocks())))
    if head.startswith(OLD_EXCEL):
        refuse(name, "this is a workbook of an older kind (.xls), or has a password: save it as .xlsx or as CSV")
    if said is not None and said not in ENCODINGS:
        refuse(name, f"“{said[:20]}” is not known: say one of {', '.join(ENCODINGS)}")
    reading = reading_of(blocks(), said)
    return Opened(CSV, CsvFile(name, blocks, reading), reading.encoding,
                  None if reading.certain else reading.why)


def headings_of(name: str, table: Table) -> list[str]:
    """The headings: the first row that is not blank. Raises Invalid where data stand in their place."""
    first = next((row for row in islice(table.rows(), LOOKED_THROUGH) if not row.blank), None)
    if first is None:
        refuse(name, f"there are blank rows only, or over {LOOKED_THROUGH:,} of them above the headings: choose the file that "
                     "has the residents, or take the blank rows above the headings away")
    if -1 in first.flaws:
        refuse(name, f"line {first.line} should hold the headings: {first.flaws[-1]}")
    if columns.heading_missing(first.cells):
        refuse(name, f"line {first.line} seems to hold data where the headings should be: put the names of the columns "
                     "into the first line, such as First name, Family name, Address line 1, Postcode", kind="no-headings")
    cells = list(first.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        refuse(name, f"there are {len(cells)} columns; {MOST_COLUMNS} at most are read: leave out those that are not needed")
    return columns.named(cells)


def survey(table: Table, layout: Layout) -> Survey:
    """Read the whole file once, for what only the whole can tell."""
    found = Survey()
    at = {layout.heading(name): place for name, place in layout.places.items() if name in columns.DATES}
    styles = dates.styles(at)
    for row in data_rows(table):
        if row.blank:
            found.blank += 1
            continue
        found.rows += 1
        for heading, place in at.items():
            if place < len(row.cells):
                styles.columns[heading].see(row.cells[place], row.line)
    found.problems += styles.problems(layout.month_first)
    if not found.rows:
        found.problems.append("There are headings, and no row under them")
    found.told += table.told
    found.told += styles.told(layout.month_first)
    if found.blank:
        found.told.append(f"{found.blank:,} blank rows are passed over.")
    return found


def data_rows(table: Table) -> Iterable[Row]:
    """The rows under the headings, blank ones too."""
    rows = iter(table.rows())
    for row in rows:
        if not row.blank:
            break
    return rows
