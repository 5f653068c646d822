"""A world of households with twins and with parents and children of one name, and the people who then ring up: some who are on
file, told again with slips and changes, and some who are not, of whom a third live with somebody who is. The same seed gives the
same world. Streets, slips and shares are ours: what holds here need not hold elsewhere to the digit.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, islice

from app.matching.frequencies import Term, published
from app.matching.person import Pair, Person
from app.matching.spoken import alike_by_ear_alone, short_for
from app.places.postcodes import district_of
from bench.invented import COMMON, ENDS, GIVEN, LETTERS, STARTS, STREETS

FIRST_NAMES, FAMILIES = published(Term.GIVEN), published(Term.FAMILY)
_GIVEN, _FAMILY = ((list(shares), list(accumulate(shares.values()))) for shares in (FIRST_NAMES, FAMILIES))
SHORT = {full: sorted(short for short in FIRST_NAMES if short_for(short, full) and not alike_by_ear_alone(short, full))
         for full in FIRST_NAMES}
# Streets of a town: a postcode lies in one of them and has some sixteen houses.
HOUSES = 16
# So many postcodes and districts are of a million people; who makes more of them makes the land larger too.
POSTCODES, PEOPLE = 60_000, 1_000_000
DISTRICTS = tuple(f"{area}{number}" for area, numbers in (("TA", range(1, 25)), ("BA", range(3, 17)), ("BS", range(25, 29)))
                  for number in numbers)
FURTHER = tuple(f"{area}{number}" for area in "EX GL SN SP DT BH SO RG OX PO GU HP MK NN CV LE".split() for number in range(1, 25))
AREAS = ("1823", "1278", "1935", "1460", "1749", "1643", "1984", "1458", "1963", "1761")


class Kind(StrEnum):
    """Who is ringing."""

    RETURNING = "returning"
    STRANGER = "stranger"
    HOUSEMATE = "new in a household on file"
    TWIN = "twin of somebody on file"
    NAMESAKE = "parent or child of one name"


@dataclass(frozen=True)
class Land:
    """How large the world is."""

    people: int = PEOPLE

    @cached_property
    def postcodes(self) -> int:
        return max(POSTCODES * self.people // PEOPLE, POSTCODES)

    @cached_property
    def districts(self) -> Sequence[str]:
        return (*DISTRICTS, *FURTHER)[:max(len(DISTRICTS) * self.people // PEOPLE, len(DISTRICTS))]


LAND = Land()


@dataclass(frozen=True)
class Caller:
    """Somebody who rings, what they say of themselves, and who on file they are."""

    kind: Kind
    said: Person = field(repr=False)
    who: int | None = None


def world(households: int, seed: int) -> list[list[Person]]:
    """So many households of one to six."""
    return list(islice(endless(seed), households))


def endless(seed: int, people: int = PEOPLE) -> Iterator[list[Person]]:
    """One household after another, in a land for so many people: a larger one has as many at one postcode and in one district."""
    chance, land = random.Random(seed), Land(people)
    while True:
        yield _household(chance, land)


def callers(homes: Sequence[Sequence[Person]], returning: int, new: int, seed: int) -> Iterator[Caller]:
    """People on file who ring again, then people who are not on file, three in ten of them hard to tell from somebody."""
    chance = random.Random(seed)
    file = [person for home in homes for person in home]
    for at in chance.sample(range(len(file)), returning):
        yield Caller(Kind.RETURNING, told_again(file[at], chance), at)
    for _ in range(new):
        home = chance.choice(homes)
        kind = chance.choices((Kind.STRANGER, Kind.HOUSEMATE, Kind.TWIN, Kind.NAMESAKE), (70, 20, 5, 5))[0]
        yield Caller(kind, _new(kind, home, chance))


def told_again(person: Person, chance: random.Random) -> Person:
    """The same person's details at another time: nought to three of them otherwise than on file."""
    so_many, often = chance.choices((0, 1, 2, 3), (30, 40, 20, 10))[0], [often for often, _ in CHANGES.values()]
    details = chance.sample(list(CHANGES), so_many, counts=often)
    for detail in sorted(set(details), key=list(CHANGES).index):
        person = chance.choice(CHANGES[detail][1])(person, chance)
    # Three in ten say no more than the street and the postcode.
    return _without_a_town(person) if chance.random() < 0.3 else person


