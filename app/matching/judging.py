"""Whether two records are one person's: a sum of weights that can be explained, and the guards that no sum outweighs.

Pure: it is given what the asker may see of both, and no more. ``settle`` weighs the judgements of one record against
each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product

from app.matching import comparing, folding, words
from app.matching.comparing import Agreement
from app.matching.frequencies import Frequencies
from app.matching.person import Pair, Person
from app.matching.scale import Scale, scale
from app.matching.weighing import Comparison, Level, Lines, Weights

# Whose bits are given back first where the details of an address speak against two people more than one move can.
GIVEN_TO = {Comparison.TOWN: 0, Comparison.STREET: 1, Comparison.HOUSE: 2, Comparison.POSTCODE: 3}
BIRTHS_WITHIN_A_SLIP = (Level.EXACT, Level.SWAPPED, Level.ONE_DIGIT)


class Verdict(StrEnum):
    """What follows from a judgement."""

    LINK = "link"
    REVIEW = "review"
    HOUSEHOLD = "household"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison says, in bits, and in words that a person can read."""

    comparison: str
    bits: float
    said: Agreement | str = field(repr=False)
    names: Sequence[Pair] = field(default=(), repr=False)

    @property
    def words(self) -> str:
        """Found only for who reads it: of most judgements nobody does."""
        if isinstance(self.said, str):
            return self.said
        return words.agreed(self.said, {folding.name(text): text for pair in self.names for text in pair})


@dataclass(frozen=True, slots=True)
class Judgement:
    """``bits`` is ``prior`` and all ``parts`` together: the odds, as a power of two, that both are one person.

    ``held`` says why a person decides although the bits would do, or why the two are no duplicate at all.
    """

    bits: float
    parts: tuple[Part, ...]
    verdict: Verdict
    held: str | None
    model: str
    prior: float
    lines: Lines


def judge(a: Person, b: Person, weights: Weights, frequencies: Frequencies) -> Judgement:
    """How likely the two are one person, and what follows. The order of the two makes no difference."""
    measured = scale(weights, frequencies)
    agreed = _Agreed(measured, a, b)
    parts = tuple(agreed.parts())
    bits = measured.prior + sum(part.bits for part in parts)
    verdict, held = _verdict(agreed, bits, weights)
    return Judgement(bits, parts, verdict, held, weights.version, measured.prior, weights.lines)


def two_people(a: Person, b: Person) -> bool:
    """Whether first names and birthdays alone make two people of them: told without weighing anything."""
    near = a.born and b.born and comparing.birth_level(a.born, b.born) in BIRTHS_WITHIN_A_SLIP
    return not near and called_otherwise(a, b)


def called_otherwise(a: Person, b: Person) -> bool:
    """Whether both have first names and none of the one's agrees with one of the other's, not even changed about."""
    others = [_other_forename(_folded(left), _folded(right)) for left, right in product(a.names, b.names)]
    return bool(others) and all(others)


def born_otherwise(a: Person, b: Person) -> bool:
    """Whether both dates of birth are known, and neither is a slip of the other nor of the same year."""
    return a.born is not None and b.born is not None and comparing.birth_level(a.born, b.born) is Level.OTHER


def levels(a: Person, b: Person, weights: Weights, frequencies: Frequencies) -> Mapping[Comparison, Level]:
    """At which level each comparison of the two came out; those are missing for which one of them says nothing."""
    return {agreement.comparison: agreement.level for agreement, _ in reversed(_Agreed(scale(weights, frequencies), a, b).all())}


def settle(judgements: Sequence[Judgement], weights: Weights) -> list[Judgement]:
    """The judgements of one record against several, in the same order: only one may stay a link, and only if clearly best."""
    ranked = sorted((j.bits for j in judgements if j.verdict in (Verdict.LINK, Verdict.REVIEW)), reverse=True)
    best = max((j.bits for j in judgements if j.verdict is Verdict.LINK), default=None)
    if best is None or len(ranked) < 2:
        return list(judgements)
    lines = weights.lines
    second = ranked[1] if ranked[0] == best else ranked[0]
    close = second > best - lines.runner_up and second >= lines.link - lines.runner_up
    settled, taken = [], False
    for judgement in judgements:
        if judgement.verdict is not Verdict.LINK:
            settled.append(judgement)
        elif close:
            settled.append(replace(judgement, verdict=Verdict.REVIEW, held=words.RUNNER_UP))
        elif judgement.bits == best and not taken:
            settled.append(judgement)
            taken = True
        else:
            settled.append(replace(judgement, verdict=Verdict.REVIEW, held=words.ANOTHER_FITS_BETTER))
    return settled


