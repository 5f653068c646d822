"""What the columns of a file may hold, which column is likely to hold what, and the mapping that somebody settled on.

Pure. A mapping goes by the words of the headings, so that it serves the next file of the same system.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.matching import folding
from app.organisations.words import CHOICE_MATTERS

FULL_NAME, GIVEN, FAMILY, KNOWN_AS = "full_name", "given", "family", "known_as"
ADDRESS, POSTCODE, SINCE = "address", "postcode", "since"
LINES = ("line1", "line2", "line3", "line4")
TELEPHONES, EMAILS = ("telephone", "telephone2", "telephone3"), ("email", "email2")
BIRTH, NEEDS, PREFERRED, LANGUAGE = "birth", "needs", "preferred", "language"
PARTS = ("answer", "date", "channel", "wording", "evidence")
PART_WORDS = {"answer": "what was said", "date": "on which day", "channel": "how it was asked",
              "wording": "version of the words read out", "evidence": "where the evidence is"}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column may hold, the words for it, and the headings by which it is known."""

    name: str
    words: str
    known_by: frozenset[str] = frozenset()


def _field(name: str, words: str, known_by: str = "") -> Field:
    return Field(name, words, frozenset({folding.name(words), *filter(None, known_by.split("|"))}))


def _choice_fields() -> list[Field]:
    return [_field(f"choice:{matter}:{part}", f"Choice on {matter.replace('-', ' ')}: {PART_WORDS[part]}",
                   f"{matter.replace('-', ' ')} {part}" + (f"|{matter.replace('-', ' ')}" if part == "answer" else ""))
            for matter in CHOICE_MATTERS for part in PARTS]


FIELDS: Mapping[str, Field] = {each.name: each for each in (
    _field(FAMILY, "Family name", "surname|last name|lastname|family|family name|second name"),
    _field(GIVEN, "First name", "forename|forenames|first name|firstname|given name|given names|given|christian name"),
    _field(FULL_NAME, "Whole name", "name|full name|fullname|customer name|resident name|contact name"),
    _field(KNOWN_AS, "Known as", "known as|preferred name|nickname|alias"),
    _field("line1", "Address line 1", "address 1|address line 1|addr1|line 1|street|address1|street address"),
    _field("line2", "Address line 2", "address 2|address line 2|addr2|line 2|address2|locality"),
    _field("line3", "Address line 3", "address 3|address line 3|addr3|line 3|address3|town|post town|city"),
    _field("line4", "Address line 4", "address 4|address line 4|addr4|line 4|address4|county"),
    _field(ADDRESS, "Whole address", "address|full address|postal address|home address"),
    _field(POSTCODE, "Postcode", "post code|postcode|zip|postal code"),
    _field(SINCE, "Lives there since", "address from|moved in|since|address since|move in date"),
    _field("telephone", "Telephone", "phone|telephone|telephone number|phone number|tel|tel no|home phone|landline"),
    _field("telephone2", "Second telephone", "mobile|mobile phone|mobile number|mobile telephone|cell|telephone 2|phone 2"),
    _field("telephone3", "Third telephone", "work phone|work telephone|telephone 3|phone 3"),
    _field("email", "E-mail address", "email|e mail|email address|e mail address"),
    _field("email2", "Second e-mail address", "email 2|second email"),
    _field(BIRTH, "Date of birth", "dob|date of birth|birth date|birthdate|birthday|born|d o b"),
    _field(NEEDS, "Needs in how a service is delivered", "needs|access needs|communication needs|special requirements"),
    _field(PREFERRED, "How to be reached", "preferred contact|preferred channel|contact preference|preferred contact method"),
    _field(LANGUAGE, "Language", "language|preferred language"),
    *_choice_fields(),
)}
DATES = frozenset({BIRTH, SINCE, *(f"choice:{matter}:date" for matter in CHOICE_MATTERS)})
# Columns that our own hand-back adds: whoever mends it and sends it again need not take them out.
OURS = frozenset({"line", "reason"})
LOOKS_LIKE_DATA = re.compile(r"@|\d{5}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|^[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands in the rows of one file, and how the dates of it are written."""

    headings: Sequence[str] = field(repr=False)
    places: Mapping[str, int]
    month_first: bool = False

    def heading(self, name: str) -> str:
        """The heading over a field, for telling what is wrong under it."""
        at = self.places.get(name)
        return self.headings[at] if at is not None else FIELDS[name].words if name in FIELDS else ""


def named(cells: Sequence[str]) -> list[str]:
    """The headings, each of its own: ``Telephone``, ``Telephone (2)``; one without words is called by its place."""
    found: list[str] = []
    for at, cell in enumerate(cells, start=1):
        words = " ".join(cell.replace("\ufeff", "").split())[:100] or f"Column {at}"
        many = sum(each == words or each.startswith(f"{words} (") for each in found)
        found.append(f"{words} ({many + 1})" if many else words)
    return found


def heading_missing(cells: Sequence[str]) -> bool:
    """Whether the first line seems to hold data and no headings."""
    return any(LOOKS_LIKE_DATA.search(cell.strip()) for cell in cells) and not guess(named(cells))


def guess(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which heading holds which field: as it was settled before, else by what such columns are called elsewhere."""
    found = {heading: name for heading, name in (remembered or {}).items() if heading in headings and name in FIELDS}
    for heading in headings:
        if heading in found or heading.casefold() in OURS or remembered is not None and heading in remembered:
            continue
        folded = folding.name(re.sub(r"[_/]", " ", heading))
        taken = set(found.values())
        known = next((each.name for each in FIELDS.values() if folded in each.known_by and each.name not in taken), None)
        if known is not None:
            found[heading] = known
    if GIVEN in found.values() or FAMILY in found.values():
        found = {heading: name for heading, name in found.items() if name != FULL_NAME or (remembered or {}).get(heading)}
    return found


def wrong_with(fields: Mapping[str, str], headings: Collection[str]) -> list[str]:
    """What is wrong with a mapping for a file with these headings, in words."""
    found, held = [], list(fields.values())
    for heading in fields:
        if heading not in headings:
            found.append(f"There is no column “{heading}” in this file: its headings are {', '.join(headings)}")
    for name in sorted(set(held)):
        if held.count(name) > 1:
            twice = " and ".join(f"“{heading}”" for heading, each in fields.items() if each == name)
            found.append(f"{FIELDS[name].words} is said to be in {twice}: choose one of them")
    if FAMILY not in held and FULL_NAME not in held:
        found.append("Say which column holds the family name, or the whole name")
    if ADDRESS not in held and "line1" not in held:
        found.append("Say which column holds the first line of the address, or the whole address")
    if POSTCODE not in held:
        found.append("Say which column holds the postcode: it decides which council's resident somebody is")
    for matter in CHOICE_MATTERS:
        parts = {name.rpartition(":")[2] for name in held if name.startswith(f"choice:{matter}:")}
        if parts and "answer" not in parts:
            found.append(f"The choice on {matter} has columns but none with what was said: choose it, or leave those out")
    return found


def layout(fields: Mapping[str, str], headings: Sequence[str], *, month_first: bool = False) -> Layout:
    """The mapping as places in a row."""
    return Layout(headings, {name: headings.index(heading) for heading, name in fields.items()}, month_first)