def _without_a_town(person: Person) -> Person:
    return replace(person, addresses=[(lines.partition("\n")[0], postcode) for lines, postcode in person.addresses])


def _new(kind: Kind, home: Sequence[Person], chance: random.Random) -> Person:
    of = chance.choice(home)
    (given, family), = of.names[:1]
    born = of.born or date(1970, 1, 1)
    if kind is Kind.STRANGER:
        return _household(chance)[0]
    if kind is Kind.TWIN:
        return replace(of, names=[(_name(chance, but=given), family)], telephones=_telephones(chance, of))
    if kind is Kind.NAMESAKE:
        return replace(of, born=born + timedelta(days=chance.choice((-1, 1)) * chance.randint(6500, 13000)),
                       telephones=_telephones(chance, of))
    own = family if chance.random() < 0.7 else _surname(chance)
    return replace(of, names=[(_name(chance, but=given), own)], born=_birthday(chance), telephones=_telephones(chance, of))


def _telephones(chance: random.Random, of: Person) -> list[str]:
    """The landline of the household, or a mobile of one's own, or both."""
    lines = [number for number in of.telephones if not number.startswith("+447")]
    return chance.choice([lines, [_mobile(chance)], [*lines, _mobile(chance)]])


def _household(chance: random.Random, land: Land = LAND) -> list[Person]:
    family, address = _surname(chance), _address(chance, land)
    landline = f"+44{chance.choice(AREAS)}{chance.randrange(10**6):06}" if chance.random() < 0.6 else None
    people: list[Person] = []
    for _ in range(chance.choices((1, 2, 3, 4, 5, 6), (30, 35, 16, 13, 4, 2))[0]):
        own = family if chance.random() < 0.85 else _surname(chance)
        numbers = [number for number in (landline, _mobile(chance) if chance.random() < 0.8 else None) if number]
        born = _birthday(chance) if chance.random() < 0.96 else None
        given = _name(chance)
        if people and chance.random() < 0.02:
            born, own = people[-1].born, people[-1].names[0][1]
        elif people and chance.random() < 0.02:
            given, own = people[0].names[0]
        people.append(Person(names=[(given, own)], addresses=[address], telephones=numbers, born=born))
    return people


def _name(chance: random.Random, but: str | None = None) -> str:
    common = chance.choices(_GIVEN[0], cum_weights=_GIVEN[1])[0].title()
    name = chance.choice(GIVEN) if chance.random() < 0.15 else common
    return name if name != but else _name(chance, but)


def _surname(chance: random.Random) -> str:
    """One in two of the common ones, as common as they are; else one of some thousands that few bear."""
    if chance.random() < 0.5:
        name = chance.choices(_FAMILY[0], cum_weights=_FAMILY[1])[0].title()
    else:
        name = chance.choice(STARTS) + chance.choice(("", "", "a", "e", "er", "ing")) + chance.choice(ENDS)
    return f"{name}-{chance.choice(COMMON)}" if chance.random() < 0.03 else name


def _birthday(chance: random.Random) -> date:
    return date(1930, 1, 1) + timedelta(days=chance.randrange(32000))


def _mobile(chance: random.Random) -> str:
    return f"+447{chance.randrange(10**9):09}"


def _address(chance: random.Random, land: Land = LAND) -> Pair:
    """A house of a street: the postcode says which, and so do street and postcode belong together."""
    at = chance.randrange(land.postcodes)
    place = random.Random(at)
    written = f"{place.choice(land.districts)} {place.randint(1, 9)}{place.choice(LETTERS)}{place.choice(LETTERS)}"
    street = f"{place.choice(STARTS)}{place.choice(ENDS)} {place.choice(STREETS).split()[1]}"
    return f"{chance.randint(1, HOUSES) + 10 * place.randint(0, 9)} {street}\n{_town(written)}", written


