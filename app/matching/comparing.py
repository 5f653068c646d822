"""How two people's details agree, each on its own: at which level, and by which terms its rarity is counted.

Pure. How much an agreement weighs, and what speaks against joining two records whatever they weigh, is for ``judging``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from app.matching import folding, spoken
from app.matching.frequencies import Term, is_common
from app.matching.weighing import Comparison, Level
from app.places.postcodes import district_of, sector_of

# So alike, by Jaro and Winkler, is the same name misheard or mistyped twice.
ALIKE_FORENAME, ALIKE_SURNAME, ALIKE_STREET = 0.84, 0.88, 80.0
# A slip in fewer letters makes another name.
LEAST_LETTERS = 3
GENERATION = 15


@dataclass(frozen=True, slots=True)
class Agreement:
    """One comparison of two values. ``terms`` are what their rarity is counted by: one where they agree, else both."""

    comparison: Comparison
    level: Level
    left: str = field(default="", repr=False)
    right: str = field(default="", repr=False)
    term: Term | None = None
    terms: tuple[str, ...] = field(default=(), repr=False)


@lru_cache(maxsize=65536)
def forenames(left: str, right: str) -> Agreement | None:
    """Of two folded given names, second names and all; None where one is empty."""
    if not left or not right:
        return None
    ours, theirs = left.split(), right.split()
    level = _forename_level(ours[0], theirs[0])
    if level is Level.OTHER and len(ours) + len(theirs) > 2:
        level = _with_second_names(ours, theirs)
    return Agreement(Comparison.FORENAME, level, left, right, Term.GIVEN, _terms(level, ours[0], theirs[0]))


def _forename_level(left: str, right: str) -> Level:
    if left == right:
        return Level.EXACT
    if min(len(left), len(right)) == 1:
        return Level.INITIAL if left[0] == right[0] else Level.OTHER
    if spoken.goes_by(left, right):
        two = spoken.alike_by_ear_alone(left, right) and is_common(left) and is_common(right)
        return Level.TWO_NAMES if two else Level.NICKNAME
    level = _slip(left, right) or _alike(left, right)
    if level and spoken.is_name(left) and spoken.is_name(right) and not spoken.spelt_otherwise(left, right):
        return Level.TWO_NAMES
    return level or Level.OTHER


def _slip(left: str, right: str) -> Level | None:
    if min(len(left), len(right)) < LEAST_LETTERS:
        return None
    if OSA.distance(left, right, score_cutoff=1) <= 1:
        return Level.ONE_SLIP
    return Level.SAME_SOUND if left[0] == right[0] and spoken.sound(left) == spoken.sound(right) else None


def _alike(left: str, right: str) -> Level | None:
    started = min(len(left), len(right)) >= LEAST_LETTERS and left[:3] == right[:3]
    return Level.ALIKE if started or JaroWinkler.similarity(left, right) >= ALIKE_FORENAME else None


def _with_second_names(ours: Sequence[str], theirs: Sequence[str]) -> Level:
    """One may be called by a second name, or two names be written as one (``mary ann``, ``maryann``)."""
    if "".join(ours) == "".join(theirs):
        return Level.NICKNAME
    second = ours[0] in theirs or theirs[0] in ours
    return Level.SECOND_NAME if second and min(len(ours[0]), len(theirs[0])) > 1 else Level.OTHER


@lru_cache(maxsize=65536)
def surnames(left: str, right: str) -> Agreement | None:
    """Of two folded family names; None where one is empty."""
    ours, theirs = spoken.surnames(left), spoken.surnames(right)
    if not ours or not theirs:
        return None
    level = _surname_level(ours[0], theirs[0])
    if level is Level.OTHER and (halves := set(ours) & set(theirs)):
        half = max(halves, key=lambda part: (len(part), part))
        return Agreement(Comparison.SURNAME, Level.HALF, left, right, Term.FAMILY, (half, ours[0], theirs[0]))
    return Agreement(Comparison.SURNAME, level, left, right, Term.FAMILY, _terms(level, ours[0], theirs[0]))


def _surname_level(left: str, right: str) -> Level:
    if left == right:
        return Level.EXACT
    if slip := _slip(left, right):
        return slip
    return Level.ALIKE if JaroWinkler.similarity(left, right) >= ALIKE_SURNAME else Level.OTHER


def _terms(level: Level, left: str, right: str) -> tuple[str, ...]:
    return (left,) if level is Level.EXACT else (left, right)


def births(left: date | None, right: date | None) -> Agreement | None:
    """Of two dates of birth; None where one is not known."""
    return Agreement(Comparison.BIRTH, birth_level(left, right)) if left and right else None


def birth_level(left: date, right: date) -> Level:
    """How two dates of birth agree."""
    if left == right:
        return Level.EXACT
    if (left.year, left.month, left.day) == (right.year, right.day, right.month):
        return Level.SWAPPED
    if OSA.distance(f"{left:%d%m%Y}", f"{right:%d%m%Y}", score_cutoff=1) <= 1:
        return Level.ONE_DIGIT
    parts = (left.year == right.year) + (left.month == right.month) + (left.day == right.day)
    if parts == 2:
        return Level.TWO_PARTS
    return Level.SAME_YEAR if left.year == right.year else Level.OTHER


def a_generation_apart(left: date | None, right: date | None) -> bool:
    """Whether one could be the other's child, even on one birthday: no slip of a year or of ten is so long."""
    return left is not None and right is not None and abs(left.year - right.year) >= GENERATION


