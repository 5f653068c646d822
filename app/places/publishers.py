"""Postcode files as their publishers give them, streamed into one kind of row.

A row that cannot be read is handed back with its reason and the rest goes on; a file that is not what it is said to be
is refused at its line. Laying the rows into the table is left to ``staging``.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, NoReturn, Protocol

from app.kernel.errors import Invalid
from app.places.postcodes import as_written

GSS = re.compile(r"[A-Z][0-9]{8}")
# The publishers' own word for "no such area here": a county code where there is only a unitary, the Channel Islands.
NONE_HERE = re.compile(r"[A-Z]99999999")
# More than this share of bad rows, beyond the first hundred, is not a file with a few slips but another file.
TOLERATED = 100
SHARE = 0.01


class PlaceRow(NamedTuple):
    """One postcode, and the file and line that state it."""

    file: str
    line: int
    postcode: str
    county_gss: str | None
    district_gss: str | None
    quality: int | None = None
    introduced: date | None = None
    ended: date | None = None


class HandedBack(NamedTuple):
    """A row that was not taken: where it stood, why, and what it said."""

    file: str
    line: int
    reason: str
    text: str


class Source(Protocol):
    """Where rows come from: a publisher's files, or the optional package."""

    handed_back: list[HandedBack]

    @property
    def size(self) -> int:
        """How far ``progress`` counts."""

    def rows(self, progress: Callable[[int], None]) -> Iterator[PlaceRow]:
        """The rows, each once; what cannot be read is added to ``handed_back`` on the way."""

    def said(self, file: str, lines: set[int]) -> dict[int, str]:
        """The original text of some lines."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How one publisher names what we take. Each is a pattern: the names change with the edition."""

    called: str
    postcode: str
    county: str
    district: str
    quality: str
    introduced: str | None = None
    ended: str | None = None
    # The order of the columns where the publisher leaves the heading out.
    without_heading: tuple[str, ...] = ()

    def wanted(self) -> dict[str, str]:
        """The patterns by what they give, those not used by this publisher left out."""
        names = ("postcode", "county", "district", "quality", "introduced", "ended")
        return {name: pattern for name in names if (pattern := getattr(self, name))}


CODEPOINT = Columns(
    "Code-Point Open", "postcode|pc", "admin_county_code|cc", "admin_district_code|dc",
    "positional_quality_indicator|pq", without_heading=("PC", "PQ", "EA", "NO", "CY", "RH", "LH", "CC", "DC", "WC"),
)
ONSPD = Columns("ONS Postcode Directory", "pcds", r"oscty|cty\d\dcd", r"oslaua|lad\d\dcd", "osgrdind|gridind",
                "dointr", "doterm")


class BadRow(Exception):
    """A row cannot be taken; the words say why."""


@dataclass
class PublishedFiles:
    """The files of one publisher and edition, read in the order of their names."""

    columns: Columns
    paths: Sequence[Path]
    handed_back: list[HandedBack] = field(default_factory=list)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(path.stat().st_size for path in self.paths)

    def rows(self, progress: Callable[[int], None]) -> Iterator[PlaceRow]:
        """Every row of every file that can be read."""
        taken = 0
        for path in self.paths:
            for row in self._of_file(path, progress):
                taken += 1
                yield row
            if len(self.handed_back) > TOLERATED + SHARE * taken:
                refuse(self.handed_back[0].file, self.handed_back[0].line,
                       f"{self.handed_back[0].reason}; so it is with {len(self.handed_back)} of "
                       f"{len(self.handed_back) + taken} rows. This is not a file of {self.columns.called}")
        if not taken:
            first = self.handed_back[0] if self.handed_back else None
            refuse(self.paths[0].name, first.line if first else 1,
                   first.reason + ", and no other row can be read either" if first else
                   f"the file is empty; get it again from the publisher of {self.columns.called}")

    def said(self, file: str, lines: set[int]) -> dict[int, str]:
        """The original text of some lines of one of the files."""
        path = next(path for path in self.paths if path.name == file)
        return {number: text for number, text in _lines(path, lambda _: None) if number in lines}

    def _of_file(self, path: Path, progress: Callable[[int], None]) -> Iterator[PlaceRow]:
        position: dict[str, int] = {}
        width = 0
        for number, text in _lines(path, progress):
            if not text.strip():
                continue
            cells = next(csv.reader((text,)))
            if not position:
                position, width = self._heading(path, number, cells), len(cells)
                if _is_heading(cells, self.columns):
                    continue
            if number == 2 and _is_heading(cells, self.columns):
                # The publisher's file of headings has the short names and then the long ones.
                continue
            try:
                yield _read(path.name, number, cells, width, position)
            except BadRow as bad:
                self.handed_back.append(HandedBack(path.name, number, str(bad), text))
                if len(self.handed_back) > 100_000:
                    refuse(path.name, number, f"{bad}; so it is with 100,000 rows. This is not a file of "
                                              f"{self.columns.called}")

    def _heading(self, path: Path, line: int, cells: list[str]) -> dict[str, int]:
        """Where each wanted column is, from the heading or, where the publisher has none, from the fixed order."""
        names = [cell.strip().lower() for cell in cells]
        if not _is_heading(cells, self.columns) and self.columns.without_heading and as_written(cells[0]):
            names = [name.lower() for name in self.columns.without_heading]
            if len(cells) != len(names):
                refuse(path.name, line, f"has {len(cells)} columns where {self.columns.called} has {len(names)} "
                                        f"({', '.join(self.columns.without_heading)}); use the file as published")
        found = {}
        for wanted, pattern in self.columns.wanted().items():
            at = next((n for n, name in enumerate(names) if re.fullmatch(pattern, name)), None)
            if at is None:
                refuse(path.name, line, f"there is no column {pattern.replace('|', ' or ').replace(chr(92) + 'd', '9')}"
                                        f" with the {wanted}; use the file of {self.columns.called} as published")
            found[wanted] = at
        return found