Weighed = tuple[Agreement, float]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way of laying two names, or two addresses, beside each other: what it says in all, and what each agreement does."""

    bits: float
    agreements: Sequence[Weighed]
    swapped: bool = False
    former: bool = False


class _Agreed:
    """Everything in which two people agree or not, each detail at its best."""

    def __init__(self, scale: Scale, a: Person, b: Person) -> None:
        self.scale = scale
        self.written = (*b.names, *a.names)
        self.name = _best(self._names(a.names, b.names))
        self.birth = self._weighed(comparing.births(a.born, b.born))
        self.a_generation_apart = comparing.a_generation_apart(a.born, b.born)
        self.address = _best(self._addresses(a.addresses, b.addresses))
        telephones = self._weighed(*comparing.telephones(a.telephones, b.telephones)) if a.telephones and b.telephones else ()
        self.telephone = sorted(telephones, key=self._beside_the_address)[-1:]
        emails = self._weighed(*comparing.emails(a.emails, b.emails)) if a.emails and b.emails else ()
        self.email = sorted(emails, key=lambda each: each[1])[-1:]

    def _weighed(self, *agreements: Agreement | None) -> list[Weighed]:
        of, bits = self.scale.weights.of, self.scale.bits
        return [(agreement, bits(agreement)) for agreement in agreements if agreement is not None and agreement.comparison in of]

    def level(self, comparison: Comparison) -> Level | None:
        """At which level one comparison came out."""
        return next((agreement.level for agreement, _ in self.all() if agreement.comparison is comparison), None)

    def share_a_home(self) -> bool:
        """Whether both live, or lived, at one address or answer one telephone."""
        if self.telephone and self.telephone[0][0].level is Level.EXACT:
            return True
        house, street = self.level(Comparison.HOUSE), self.level(Comparison.STREET)
        there = house is Level.EXACT or (house is None and street is Level.EXACT)
        return there and self.level(Comparison.POSTCODE) is Level.EXACT

    def perhaps_changed_about(self) -> bool:
        """Whether only one of two names agrees, and that as a given name with a family name: it may be somebody else's."""
        surname = self.level(Comparison.SURNAME)
        return self.name is not None and self.name.swapped and surname in (None, Level.OTHER)

    def reached_as_one(self, forename: Level | None) -> bool:
        """Whether both have one e-mail address, or, with the same first name, one mobile telephone."""
        mobile = [each for each, _ in self.telephone if each.level is Level.EXACT and not comparing.landline(each.left)]
        return self.level(Comparison.EMAIL) is Level.EXACT or bool(mobile) and forename is Level.EXACT

    def parts(self) -> Iterable[Part]:
        """One after another, for people: the name, the birth, the address, how to be reached."""
        over = self._beyond_an_address()
        given_back = self._of_one_move(-over)
        for agreement, bits in self.all():
            more = given_back.get(id(agreement), 0.0)
            if not more or bits + more:
                yield Part(agreement.comparison, bits + more, agreement, self.written)
        if over > 0:
            yield Part("household", -over, words.ONE_HOUSEHOLD)
        if self.name and self.name.swapped:
            former = self.scale.former if self.name.former else 0.0
            yield Part(Comparison.ORDER, self.name.bits - former - _sum(self.name.agreements), words.NAMES_SWAPPED)
        if self.name and self.name.former:
            yield Part(Comparison.ORDER, self.scale.former, words.FORMER_NAME)
        if self.address and self.address.former:
            yield Part(Comparison.ORDER, self.scale.former, words.FORMER_ADDRESS)
        for line in self.telephone:
            if twice := line[1] - self._beside_the_address(line):
                yield Part("address and landline", -twice, words.COUNTED_ONCE)

    def _beside_the_address(self, line: Weighed) -> float:
        """What a telephone says over and above the address: of a landline and an address that agree the lesser counts half."""
        (agreement, bits), place = line, self.address.bits if self.address else 0.0
        return bits - max(min(bits, place), 0.0) / 2 if comparing.landline(agreement.left) else bits

    def _beyond_an_address(self) -> float:
        """How much the details of the address add up to beyond what all of them say together: which household, or that somebody
        moved (below nought), and no more."""
        if self.address is None:
            return 0.0
        over = (self.scale.former if self.address.former else 0.0) + _sum(self.address.agreements) - self.address.bits
        return over if abs(over) > 1e-9 else 0.0

    def _of_one_move(self, more: float) -> dict[int, float]:
        """Who moved has another town, street and house: what each of them speaks against the two beyond one move is given back, the
        last of them first."""
        given: dict[int, float] = {}
        details = self.address.agreements if self.address else ()
        for agreement, bits in sorted(details, key=lambda each: GIVEN_TO[each[0].comparison]):
            if more > 1e-9 and bits < 0:
                given[id(agreement)] = min(more, -bits)
                more -= given[id(agreement)]
        return given

    def all(self) -> list[Weighed]:
        """Every agreement with its bits, in the order in which people are told."""
        name = self.name.agreements if self.name else ()
        address = self.address.agreements if self.address else ()
        return [*name, *self.birth, *address, *self.telephone, *self.email]

    def _names(self, ours: Sequence[Pair], theirs: Sequence[Pair]) -> Iterable[_Reading]:
        for (at, left), (to, right) in product(enumerate(ours), enumerate(theirs)):
            (given, family), (other_given, other_family) = map(_folded, (left, right))
            former = (at > 0 or to > 0)
            cost = self.scale.former if former else 0.0
            straight = self._weighed(comparing.forenames(given, other_given), comparing.surnames(family, other_family))
            yield _Reading(_sum(straight) + cost, straight, former=former)
            crossed = max((self._weighed(*way) for way in _changed_about((given, family), (other_given, other_family))), key=_sum)
            if crossed:
                # However it is read, names changed about never say more than the same names in their order.
                most = min(self._whole(given, family), self._whole(other_given, other_family))
                yield _Reading(min(_sum(crossed) + self.scale.swapped, most) + cost, crossed, swapped=True, former=former)

    def _whole(self, given: str, family: str) -> float:
        """What a name says that is the same on both sides."""
        return self.scale.bits(comparing.forenames(given, given)) + self.scale.bits(comparing.surnames(family, family))

    def _addresses(self, ours: Sequence[Pair], theirs: Sequence[Pair]) -> Iterable[_Reading]:
        for (at, left), (to, right) in product(enumerate(ours), enumerate(theirs)):
            former = (at > 0 or to > 0)
            agreements = self._weighed(*_place(left, right))
            total = max(min(_sum(agreements), self.scale.household), self.scale.moved + _elsewhere(agreements))
            yield _Reading(total + (self.scale.former if former else 0.0), agreements, former=former)


