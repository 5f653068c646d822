"""What systems and spreadsheets do to words on their way out, undone: each slip that is mended has a sentence for it.

Pure. Nothing is guessed here that a schema could not refuse afterwards.
"""

import re

from app.kernel.errors import Invalid
from app.matching.spoken import PARTICLES
from app.places.postcodes import normalise

UNSEEN = "Signs that cannot be seen were left out"
APOSTROPHE = "An apostrophe that kept a spreadsheet from reckoning was left out"
LOST_ZERO = "A telephone number had lost the zero in front"
SAID_NOTHING = "Words that say that there is nothing (such as “N/A”) were taken for nothing"
POSTCODE_READ = "A postcode had an O for a 0 or the like"
NOTES = (LOST_ZERO, POSTCODE_READ, SAID_NOTHING, UNSEEN, APOSTROPHE)
# What a spreadsheet would take for the beginning of a formula, in both widths.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Controls, spaces without width, signs that turn the direction of writing.
UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]")
NOTHING = frozenset({"n/a", "null", "none", "-", "--", "unknown", "not known", "nil", "#n/a"})
TITLES = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame|lady|lord)\.?\s+", re.IGNORECASE)
WAYS = {"phone": "telephone", "tel": "telephone", "telephone": "telephone", "mobile": "telephone", "call": "telephone",
        "email": "email", "e-mail": "email", "mail": "letter", "post": "letter", "letter": "letter", "sms": "text",
        "text": "text", "text message": "text"}


def plain(cell: str) -> tuple[str, str | None]:
    """The words of a cell without what nobody sees; with the note where there was more than spaces to take away."""
    text = cell.strip()
    if text[:1] == "'" and text[1:2] in FORMULA:
        return text[1:], APOSTROPHE
    if text.isascii() and text.isprintable():
        return text, None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\t", " ")
    kept = UNWANTED.sub("", lines).strip()
    return kept, UNSEEN if len(kept) < len(lines) else None


def says_nothing(text: str) -> bool:
    """Whether somebody wrote that there is nothing."""
    return text.casefold() in NOTHING


def telephone(typed: str) -> tuple[str, str | None]:
    """A number as it is dialled: a spreadsheet takes it for a number and drops the zero."""
    digits = re.sub(r"[\s().-]+", "", typed)
    if digits.isascii() and digits.isdigit() and len(digits) == 10 and digits[0] in "1237":
        return f"0{digits}", LOST_ZERO
    return typed, None


def email(typed: str) -> str:
    """Without what a web page puts before it."""
    return typed[7:] if typed.casefold().startswith("mailto:") else typed


def way(typed: str) -> str:
    """How to be reached, in our words; what is not known stays, to be refused."""
    return WAYS.get(typed.casefold(), typed)


def language(typed: str) -> str:
    """A language tag."""
    return "en" if typed.casefold() in ("english", "eng", "en-gb", "en") else typed


def listed(text: str) -> list[str]:
    """Several things in one cell."""
    return [part for each in re.split(r"[;\n|]", text) if (part := each.strip())]


def parted(whole: str) -> tuple[str, str]:
    """First name and family name of a whole name: ``Okafor, Chidi`` and ``Chidi Okafor``, without a title."""
    if "," in whole:
        family, _, given = whole.partition(",")
        return TITLES.sub("", f"{given.strip()} ", count=1).strip(), family.strip()
    words = TITLES.sub("", f"{whole} ", count=1).split()
    begins = max(len(words) - 1, 0)
    while begins > 1 and words[begins - 1].casefold() in PARTICLES:
        begins -= 1
    return " ".join(words[:begins]), " ".join(words[begins:])


def address_lines(whole: str, postcode: str) -> list[str]:
    """The lines of an address in one cell, apart by commas or line breaks, without the postcode at its end."""
    lines = [part for each in re.split(r"[,\n]", whole) if (part := each.strip())]
    without = postcode.replace(" ", "").casefold()
    if lines and without:
        if lines[-1].replace(" ", "").casefold() == without:
            lines.pop()
        elif lines[-1].casefold().endswith(postcode.casefold()):
            lines[-1] = lines[-1][:-len(postcode)].strip()
    # More parts than an address has lines: the last lines stand together.
    return [*lines[:5], ", ".join(lines[5:])] if len(lines) > 6 else lines


def misread_postcode(typed: str) -> bool:
    """Whether a postcode is read otherwise than it is written."""
    try:
        return bool(typed) and normalise(typed).note is not None
    except Invalid:
        return False
