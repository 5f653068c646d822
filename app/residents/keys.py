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
# Words before a family name that are no name by themselves.
PARTICLES = frozenset("al bin da de del della den der di dos du el la le ter van von".split())
SOUNDS = (("sch", "s"), ("tch", "c"), ("ph", "f"), ("gh", "g"), ("ck", "k"), ("sh", "s"), ("ch", "c"), ("wr", "r"),
          ("kn", "n"), ("mc", "mac"))
ALIKE = str.maketrans("cqvzdbgj", "kkfstpkk", "aeiouhwy")
SHORTEST_WITH_SLIPS = 4
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
    for postcode in facts.postcodes:
        found |= {(ADDRESS, whole_postcode(postcode)), (ADDRESS, outward(district_of(postcode)))}
    found |= {(ADDRESS, house(number)) for number in map(folding.house, facts.lines) if number}
    if facts.born:
        found.add((BIRTH, birth(facts.born)))
    for given, family in facts.names:
        found |= {(NAME, key) for key in _name_keys(folding.name(given), folding.name(family))}
    return found


@lru_cache(maxsize=65536)
def _name_keys(given: str, family: str) -> frozenset[str]:
    found = set()
    whole, *parts = surnames(family) or ("",)
    found |= {f"s:{whole}"} - {"s:"}
    for surname in parts or filter(None, [whole]):
        found |= {f"s:{slip}" for slip in slips(surname)}
        found.add(f"z:{sound(surname)}")
    for first in given.split()[:1]:
        found |= {f"g:{same}" for same in same_names(first)}
        found |= {full(first, surname) for surname in surnames(family)}
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


def outward(district: str) -> str:
    """Of the first half of a postcode."""
    return f"o:{district}"


def house(number: str) -> str:
    """Of the number of a house."""
    return f"h:{number}"


def full(given: str, surname: str) -> str:
    """Of a first name and a surname together, both folded."""
    return f"f:{given} {surname}"


@lru_cache(maxsize=65536)
def surnames(family: str) -> tuple[str, ...]:
    """A folded family name as it may be asked for: whole, and each name of a double one (``smith jones``)."""
    parts = [part for part in family.split() if part not in PARTICLES and len(part) > 2]
    whole = family.replace(" ", "")
    return tuple(dict.fromkeys([whole, *(parts if len(parts) > 1 or " " in family else ())])) if whole else ()


@lru_cache(maxsize=65536)
def slips(surname: str) -> frozenset[str]:
    """The surname and everything it becomes by leaving one letter out.

    Two names one slip apart (a letter too many, too few, another, or two changed about) have one of these in common.
    """
    if len(surname) < SHORTEST_WITH_SLIPS:
        return frozenset({surname})
    return frozenset({surname, *(surname[:at] + surname[at + 1:] for at in range(len(surname)))})


@lru_cache(maxsize=65536)
def sound(surname: str) -> str:
    """What is left of a surname when letters that sound alike are one and vowels go: ``stephens`` and ``stevens``."""
    for heard, meant in SOUNDS:
        surname = surname.replace(heard, meant)
    rest = surname[1:].translate(ALIKE)
    first = surname[:1].translate(ALIKE) or surname[:1]
    kept = [first]
    for letter in rest:
        if letter != kept[-1]:
            kept.append(letter)
    return "".join(kept)


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
