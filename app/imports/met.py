"""Which rows of a file were met before, held in sixteen to thirty-two bytes a row: of a million rows nothing more may stay.

Pure.
"""

from array import array
from hashlib import blake2b

NOTHING = 0
FIRST = 1024


class Met:
    """Marks of what was met. Two rows of a million have one mark once in some ten million files."""

    def __init__(self) -> None:
        self._places, self._held = array("Q", [NOTHING]) * FIRST, 0

    def again(self, said: str) -> bool:
        """Whether the same words were met before; from now on they were."""
        mark = int.from_bytes(blake2b(said.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big") or 1
        at = self._place(mark)
        if self._places[at] == mark:
            return True
        self._places[at] = mark
        self._held += 1
        if self._held * 2 > len(self._places):
            self._double()
        return False

    def _place(self, mark: int) -> int:
        """Where the mark stands, or would."""
        places, last = self._places, len(self._places) - 1
        at = mark & last
        while places[at] not in (NOTHING, mark):
            at = (at + 1) & last
        return at

    def _double(self) -> None:
        before = self._places
        self._places = array("Q", [NOTHING]) * (2 * len(before))
        for mark in before:
            if mark != NOTHING:
                self._places[self._place(mark)] = mark
