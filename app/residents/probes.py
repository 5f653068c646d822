"""Which keys to ask for, given the clues: a few probes, each one or two lists of keys of which a record must have some.

Pure. The sharp probes are asked first; the tolerant ones, for slips of the ear and the keyboard, when too little came.
"""

from collections.abc import Iterable, Sequence

from app.residents import keys
from app.residents.clues import Clues

# A record answers a probe when it has one key of each list.
Probe = tuple[list[str], ...]


def sharp(clues: Clues) -> list[Probe]:
    """What the clues say, taken at their word."""
    found: list[Probe] = []
    if clues.telephone:
        found.append(([keys.telephone(clues.telephone)],))
    if clues.email:
        found.append(([keys.email(clues.email)],))
    if clues.postcode:
        found.append(([keys.whole_postcode(clues.postcode)],))
    if clues.born:
        found.append(([keys.birth(clues.born)],))
    if pairs := _pairs(clues):
        found.append(([keys.full(given, family) for given, family in pairs],))
    if place := _lesser_place(clues):
        found.append(([f"s:{word}" for word in _surnames(clues)], place))
    return [probe for probe in found if all(probe)]


def tolerant(clues: Clues) -> list[Probe]:
    """The same with a slip in the surname, a name somebody goes by, or a place that was misheard."""
    names = _slipped(_surnames(clues))
    if not names:
        return []
    seconds = [_given(clues), _lesser_place(clues)]
    if clues.postcode:
        seconds.append([keys.outward(clues.postcode.partition(" ")[0])])
    return [(names, second) for second in seconds if second]


def _pairs(clues: Clues) -> list[keys.Pair]:
    """Every reading of the words as a given and a family name, in either order."""
    if clues.given and clues.family:
        return [(given, family) for given in _same(clues.given.split()[:1]) for family in keys.surnames(clues.family)]
    words = [*clues.names, *(clues.given or clues.family or "").split()]
    readings = []
    for at in range(1, len(words)):
        before, after = words[:at], words[at:]
        readings += [(given, "".join(after)) for given in _same(before[:1])]
        readings += [(given, "".join(before)) for given in _same(after[:1])]
    return list(dict.fromkeys(readings))


def _surnames(clues: Clues) -> list[str]:
    """Every word that may be a family name, and neighbours together (``o brien``)."""
    if clues.family:
        return list(keys.surnames(clues.family))
    words = clues.names
    return list(dict.fromkeys([*words, *("".join(pair) for pair in zip(words, words[1:], strict=False))]))


def _given(clues: Clues) -> list[str]:
    words = (clues.given or "").split()[:1] or list(clues.names if len(clues.names) > 1 or clues.family else ())
    return [f"g:{same}" for same in _same(words)]


def _same(words: Iterable[str]) -> list[str]:
    return sorted({same for word in words for same in keys.same_names(word)})


def _lesser_place(clues: Clues) -> list[str]:
    """The outward half or the number of a house: only ever together with a name."""
    if clues.outward:
        return [keys.outward(clues.outward)]
    return [keys.house(clues.house)] if clues.house and not clues.postcode else []


def _slipped(surnames: Sequence[str]) -> list[str]:
    found = {f"s:{slip}" for surname in surnames for slip in keys.slips(surname)}
    return sorted(found | {f"z:{keys.sound(surname)}" for surname in surnames if len(surname) > 2})
