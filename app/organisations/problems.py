"""What is wrong in a partnership's files: each with its file, line, place and mending, all told at once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from app.kernel.errors import Invalid

LISTED_AT_MOST = 12


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. The line is 0 where the file as a whole is meant."""

    file: str
    line: int
    where: str
    what: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.file, f"line {self.line}" if self.line else "", self.where) if part) \
            + f": {self.what}"


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, line: int, where: str, what: str) -> None:
        """Note one, and read on."""
        problem = Problem(file, line, where, what)
        if problem not in self.found:
            self.found.append(problem)

    def refuse_if_any(self, title: str) -> None:
        """Raise all of them together, in the order of files and lines."""
        if not self.found:
            return
        by_file: dict[str, list[str]] = {}
        for problem in sorted(self.found):
            by_file.setdefault(problem.file, []).append(str(problem))
        told = "\n".join(line for lines in by_file.values() for line in lines)
        raise Invalid(by_file, kind="unreadable-partnership", detail=f"{title}\n{told}")


def not_known(word: Any, known: Iterable[Any], what: str) -> str:
    """The sentence for a word that is not one of those known, with the nearest of them."""
    words = sorted({str(k) for k in known})
    near = get_close_matches(str(word), words, n=1, cutoff=0.5)
    if near:
        mend = f"; did you mean “{near[0]}”?"
    elif 0 < len(words) <= LISTED_AT_MOST:
        mend = f"; use one of {', '.join(words)}"
    else:
        mend = "; add it first, or take it out here"
    return f"“{word}” is not {what}{mend}"
