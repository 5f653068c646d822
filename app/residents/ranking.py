"""How well a record fits the clues, from 0 to 100. Pure: it is given what the asker may see of it, and no more."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from statistics import fmean

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from app.matching import folding
from app.matching.person import Pair, Person
from app.matching.spoken import goes_by, sound
from app.places.postcodes import district_of
from app.residents.clues import Clues

# One clue of two that does not agree at all is too little: a surname with the postcode of somebody else.
WORTH_SHOWING = 62
NICKNAME, SAME_SOUND, DAY_AND_MONTH_SWAPPED, ONE_SLIP, FORMER = 0.95, 0.85, 0.8, 0.7, 0.95
# Of day, month and year: enough beside a whole name, too little beside a surname.
TWO_OF_THREE = 0.2
# A record without a date of birth may be shown, and never ends the search: another may have the very date.
BIRTH_UNKNOWN = 0.4
LEAST_ALIKE = 0.75
# With so many fits that are so good nobody meant another spelling: names alone have many bearers, while one decent fit is
# enough where a clue points at a household, and one fair fit once nothing is left to ask for.
PLENTY, GOOD = 3, 95
SURE, DECENT, FAIR = 88, 80, 70


def score(clues: Clues, seen: Person) -> int:
    """The weighted mean of how well each clue agrees."""
    weighed = [(weight, agreement) for weight, agreement in _agreements(clues, seen) if agreement is not None]
    total = sum(weight for weight, _ in weighed)
    return round(100 * sum(weight * agreement for weight, agreement in weighed) / total) if total else 0


def plenty(clues: Clues, scores: Collection[int], *, surely: bool = False, least: int = DECENT) -> bool:
    """Whether what has come fits so well that nothing further need be looked at; ``surely`` while names have not been asked for."""
    least, enough = (SURE if surely else least, 1) if points(clues) else (GOOD, PLENTY)
    return sum(score >= least for score in scores) >= enough


def points(clues: Clues) -> bool:
    """Whether something was said that few people have."""
    return bool(clues.telephone or clues.email or clues.postcode or clues.born)


def _agreements(clues: Clues, seen: Person) -> Iterable[tuple[int, float | None]]:
    yield 4, _number(clues.telephone, seen.telephones)
    yield 4, _exactly(clues.email, seen.emails)
    yield min(2 + len(clues.names), 4), _best(clues.names, [_words(pair) for pair in seen.names])
    yield 2, _best(_split(clues.given), [folding.name(given).split() for given, _ in seen.names])
    yield 3, _best(_split(clues.family), [folding.name(family).split() for _, family in seen.names])
    yield 3, _born(clues.born, seen.born)
    yield 2, _place(clues, seen)
    yield 1, _exactly(clues.house, [number for line in seen.lines if (number := folding.house(line))])
    yield 1, _street(clues.street, [folding.street(line) for line in seen.lines])


def _exactly(wanted: str | None, held: Sequence[str]) -> float | None:
    """One for the first that is held, a little less for a further one."""
    if wanted is None:
        return None
    return (1.0 if held[0] == wanted else FORMER) if wanted in held else 0.0


def _number(wanted: str | None, held: Sequence[str]) -> float | None:
    """A telephone with one digit wrong, or two changed about, is worth a slip."""
    exact = _exactly(wanted, held)
    if wanted is None or exact:
        return exact
    return ONE_SLIP if any(OSA.distance(wanted, number, score_cutoff=1) == 1 for number in held) else 0.0


def _words(pair: Pair) -> list[str]:
    given, family = map(folding.name, pair)
    return [*given.split(), *family.split()]


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(text.split()) if text else ()


def _best(words: Sequence[str], names: Sequence[list[str]]) -> float | None:
    """How well the words agree with the name they agree with best."""
    if not words:
        return None
    return max((_alike(words, held) for held in names if held), default=0.0)


def _alike(words: Sequence[str], held: Sequence[str]) -> float:
    joined = "".join(held)
    if "".join(words) == joined:
        return 1.0
    parts = [*held, *("".join(pair) for pair in zip(held, held[1:], strict=False))]
    apart = fmean(max(_one_word(word, part) for part in parts) for word in words)
    together = max(_one_word("".join(words), part) for part in parts)
    return max(apart, together)


@lru_cache(maxsize=65536)
def _one_word(word: str, held: str) -> float:
    if word == held:
        return 1.0
    if len(word) == 1 or len(held) == 1:
        return ONE_SLIP if word[0] == held[0] else 0.0
    if goes_by(word, held):
        return NICKNAME
    alike: float = fuzz.ratio(word, held) / 100
    if sound(word) == sound(held) and alike >= ONE_SLIP:
        return max(SAME_SOUND, alike)
    return alike if alike >= LEAST_ALIKE or OSA.distance(word, held) == 1 else 0.0


def _born(wanted: date | None, held: date | None) -> float | None:
    if wanted is None:
        return None
    if held is None or wanted == held:
        return BIRTH_UNKNOWN if held is None else 1.0
    if (wanted.year, wanted.month, wanted.day) == (held.year, held.day, held.month):
        return DAY_AND_MONTH_SWAPPED
    agreeing = (wanted.day == held.day) + (wanted.month == held.month) + (wanted.year == held.year)
    a_year_off = (wanted.day, wanted.month) == (held.day, held.month) and abs(wanted.year - held.year) in (1, 10)
    if a_year_off or OSA.distance(f"{wanted:%d%m%Y}", f"{held:%d%m%Y}") == 1:
        return ONE_SLIP
    return TWO_OF_THREE if agreeing == 2 else 0.0


def _place(clues: Clues, seen: Person) -> float | None:
    held = seen.postcodes
    if clues.postcode is None:
        return _exactly(clues.outward, [district_of(postcode) for postcode in held])
    exact = _exactly(clues.postcode, held)
    if exact or not held:
        return exact
    near = min(OSA.distance(clues.postcode, postcode) for postcode in held)
    return ONE_SLIP if near == 1 else 0.0


def _street(wanted: str | None, held: Sequence[str]) -> float | None:
    if wanted is None:
        return None
    return max((fuzz.partial_ratio(wanted, street) / 100 for street in held), default=0.0)
