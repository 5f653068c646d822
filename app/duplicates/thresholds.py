"""What a line drawn at each weight would do to a council's queue, counted from the queue itself. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import floor

LOWEST, HIGHEST = 0, 40


@dataclass(frozen=True, slots=True)
class Step:
    """How many pairs weigh this much or more, and their share of all, in hundredths. It is the same for every line up to ``to``."""

    bits: int
    to: int
    pairs: int
    share: float


def steps(weights: Sequence[float], lines: Collection[float] = ()) -> list[Step]:
    """A step wherever the count changes, between the least and the most that a pair of the queue weighs, and at ``lines``."""
    if not weights:
        return []
    low, high = (min(max(floor(each), LOWEST), HIGHEST) for each in (min(weights), max(weights)))
    counts = [(bits, sum(weight >= bits for weight in weights) if bits > low else len(weights))
              for bits in range(low, high + 1)]
    found: list[Step] = []
    for bits, pairs in counts:
        if found and found[-1].pairs == pairs and bits not in lines:
            found[-1] = replace(found[-1], to=bits)
        else:
            found.append(Step(bits, bits, pairs, round(100 * pairs / len(weights), 1)))
    return found


def at_or_above(weights: Sequence[float], line: float) -> int:
    """How many pairs weigh as much as a line, or more."""
    return sum(weight >= line for weight in weights)
