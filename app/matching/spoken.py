"""Names as they are said: how they sound, what is one slip away, which names are one name, and what people also go by.

Pure, and fast enough for a million records. Every name is folded (``folding.name``); comparing two people is for
``comparing``.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from nicknames import NickNamer

# Words before a family name that are no name by themselves.
PARTICLES = frozenset("al bin da de del della den der di dos du el la le ter van von".split())
SOUNDS = (("sch", "s"), ("tch", "c"), ("ph", "f"), ("gh", "g"), ("ck", "k"), ("sh", "s"), ("ch", "c"), ("wr", "r"),
          ("kn", "n"), ("mc", "mac"))
ALIKE = str.maketrans("cqvzdbgj", "kkfstpkk", "aeiouhwy")
# What is left of a name once it is folded to its sound; a vowel only ever leads.
CONSONANTS, LEADING = "fklmnprstx", "fklmnprstxaeiouhwy"
SHORT_FORMS = Path(__file__).parent / "names" / "short-forms.txt"


@lru_cache(maxsize=65536)
def surnames(family: str) -> tuple[str, ...]:
    """A folded family name as it may be asked for: whole, and each name of a double one (``smith jones``)."""
    parts = [part for part in family.split() if part not in PARTICLES and len(part) > 2]
    whole = family.replace(" ", "")
    return tuple(dict.fromkeys([whole, *(parts if len(parts) > 1 or " " in family else ())])) if whole else ()


@lru_cache(maxsize=65536)
def sound(surname: str) -> str:
    """What is left of a surname when letters that sound alike are one and vowels go: ``stephens`` and ``stevens``."""
    for heard, meant in SOUNDS:
        surname = surname.replace(heard, meant)
    return _once((surname[:1].translate(ALIKE) or surname[:1]) + surname[1:].translate(ALIKE))


@lru_cache(maxsize=65536)
def near(sounding: str) -> frozenset[str]:
    """The sounds one slip away: a consonant too many, too few, another, or two changed about. A single one has none."""
    if len(sounding) < 2:
        return frozenset()
    halves = [(sounding[:at], sounding[at:]) for at in range(len(sounding) + 1)]
    found = {before + after[1:] for before, after in halves if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in halves if len(after) > 1}
    for before, after in halves:
        for letter in CONSONANTS if before else LEADING:
            found |= {before + letter + after, before + letter + after[1:]}
    return frozenset(filter(None, map(_once, found))) - {sounding}


def _once(letters: str) -> str:
    """Letters that follow one another twice are heard once."""
    return "".join(letter for at, letter in enumerate(letters) if letter != letters[at - 1:at])


def same_names(given: str) -> frozenset[str]:
    """A folded first name with the names of those who are also called it: ``bob`` gives ``robert``."""
    return frozenset({given}) | _OURS.get(given, frozenset()) | _THEIRS.get(given, frozenset())


@lru_cache(maxsize=65536)
def goes_by(one: str, other: str) -> bool:
    """Whether these folded first names may be one person's: one is short for the other, or both are short for a third."""
    if one == other or not _OURS.get(one, frozenset()).isdisjoint(_OURS.get(other, frozenset())):
        return True
    return short_for(one, other) or short_for(other, one)


def alike_by_ear_alone(one: str, other: str) -> bool:
    """Whether only the American list takes one of them for the other: it has Emma for Emily."""
    return goes_by(one, other) and _OURS.get(one, frozenset()).isdisjoint(_OURS.get(other, frozenset()))


def spelt_otherwise(one: str, other: str) -> bool:
    """Whether two names differ only in doubled letters and what is silent at the end: ``glen`` and ``glenn``, ``carol`` and
    ``carole``."""
    return _once(one).rstrip("eh") == _once(other).rstrip("eh")


def short_for(short: str, full: str) -> bool:
    """Whether the first is said for the second: ``bob`` for ``robert``."""
    return short != full and full in same_names(short)


def is_name(given: str) -> bool:
    """Whether this is a first name in its own right, and not merely a slip of one: somebody's twin may have it."""
    return given in _KNOWN


def _full_names(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Of each name, the names it is said for. A full name stands for itself, so that all of its line meet in it."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            full, *others = line.split()
            for name in (full, *others):
                found.setdefault(name, set()).add(full)
    return {name: frozenset(fulls) for name, fulls in found.items()}


_OURS = _full_names(SHORT_FORMS.read_text(encoding="utf-8").splitlines())
# Their list takes Ann for Roxanne: what ours has as a full name is never short for theirs.
_THEIRS = {short: frozenset(fulls) for short, fulls in NickNamer().canonical_lookup.items()
           if short not in _OURS.get(short, ())}
_KNOWN = frozenset(_OURS) | frozenset(_THEIRS) | frozenset(full for fulls in _THEIRS.values() for full in fulls)
