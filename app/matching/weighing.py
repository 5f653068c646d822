"""The weights: read strictly from a versioned file, so that a score can be told again years later.

What the levels of a comparison mean is for ``comparing``; what their weights add up to is for ``judging``.
"""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import isclose
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.kernel.config import WrongConfiguration

FOLDER = Path(__file__).parent / "weights"
SHIPPED = "2026-11-23"


class Comparison(StrEnum):
    """What of two people is compared."""

    FORENAME = "forename"
    SURNAME = "surname"
    ORDER = "order"
    BIRTH = "birth"
    POSTCODE = "postcode"
    STREET = "street"
    HOUSE = "house"
    TOWN = "town"
    TELEPHONE = "telephone"
    EMAIL = "email"


class Level(StrEnum):
    """How two values of one comparison agree."""

    EXACT = "exact"
    NICKNAME = "nickname"
    SECOND_NAME = "second_name"
    HALF = "half"
    ONE_SLIP = "one_slip"
    SAME_SOUND = "same_sound"
    TWO_NAMES = "two_names"
    INITIAL = "initial"
    ALIKE = "alike"
    SWAPPED = "swapped"
    FORMER = "former"
    ONE_DIGIT = "one_digit"
    TWO_PARTS = "two_parts"
    SAME_YEAR = "same_year"
    NEAR = "near"
    SECTOR = "sector"
    DISTRICT = "district"
    OTHER = "other"


SAME, OTHER = Level.EXACT, Level.OTHER
LEVELS: Mapping[Comparison, tuple[Level, ...]] = {
    Comparison.FORENAME: (SAME, Level.NICKNAME, Level.SECOND_NAME, Level.ONE_SLIP, Level.SAME_SOUND, Level.TWO_NAMES,
                          Level.INITIAL, Level.ALIKE, OTHER),
    Comparison.SURNAME: (SAME, Level.HALF, Level.ONE_SLIP, Level.SAME_SOUND, Level.ALIKE, OTHER),
    Comparison.ORDER: (Level.SWAPPED, Level.FORMER),
    Comparison.BIRTH: (SAME, Level.SWAPPED, Level.ONE_DIGIT, Level.TWO_PARTS, Level.SAME_YEAR, OTHER),
    Comparison.POSTCODE: (SAME, Level.NEAR, Level.SECTOR, Level.DISTRICT, OTHER),
    Comparison.STREET: (SAME, Level.ALIKE, OTHER),
    Comparison.HOUSE: (SAME, Level.ONE_SLIP, OTHER),
    Comparison.TOWN: (SAME, Level.ALIKE, OTHER),
    Comparison.TELEPHONE: (SAME, Level.ONE_SLIP, OTHER),
    Comparison.EMAIL: (SAME, Level.ONE_SLIP, OTHER),
}


# Files from before these were compared do not state them: by such a file they say nothing.
LATER = frozenset({Comparison.TOWN})


@dataclass(frozen=True, slots=True)
class Weight:
    """m of one level, and its u: a number, or so many times the share of those who bear the values compared."""

    m: float
    u: float | None = None
    times: float | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Where a score begins to mean something, in bits, and the least number of people it is sought among."""

    link: float
    review: float
    likely: float
    runner_up: float
    people: int


@dataclass(frozen=True)
class Weights:
    """One version of the weights."""

    version: str
    note: str
    lines: Lines
    of: Mapping[Comparison, Mapping[Level, Weight]]

    def __hash__(self) -> int:
        return hash(self.version)


@lru_cache(maxsize=8)
def shipped(version: str = SHIPPED) -> Weights:
    """The weights of a version that comes with the application."""
    return read(FOLDER / f"{version}.toml")


def read(path: Path) -> Weights:
    """The weights in a file. Raises WrongConfiguration: what is wrong, in which line, and how to mend it."""
    try:
        return written(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise WrongConfiguration(f"{path}: the file of weights is missing; those there are: "
                                 f"{', '.join(sorted(p.stem for p in path.parent.glob('*.toml'))) or 'none'}") from missing
    except UnicodeDecodeError as broken:
        raise WrongConfiguration(f"{path}: not readable as UTF-8: {broken}") from broken


@lru_cache(maxsize=8)
def written(path: Path, text: str) -> Weights:
    """The weights in the text of a file of that name; the same text is read once."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise WrongConfiguration(f"{path}: not readable as TOML: {broken}") from broken
    return _Reading(path, text).weights(found)


