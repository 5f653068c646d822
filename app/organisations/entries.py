"""One row or table of a partnership's files. Values are asked for by kind; what does not fit is noted, not raised.

A value that does not fit is answered with a stand-in, so that reading goes on and every problem is found. Nothing that
was read with problems is ever used: `Problems.refuse_if_any` comes first. Pure.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

from app.organisations.problems import Problems, not_known
from app.organisations.spans import Span

T = TypeVar("T")

STAND_IN_DAY = date(1, 1, 1)
YES_NO = {"yes": True, "no": False}
# A cell of a CSV file that holds several values parts them with this.
SEPARATOR = ";"


class Entry:
    """Values by key, and where each stands. In a CSV file all are text; in a TOML file they have kinds of their own."""

    def __init__(self, file: str, values: Mapping[str, Any], problems: Problems, *, line: int,
                 lines: Mapping[str, int] | None = None, typed: bool) -> None:
        self.file = file
        self.line = line
        self._values = values
        self._lines = lines or {}
        self._typed = typed
        self._problems = problems

    def complain(self, key: str, what: str) -> None:
        """Note a problem with the value of a key."""
        self._problems.add(self.file, self._lines.get(key, self.line), key, what)

    def only(self, known: Collection[str]) -> None:
        """Complain of every key that nobody reads."""
        for key in self._values:
            if key not in known:
                self.complain(key, not_known(key, known, "a key that is read here"))

    def keys(self) -> list[str]:
        """What is stated, in its order."""
        return list(self._values)

    def has(self, key: str) -> bool:
        """Whether something is stated."""
        return self._values.get(key) not in (None, "")

    def text(self, key: str) -> str:
        """Text that must be stated."""
        return self.maybe_text(key) or self._missing(key, "")

    def maybe_text(self, key: str) -> str | None:
        """Text, or None where nothing is stated."""
        if not self.has(key):
            return None
        value = self._values[key]
        if not isinstance(value, str):
            self.complain(key, "must be text in quotes")
            return None
        return value.strip() or None

    def word(self, key: str, known: Collection[str], what: str) -> str:
        """One of the words known."""
        value = self.text(key)
        if value and value not in known:
            self.complain(key, not_known(value, known, what))
        return value

    def maybe_word(self, key: str, known: Collection[str], what: str) -> str | None:
        """One of the words known, or None."""
        return self.word(key, known, what) if self.has(key) else None

    def number(self, key: str, least: int = 0) -> int:
        """A whole number that must be stated."""
        if not self.has(key):
            return self._missing(key, least)
        return self._whole(key, self._values[key], least)

    def numbers(self, key: str) -> tuple[int, ...]:
        """Whole numbers, each once, at least one."""
        return tuple(self._whole(key, value, 1) for value in self._several(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Texts, each once; none where nothing is stated."""
        values = self._several(key) if self.has(key) else []
        if not all(isinstance(value, str) for value in values):
            self.complain(key, "must be a list of texts in quotes")
            return ()
        return tuple(values)

    def words(self, key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        """Words known, each once, at least one."""
        if not self.has(key):
            return self._missing(key, ())
        values = self.texts(key)
        for value in values:
            if value not in known:
                self.complain(key, not_known(value, known, what))
        return values

    def yes(self, key: str, otherwise: bool | None = None) -> bool:
        """Yes or no (true or false in TOML). Must be stated, unless it is said what holds otherwise."""
        if not self.has(key):
            return otherwise if otherwise is not None else self._missing(key, False)
        value = self._values[key] if self._typed else YES_NO.get(self._values[key])
        if not isinstance(value, bool):
            self.complain(key, "must be true or false" if self._typed
                          else f"“{self._values[key]}” is unknown; write yes or no")
            return False
        return value

    def day(self, key: str) -> date:
        """A date that must be stated."""
        return self.maybe_day(key) or self._missing(key, STAND_IN_DAY)

    def maybe_day(self, key: str) -> date | None:
        """A date, or None."""
        if not self.has(key):
            return None
        value = self._values[key]
        if not self._typed:
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.complain(key, f"“{value}” is not a date; write it as 2014-09-01")
                return STAND_IN_DAY
        if not isinstance(value, date) or isinstance(value, datetime):
            self.complain(key, "must be a date without quotes, written as 2014-09-01")
            return STAND_IN_DAY
        return value

    def clock_time(self, key: str) -> time:
        """A time of the day that must be stated."""
        value = self._values.get(key)
        if not isinstance(value, time):
            self.complain(key, "must be a time without quotes, written as 09:00:00")
            return time(0)
        return value

    def span(self, begins: str = "from", ends: str = "until", default: Span | None = None) -> Span:
        """A stretch of days. Where a default is given, it stands in for what is not stated."""
        first = self.maybe_day(begins) or (default.begins if default else self.day(begins))
        last = self.maybe_day(ends) or (default.ends if default else None)
        if last is not None and last <= first and first != STAND_IN_DAY:
            self.complain(ends, f"{last} is not after {first}; it is the first day on which this no longer holds")
            return Span(first)
        return Span(first, last)

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables of an array of a TOML file; none where nothing is stated."""
        found = self._values.get(key, [])
        if isinstance(found, list) and all(isinstance(table, dict) for table in found):
            return found
        self.complain(key, f"must be written as [[{key}]]")
        return []

    def table(self, key: str) -> dict[str, Any]:
        """One table of a TOML file that must be stated."""
        found = self._values.get(key)
        if isinstance(found, dict):
            return found
        self.complain(key, f"is missing; write it as [{key}]")
        return {}

    def _several(self, key: str) -> list[Any]:
        value = self._values.get(key)
        if self._typed:
            values = value if isinstance(value, list) else None
        else:
            values = [part.strip() for part in (value or "").split(SEPARATOR) if part.strip()]
        if not values:
            self.complain(key, "must be a list in square brackets" if self._typed and value is not None
                          else "is empty; state at least one")
            return []
        for once in dict.fromkeys(v for v in values if values.count(v) > 1):
            self.complain(key, f"“{once}” is stated twice; state it once")
        return list(dict.fromkeys(values))

    def _whole(self, key: str, value: Any, least: int) -> int:
        if not self._typed and isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.complain(key, f"“{value}” is not a whole number")
            return least
        if value < least:
            self.complain(key, f"is {value}; it must be {least} or more")
            return least
        return value

    def _missing(self, key: str, stand_in: T) -> T:
        self.complain(key, "is missing; state it")
        return stand_in