@lru_cache(maxsize=65536)
def postcodes(left: str, right: str) -> Agreement | None:
    """Of two written postcodes; None where one is empty."""
    if not left or not right:
        return None
    level = _postcode_level(left, right)
    return Agreement(Comparison.POSTCODE, level, left, right, Term.POSTCODE, _terms(level, left, right))


def _postcode_level(left: str, right: str) -> Level:
    if left == right:
        return Level.EXACT
    if OSA.distance(left, right, score_cutoff=1) <= 1:
        return Level.NEAR
    if " " in left and sector_of(left) == sector_of(right):
        return Level.SECTOR
    return Level.DISTRICT if " " in left and district_of(left) == district_of(right) else Level.OTHER


@dataclass(frozen=True, slots=True)
class Lines:
    """How the written lines of two addresses agree: the street, the house, and whatever further lines say (an estate, a town, a
    county), each of them by itself."""

    street: Agreement | None
    house: Agreement | None
    towns: tuple[Agreement, ...]


@lru_cache(maxsize=65536)
def lines(left: str, right: str) -> Lines:
    """Of the lines of two addresses, each on a row of its own. The street comes first; where it does not agree, it is looked for
    among the other's further lines: people give them in either order."""
    ours, theirs = ([line for line in text.split("\n") if line] or [""] for text in (left, right))
    street, one, other = _street(ours, theirs)
    further = _towns(ours[:one] + ours[one + 1:], theirs[:other] + theirs[other + 1:])
    return Lines(street, houses(ours[one], theirs[other]) or houses(ours[0], theirs[0]), further)


def _street(ours: list[str], theirs: list[str]) -> tuple[Agreement | None, int, int]:
    """The street of both, and on which line of each it stands."""
    first = streets(ours[0], theirs[0])
    if first is not None and first.level is Level.OTHER:
        changed_about = [(at, to) for at in range(len(ours)) for to in range(len(theirs)) if (at == 0) is not (to == 0)]
        for at, to in changed_about:
            found = streets(ours[at], theirs[to])
            if found and found.level is not Level.OTHER:
                return found, at, to
    return first, 0, 0


@lru_cache(maxsize=65536)
def streets(left: str, right: str) -> Agreement | None:
    """Of the words of two address lines; None where one has none."""
    ours, theirs = folding.street(left), folding.street(right)
    if not ours or not theirs:
        return None
    level = Level.EXACT if ours == theirs else Level.OTHER
    if level is Level.OTHER and _written_alike(ours, theirs):
        level = Level.ALIKE
    return Agreement(Comparison.STREET, level, left, right)


def _written_alike(ours: str, theirs: str) -> bool:
    return fuzz.ratio(ours, theirs) >= ALIKE_STREET


def _towns(ours: Sequence[str], theirs: Sequence[str]) -> tuple[Agreement, ...]:
    """Each further line beside the one of the other that is most like it. What only one of the two has says nothing."""
    left, right = ([name for line in lines if (name := folding.name(line))] for lines in (ours, theirs))
    found: list[Agreement] = []
    for level, agree in ((Level.EXACT, str.__eq__), (Level.ALIKE, _written_alike)):
        for one in tuple(left):
            other = next((name for name in right if agree(one, name)), None)
            if other is not None:
                found.append(Agreement(Comparison.TOWN, level, one, other, Term.TOWN, _terms(level, one, other)))
                left.remove(one)
                right.remove(other)
    found += [Agreement(Comparison.TOWN, Level.OTHER, one, other) for one, other in zip(left, right, strict=False)]
    return tuple(found)


@lru_cache(maxsize=65536)
def houses(left: str, right: str) -> Agreement | None:
    """Of the numbers in two address lines; None where one has none."""
    ours, theirs = folding.house(left), folding.house(right)
    if ours is None or theirs is None:
        return None
    slip = min(len(ours), len(theirs)) > 1 and OSA.distance(ours, theirs) == 1
    level = Level.EXACT if ours == theirs else Level.ONE_SLIP if slip else Level.OTHER
    return Agreement(Comparison.HOUSE, level, ours, theirs)


def telephones(left: Sequence[str], right: Sequence[str]) -> list[Agreement]:
    """Of all telephones of the one and of the other: every way in which two agree, or the one that none does."""
    return _of_lists(Comparison.TELEPHONE, Term.TELEPHONE, left, right)


def emails(left: Sequence[str], right: Sequence[str]) -> list[Agreement]:
    """The same of e-mail addresses."""
    return _of_lists(Comparison.EMAIL, Term.EMAIL, left, right)


def _of_lists(comparison: Comparison, term: Term, left: Sequence[str], right: Sequence[str]) -> list[Agreement]:
    found = [Agreement(comparison, Level.EXACT, value, value, term, (value,)) for value in sorted(set(left) & set(right))]
    found += [Agreement(comparison, Level.ONE_SLIP, ours, theirs, term, (ours, theirs)) for ours in left for theirs in right
              if OSA.distance(ours, theirs, score_cutoff=1) == 1]
    if found or not left or not right:
        return found
    return [Agreement(comparison, Level.OTHER, left[0], right[0])]


def landline(number: str) -> bool:
    """Whether a number is a household's rather than a person's, as far as its digits tell."""
    return not number.startswith("+447")
