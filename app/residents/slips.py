"""What may have been meant by a telephone, a date or half a postcode in which one character is wrong, or two are changed about.

Pure. Asked for one by one and by equality: that costs an index next to nothing, and nothing is stored for it. Slips in
names are for ``matching.spoken``.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

DIGITS = "0123456789"
# What the last two characters of a postcode may be.
INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@lru_cache(maxsize=1024)
def telephones(number: str) -> tuple[str, ...]:
    """British numbers (E.164) one digit away, or with two digits changed about; none for another country's."""
    if not number.startswith("+44"):
        return ()
    return tuple(sorted(f"+44{slip}" for slip in _slips(number[3:]) if slip[0] != "0"))


@lru_cache(maxsize=1024)
def births(born: date) -> tuple[date, ...]:
    """Dates with day and month changed about, one digit wrong or two changed about, a day more or less, a year or ten years."""
    written = {_date(f"{born:%m%d%Y}"), born - timedelta(days=1), born + timedelta(days=1)}
    written |= {_date(f"{born:%d%m}{born.year + years}") for years in (-10, -1, 1, 10)}
    written |= {_date(slip) for slip in _slips(f"{born:%d%m%Y}")}
    return tuple(sorted(day for day in written if day and day != born and abs(day.year - born.year) <= 100))


def districts(outward: str) -> tuple[str, ...]:
    """First halves of postcodes of which one digit is another, is missing, or is one too many."""
    places = [at for at, held in enumerate(outward) if held in DIGITS]
    found = [f"{outward[:at]}{digit}{outward[at + 1:]}" for at in places for digit in DIGITS]
    if len(places) == 1:
        found += [f"{outward[:at]}{digit}{outward[at:]}" for at in (places[0], places[0] + 1) for digit in DIGITS]
    elif len(places) > 1:
        found += [outward[:at] + outward[at + 1:] for at in places]
    return tuple(dict.fromkeys(each for each in found if each != outward))


@lru_cache(maxsize=1024)
def postcodes(written: str) -> tuple[str, ...]:
    """Postcodes with a slip in the first half, or of whose second half one character is another, or its two letters are changed
    about. Most are no postcode at all: asking for what nobody has is cheap."""
    outward, _, inward = written.partition(" ")
    if not inward:
        return ()
    found = [f"{other} {inward}" for other in districts(outward)]
    found += [f"{outward} {digit}{inward[1:]}" for digit in DIGITS]
    found += [f"{outward} {inward[:at]}{letter}{inward[at + 1:]}" for at in (1, 2) for letter in INWARD]
    found.append(f"{outward} {inward[0]}{inward[:0:-1]}")
    return tuple(dict.fromkeys(code for code in found if code != written))


def _slips(digits: str) -> Iterator[str]:
    for at, digit in enumerate(digits):
        for other in DIGITS:
            if other != digit:
                yield digits[:at] + other + digits[at + 1:]
        if digits[at:at + 2] != digits[at:at + 2][::-1]:
            yield digits[:at] + digits[at:at + 2][::-1] + digits[at + 2:]


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
