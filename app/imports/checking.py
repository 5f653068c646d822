"""Makes of one row of a file what a desk would have sent, or says of each cell why it cannot be taken.

Pure, and judged by the schema that pages and programs send through. What the database knows (homes, records that are
there already) is asked for whole chunks elsewhere.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import ValidationError

from app.imports import choices, columns, dates, tidying
from app.imports.choices import Chosen
from app.imports.columns import Layout
from app.imports.rows import Row
from app.residents.schemas import ResidentIn
from app.residents.wanted import Recorded

_SCHEMA = ResidentIn()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong under one heading ("": in the whole row) and how to mend it. It may say what was typed."""

    heading: str
    words: str = field(repr=False)


@dataclass(slots=True)
class Checked:
    """One row: what is to be recorded, or its faults. ``notes`` are kinds of slips that were mended; ``told`` is what
    could not be taken over though the row could."""

    line: int
    cells: Sequence[str] = field(repr=False)
    wanted: Recorded | None = field(default=None, repr=False)
    chosen: tuple[Chosen, ...] = field(default=(), repr=False)
    faults: list[Fault] = field(default_factory=list, repr=False)
    notes: list[str] = field(default_factory=list)
    told: list[Fault] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Judge:
    """What rows are judged by: where their cells stand, what day it is, and which versions of wordings there are."""

    layout: Layout
    today: date
    wordings: Mapping[str, Collection[str]]

    def check(self, row: Row) -> Checked:
        """One row by itself."""
        made = Checked(row.line, row.cells)
        flaws = list(self._flaws(row))
        if any(not flaw.heading for flaw in flaws):
            made.faults += flaws
            return made
        cells = _Cells(self.layout, row.cells, made)
        sent = _sent(cells, self._day(cells, made))
        made.chosen = choices.chosen(cells.text, self.today, self.layout.month_first, self.wordings,
                                     lambda name, words: made.told.append(self._fault(name, words)),
                                     lambda name, words: made.faults.append(self._fault(name, words)))
        try:
            made.wanted = _SCHEMA.load(sent)
        except ValidationError as wrong:
            messages: Any = wrong.messages
            made.faults += [self._fault(_field_of(path, self.layout), words) for path, words in _told(messages)]
        if made.wanted is not None and made.wanted.born and made.wanted.born > self.today:
            made.faults.append(self._fault(columns.BIRTH, "This date has not come yet: check the year"))
        if flaws or made.faults:
            made.wanted = None
            made.faults = _once(flaws, made.faults)
        return made

    def _flaws(self, row: Row) -> Iterator[Fault]:
        """What the reader said of cells that are to be taken, and cells beyond the last heading."""
        headings, wanted = self.layout.headings, set(self.layout.places.values())
        for at, words in row.flaws.items():
            if at == -1 or at in wanted:
                yield Fault(headings[at] if 0 <= at < len(headings) else "", words)
        for at in sorted(wanted - row.flaws.keys()):
            # A file of text keeps the formula itself where a workbook would have shown what it comes to.
            if at < len(row.cells) and row.cells[at].lstrip(" '\u00a0")[:1] in ("=", "＝"):
                yield Fault(headings[at], "This is a formula: type what it comes to")
        if not row.flaws and any(cell.strip() for cell in row.cells[len(headings):]):
            yield Fault("", f"This row has {len(row.cells)} cells where the headings are {len(headings)}: a cell that holds "
                            "a comma stands between quotation marks")

    def _fault(self, name: str, words: str) -> Fault:
        return Fault(self.layout.heading(name), words)

    def _day(self, cells: "_Cells", made: Checked) -> Callable[[str], str | None]:
        def day(name: str) -> str | None:
            typed = cells.optional(name)
            if not typed:
                return None
            found = dates.read(typed, self.today, month_first=self.layout.month_first)
            if found is None:
                made.faults.append(self._fault(name, f"“{typed[:40]}” is not a date: write day, month and year, such as "
                                                     "1971-03-27"))
            return found.isoformat() if found else None
        return day


def _once(flaws: Sequence[Fault], faults: Sequence[Fault]) -> list[Fault]:
    """All that is wrong with a row, each once; of a cell that cannot be read, that and no more."""
    unread = {flaw.heading for flaw in flaws}
    return list(dict.fromkeys([*flaws, *(fault for fault in faults if fault.heading not in unread)]))


