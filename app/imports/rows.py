"""What every reader of a file gives: rows with the line they stand on, and what is wrong with a whole file in words.

Pure. A row that cannot be read as such still comes out, with its flaw, so that it is handed back and not lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from app.kernel.errors import Invalid

# More than anybody's address; what is longer is not a cell of a table of people.
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row as text. ``flaws`` says of a cell (by its place; -1: of the whole row) why it cannot be taken."""

    line: int
    cells: Sequence[str] = field(repr=False)
    flaws: Mapping[int, str] = field(default_factory=dict, repr=False)

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not self.flaws and not any(map(str.strip, self.cells))


class Table(Protocol):
    """A file that can be read again and again from its beginning. ``told`` says in words how it was read."""

    told: list[str]

    def rows(self) -> Iterator[Row]:
        """Every row, the heading first, blank ones too."""


def refuse(name: str, what: str, kind: str = "unreadable-file") -> NoReturn:
    """Refuse a whole file: what is wrong, where, and how to mend it."""
    raise Invalid({"file": [f"{name}: {what}"]}, kind=kind, detail=f"{name}: {what}")


def column_letters(at: int) -> str:
    """The name of a column as spreadsheets have it: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
