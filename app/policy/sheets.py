"""One table of the policy as text: its lines, cells and faults. It knows spelling and places, not what words mean."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from app.kernel.errors import Invalid

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a policy: where, what, and how to mend it."""

    file: str
    line: int
    column: str
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.problem}. {self.mend}"


class PolicyRefused(Invalid):
    """A policy that cannot be taken, with everything that is wrong with it at once."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        errors: dict[str, list[str]] = {}
        for fault in self.faults:
            errors.setdefault(f"{fault.file}:{fault.line}", []).append(f"{fault.column}: {fault.problem}. {fault.mend}")
        super().__init__(errors, kind="policy-refused", detail="\n".join(str(fault) for fault in self.faults))


def nearest(word: str, known: Collection[str]) -> str:
    """The mend for a word that is not known: the likeliest spelling, or all there are."""
    likely = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    if likely:
        return f"Did you mean {likely[0]}?"
    return f"Use one of: {', '.join(sorted(known))}." if known else "There is none to name."


@dataclass(slots=True)
class Row:
    """One line's cells by column. Asking for a word that is not one notes a fault and gives None."""

    sheet: "Sheet"
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fault(self, column: str, problem: str, mend: str) -> None:
        """Note what is wrong with one cell, or with the line if no column is named."""
        self.sheet.fault(self.line, column, problem, mend)

    def word(self, column: str, words: type[Word]) -> Word | None:
        """The cell as a word of the vocabulary."""
        return self.one(column, self[column], words)

    def one(self, column: str, text: str, words: type[Word]) -> Word | None:
        """One word out of a cell."""
        known = {str(word) for word in words}
        if text in known:
            return words(text)
        self.fault(column, f"{text!r} is not one of the words for {column}" if text else "nothing is written",
                   nearest(text, known))
        return None

    def day(self, column: str) -> date | None:
        """The cell as a date, year first."""
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            self.fault(column, f"{self[column]!r} is not a date", "Write it as 2027-03-31.")
            return None


@dataclass(slots=True)
class Sheet:
    """A file with a header and lines of equal length; ``#`` begins a line for people."""

    file: str
    header: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str, problem: str, mend: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, line, column, problem, mend))

    def rows(self, text: str) -> Iterator[Row]:
        """The lines that have the right shape; those that have not are noted and left out."""
        seen_header = False
        for number, line in enumerate(text.splitlines(), start=1):
            cells = self._cells(number, line)
            if not any(cells):
                continue
            if not seen_header:
                seen_header = True
                if not self._header_is_right(cells, number):
                    return
            elif self._has_the_right_length(cells, number):
                yield Row(self, number, dict(zip(self.header, cells, strict=True)))
        if not seen_header:
            self.fault(1, "", "the file is empty", f"Begin it with the line {','.join(self.header)}")

    def _cells(self, number: int, line: str) -> list[str]:
        """One line's cells. Each line is read alone, so that a stray quotation mark cannot swallow the next."""
        if line.startswith("#") or not line.strip():
            return []
        try:
            return [cell.strip() for cell in next(csv.reader([line], strict=True))]
        except csv.Error as error:
            self.fault(number, "", f"this cannot be read as cells ({error})", "Look for a stray quotation mark.")
            return []

    def _header_is_right(self, cells: list[str], line: int) -> bool:
        if tuple(cells) == self.header:
            return True
        self.fault(line, "", f"the header is {','.join(cells)}", f"Write {','.join(self.header)}")
        return False

    def _has_the_right_length(self, cells: list[str], line: int) -> bool:
        if len(cells) == len(self.header):
            return True
        self.fault(line, "", f"there are {len(cells)} cells where there should be {len(self.header)}",
                   f"Fill in {','.join(self.header)}; write - where there is nothing to say.")
        return False


def joined_cells(*cells: object) -> str:
    """Cells as a line of a sheet."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([str(cell) for cell in cells])
    return written.getvalue()
