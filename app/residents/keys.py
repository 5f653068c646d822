"""The keys a record is found by: short folded texts, each of one field group, so that a group withheld is not found by.

Pure and free of the database: the same functions write the keys of one resident and of a million. The letter before the
colon says what a key is; asking with the keys of a clue and writing those of a record is one and the same folding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from app.places.postcodes import district_of
from app.policy.groups import Group
from app.residents import folding

Pair = tuple[str, str]
NAME, ADDRESS, CHANNELS, BIRTH = (str(group) for group in (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH))
# A key that tells of two groups is found by those who may see both.
TOGETHER = (Group.ADDRESS, Group.NAME)
ADDRESS_AND_NAME = "+".join(TOGETHER)
# Words before a family name that are no name by themselves.
PARTICLES = frozenset("al bin da de del della den der di dos du el la le ter van von".split())
SOUNDS = (("sch", "s"), ("tch", "c"), ("ph", "f"), ("gh", "g"), ("ck", "k"), ("sh", "s"), ("ch", "c"), ("wr", "r"),
          ("kn", "n"), ("mc", "mac"))
ALIKE = str.maketrans("cqvzdbgj", "kkfstpkk", "aeiouhwy")
# What is left of a name once it is folded to its sound; a vowel only ever leads.
CONSONANTS, LEADING = "fklmnprstx", "fklmnprstxaeiouhwy"
# Names that people also go by, one name between two bars (from everyday English use).
SAME_NAMES = """\
alexander alex sandy alec|alexandra alex sandra|andrew andy drew|anthony tony|barbara barb babs|benjamin ben
catherine katherine kathryn cathy kathy kate katie|charles charlie chas|christopher chris kit
christine chris tina|daniel dan danny|david dave davey|deborah debbie deb|dorothy dot dolly
edward ed eddie ted ned|eleanor ellie nell|elizabeth liz lizzie beth betty eliza bess|francis frank
frederick fred freddie|geoffrey jeffrey geoff jeff|gerald gerry jerry|gillian gill jill|gregory greg
harold harry|henry harry hal|jacqueline jackie|james jim jimmy jamie|janet jan|jennifer jenny jen
john jack johnny jon|jonathan jon|joseph joe joey|joshua josh|judith judy|kenneth ken kenny
lawrence laurence larry laurie|leonard len lenny|margaret maggie meg peggy madge|martin marty|mary molly polly
matthew matt|michael mike mick mickey|nathaniel nathan nat|nicholas nick nicky|nicola nicky|pamela pam
patricia pat trish|patrick pat paddy|peter pete|philip phil|raymond ray|rebecca becky
richard rick dick rich ricky|robert bob rob bobby robbie|ronald ron ronnie|samantha sam|samuel sam sammy
sarah sally sadie|stephen steven steve|stuart stewart stu|susan sue susie|terence terry|theresa terry tess
thomas tom tommy|timothy tim|veronica ronnie|victoria vicky tori|vincent vince|walter walt wally
william bill will billy liam"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record is found by. Names are (given, family), postcodes written, lines the first of each address."""

    names: Sequence[Pair] = field(default=(), repr=False)
    postcodes: Sequence[str] = field(default=(), repr=False)
    lines: Sequence[str] = field(default=(), repr=False)
    telephones: Sequence[str] = field(default=(), repr=False)
    emails: Sequence[str] = field(default=(), repr=False)
    born: date | None = field(default=None, repr=False)


def keys_of(facts: Facts) -> set[Pair]:
    """Every (field group, key) of a record."""
    found = {(CHANNELS, telephone(number)) for number in facts.telephones}
    found |= {(CHANNELS, email(address)) for address in facts.emails}
    found |= {(ADDRESS, whole_postcode(postcode)) for postcode in facts.postcodes}
    if facts.born:
        found.add((BIRTH, birth(facts.born)))
    houses = {number for number in map(folding.house, facts.lines) if number}
    for given, family in ((folding.name(given), folding.name(family)) for given, family in facts.names):
        found |= {(NAME, key) for key in _name_keys(given, family)}
        for sounding in map(sound, surnames(family)):
            found |= {(ADDRESS_AND_NAME, in_district(sounding, district_of(postcode))) for postcode in facts.postcodes}
            found |= {(ADDRESS_AND_NAME, at_house(sounding, number)) for number in houses}
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


def at_house(surname: str, number: str) -> str:
    """Of the sound of a surname and the number of a house."""
    return f"h:{surname} {number}"


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
    return frozenset({given}) | _SAME.get(given, frozenset())


def _canonical(groups: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in groups:
        first, *others = group.split()
        for name in (first, *others):
            found.setdefault(name, set()).add(first)
    return {name: frozenset(firsts) for name, firsts in found.items()}


_SAME = _canonical(group for line in SAME_NAMES.splitlines() for group in line.split("|"))
