"""Finds services by the words callers use: every word typed must begin a word of the entry, or be nearly one. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

WORD = re.compile(r"[^\W_]+")
# A word is forgiven one slip from this length on; shorter ones would match anything.
FORGIVEN_FROM = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searched of a service: its name, and the other words people use for it."""

    lgsl: int
    name: str
    words: str
    ours: bool


def ranked(entries: Iterable[Entry], typed: str) -> list[int]:
    """The services' codes, best first: by words of the name before other words, whole words before beginnings."""
    wanted = _words(typed)
    if not wanted:
        return []
    scored = [(score, not entry.ours, entry.name.lower(), entry.lgsl)
              for entry in entries if (score := _score(entry, wanted)) is not None]
    return [lgsl for *_, lgsl in sorted(scored)]


def _score(entry: Entry, wanted: list[str]) -> tuple[int, int] | None:
    """The worst and the sum of how badly each word fits; None where one does not fit at all."""
    if wanted == [str(entry.lgsl)]:
        return (0, 0)
    name, other = _words(entry.name), _words(entry.words)
    fits = [_fit(word, name, other) for word in wanted]
    badly = [fit for fit in fits if fit is not None]
    return (max(badly), sum(badly)) if len(badly) == len(fits) else None


def _fit(word: str, name: list[str], other: list[str]) -> int | None:
    """0 is a word of the name, 1 a beginning of one, 2 and 3 the same of the other words, 4 nearly a word."""
    for badness, words in ((0, name), (2, other)):
        if word in words:
            return badness
        if any(known.startswith(word) for known in words):
            return badness + 1
    near = len(word) >= FORGIVEN_FROM and any(
        DamerauLevenshtein.distance(word, known, score_cutoff=1) <= 1 for known in (*name, *other))
    return 4 if near else None


def _words(text: str) -> list[str]:
    return [word.removesuffix("s") if len(word) > 3 else word for word in WORD.findall(text.lower().replace("'", ""))]
