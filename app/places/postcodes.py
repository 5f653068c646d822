"""Postcodes as text: what somebody typed or said becomes the one written form, and its area, district and sector.

Whether a postcode exists, and where, is asked of the tables in ``queries``; nothing here knows a place.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from app.kernel.errors import Invalid

# Every postcode area in use, the Crown dependencies included. A shape with another area is a slip of the keyboard.
AREAS = frozenset(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE".split()
)
# A letter is A, a digit 9. The second half is always 9AA.
OUTWARD_SHAPES = ("A9", "A99", "AA9", "A9A", "AA99", "AA9A")
INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")
# The letters that may follow a lone digit of the district (W1A, EC1Y).
AFTER_DIGIT = {"A9A": "ABCDEFGHJKPSTUW", "AA9A": "ABEHMNPRVWXY"}
MEANT_AS_DIGIT = {"O": "0", "I": "1", "L": "1"}
MEANT_AS_LETTER = {"0": "O", "1": "IL"}
# What is in publishers' files beside the shapes above: an old Newport form, and the one historic oddity.
WRITTEN = re.compile(r"(?P<outward>(?:(?P<area>[A-Z]{1,2})[0-9][0-9A-Z]?)|NPT|GIR)(?P<inward>[0-9][A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode in its written form, with a note where characters had to be read otherwise than typed."""

    written: str
    note: str | None = None

    @property
    def area(self) -> str:
        """``TA`` of ``TA1 1HE``."""
        return area_of(self.written)

    @property
    def district(self) -> str:
        """``TA1`` of ``TA1 1HE``."""
        return district_of(self.written)

    @property
    def sector(self) -> str:
        """``TA1 1`` of ``TA1 1HE``."""
        return sector_of(self.written)


def area_of(written: str) -> str:
    """The leading letters of a written postcode."""
    return re.split(r"[0-9 ]", written, maxsplit=1)[0]


def district_of(written: str) -> str:
    """The first half of a written postcode."""
    return written.partition(" ")[0]


def sector_of(written: str) -> str:
    """The first half and the digit that follows it."""
    return written[:-2]


def as_written(text: str) -> str | None:
    """The written form of a publisher's postcode in any of its paddings (``TA1 1HE``, ``TA101AA``, ``TA1  1HE``).

    Nothing is corrected here: what a publisher states is either a postcode or handed back.
    """
    found = WRITTEN.fullmatch("".join(text.split()).upper())
    if found is None or (found["area"] is not None and found["area"] not in AREAS):
        return None
    return f"{found['outward']} {found['inward']}"


def normalise(typed: str) -> Postcode:
    """The postcode that was meant, whatever its case and spacing; O and 0, I, l and 1 are told apart by position."""
    characters = re.sub(r"[\s.\-\u00a0\u2010-\u2015]+", "", typed).upper()
    if not characters:
        said = f"“{typed.strip()}” has neither letters nor digits: enter" if typed.strip() else "Enter"
        raise Invalid({"postcode": [f"{said} a postcode, such as AB1 2CD"]})
    if written := as_written(characters):
        if INWARD.fullmatch(written[-3:]) and not _misread(district_of(written)):
            return Postcode(written)
    readings = _readings(characters)
    if not readings:
        raise Invalid({"postcode": [_why_not(typed, characters)]})
    fewest = min(readings.values())
    best = sorted(written for written, corrected in readings.items() if corrected == fewest)
    if len(best) > 1:
        raise Invalid({"postcode": [f"“{typed.strip()}” can be read as {' or '.join(best)}: enter the one meant"]})
    return Postcode(best[0], _note(typed, best[0]) if fewest else None)


@lru_cache(maxsize=8192)
def _misread(outward: str) -> bool:
    """Whether a well-formed first half has a letter where no district has one, so that a slip is likelier (``E1O``)."""
    return outward not in ("GIR", "NPT") and not any(_fits(outward, shape) for shape in OUTWARD_SHAPES)


def _fits(outward: str, shape: str) -> bool:
    if len(outward) != len(shape) or not outward.isascii():
        return False
    if not all(c.isalpha() if kind == "A" else c.isdigit() for c, kind in zip(outward, shape, strict=True)):
        return False
    letters = len(shape) - len(shape.lstrip("A"))
    if outward[:letters] not in AREAS:
        return False
    if shape in AFTER_DIGIT and outward[-1] not in AFTER_DIGIT[shape]:
        return False
    return not (shape.endswith("99") and outward[-2] == "0")


def _readings(characters: str) -> dict[str, int]:
    """Every postcode that these characters may mean, with how many of them had to be read otherwise."""
    readings: dict[str, int] = {}
    for shape in OUTWARD_SHAPES:
        whole = shape + "9AA"
        if len(whole) != len(characters):
            continue
        choices = [_meanings(c, kind) for c, kind in zip(characters, whole, strict=True)]
        for meant in map("".join, product(*choices)):
            if _fits(meant[:-3], shape) and INWARD.fullmatch(meant[-3:]):
                changed = sum(a != b for a, b in zip(characters, meant, strict=True))
                written = f"{meant[:-3]} {meant[-3:]}"
                readings[written] = min(changed, readings.get(written, changed))
    return readings


def _meanings(character: str, kind: str) -> str:
    if not character.isascii():
        return ""
    if kind == "9":
        return character if character.isdigit() else MEANT_AS_DIGIT.get(character, "")
    return character if character.isalpha() else MEANT_AS_LETTER.get(character, "")


def _note(typed: str, written: str) -> str:
    return f"We read “{typed.strip()}” as {written}: check it with the caller"


def _why_not(typed: str, characters: str) -> str:
    kept = f"“{typed.strip()}”"
    if any(_fits(characters, shape) for shape in OUTWARD_SHAPES):
        return f"{kept} is only the first half of a postcode: enter the whole, such as {characters} 2CD"
    if len(characters) < 5 or len(characters) > 7:
        return f"{kept} is not a postcode: it has five to seven letters and digits, such as AB1 2CD"
    return f"{kept} is not a postcode: check it letter by letter, as in AB1 2CD"
