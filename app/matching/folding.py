"""What people say or type, in the one form that is compared: names, telephones, e-mail addresses, dates, house numbers.

Pure, and fast enough for a million records. Postcodes are read by ``places``; which forms a record is found by is for
``keys``.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

# Letters that do not come apart into a letter and an accent.
LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
DROPPED = str.maketrans("", "", "'’‘`´ʼʻ′.")
HOUSE = re.compile(r"\d{1,5}[a-z]?", re.IGNORECASE)
MONTHS = {name: number for number, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
     "sep sept september", "oct october", "nov november", "dec december"), start=1) for name in names.split()}
WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)?[\s,./-]*([a-z]{3,9})[\s,./-]*(\d{4}|\d{2})")
NUMBERED = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})")
EARLIEST = 1890
# What follows the country's code in a British number of fewer than ten digits is never a mobile or a big city.
TEN_DIGITS = ("7", "2", "3")


@lru_cache(maxsize=65536)
def name(text: str) -> str:
    """A name without case, accents, apostrophes or hyphens: ``O’Connor-Núñez`` is ``oconnor nunez``."""
    folded = text.casefold().translate(DROPPED)
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded.translate(LETTERS))
        folded = "".join(c for c in apart if not unicodedata.combining(c)).translate(DROPPED)
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def telephone(text: str) -> str | None:
    """The number as E.164; None for what nobody could dial. British unless it begins with another country's code."""
    digits = re.sub(r"[\s().-]+", "", text)
    if len(digits) == 11 and digits.isdecimal() and digits.isascii() and digits[0] == "0" and digits[1] in "12379":
        return f"+44{digits[1:]}"
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    short = number.country_code == 44 and len(written) < 13 and written[3:].startswith(TEN_DIGITS)
    return None if short else written


def email(text: str) -> str | None:
    """The address in lower case; None for what is not one. Nobody is asked whether it exists."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized.casefold()


def day(text: str, latest: date | None = None) -> date | None:
    """A date as it is said here, the day first: ``27/3/1971``, ``27 March 71``, ``27031971``, ``1971-03-27``.

    Two digits of a year are those that give a date not after ``latest``.
    """
    plain = " ".join(text.casefold().split())
    if found := re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain):
        return _iso(plain)
    if found := WORDED.fullmatch(plain):
        return _date(found[3], MONTHS.get(found[2]), found[1], latest)
    if found := NUMBERED.fullmatch(plain):
        said = [part for part in found.groups() if part]
        return _date(said[2], int(said[1]), said[0], latest)
    return None


def _iso(plain: str) -> date | None:
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return None


def _date(year: str, month: int | None, of_month: str, latest: date | None) -> date | None:
    if month is None:
        return None
    century = [int(year)] if len(year) == 4 else [2000 + int(year), 1900 + int(year)]
    for candidate in century:
        try:
            found = date(candidate, month, int(of_month))
        except ValueError:
            continue
        if found.year >= EARLIEST and (len(century) == 1 or latest is None or found <= latest):
            return found
    return None


def house(line: str) -> str | None:
    """The number of a house in the first line of an address: ``12a`` of ``Flat 2, 12A Mill Lane``, else None."""
    numbers = HOUSE.findall(line)
    return numbers[-1].casefold() if numbers else None


def street(line: str) -> str:
    """The words of an address line without its numbers, folded."""
    return " ".join(word for word in name(line).split() if not word[0].isdigit())
