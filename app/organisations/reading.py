"""Reads who there is: the partnership and its organisations, each a file of its own. Pure but for reading the files.

Wordings are read by `wordings`, agreements by `agreements`, the catalogue by `services`.
"""

import re
from pathlib import Path

import phonenumbers

from app.organisations.entries import Entry
from app.organisations.facts import LineFacts, OrganisationFacts, OrganisationsFacts, PartnershipFacts, UnitFacts
from app.organisations.files import Document, Folder
from app.organisations.problems import Problems
from app.organisations.wordings import read_wordings
from app.organisations.words import KINDS, NATIONS, TIERS

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
GSS = re.compile(r"[A-Z][0-9]{8}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
HOMEPAGE = re.compile(r"https?://[^\s/.]+\.[^\s]+")
ACCENTS = range(1, 13)

PARTNERSHIP_KEYS = ("slug", "name", "as_at", "languages", "nation", "day_begins", "day_ends")
ORGANISATION_KEYS = ("slug", "name", "short_name", "kind", "tier", "gss", "email", "telephone", "homepage", "accent",
                     "from", "until", "information_officer", "lines", "units")


def read_partnership(path: Path) -> OrganisationsFacts:
    """Who there is, read by itself: for what must know the partnership's words before any database is asked."""
    problems = Problems()
    who = read_organisations(Folder(path, problems))
    problems.refuse_if_any(f"The partnership in {path.name} cannot be used:")
    if who is None:
        raise AssertionError("a partnership that cannot be read has said why")
    return who


def read_organisations(folder: Folder) -> OrganisationsFacts | None:
    """The partnership, its organisations and its wordings; None where the partnership itself cannot be read."""
    document = folder.document("partnership.toml", PARTNERSHIP_KEYS)
    if document is None:
        return None
    partnership = _partnership(document.top)
    read = [(document, _organisation(stem, document)) for stem, document in
            folder.documents("organisations", ORGANISATION_KEYS)]
    _check_unique(read)
    organisations = tuple(organisation for _, organisation in read)
    if not any(organisation.kind == "council" for organisation in organisations):
        folder.problems.add("organisations", 0, "", "holds no council; add a file for at least one")
    return OrganisationsFacts(partnership, organisations, read_wordings(folder, partnership.languages))


def slug(entry: Entry, key: str = "slug") -> str:
    """The short word by which the thing is known everywhere."""
    value = entry.text(key)
    if value and not SLUG.fullmatch(value):
        entry.complain(key, f"“{value}” is not a slug; use small letters, digits and hyphens")
    return value


def _partnership(entry: Entry) -> PartnershipFacts:
    languages = entry.texts("languages")
    if not languages:
        entry.complain("languages", "is missing; state at least one, the first being the partnership's own")
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            entry.complain("languages", f"“{language}” is not a language's code; write it as en or cy")
    begins, ends = entry.clock_time("day_begins"), entry.clock_time("day_ends")
    if ends <= begins:
        entry.complain("day_ends", f"{ends} is not after {begins}")
    return PartnershipFacts(
        slug=slug(entry), name=entry.text("name"), as_at=entry.maybe_day("as_at"), languages=languages,
        nation=entry.word("nation", NATIONS, "a nation"), day_begins=begins, day_ends=ends)


def _organisation(stem: str, document: Document) -> OrganisationFacts:
    top = document.top
    own = slug(top)
    if own and own != stem:
        top.complain("slug", f"“{own}” is not the file's name; call the file {own}.toml or the slug “{stem}”")
    kind = top.word("kind", KINDS, "a kind of organisation")
    officer = document.table("information_officer", ("post", "email", "telephone"))
    accent = top.number("accent", least=1)
    if accent not in ACCENTS:
        top.complain("accent", f"is {accent}; it must be {ACCENTS.start} to {ACCENTS.stop - 1}")
    return OrganisationFacts(
        slug=own, name=top.text("name"), short_name=top.text("short_name"), kind=kind, tier=_tier(top, kind),
        gss=_gss(top, kind), email=_email(top, "email"), telephone=_telephone(top, "telephone"),
        homepage=_homepage(top), information_officer=officer.text("post"),
        information_officer_email=_email(officer, "email") or officer.text("email"),
        information_officer_telephone=_telephone(officer, "telephone"), accent=accent, valid=top.span(),
        lines=tuple(_line(entry) for entry in document.tables("lines", ("slug", "words", "number"))),
        units=_units(document.tables("units", ("slug", "name"))))


def _tier(entry: Entry, kind: str) -> str | None:
    if kind == "council":
        return entry.word("tier", TIERS, "a council's tier")
    if entry.has("tier"):
        entry.complain("tier", "only a council has one; take it out")
    return None


def _gss(entry: Entry, kind: str) -> str | None:
    value = entry.text("gss") if kind == "council" else entry.maybe_text("gss")
    if value and kind != "council":
        entry.complain("gss", "only a council has one; take it out")
        return None
    if value and not GSS.fullmatch(value):
        entry.complain("gss", f"“{value}” is not a code; it is a letter and eight digits")
    return value


def _email(entry: Entry, key: str) -> str | None:
    value = entry.maybe_text(key)
    if value and not EMAIL.fullmatch(value):
        entry.complain(key, f"“{value}” is not an e-mail address")
    return value


def _telephone(entry: Entry, key: str) -> str | None:
    value = entry.maybe_text(key)
    return _e164(entry, key, value) if value else None


def _e164(entry: Entry, key: str, value: str) -> str:
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        entry.complain(key, f"“{value}” is not a telephone number; write it as 01632 960001")
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _homepage(entry: Entry) -> str | None:
    value = entry.maybe_text("homepage")
    if value and not HOMEPAGE.fullmatch(value):
        entry.complain("homepage", f"“{value}” is not a web address; begin it with https://")
    return value


def _line(entry: Entry) -> LineFacts:
    number = entry.text("number")
    return LineFacts(slug(entry), entry.text("words"), _e164(entry, "number", number) if number else "")


def _units(entries: list[Entry]) -> tuple[UnitFacts, ...]:
    found: dict[str, UnitFacts] = {}
    for entry in entries:
        unit = UnitFacts(slug(entry), entry.text("name"))
        if unit.slug in found:
            entry.complain("slug", f"“{unit.slug}” is a unit already; give each its own")
        found.setdefault(unit.slug, unit)
    return tuple(found.values())


def _check_unique(read: list[tuple[Document, OrganisationFacts]]) -> None:
    """What must not be shared by two organisations: a council's code, a line's slug and number, an accent."""
    seen: dict[tuple[str, object], str] = {}
    for document, facts in read:
        claims: list[tuple[str, object]] = [("accent", facts.accent), *([("gss", facts.gss)] if facts.gss else [])]
        claims += [("line", line.slug) for line in facts.lines]
        claims += [("number", line.number) for line in facts.lines]
        for claim in claims:
            if claim in seen:
                what, value = claim
                whose = f"is {seen[claim]}'s already" if seen[claim] != facts.slug else "is stated twice"
                document.top.complain(what, f"“{value}” {whose}; each organisation has its own")
            seen.setdefault(claim, facts.slug)
