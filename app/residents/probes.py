"""Which keys to ask for, given the clues: a record answers when it has one of them.

Pure. Asked in ``rounds``, each only when the one before brought nobody who fits well: what points at few people, names with what
stands beside them, slips in a postcode, what tells those apart, and slips of the ear and the keyboard. Within a round the likeliest
come first.
"""

from collections.abc import Callable, Iterable, Sequence

from app.matching import spoken
from app.matching.person import Pair
from app.residents import keys, slips
from app.residents.clues import Clues


def pointed(clues: Clues) -> list[str]:
    """What few people have: a telephone, an e-mail address, a whole postcode, a date of birth beside a surname that sounds so, or
    by itself where neither a name nor a postcode was said: the larger the council, the more have one birthday."""
    found = [keys.telephone(clues.telephone)] if clues.telephone else []
    if clues.email:
        found.append(keys.email(clues.email))
    if clues.postcode:
        found.append(keys.whole_postcode(clues.postcode))
    if clues.born:
        sounds = _sounds(clues)
        found += [keys.born_as(heard, clues.born) for heard in sounds]
        found += [] if sounds or clues.postcode else [keys.birth(clues.born)]
    return found


def named(clues: Clues) -> list[str]:
    """Whole names, as they are said too; a surname by its sound beside a place; and where that stands beside a date or a telephone,
    or nothing does, a slip in those, or in the surname beside the very date."""
    sounds = _sounds(clues)
    outward = clues.outward or (clues.postcode or "").partition(" ")[0]
    found = [keys.in_district(heard, outward) for heard in sounds] if outward else []
    if clues.house and not outward:
        found += [keys.at_house(heard, clues.house) for heard in sounds]
    if clues.born:
        found += [keys.born_as(heard, slip) for slip in slips.births(clues.born) for heard in sounds]
        found += [keys.born_as(near, clues.born) for near in _near(sounds)]
    found += [keys.telephone(slip) for slip in slips.telephones(clues.telephone or "")]
    return found + [keys.full(given, family) for given, family in _pairs(clues)]


def alone(clues: Clues, districts: Iterable[str]) -> list[str]:
    """A name and nothing else, for who said why: it is looked for in each of these districts."""
    sounds = _sounds(clues)
    return [keys.in_district(heard, district) for district in districts for heard in sounds]


def misplaced(clues: Clues) -> list[str]:
    """A date of birth whatever the name; a slip in the postcode beside a name or a house. One said by itself is meant as it was
    said: its slips would bring anybody."""
    born = [keys.birth(clues.born)] if clues.born else []
    return born + (_postcodes_with_a_slip(clues) if clues.names or clues.given or clues.family or clues.house else [])


def telling(clues: Clues) -> list[str]:
    """What tells the one meant among those who answered before, and is asked of nobody else, since in itself it says too little to
    be shown for: beside a postcode that may be a slip a surname in a district that may be one, or nearly the surname in the same;
    where no name was said, a slip in the date of birth, and in the postcode of who was born that day."""
    if not clues.postcode:
        return []
    district, sounds = clues.postcode.partition(" ")[0], _sounds(clues)
    born = slips.births(clues.born) if clues.born and nameless(clues) else ()
    return [*(keys.birth(slip) for slip in born), *(_postcodes_with_a_slip(clues) if born else ()),
            *(keys.in_district(heard, other) for other in slips.districts(district) for heard in sounds),
            *(keys.in_district(near, district) for near in _near(sounds))]


def elsewhere(clues: Clues) -> list[str]:
    """A slip in the postcode beside a date of birth that may have one too, which is asked next of those who live there."""
    return _postcodes_with_a_slip(clues) if clues.born and nameless(clues) else []


def nameless(clues: Clues) -> bool:
    """Whether no name was said."""
    return not (clues.names or clues.given or clues.family)


def _postcodes_with_a_slip(clues: Clues) -> list[str]:
    return [keys.whole_postcode(slip) for slip in slips.postcodes(clues.postcode or "")]


def tolerant(clues: Clues) -> list[str]:
    """Slips: in half a postcode, a house or a date of birth beside a surname that has one too; in the first name or the surname."""
    sounds = _sounds(clues)
    named = bool(sounds or clues.given)
    found = [keys.birth(slip) for slip in slips.births(clues.born)] if clues.born and clues.outward and not named else []
    if clues.born and len(sounds) == 1:
        found += [keys.born_as(near, slip) for slip in slips.births(clues.born) for near in sorted(spoken.near(sounds[0]))]
    for given, family in {(spoken.sound(given), spoken.sound(family)): None for given, family in _pairs(clues)}:
        found += [keys.heard(given, family), *(keys.heard(given, slip) for slip in spoken.near(family)),
                  *(keys.heard(slip, family) for slip in spoken.near(given))]
    return list(dict.fromkeys([*found, *([] if clues.postcode else _about_the_place(clues, sounds))]))


def _about_the_place(clues: Clues, sounds: Sequence[str]) -> list[str]:
    """A surname with a slip in the district or at the house that was said. In another district it would not be shown: a whole name
    there is found without."""
    near = _near(sounds)
    if not clues.outward:
        return [keys.at_house(heard, clues.house) for heard in near] if clues.house else []
    return [keys.in_district(heard, clues.outward) for heard in near]


Round = Callable[[Clues], list[str]]


def rounds(clues: Clues) -> list[Round]:
    """What is asked one after another."""
    return [pointed, named, misplaced, telling, *((elsewhere, telling) if nameless(clues) else ()), tolerant]


def _near(sounds: Iterable[str]) -> list[str]:
    return [slip for heard in sounds for slip in spoken.near(heard)]


def _pairs(clues: Clues) -> list[Pair]:
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