class _Cells:
    """The cells of one row by what they hold, tidied; a note is taken of what was tidied."""

    def __init__(self, layout: Layout, cells: Sequence[str], made: Checked) -> None:
        self._places, self._cells, self._made = layout.places, cells, made

    def text(self, name: str) -> str:
        """The cell of a field; "" where there is none."""
        at = self._places.get(name)
        if at is None or at >= len(self._cells):
            return ""
        text, note = tidying.plain(self._cells[at])
        if note:
            self.note(note)
        return text

    def optional(self, name: str) -> str:
        """The same, where people write that there is nothing instead of nothing."""
        text = self.text(name)
        if tidying.says_nothing(text):
            self.note(tidying.SAID_NOTHING)
            return ""
        return text

    def note(self, words: str) -> None:
        """A slip that was mended, counted once a row."""
        if words not in self._made.notes:
            self._made.notes.append(words)

    def holds(self, *names: str) -> bool:
        """Whether the file has a column for one of these."""
        return any(name in self._places for name in names)


def _sent(cells: _Cells, day: Callable[[str], str | None]) -> dict[str, Any]:
    """The row as the body that a program would send."""
    address: dict[str, Any] = {"lines": _lines(cells), "postcode": _postcode(cells)}
    if since := day(columns.SINCE):
        address["from"] = since
    sent: dict[str, Any] = {"name": _names(cells), "address": [address]}
    channels: dict[str, Any] = {}
    if cells.holds(*columns.TELEPHONES):
        channels["telephones"] = [_telephone(cells, each) for name in columns.TELEPHONES if (each := cells.optional(name))]
    if cells.holds(*columns.EMAILS):
        channels["emails"] = [tidying.email(each) for name in columns.EMAILS if (each := cells.optional(name))]
    if way := cells.optional(columns.PREFERRED):
        language = cells.optional(columns.LANGUAGE) or "en"
        channels["preferred"] = {"channel": tidying.way(way), "language": tidying.language(language)}
    if channels:
        sent["channels"] = channels
    if born := day(columns.BIRTH):
        sent["birth"] = born
    if needs := tidying.listed(cells.optional(columns.NEEDS)):
        sent["needs"] = needs
    return sent


def _names(cells: _Cells) -> list[dict[str, str]]:
    given, family = cells.text(columns.GIVEN), cells.text(columns.FAMILY)
    if not given and not family and (whole := cells.text(columns.FULL_NAME)):
        given, family = tidying.parted(whole)
    names = [{"given": given, "family": family, "kind": "usual"}]
    if known_as := cells.optional(columns.KNOWN_AS):
        names.append({"given": known_as, "family": family, "kind": "known_as"})
    return names


def _lines(cells: _Cells) -> list[str]:
    lines = [each for name in columns.LINES if (each := cells.text(name))]
    if not lines:
        lines = tidying.address_lines(cells.text(columns.ADDRESS), cells.text(columns.POSTCODE))
    return lines


def _postcode(cells: _Cells) -> str:
    typed = cells.text(columns.POSTCODE)
    if tidying.misread_postcode(typed):
        cells.note(tidying.POSTCODE_READ)
    return typed


def _telephone(cells: _Cells, typed: str) -> str:
    number, note = tidying.telephone(typed)
    if note:
        cells.note(note)
    return number


def _told(messages: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Each message of a schema with the way to its field."""
    if isinstance(messages, dict):
        for part, held in messages.items():
            yield from _told(held, (*path, part))
    elif isinstance(messages, list):
        yield from ((path, str(words)) for words in messages)


_AT = {("name", "given"): columns.GIVEN, ("name", "family"): columns.FAMILY, ("address", "postcode"): columns.POSTCODE,
       ("address", "from"): columns.SINCE, ("channels", "preferred"): columns.PREFERRED}
_MANY = {"telephones": columns.TELEPHONES, "emails": columns.EMAILS, "lines": columns.LINES}


def _field_of(path: tuple[Any, ...], layout: Layout) -> str:
    """The field of ours that a schema's message is about."""
    words = [part for part in path if isinstance(part, str)]
    if words[0] == "name":
        # Who is known as somebody has the family name of the other column all the same.
        name = columns.KNOWN_AS if 1 in path and words[-1] != "family" else _AT.get(("name", words[-1]), columns.FAMILY)
        return name if name in layout.places else columns.FULL_NAME
    for part in words:
        if part in _MANY:
            # An empty cell is left out, so that the place in the list need not be the column's: the first one stands for all.
            return next((name for name in _MANY[part] if name in layout.places), columns.ADDRESS)
    return next((_AT[pair] for pair in zip(words, words[1:], strict=False) if pair in _AT), words[0])
