"""How the dates of a column are written: with the day first, the month first, or now one and now the other.

Pure. ``5/6/1971`` says nothing of it; one date that can only be read in one way decides for the column.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.matching import folding

PARTED = re.compile(r"\s*(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*")
ISO_WITH_TIME = re.compile(r"\s*(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?\s*")


@dataclass
class Style:
    """What was seen of a column: the first line of each way of writing, with the line that shows it."""

    day_first: int | None = None
    month_first: int | None = None

    def see(self, text: str, line: int) -> None:
        """Note a date that can only be read in one way."""
        found = PARTED.fullmatch(text)
        if found is None:
            return
        first, second = int(found[1]), int(found[2])
        if first > 12 >= second and self.day_first is None:
            self.day_first = line
        elif second > 12 >= first and self.month_first is None:
            self.month_first = line


@dataclass
class Styles:
    """The styles of all columns that hold dates, by heading."""

    columns: dict[str, Style] = field(default_factory=dict)

    def problems(self, month_first: bool) -> Iterator[str]:
        """What has to be mended or said before these dates can be read without guessing."""
        for heading, style in self.columns.items():
            if style.day_first is not None and style.month_first is not None:
                yield (f"Column “{heading}” has dates of two styles: the day first on line {style.day_first}, the month first "
                       f"on line {style.month_first}. Write them all in one style, such as 1971-03-27")
            elif style.month_first is not None and not month_first:
                yield (f"Column “{heading}” has its dates with the month first (line {style.month_first}): say so under "
                       "“How dates are written”")
            elif style.day_first is not None and month_first:
                yield (f"Column “{heading}” has its dates with the day first (line {style.day_first}), and not the month: say "
                       "so under “How dates are written”")


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