class _Reading:
    """One file being read: where it is, and its text to find lines in."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.rows = text.splitlines()

    def weights(self, found: Mapping[str, Any]) -> Weights:
        stated = [comparison for comparison in Comparison if comparison not in LATER or comparison in found]
        self._known("", found, ["version", "note", "lines", *stated])
        for key in ("version", "note"):
            if not isinstance(found[key], str) or not found[key].strip():
                self._wrong("", key, "must be words in quotes")
        if found["version"] != self.path.stem:
            self._wrong("", "version", f"is {found['version']!r}, but the file is called {self.path.stem!r}: make both one")
        of = {comparison: self._levels(comparison, found[comparison]) for comparison in stated}
        return Weights(found["version"], found["note"], self._lines(found["lines"]), MappingProxyType(of))

    def _lines(self, found: Any) -> Lines:
        self._table("lines", found)
        self._known("lines", found, Lines.__slots__)
        for key, value in found.items():
            if type(value) not in (int, float) or (key == "people" and (type(value) is not int or value < 1)):
                self._wrong("lines", key, "must be a number of bits" if key != "people" else "must be a whole number from 1")
        if not found["likely"] <= found["review"] <= found["link"]:
            self._wrong("lines", "review", "must lie between likely and link")
        return Lines(**found)

    def _levels(self, comparison: Comparison, found: Any) -> Mapping[Level, Weight]:
        self._table(comparison, found)
        self._known(comparison, found, LEVELS[comparison])
        levels = {Level(key): self._weight(comparison, key, value) for key, value in found.items()}
        total = sum(weight.m for weight in levels.values())
        if comparison is not Comparison.ORDER and not isclose(total, 1, abs_tol=0.001):
            self._wrong("", comparison, f"its m add up to {total:.3f}: they must add up to 1")
        return MappingProxyType(levels)

    def _weight(self, comparison: str, key: str, value: Any) -> Weight:
        if not isinstance(value, dict) or set(value) not in ({"m", "u"}, {"m", "times"}):
            self._wrong(comparison, key, "must state m, and either u or times: { m = 0.9, u = 0.01 }")
        for name, number in value.items():
            most = 1000 if name == "times" else 1
            if type(number) not in (int, float) or not 0 < number <= most:
                self._wrong(comparison, key, f"{name} must be a number above 0 and at most {most}")
        return Weight(**value)

    def _table(self, section: str, found: Any) -> None:
        if not isinstance(found, dict):
            self._wrong("", section, f"must be a section of its own, [{section}]")

    def _known(self, section: str, found: Mapping[str, Any], words: Collection[str]) -> None:
        for key in found:
            if key not in words:
                near = difflib.get_close_matches(key, words, n=1, cutoff=0.5)
                self._wrong(section, key, f"is unknown{f'; did you mean {str(near[0])!r}?' if near else ''}")
        for key in words:
            if key not in found:
                self._wrong("", section, f"does not state {str(key)!r}")

    def _wrong(self, section: str, key: str, what: str) -> None:
        named = f"{section}.{key}" if section and key else key or section
        raise WrongConfiguration(f"{self.path}, line {self._line(section, key)}: {named or 'the file'} {what}")

    def _line(self, section: str, key: str) -> int:
        """Where the key stands in its section, or the section begins; else the first line."""
        inside = ""
        for number, row in enumerate(self.rows, start=1):
            if heading := re.match(r"\s*\[([^\]]+)\]", row):
                inside = heading[1].strip()
                if inside == key and not section:
                    return number
            elif inside == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", row):
                return number
        return 1