def files_of(path: Path, called: str) -> list[Path]:
    """The file, or the .csv files of a directory (or of the Data/CSV in it, as the publisher packs them)."""
    if path.is_file():
        return [path]
    for folder in (path, path / "CSV", path / "Data" / "CSV", path / "Data"):
        if found := sorted(folder.glob("*.csv")):
            return found
    raise Invalid({"file": [f"{path.name}: there is no such file, nor a directory of .csv files; "
                            f"unpack {called} and name its directory"]},
                  kind="unreadable-file", detail=f"{path.name}: there is no such file, nor a directory of .csv files")


def refuse(file: str, line: int, what: str) -> NoReturn:
    """Refuse a whole file."""
    told = f"{file}, line {line}: {what}"
    raise Invalid({"file": [told]}, kind="unreadable-file", detail=told)


@lru_cache(maxsize=2048)
def plain_code(text: str, of: str) -> str | None:
    """A code as stated; None where the publisher says that there is none."""
    code = text.strip()
    if not code or NONE_HERE.fullmatch(code):
        return None
    if not GSS.fullmatch(code):
        raise BadRow(f"the {of} “{code}” is not a code of one letter and eight digits")
    return code


def _is_heading(cells: list[str], columns: Columns) -> bool:
    return any(re.fullmatch(columns.postcode, cell.strip().lower()) for cell in cells)


def _read(file: str, line: int, cells: list[str], width: int, position: dict[str, int]) -> PlaceRow:
    if len(cells) != width:
        raise BadRow(f"has {len(cells)} columns instead of {width}")
    stated = cells[position["postcode"]]
    postcode = as_written(stated)
    if postcode is None:
        raise BadRow(f"“{stated}” is not a postcode")
    quality = cells[position["quality"]].strip()
    if quality and not (quality.isascii() and quality.isdigit() and int(quality) < 100):
        raise BadRow(f"the positional quality “{quality}” is not a number up to 99")
    return PlaceRow(
        file, line, postcode, plain_code(cells[position["county"]], "county"),
        plain_code(cells[position["district"]], "district"), int(quality) if quality else None,
        _month(cells, position, "introduced"), _month(cells, position, "ended"),
    )


def _month(cells: list[str], position: dict[str, int], which: str) -> date | None:
    return month_of(cells[position[which]].strip()) if which in position else None


@lru_cache(maxsize=2048)
def month_of(text: str) -> date | None:
    """``201408`` is the first of August 2014."""
    if not text:
        return None
    if re.fullmatch(r"[0-9]{6}", text) and text[:4] > "0000" and 1 <= int(text[4:]) <= 12:
        return date(int(text[:4]), int(text[4:]), 1)
    raise BadRow(f"“{text}” is not a year and month such as 201408")


def _lines(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers. Each is parsed by itself, so a stray quotation mark spoils one row, not the file.

    None of these publishers writes a line break inside a value.
    """
    with path.open("rb") as file:
        done = 0
        for number, raw in enumerate(file, start=1):
            done += len(raw)
            if done > 1_000_000:
                progress(done)
                done = 0
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                refuse(path.name, number, "not in UTF-8; use the file as published, or save it again as CSV in UTF-8")
            if "\0" in text:
                refuse(path.name, number, "holds characters of no text file; use the CSV, unpacked, not the archive")
            yield number, text.rstrip("\r\n")
        progress(done)