def _changed_about(left: Pair, right: Pair) -> list[list[Agreement]]:
    """Two names crosswise, either way: what agrees where all that there is of them does, or the given names letter by letter; else
    nothing."""
    return [_crosswise((left[0], right[1]), (left[1], right[0])), _crosswise((left[1], right[0]), (left[0], right[1]))]


def _crosswise(given: Pair, family: Pair) -> list[Agreement]:
    first = comparing.forenames(*given)
    if first is not None and first.level is Level.OTHER:
        return []
    found = [each for each in (first, comparing.surnames(*family)) if each is not None]
    levels = [each.level for each in found]
    return found if Level.OTHER not in levels or levels == [Level.EXACT, Level.OTHER] else []


def _other_forename(left: Pair, right: Pair) -> bool:
    straight = comparing.forenames(left[0], right[0])
    return straight is not None and straight.level is Level.OTHER and not any(_changed_about(left, right))


def _sum(agreements: Iterable[Weighed]) -> float:
    return sum(bits for _, bits in agreements)


def _elsewhere(agreements: Iterable[Weighed]) -> float:
    """What it says beyond having moved that no town is the same: most people stay near."""
    towns = [bits for agreement, bits in agreements if agreement.comparison is Comparison.TOWN]
    return min(max(towns, default=0.0), 0.0)


def _folded(pair: Pair) -> Pair:
    return folding.name(pair[0]), folding.name(pair[1])


def _best(readings: Iterable[_Reading]) -> _Reading | None:
    """The one that says most; of those that say the same, the one of the present, straight."""
    return max(readings, key=lambda r: (round(r.bits, 9), not r.former, not r.swapped), default=None)


def _place(left: Pair, right: Pair) -> list[Agreement | None]:
    """Of two addresses: the postcode, the street, towns, and the house where it is not merely two houses of the same number."""
    postcode, lines = comparing.postcodes(left[1], right[1]), comparing.lines(*sorted((left[0], right[0])))
    same = postcode is not None and postcode.level in (Level.EXACT, Level.NEAR)
    along = lines.street is not None and lines.street.level is not Level.OTHER
    return [postcode, lines.street, lines.house if same or along else None, *lines.towns]


def _verdict(agreed: _Agreed, bits: float, weights: Weights) -> tuple[Verdict, str | None]:
    forename, birth = agreed.level(Comparison.FORENAME), agreed.level(Comparison.BIRTH)
    shared = agreed.share_a_home()
    if forename is Level.OTHER and birth not in BIRTHS_WITHIN_A_SLIP:
        return (Verdict.HOUSEHOLD, words.OTHER_FORENAME_AT_HOME) if shared else (Verdict.NEW, None)
    if bits < weights.lines.review:
        household = shared and forename is Level.OTHER
        return (Verdict.HOUSEHOLD, words.OTHER_FORENAME_AT_HOME) if household else (Verdict.NEW, None)
    held = _held(agreed, forename, birth, shared)
    if held or bits < weights.lines.link:
        return Verdict.REVIEW, held
    return Verdict.LINK, None


def _held(agreed: _Agreed, forename: Level | None, birth: Level | None, shared: bool) -> str | None:
    """The guards: what leaves a decision to a person however much the rest weighs."""
    if forename is None:
        return words.NO_FORENAME
    if forename is Level.OTHER or agreed.perhaps_changed_about():
        return words.OTHER_FORENAME_AT_HOME if shared else words.OTHER_FORENAME
    if forename is Level.TWO_NAMES:
        return words.TWO_NAMES
    if birth is Level.OTHER or agreed.a_generation_apart:
        return words.OTHER_BIRTH_AT_HOME if shared else words.OTHER_BIRTH
    if birth is None and not agreed.reached_as_one(forename):
        return words.NO_BIRTH
    return None