def _town(written: str) -> str:
    """The town of a postcode: its district's."""
    name = random.Random(district_of(written))
    return name.choice(STARTS) + name.choice(ENDS)


def slip(text: str, chance: random.Random) -> str:
    """One letter or digit wrong, left out, doubled, or changed about with the next."""
    at = chance.randrange(len(text)) if text else 0
    others = "0123456789" if text[at:at + 1].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    kind = chance.randrange(4)
    if not text[at:at + 1].isalnum() or (kind == 3 and at + 1 == len(text)):
        return text + chance.choice(others)
    swapped = text[at:at + 2][::-1]
    return text[:at] + {0: chance.choice(others), 1: "", 2: text[at] * 2, 3: swapped}[kind] + text[at + (2 if kind == 3 else 1):]


def _nicknamed(person: Person, chance: random.Random) -> Person:
    (given, family), = person.names[:1]
    short = SHORT.get(given.casefold())
    return replace(person, names=[(chance.choice(short).title(), family)]) if short else _given_slipped(person, chance)


def _given_slipped(person: Person, chance: random.Random) -> Person:
    (given, family), = person.names[:1]
    return replace(person, names=[(slip(given, chance) or given, family)])


def _family_slipped(person: Person, chance: random.Random) -> Person:
    (given, family), = person.names[:1]
    return replace(person, names=[(given, slip(family, chance) or family)])


def _married(person: Person, chance: random.Random) -> Person:
    return replace(person, names=[(person.names[0][0], _surname(chance))])


def _names_changed_about(person: Person, chance: random.Random) -> Person:
    return replace(person, names=[person.names[0][::-1]])


def _moved(person: Person, chance: random.Random) -> Person:
    """Three in five within their town."""
    near, new = chance.random() < 0.6, _address(chance)
    while near and district_of(new[1]) != district_of(person.postcodes[0]):
        new = _address(chance)
    return replace(person, addresses=[new], telephones=[n for n in person.telephones if n.startswith("+447")])


def _other_telephone(person: Person, chance: random.Random) -> Person:
    return replace(person, telephones=[_mobile(chance)])


def _telephone_slipped(person: Person, chance: random.Random) -> Person:
    return replace(person, telephones=[number[:4] + digit_slipped(number[4:], chance) for number in person.telephones[:1]])


def digit_slipped(digits: str, chance: random.Random) -> str:
    """One digit wrong, or two changed about."""
    at = chance.randrange(len(digits) - 1)
    if chance.random() < 0.4:
        return digits[:at] + digits[at:at + 2][::-1] + digits[at + 2:]
    return digits[:at] + chance.choice("0123456789") + digits[at + 1:]


def _born_slipped(person: Person, chance: random.Random) -> Person:
    born = person.born
    if born is None:
        return person
    if chance.random() < 0.3 and born.day <= 12:
        return replace(person, born=date(born.year, born.day, born.month))
    return replace(person, born=chance.choice((born + timedelta(days=chance.choice((-1, 1, 10, -10))), in_year(born, chance))))


def in_year(born: date, chance: random.Random) -> date:
    """The same day of another year, one or ten off."""
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return date(born.year + chance.choice((-10, -1, 1, 10)), born.month, day)


def _without_a_detail(person: Person, chance: random.Random) -> Person:
    return replace(person, **chance.choice(({"telephones": []}, {"addresses": []})))


def _initial(person: Person, chance: random.Random) -> Person:
    (given, family), = person.names[:1]
    return replace(person, names=[(given[0], family)])


# How often each detail is told otherwise, beside the others, and in which ways. One change at most of each.
CHANGES: Mapping[str, tuple[int, tuple[Callable[[Person, random.Random], Person], ...]]] = {
    "given name": (4, (_nicknamed, _nicknamed, _given_slipped, _initial)), "family name": (3, (_family_slipped, _married)),
    "address": (4, (_moved,)), "birth": (2, (_born_slipped,)), "telephone": (5, (_other_telephone, _telephone_slipped)),
    "left out": (2, (_without_a_detail,)), "order": (1, (_names_changed_about,))}
