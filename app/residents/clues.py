"""What somebody typed into the one box, told apart: a reference, a telephone, an e-mail, a date, a place, names.

Pure. In any order, with nothing marked. Whether the clues are enough to ask with is said here, what they find is not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.kernel.errors import Invalid
from app.kernel.ids import parse_reference
from app.matching import folding
from app.places.postcodes import AREAS, OUTWARD_SHAPES, normalise

EMAIL = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")
DATE = re.compile(r"(?<![\w/])(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|"
                  r"\d{1,2}(?:st|nd|rd|th)?[\s-]+[a-z]{3,9}[\s-]+\d{4})(?![\w/])", re.IGNORECASE)
TELEPHONE = re.compile(r"(?<!\w)(?:\+|\(?0)[\d\s().-]{8,20}\d(?!\w)")
REFERENCE = re.compile(r"(?<!\w)[0-9a-z]{3}([ -]?)[0-9a-z]{3}\1[0-9a-z]{3}(?!\w)", re.IGNORECASE)
POSTCODE = re.compile(r"(?<!\w)[a-z]{1,2}[0-9oil][0-9a-z]?\s*[0-9oil][a-z]{2}(?!\w)", re.IGNORECASE)
NOUGHT_BEFORE = re.compile(r"(?<=[a-z])0(?=[0-9]\s*[0-9][a-z]{2}$)", re.IGNORECASE)
OUTWARD = re.compile(r"[a-z]{1,2}[0-9][0-9a-z]?", re.IGNORECASE)
HOUSE = re.compile(r"\d{1,4}[a-z]?", re.IGNORECASE)
STREETS = frozenset("avenue ave close court crescent drive gardens green grove hill lane mews park place rise road row "
                    "square street terrace view walk way".split())
ENOUGH = 2
ONE_MORE = ("Add a second detail, such as a first name, a postcode, a date of birth or a house number; a whole "
            "telephone number, e-mail address or reference is enough alone")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of the one sought. ``names`` are folded words that may be given or family names."""

    ref: str | None = None
    telephone: str | None = None
    email: str | None = None
    born: date | None = None
    postcode: str | None = None
    outward: str | None = None
    house: str | None = None
    street: str | None = None
    names: tuple[str, ...] = ()
    given: str | None = None
    family: str | None = None

    def weight(self) -> int:
        """Two is enough to ask with: one whole telephone, e-mail or reference, or two lesser clues."""
        if self.ref or self.telephone or self.email:
            return ENOUGH
        named = min(len(self.names) + bool(self.given) + bool(self.family), 2)
        place = bool(self.postcode) + bool(self.house and self.postcode)
        return named + place + bool(self.born) + bool(named and not place and (self.house or self.outward))


def require_enough(clues: Clues, reason: str | None = None) -> None:
    """Raises Invalid ``add-a-clue`` for one weak clue alone: a surname or a postcode by itself is fishing, unless there is
    a reason for it."""
    if clues.weight() < (1 if reason else ENOUGH):
        raise Invalid({"q": [ONE_MORE]}, kind="add-a-clue", detail="One more detail is needed to look for a resident.")


def read(text: str, today: date) -> Clues:
    """The clues in what was typed."""
    rest = _Rest(" ".join(text.split()))
    ref = rest.take(REFERENCE, _reference)
    email = rest.take(EMAIL, folding.email)
    born = rest.take(DATE, lambda found: folding.day(found, today))
    telephone = rest.take(TELEPHONE, folding.telephone)
    # One with a digit goes before letters that may stand for digits; a single word of letters is a name (Billy is not B1 1LY).
    postcode = rest.take(POSTCODE, lambda found: _postcode_sought(found) if any(map(str.isdigit, found)) else None)
    postcode = postcode or rest.take(POSTCODE, lambda found: _postcode_sought(found) if " " in found else None)
    return _with_words(rest.words(), Clues(ref, telephone, email, born, postcode))


def postcode_in(text: str) -> str | None:
    """The postcode that was meant, or None."""
    try:
        return normalise(text).written
    except Invalid:
        return None


def _postcode_sought(text: str) -> str | None:
    """The same for who is looking: a nought before the number of a district is left out, as no district has one."""
    return postcode_in(text) or postcode_in(NOUGHT_BEFORE.sub("", text))


def outward_in(word: str) -> str | None:
    """The first half of a postcode, or None."""
    folded = word.upper()
    shape = "".join("A" if c.isalpha() else "9" for c in folded)
    area = folded.rstrip("0123456789") if shape[-1] == "9" else folded[:len(shape) - len(shape.lstrip("A"))]
    return folded if shape in OUTWARD_SHAPES and area in AREAS else None


def _reference(text: str) -> str | None:
    """Nine letters without a digit or a hyphen are a name, whatever their check character says."""
    marked = "-" in text or any(c.isdigit() for c in text)
    return parse_reference(text) if marked else None


def _with_words(words: list[str], clues: Clues) -> Clues:
    outward, house, street, names = None, None, None, []
    while words:
        word = words.pop(0)
        if outward is None and clues.postcode is None and OUTWARD.fullmatch(word) and outward_in(word):
            outward = outward_in(word)
        elif house is None and HOUSE.fullmatch(word):
            house = word.casefold()
            street = _street(words)
        elif folded := folding.name(word):
            names += [part for part in folded.split() if not part.isdecimal()]
    return replace(clues, outward=outward, house=house, street=street, names=tuple(names[:6]))


def _street(words: list[str]) -> str | None:
    """The street after the number of a house, where a word says that it is one; taken out of ``words``."""
    for at, word in enumerate(words[:4]):
        if at and folding.name(word) in STREETS:
            taken = [folding.name(part) for part in words[:at + 1]]
            del words[:at + 1]
            return " ".join(taken)
    return None


class _Rest:
    """What is left of the text while one kind of clue after another is taken out of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str], meaning: Callable[[str], T | None]) -> T | None:
        """The first match that means something; it is then gone from the text."""
        for found in pattern.finditer(self.text):
            meant = meaning(found[0])
            if meant is not None:
                self.text = f"{self.text[:found.start()]} {self.text[found.end():]}"
                return meant
        return None

    def words(self) -> list[str]:
        """The words nobody took."""
        return [word for word in re.split(r"[\s,;]+", self.text) if word]
