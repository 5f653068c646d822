"""Whether two records are one person's: a sum of weights that can be explained, and the guards that no sum outweighs.

Pure: it is given what the asker may see of both, and no more. ``settle`` weighs the judgements of one record against
each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from math import log2

from app.matching import comparing, folding, words
from app.matching.comparing import Agreement
from app.matching.frequencies import Frequencies
from app.matching.person import Pair, Person
from app.matching.weighing import Comparison, Level, Lines, Weights

SLIPS = (Level.ONE_SLIP, Level.SAME_SOUND, Level.ALIKE)
NAMES = (Comparison.FORENAME, Comparison.SURNAME)
BIRTHS_WITHIN_A_SLIP = (Level.EXACT, Level.SWAPPED, Level.ONE_DIGIT)


class Verdict(StrEnum):
    """What follows from a judgement."""

    LINK = "link"
    REVIEW = "review"
    HOUSEHOLD = "household"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison says, in words that a person can read, and in bits."""

    comparison: str
    words: str = field(repr=False)
    bits: float


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
    scale = _Scale(weights, frequencies)
    agreed = _Agreed(scale, a, b)
    parts = tuple(agreed.parts())
    prior = -log2(max(frequencies.people, weights.lines.people))
    bits = prior + sum(part.bits for part in parts)
    verdict, held = _verdict(agreed, bits, weights)
    return Judgement(bits, parts, verdict, held, weights.version, prior, weights.lines)


def levels(a: Person, b: Person, weights: Weights, frequencies: Frequencies) -> Mapping[Comparison, Level]:
    """At which level each comparison of the two came out; those are missing for which one of them says nothing."""
    agreed = _Agreed(_Scale(weights, frequencies), a, b)
    return {comparison: level for comparison in Comparison if (level := agreed.level(comparison)) is not None}


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


