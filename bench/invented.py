"""Invented residents by the hundred thousand: plausible households, names as common and as rare as names are, and the keys that
the application itself would make of them. The same seed gives the same people."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.kernel.ids import new_reference
from app.matching.person import Person
from app.residents.keys import keys_of

GIVEN = ("Ada Alun Amir Anna Arlo Asha Bartek Beryl Bethan Brian Callum Carol Carys Chidi Christine Clive Colin Daniel David Dawn "
         "Della Derek Dilip Edie Elaine Emeka Emma Enid Farah Fergus Fiona Gary Gethin Grace Graham Hamid Hannah Hettie Ian Idris "
         "Ines Jack Jago James Jane Janet Jean Joan John Julie Karen Kasia Keith Kevin Laura Linda Lowena Malik Margaret Mark Mary "
         "Mavis Merryn Michael Nadia Ned Neil Nia Nicola Obi Olive Pamela Patricia Paul Peter Piotr Priya Rachel Ravi Rhoda Robert "
         "Rowan Ruth Sandra Saoirse Sarah Seth Sharon Shirin Sian Simon Stephen Steven Susan Tamsin Tariq Thomas Ursula Vera Walt "
         "Wanda William Yusuf Zofia").split()
COMMON = ("Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall "
          "Wood Jackson Clarke Patel Khan Lewis James Phillips Ahmed Okafor Nowak Stephens Stevens Webber Coombes Hembrow").split()
STARTS = (
    "Ash Barn Black Chard Combe Dun Ever Far Goat Hard Ilm Kings Lang Lyd Mart Mel Nether North Odd Over "
    "Par Quant Rad Sand Som Stoke Stog Tat Thorn Up Wel West Wive Yar"
).split()
ENDS = (
    "bourne brook bridge bury by combe cott den er field ford gate ham hatch head hill hurst ing land "
    "leigh ley man more port ridge sett smith stead stock stone ton vale wade wall well wick wood worth"
).split()
STREETS = (
    "Mill Lane,Church Street,Orchard Close,Kingfisher Way,Quantoc"
    "k Rise,Canal Road,Priory Avenue,Willow Walk,Tone Terrace"
).split(",")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True, slots=True)
class Invented:
    """One resident as the tables want it."""

    id: uuid.UUID
    ref: str
    borough: bool
    shared: bool
    given: str = field(repr=False)
    family: str = field(repr=False)
    line: str = field(repr=False)
    postcode: str = field(repr=False)
    telephones: tuple[str, ...] = field(repr=False)
    born: date | None = field(repr=False)

    @property
    def telephone(self) -> str:
        """The last, which is rather one's own than the household's."""
        return self.telephones[-1]

    def keys(self) -> set[tuple[str, str]]:
        """What the application would file the record under."""
        return keys_of(Person([(self.given, self.family)], [(self.line, self.postcode)], self.telephones, born=self.born))


def residents(count: int, seed: int = 2014) -> Iterator[Invented]:
    """So many people in households of one to five; nearly half are the borough's, three in five share."""
    chance = random.Random(seed)
    rare = [start + end for start in STARTS for end in ENDS]
    made = 0
    while made < count:
        borough = chance.random() < 0.45
        family, line, postcode = _family(chance, rare), _line(chance), _postcode(chance, borough)
        for _ in range(min(chance.choice((1, 1, 2, 2, 2, 3, 4, 5)), count - made)):
            own = family if chance.random() < 0.9 else _family(chance, rare)
            yield Invented(uuid.UUID(int=chance.getrandbits(128)), new_reference(), borough, chance.random() < 0.6,
                           chance.choice(GIVEN), own, line, postcode, (f"+447{chance.randrange(10**9):09}",),
                           date(1930, 1, 1) + timedelta(days=chance.randrange(32000)))
            made += 1


def _family(chance: random.Random, rare: list[str]) -> str:
    """A name: one in three of the common, weighted to the front, otherwise one of some 1,300, or two of them together."""
    if chance.random() < 0.35:
        return COMMON[min(int(chance.expovariate(0.15)), len(COMMON) - 1)]
    name = chance.choice(rare)
    return f"{name}-{chance.choice(COMMON)}" if chance.random() < 0.03 else name


def _line(chance: random.Random) -> str:
    return f"{chance.randint(1, 180)} {chance.choice(STREETS)}"


def _postcode(chance: random.Random, borough: bool) -> str:
    outward = f"TA{chance.choice((1, 2, 3, 4))}" if borough else f"TA{chance.choice((5, 6, 7, 8, 9, 18, 24))}"
    return f"{outward} {chance.randint(1, 9)}{chance.choice(LETTERS)}{chance.choice(LETTERS)}"
