"""Small files of facts that people keep by hand, read strictly: every fault is told with its file, line and column.

Publishers' files, which are large and may carry a few bad rows, are read by ``publishers``.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from app.kernel.errors import Invalid


class Row(NamedTuple):
    """A row with the line it stands on."""

    line: int
    values: dict[str, str]


class Faults:
    """The faults found in one file, told together, so that it is mended once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: list[str] = []

    def add(self, line: int, column: str, what: str) -> None:
        """Note that the value of a column on a line is wrong: what about it, and how to mend it."""
        self.found.append(f"{self.path.name}, line {line}, {column}: {what}")

    def stop_here(self, what: str) -> NoReturn:
        """Refuse at once: the rest of the file cannot be read."""
        self.found.append(what)
        self.refuse()

    def refuse(self) -> NoReturn:
        """Raise what was found."""
        raise Invalid({self.path.name: self.found}, kind="unreadable-file", detail="\n".join(self.found))

    def refuse_if_any(self) -> None:
        """Raise if anything was found."""
        if self.found:
            self.refuse()


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a file with exactly these columns. Lines before the heading that begin with # are remarks."""
    faults = Faults(path)
    lines = list(_lines(path, faults))
    heading_at, heading = next(((n, line) for n, line in lines if not line.startswith("#")), (0, ""))
    if not heading:
        faults.stop_here(f"{path.name}: the file is empty; it begins with the heading {','.join(columns)}")
    if heading.split(",") != list(columns):
        faults.stop_here(f"{path.name}, line {heading_at}: the heading is {heading!r}; it must be {','.join(columns)}")
    rows = []
    for number, line in lines:
        if number <= heading_at or not line.strip():
            continue
        cells = next(csv.reader([line]))
        if len(cells) != len(columns):
            faults.add(number, "row", f"has {len(cells)} columns; it must have {len(columns)}: {','.join(columns)}")
            continue
        rows.append(Row(number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}))
    faults.refuse_if_any()
    if not rows:
        faults.stop_here(f"{path.name}: there is a heading but no rows")
    return rows


def _lines(path: Path, faults: Faults) -> Iterator[tuple[int, str]]:
    if not path.is_file():
        faults.stop_here(f"{path.name}: there is no such file in {path.parent.name or '.'}")
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.stop_here(f"{path.name}, line {number}: not UTF-8; save the file as UTF-8")
