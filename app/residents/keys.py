"""The keys a record is found by: short folded texts, each of one field group, so that a group withheld is not found by.

Pure and free of the database: the same functions write the keys of one resident and of a million. The letter before the
colon says what a key is; asking with the keys of a clue and writing those of a record is one and the same folding. How
names sound and what people also go by is for ``matching.spoken``.
"""

from datetime import date
from functools import lru_cache

from app.matching import folding
from app.matching.person import Pair, Person
from app.matching.spoken import same_names, sound, surnames
from app.places.postcodes import district_of
from app.policy.groups import Group

NAME, ADDRESS, CHANNELS, BIRTH = (str(group) for group in (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH))
# A key that tells of two groups is found by those who may see both.
TOGETHER = ((Group.ADDRESS, Group.NAME), (Group.BIRTH, Group.NAME))
ADDRESS_AND_NAME, BIRTH_AND_NAME = map("+".join, TOGETHER)


def keys_of(person: Person) -> set[Pair]:
    """Every (field group, key) of a record."""
    found = {(CHANNELS, telephone(number)) for number in person.telephones}
    found |= {(CHANNELS, email(address)) for address in person.emails}
    found |= {(ADDRESS, whole_postcode(postcode)) for postcode in person.postcodes}
    if person.born:
        found.add((BIRTH, birth(person.born)))
    houses = {number for number in map(folding.house, person.lines) if number}
    for given, family in ((folding.name(given), folding.name(family)) for given, family in person.names):
        found |= {(NAME, key) for key in _name_keys(given, family)}
        for sounding in map(sound, surnames(family)):
            found |= {(ADDRESS_AND_NAME, in_district(sounding, district_of(postcode))) for postcode in person.postcodes}
            found |= {(ADDRESS_AND_NAME, at_postcode(sounding, postcode)) for postcode in person.postcodes}
            found |= {(ADDRESS_AND_NAME, at_house(sounding, number)) for number in houses}
            if person.born:
                found.add((BIRTH_AND_NAME, born_as(sounding, person.born)))
    return found


@lru_cache(maxsize=65536)
def _name_keys(given: str, family: str) -> frozenset[str]:
    found = set()
    for surname in surnames(family):
        for first in given.split()[:1]:
            found.add(full(first, surname))
            found |= {key for same in same_names(first) for key in (full(same, surname), heard(sound(same), sound(surname)))}
    return frozenset(found)


def telephone(number: str) -> str:
    """Of a number in E.164."""
    return f"t:{number}"


def email(address: str) -> str:
    """Of a folded address."""
    return f"e:{address}"


def birth(born: date) -> str:
    """Of a date of birth."""
    return f"b:{born.isoformat()}"


def whole_postcode(written: str) -> str:
    """Of a postcode."""
    return f"p:{written.replace(' ', '')}"


def full(given: str, surname: str) -> str:
    """Of a first name and a surname together, both folded."""
    return f"f:{given} {surname}"


def heard(given: str, surname: str) -> str:
    """Of the sounds of a first name and a surname."""
    return f"n:{given} {surname}"


def in_district(surname: str, district: str) -> str:
    """Of the sound of a surname and the first half of a postcode."""
    return f"d:{surname} {district}"


def at_postcode(surname: str, written: str) -> str:
    """Of the sound of a surname and a postcode: how many have it does not grow with how many live there."""
    return f"s:{surname} {written.replace(' ', '')}"


def at_house(surname: str, number: str) -> str:
    """Of the sound of a surname and the number of a house."""
    return f"h:{surname} {number}"


def born_as(surname: str, born: date) -> str:
    """Of the sound of a surname and a date of birth."""
    return f"y:{surname} {born.isoformat()}"
