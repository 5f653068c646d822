"""How the dates of a column are written: with the day first, the month first, or now one and now the other.

Pure. ``5/6/1971`` says nothing of it; those that can only be read in one way decide for the column. A few among very many that
go the other way are slips, and their rows are handed back; more of them are a second style, of which ``5/6/1971`` may be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.matching import folding

PARTED = re.compile(r"\s*(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*")
ISO_WITH_TIME = re.compile(r"\s*(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?\s*")

# So many dates of one style outweigh one of the other, which is then taken for a slip.
OUTWEIGH = 1000


@dataclass
class Seen:
    """How many dates can be read in one way only, and the line of the first."""

    number: int = 0
    line: int = 0

    def add(self, line: int) -> None:
        """One more."""
        self.number += 1
        self.line = self.line or line

    def outweighed_by(self, other: "Seen") -> bool:
        """Whether these are so few beside the other that they are slips."""
        return self.number * OUTWEIGH <= other.number


@dataclass
class Style:
    """What was seen of a column, of each way of writing."""

    day_first: Seen = field(default_factory=Seen)
    month_first: Seen = field(default_factory=Seen)

    def see(self, text: str, line: int) -> None:
        """Note a date that can only be read in one way."""
        found = PARTED.fullmatch(text)
        if found is None:
            return
        first, second = int(found[1]), int(found[2])
        if 31 >= first > 12 >= second:
            self.day_first.add(line)
        elif 31 >= second > 12 >= first:
            self.month_first.add(line)

    def read_with(self, month_first: bool) -> tuple[Seen, Seen]:
        """Those of the way in which the column is read, and those of the other."""
        return (self.month_first, self.day_first) if month_first else (self.day_first, self.month_first)


@dataclass
class Styles:
    """The styles of all columns that hold dates, by heading."""

    columns: dict[str, Style] = field(default_factory=dict)

    def problems(self, month_first: bool) -> Iterator[str]:
        """What has to be mended or said before these dates can be read without guessing."""
        for heading, style in self.columns.items():
            said, other = style.read_with(month_first)
            if other.outweighed_by(said):
                continue
            if not said.outweighed_by(other):
                yield (f"Column “{heading}” has dates of two styles: the day first on line {style.day_first.line}, the month first "
                       f"on line {style.month_first.line}. Write them all in one style, such as 1971-03-27")
            elif month_first:
                yield (f"Column “{heading}” has its dates with the day first (line {other.line}), and not the month: say so under "
                       "“How dates are written”")
            else:
                yield (f"Column “{heading}” has its dates with the month first (line {other.line}): say so under “How dates are "
                       "written”")

    def told(self, month_first: bool) -> Iterator[str]:
        """What is no hindrance, but good to know."""
        said_first, other_first = ("month", "day") if month_first else ("day", "month")
        for heading, style in self.columns.items():
            said, other = style.read_with(month_first)
            if other.number and other.outweighed_by(said):
                yield (f"{other.number:,} of the dates in column “{heading}” can only be read with the {other_first} first, such "
                       f"as that on line {other.line}: their rows are handed back. Others are read with the {said_first} first.")


def read(text: str, today: date, *, month_first: bool = False) -> date | None:
    """A date as people and systems write it. Of two digits of a year, those of a day that has come."""
    if found := ISO_WITH_TIME.fullmatch(text):
        text = found[1]
    elif found := PARTED.fullmatch(text):
        day, month = (found[2], found[1]) if month_first else (found[1], found[2])
        text = f"{day}/{month}/{found[3]}"
    return folding.day(text, today)


def styles(headings: Mapping[str, int]) -> Styles:
    """Nothing seen yet, of these columns."""
    return Styles({heading: Style() for heading in headings})
