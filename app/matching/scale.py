"""What one agreement weighs, in bits, by one version of the weights and one count of how common values are.

Pure. Which agreements two people have is for ``comparing``; what they add up to is for ``judging``.
"""

from functools import lru_cache
from math import log2

from app.matching.comparing import Agreement
from app.matching.frequencies import Frequencies
from app.matching.weighing import Comparison, Level, Weights

SLIPS = (Level.ONE_SLIP, Level.SAME_SOUND, Level.ALIKE)
NAMES = (Comparison.FORENAME, Comparison.SURNAME)
# However often two people have one birthday, a date of birth says so much.
MOST_OF_ONE_BIRTH = 0.0002


class Scale:
    """Turns agreements into bits."""

    def __init__(self, weights: Weights, frequencies: Frequencies) -> None:
        self.weights = weights
        self.frequencies = frequencies
        people = max(frequencies.people, weights.lines.people)
        self.prior = -log2(people)
        # An address says which household of all, and no more; one that differs says that somebody moved, and no more.
        self.household, self.moved = log2(people / 2), self._plain(Comparison.POSTCODE, Level.OTHER)
        self.swapped, self.former = (self._plain(Comparison.ORDER, level) for level in (Level.SWAPPED, Level.FORMER))

    def _plain(self, comparison: Comparison, level: Level) -> float:
        weight = self.weights.of[comparison][level]
        return log2(weight.m / (weight.u or 1))

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
                u = min(max(u, self.frequencies.same_birth or 0.0), MOST_OF_ONE_BIRTH)
            return max(log2(weight.m / u), 0.0)
        if agreement.level in SLIPS and agreement.comparison in NAMES and self._no_name(agreement):
            u *= weight.m
        other, exact = of[Level.OTHER], of[Level.EXACT]
        most = [max(log2(exact.m / min(exact.u or (exact.times or 1) * share, 1.0)), 0.0) for share in shares]
        if exact.u:
            most.append(max(log2(exact.m / exact.u), 0.0))
        return max(min(log2(weight.m / u), *most), log2(other.m / (other.u or 1)))

    def _no_name(self, agreement: Agreement) -> bool:
        """Whether one of two names is nobody's: a slip whoever made it, so that u counts the slip as m does."""
        term = agreement.term
        return term is not None and [self.frequencies.known(term, name) for name in agreement.terms].count(False) == 1


@lru_cache(maxsize=4)
def scale(weights: Weights, frequencies: Frequencies) -> Scale:
    """The scale of these; the same ones are asked for again and again, one pair after another."""
    return Scale(weights, frequencies)
