"""Reads a CSV file that comes in blocks of bytes, record by record, keeping the line each stands on.

A quotation mark that is never closed, a line that is far too long or letters that cannot be read spoil one row and not
the file. Which encoding it has is for ``encodings``.
"""

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from app.imports.encodings import ENCODINGS, Reading
from app.imports.rows import LONGEST_CELL, Row, refuse

# A quoted cell may hold line breaks (an address), though not more than these.
MOST_LINES = 20
LONGEST_LINE = 1_000_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NOT_TEXT = "This line holds letters that cannot be read as {words}: type them again, or save the file as UTF-8"
BROKEN_MARK = "A quotation mark in this line is opened and not closed, or stands inside a cell: remove it"
TOO_LONG = "This line is longer than 1,000,000 characters: it is not a row of a table of people"
csv.field_size_limit(LONGEST_LINE * 2)


class CsvFile:
    """``blocks`` begins the file anew each time it is called."""

    def __init__(self, name: str, blocks: Callable[[], Iterable[bytes]], reading: Reading) -> None:
        self.name, self._blocks, self.reading = name, blocks, reading
        self._separator: str | None = None
        self.told = [reading.why]

    def rows(self) -> Iterator[Row]:
        """Every record with the line that it begins on."""
        lines = _Lines(self._decoded())
        while (first := lines.take()) is not None:
            number, text = lines.number, first
            if self._separator is None and not text.strip():
                yield Row(number, [""])
                continue
            if self._separator is None:
                self._separator = self._guess(text)
            if len(text) > LONGEST_LINE:
                yield Row(number, [text[:LONGEST_CELL]], {-1: TOO_LONG})
            else:
                yield self._record(number, text, lines)

    def _record(self, number: int, text: str, lines: "_Lines") -> Row:
        assert self._separator is not None
        taken = [text]
        if '"' not in text:
            return self._row(number, text.rstrip("\r\n").split(self._separator), text)

        def feed() -> Iterator[str]:
            yield text
            while len(taken) < MOST_LINES and (more := lines.take()) is not None:
                taken.append(more)
                yield more

        try:
            cells = next(csv.reader(feed(), delimiter=self._separator, strict=True))
        except csv.Error:
            lines.give_back(taken[1:])
            return Row(number, [text.strip()[:LONGEST_CELL]], {-1: BROKEN_MARK})
        return self._row(number, cells, "".join(taken))

    def _row(self, number: int, cells: list[str], text: str) -> Row:
        if not text.isascii() and any("\udc80" <= sign <= "\udcff" or sign == "\ufffd" for sign in text):
            shown = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in cells]
            return Row(number, shown, {-1: NOT_TEXT.format(words=ENCODINGS[self.reading.encoding])})
        if "\0" in text:
            return Row(number, [cell.replace("\0", "\ufffd") for cell in cells],
                       {-1: "This line holds a character of no text (U+0000): remove it"})
        long = {at: f"This is longer than {LONGEST_CELL:,} characters: shorten it"
                for at, cell in enumerate(cells) if len(cell) > LONGEST_CELL} if len(text) > LONGEST_CELL else {}
        return Row(number, [cell[:LONGEST_CELL] for cell in cells] if long else cells, long)

    def _guess(self, heading: str) -> str:
        """The sign that stands most often in the first line."""
        many = {sign: heading.count(sign) for sign in SEPARATORS}
        best = max(many, key=lambda sign: many[sign])
        if not many[best]:
            refuse(self.name, "line 1 has one column only; a CSV file has its columns apart by commas, and their names in "
                              "line 1", kind="no-columns")
        self.told.append(f"Columns are apart by {SEPARATORS[best]}.")
        return best

    def _decoded(self) -> Iterator[str]:
        errors = "replace" if self.reading.encoding == "utf-16" else "surrogateescape"
        decoder = codecs.getincrementaldecoder(self.reading.codec)(errors)
        for block in self._blocks():
            yield decoder.decode(block)
        yield decoder.decode(b"", True)


class _Lines:
    """Lines with their numbers; ``\\n``, ``\\r\\n`` and a lone ``\\r`` end one. Some may be given back."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts, self._waiting, self._left = iter(texts), deque[str](), ""
        self.number = 0

    def take(self) -> str | None:
        while not self._waiting and (text := next(self._texts, None)) is not None:
            self._split(text)
        if not self._waiting and self._left:
            self._waiting.append(self._left)
            self._left = ""
        if not self._waiting:
            return None
        self.number += 1
        return self._waiting.popleft()

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def _split(self, text: str) -> None:
        whole = self._left + text
        if len(whole) > 10 * LONGEST_LINE and "\n" not in text:
            # One endless line: its beginning stands for it.
            self._left = whole[:LONGEST_LINE + 1]
            return
        # What ends in a carriage return may go on with the line feed that belongs to it.
        keep = whole.endswith("\r")
        lines = (whole[:-1] if keep else whole).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._left = lines.pop() + ("\r" if keep else "")
        self._waiting.extend(line + "\n" for line in lines)
