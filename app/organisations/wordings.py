"""Reads what is said to residents: one file a matter, versions one after another. Pure but for reading the files."""

from collections.abc import Sequence
from dataclasses import replace

from app.organisations.entries import Entry
from app.organisations.facts import WordingFacts
from app.organisations.files import Document, Folder
from app.organisations.problems import not_known
from app.organisations.spans import Span
from app.organisations.words import MATTERS

# What an adviser reads aloud before the choices: about half a minute.
SCRIPT_WORDS_AT_MOST = 75


def read_wordings(folder: Folder, languages: Sequence[str]) -> tuple[WordingFacts, ...]:
    """Every version of every wording. Each matter must have one, in the partnership's first language at least."""
    found: list[WordingFacts] = []
    stems = []
    for stem, document in folder.documents("wording", ("matter", "versions")):
        stems.append(stem)
        matter = document.top.word("matter", MATTERS, "a matter")
        if matter and matter != stem:
            document.top.complain("matter", f"“{matter}” is not the file's name; call the file {matter}.toml")
        found += _versions(matter, document, languages)
    for matter in MATTERS:
        if stems and matter not in stems:
            folder.problems.add("wording", 0, "", f"holds no {matter}.toml; every matter is asked in set words")
    return tuple(found)


def _versions(matter: str, document: Document, languages: Sequence[str]) -> list[WordingFacts]:
    entries = document.tables("versions", ("version", "from", "until", "text"))
    if not entries:
        document.top.complain("versions", "is missing; write the first as [[versions]]")
    spans = [entry.span() for entry in entries]
    found: dict[str, list[WordingFacts]] = {}
    for index, entry in enumerate(entries):
        version = entry.text("version")
        if version in found:
            entry.complain("version", f"“{version}” is stated already; a version's words never change")
        texts = document.table("text", None, "versions", index)
        found[version] = _texts(matter, version, _until_next(index, spans, entry), texts, languages)
    return [wording for wordings in found.values() for wording in wordings]


def _until_next(index: int, spans: list[Span], entry: Entry) -> Span:
    """A version without an end holds until the next begins. They stand in the order of their days."""
    span = spans[index]
    if index + 1 == len(spans):
        return span
    following = spans[index + 1].begins
    if following <= span.begins or (span.ends is not None and span.ends > following):
        entry.complain("from", f"{span.words()} runs into the next version, from {following}; put versions in order")
        return span
    return span if span.ends else replace(span, ends=following)


def _texts(matter: str, version: str, valid: Span, texts: Entry, languages: Sequence[str]) -> list[WordingFacts]:
    found = []
    if languages and not texts.has(languages[0]):
        texts.complain(languages[0], "is missing; every version is worded in the partnership's first language")
    for language in texts.keys():
        if language not in languages:
            texts.complain(language, not_known(language, languages, "one of the partnership's languages"))
        text = texts.text(language)
        if matter == "script" and len(text.split()) > SCRIPT_WORDS_AT_MOST:
            texts.complain(language, f"has {len(text.split())} words; {SCRIPT_WORDS_AT_MOST} at most are read aloud")
        found.append(WordingFacts(matter, version, language, text, valid))
    return found
