"""What a line drawn at each weight would do to a council's queue, counted from the queue itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

LOWEST, HIGHEST = 0, 40


@dataclass(frozen=True, slots=True)
class Step:
    """How many pairs weigh this much or more, and their share of all, in hundredths."""

    bits: int
    pairs: int
    share: float


def steps(weights: Sequence[float]) -> list[Step]:
    """One step for each whole bit between the least and the most that a pair of the queue weighs."""
    if not weights:
        return []
    low, high = (min(max(floor(each), LOWEST), HIGHEST) for each in (min(weights), max(weights)))
    counts = [(bits, sum(weight >= bits for weight in weights) if bits > low else len(weights))
              for bits in range(low, high + 1)]
    return [Step(bits, pairs, round(100 * pairs / len(weights), 1)) for bits, pairs in counts]


def at_or_above(weights: Sequence[float], line: float) -> int:
    """How many pairs weigh as much as a line, or more."""
    return sum(weight >= line for weight in weights)
