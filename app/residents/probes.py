"""Which keys to ask for, given the clues: a record answers when it has one of them.

Pure. The sharp keys are asked first; the tolerant ones, for slips of the ear and the keyboard, when too little came.
"""

from collections.abc import Iterable, Sequence

from app.matching import spoken
from app.residents import keys, slips
from app.residents.clues import Clues


def sharp(clues: Clues) -> list[str]:
    """What the clues say, taken at their word, or as it sounds beside a place."""
    found = [keys.telephone(clues.telephone)] if clues.telephone else []
    if clues.email:
        found.append(keys.email(clues.email))
    if clues.postcode:
        found.append(keys.whole_postcode(clues.postcode))
    if clues.born:
        found.append(keys.birth(clues.born))
    found += [keys.full(given, family) for given, family in _pairs(clues)]
    return found + _about_the_place(clues, _sounds(clues))


def alone(clues: Clues, districts: Iterable[str]) -> list[str]:
    """A name and nothing else, for who said why: it is looked for in each of these districts."""
    sounds = _sounds(clues)
    return [keys.in_district(heard, district) for district in districts for heard in sounds]


def tolerant(clues: Clues) -> list[str]:
    """Names by their sound, the surname with a slip, or the first name with one, or a postcode half of which was misheard;
    a telephone or a date with one slip."""
    near = [slip for heard in _sounds(clues) for slip in spoken.near(heard)]
    found = _about_the_place(clues, near)
    if clues.postcode:
        outward = clues.postcode.partition(" ")[0]
        found += [keys.in_district(heard, outward) for heard in [*_sounds(clues), *near]]
        # Two slips at once are spelt out for one name; for several it would be thousands of keys.
        heards = [*_sounds(clues), *(near if len(_sounds(clues)) == 1 else ())]
        found += [keys.in_district(heard, other) for heard in heards for other in slips.districts(outward)]
    found += [keys.telephone(slip) for slip in slips.telephones(clues.telephone or "")]
    found += [keys.birth(slip) for slip in (slips.births(clues.born) if clues.born else ())]
    for given, family in {(spoken.sound(given), spoken.sound(family)) for given, family in _pairs(clues)}:
        found += [keys.heard(given, family), *(keys.heard(given, slip) for slip in spoken.near(family)),
                  *(keys.heard(slip, family) for slip in spoken.near(given))]
    return list(dict.fromkeys(found))


def _pairs(clues: Clues) -> list[keys.Pair]:
    """Every reading of the words as a given and a family name, in either order."""
    if clues.given and clues.family:
        return [(given, family) for given in _same(clues.given.split()[:1]) for family in spoken.surnames(clues.family)]
    words = [*clues.names, *(clues.given or clues.family or "").split()]
    readings = []
    for at in range(1, len(words)):
        before, after = words[:at], words[at:]
        readings += [(given, "".join(after)) for given in _same(before[:1])]
        readings += [(given, "".join(before)) for given in _same(after[:1])]
    return list(dict.fromkeys(readings))


def _sounds(clues: Clues) -> list[str]:
    """Of every word that may be a family name, and of neighbours together (``o brien``)."""
    if clues.family:
        surnames: Sequence[str] = spoken.surnames(clues.family)
    else:
        words = clues.names
        surnames = [*words, *("".join(pair) for pair in zip(words, words[1:], strict=False))]
    return list(dict.fromkeys(map(spoken.sound, surnames)))


def _same(words: Sequence[str]) -> list[str]:
    return sorted({same for word in words for same in spoken.same_names(word)})


def _about_the_place(clues: Clues, sounds: Sequence[str]) -> list[str]:
    """The outward half or the number of a house: only ever together with a name."""
    if clues.outward:
        return [keys.in_district(heard, clues.outward) for heard in sounds]
    return [keys.at_house(heard, clues.house) for heard in sounds] if clues.house and not clues.postcode else []