class _Scale:
    """Turns agreements into bits by one version of the weights and one set of frequencies."""

    def __init__(self, weights: Weights, frequencies: Frequencies) -> None:
        self.weights = weights
        self.frequencies = frequencies

    def bits(self, agreement: Agreement | None) -> float:
        """What an agreement says. A near one never says more than either value agreeing exactly, nor less than none."""
        if agreement is None:
            return 0.0
        of = self.weights.of[agreement.comparison]
        weight = of[agreement.level]
        if agreement.level is Level.OTHER:
            return log2(weight.m / (weight.u or 1))
        shares = [self.frequencies.share(agreement.term, term) for term in agreement.terms] if agreement.term else []
        u = weight.u if weight.u is not None else min((weight.times or 1) * sum(shares), 1.0)
        if agreement.level is Level.EXACT:
            if agreement.comparison is Comparison.BIRTH:
                # What is counted may only make a date of birth say less; a near one never says much.
                u = min(max(u, self.frequencies.same_birth or 0.0), 0.0002)
            return max(log2(weight.m / u), 0.0)
        if agreement.level in SLIPS and agreement.comparison in NAMES and self._no_name(agreement):
            u *= weight.m
        other, exact = of[Level.OTHER], of[Level.EXACT]
        most = [max(log2(exact.m / min(exact.u or (exact.times or 1) * share, 1.0)), 0.0) for share in shares]
        if exact.u:
            most.append(max(log2(exact.m / exact.u), 0.0))
        return max(min(log2(weight.m / u), *most),
                   log2(other.m / (other.u or 1)))

    def _no_name(self, agreement: Agreement) -> bool:
        """Whether one of two names is nobody's: a slip whoever made it, so that u counts the slip as m does."""
        term = agreement.term
        return term is not None and [self.frequencies.known(term, name) for name in agreement.terms].count(False) == 1

    def order(self, level: Level) -> float:
        """What it costs that names are changed about, or that a former one is taken."""
        weight = self.weights.of[Comparison.ORDER][level]
        return log2(weight.m / (weight.u or 1))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way of laying two names, or two addresses, beside each other."""

    bits: float
    agreements: tuple[Agreement, ...]
    swapped: bool = False
    former: bool = False


class _Agreed:
    """Everything in which two people agree or not, each detail at its best."""

    def __init__(self, scale: _Scale, a: Person, b: Person) -> None:
        self.scale = scale
        self.shown = {folding.name(text): text for person in (b, a) for pair in person.names for text in pair}
        self.name = _best(self._names(a.names, b.names))
        self.birth = comparing.births(a.born, b.born)
        self.address = _best(self._addresses(a.addresses, b.addresses))
        self.telephone = max(comparing.telephones(a.telephones, b.telephones), key=self._beside_the_address, default=None)
        self.email = max(comparing.emails(a.emails, b.emails), key=scale.bits, default=None)

    def level(self, comparison: Comparison) -> Level | None:
        """At which level one comparison came out."""
        return next((a.level for a in self._all() if a.comparison is comparison), None)

    def share_a_home(self) -> bool:
        """Whether both live, or lived, at one address or answer one telephone."""
        if self.telephone is not None and self.telephone.level is Level.EXACT:
            return True
        house, street = self.level(Comparison.HOUSE), self.level(Comparison.STREET)
        there = house is Level.EXACT or (house is None and street is Level.EXACT)
        return there and self.level(Comparison.POSTCODE) is Level.EXACT

    def parts(self) -> Iterable[Part]:
        """One after another, for people: the name, the birth, the address, how to be reached."""
        over = self._over_a_household()
        for agreement in self._all():
            bits = self.scale.bits(agreement)
            if less := over.get(agreement.comparison):
                bits -= less
                if bits == 0:
                    continue
            yield Part(agreement.comparison, words.agreed(agreement, self.shown), bits)
        if self.name and self.name.swapped:
            former = self.scale.order(Level.FORMER) if self.name.former else 0.0
            said = sum(self.scale.bits(agreement) for agreement in self.name.agreements)
            yield Part(Comparison.ORDER, words.NAMES_SWAPPED, self.name.bits - former - said)
        if self.name and self.name.former:
            yield Part(Comparison.ORDER, words.FORMER_NAME, self.scale.order(Level.FORMER))
        if self.address and self.address.former:
            yield Part(Comparison.ORDER, words.FORMER_ADDRESS, self.scale.order(Level.FORMER))
        if self.telephone and (twice := self.scale.bits(self.telephone) - self._beside_the_address(self.telephone)):
            yield Part("address and landline", words.COUNTED_ONCE, -twice)

    def _beside_the_address(self, line: Agreement) -> float:
        """What a telephone says over and above the address: of a landline and an address that agree the lesser counts half."""
        bits, place = self.scale.bits(line), self.address.bits if self.address else 0.0
        return bits - max(min(bits, place), 0.0) / 2 if comparing.landline(line.left) else bits

    def _over_a_household(self) -> dict[Comparison, float]:
        """An address says which household, and no more: what its details say beyond that, taken from the last of them first."""
        if self.address is None:
            return {}
        said = {agreement.comparison: self.scale.bits(agreement) for agreement in self.address.agreements}
        former = self.scale.order(Level.FORMER) if self.address.former else 0.0
        over, taken = former + sum(said.values()) - self.address.bits, {}
        for comparison in (Comparison.STREET, Comparison.HOUSE, Comparison.POSTCODE):
            if over > 0 and said.get(comparison, 0) > 0:
                taken[comparison] = min(over, said[comparison])
                over -= taken[comparison]
        return taken

    def _all(self) -> list[Agreement]:
        name = self.name.agreements if self.name else ()
        address = self.address.agreements if self.address else ()
        return [a for a in (*name, self.birth, *address, self.telephone, self.email) if a]

    def _names(self, ours: Sequence[Pair], theirs: Sequence[Pair]) -> Iterable[_Reading]:
        bits = self.scale.bits
        for (at, left), (to, right) in product(enumerate(ours), enumerate(theirs)):
            (given, family), (other_given, other_family) = map(_folded, (left, right))
            former = (at > 0 or to > 0)
            cost = self.scale.order(Level.FORMER) if former else 0.0
            straight = (comparing.forenames(given, other_given), comparing.surnames(family, other_family))
            yield _reading(sum(map(bits, straight)) + cost, straight, former=former)
            crossed = max(((comparing.forenames(given, other_family), comparing.surnames(family, other_given)),
                           (comparing.forenames(family, other_given), comparing.surnames(given, other_family))),
                          key=lambda pairs: sum(map(bits, pairs)))
            if all(pair and pair.level is not Level.OTHER for pair in crossed):
                # However it is read, names changed about never say more than the same names in their order.
                most = min(self._whole(given, family), self._whole(other_given, other_family))
                total = min(sum(map(bits, crossed)) + self.scale.order(Level.SWAPPED), most) + cost
                yield _reading(total, crossed, swapped=True, former=former)

    def _whole(self, given: str, family: str) -> float:
        """What a name says that is the same on both sides."""
        return self.scale.bits(comparing.forenames(given, given)) + self.scale.bits(comparing.surnames(family, family))

    def _addresses(self, ours: Sequence[Pair], theirs: Sequence[Pair]) -> Iterable[_Reading]:
        bits, people = self.scale.bits, max(self.scale.frequencies.people, self.scale.weights.lines.people)
        for (at, left), (to, right) in product(enumerate(ours), enumerate(theirs)):
            former = (at > 0 or to > 0)
            agreements = _place(left, right)
            total = sum(map(bits, agreements)) + (self.scale.order(Level.FORMER) if former else 0.0)
            yield _reading(min(total, log2(people / 2)), agreements, former=former)


def _folded(pair: Pair) -> Pair:
    return folding.name(pair[0]), folding.name(pair[1])


def _reading(bits: float, agreements: Iterable[Agreement | None], *, swapped: bool = False, former: bool = False) -> _Reading:
    return _Reading(bits, tuple(a for a in agreements if a), swapped, former)


def _best(readings: Iterable[_Reading]) -> _Reading | None:
    """The one that says most; of those that say the same, the one of the present, straight."""
    return max(readings, key=lambda r: (round(r.bits, 9), not r.former, not r.swapped), default=None)


def _place(left: Pair, right: Pair) -> list[Agreement]:
    """Of two addresses: the postcode, and street and house where they are not merely two houses of the same number."""
    postcode = comparing.postcodes(left[1], right[1])
    street, house = comparing.streets(left[0], right[0]), comparing.houses(left[0], right[0])
    same = postcode is not None and postcode.level in (Level.EXACT, Level.NEAR)
    along = street is not None and street.level is not Level.OTHER
    found = [postcode, street if along else None, house if same or along else None]
    return [agreement for agreement in found if agreement]


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
    if forename is Level.OTHER:
        return words.OTHER_FORENAME_AT_HOME if shared else words.OTHER_FORENAME
    if forename is Level.TWO_NAMES:
        return words.TWO_NAMES
    if birth is Level.OTHER:
        return words.OTHER_BIRTH_AT_HOME if shared else words.OTHER_BIRTH
    if birth is None and agreed.level(Comparison.EMAIL) is not Level.EXACT:
        return words.NO_BIRTH
    return None
