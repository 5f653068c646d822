"""Numbers of residents and requests as they may be told, and of whom they are told. Pure.

How many there are is read by ``reached``, and counted by a job of the drafts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.policy.situations import Sharing

FEWEST: Final = 5
RESIDENTS, REQUESTS = KINDS = ("resident", "request")
NOUNS: Final[Mapping[str, tuple[str, str]]] = {RESIDENTS: ("resident", "residents"), REQUESTS: ("request", "requests")}
# All there are, and requests of people who are not known.
EVERYBODY, UNKNOWN = "*", "-"


def whom(home: str | None, sharing: Sharing) -> str:
    """Those whose home is this council, or none, and who said this about sharing."""
    return f"{home or ''} {sharing}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it may be told: at least and at most so many. The two are the same where nobody could learn from it how few
    somebody else is."""

    least: int
    most: int | None

    @property
    def kept(self) -> list[int | None]:
        """As it lies in the database."""
        return [self.least, self.most]

    def __str__(self) -> str:
        if self.most is None:
            return f"{self.least:,} or more"
        if self.least == 0:
            return f"fewer than {self.most + 1:,}"
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"

    def of(self, kind: str) -> str:
        """With what is counted."""
        return f"{self} {NOUNS[kind][self.most != 1]}"


FEW: Final = Figure(0, FEWEST - 1)


def figure(kept: list[int | None] | None) -> Figure:
    """A figure from the database; of what was not met there are few."""
    return FEW if kept is None else Figure(kept[0] or 0, kept[1])


def apart(values: Collection[int]) -> dict[int, Figure]:
    """How each of these numbers is told, all of them being of the same people: the difference of two says how many the one hat sees
    and the other does not. So of numbers that are close the largest is told, and that the others are at most so many; where that
    would still leave one number alone to be meant, all are told alike."""
    found, close = {many: FEW for many in values if many < FEWEST}, list[list[int]]()
    for many in sorted({many for many in values if many >= FEWEST}, reverse=True):
        if close and close[-1][0] - many < FEWEST:
            close[-1].append(many)
        else:
            close.append([many])
    for largest, *others in close:
        if others and largest < 2 * FEWEST - 1:
            found |= dict.fromkeys((largest, *others), Figure(FEWEST, 2 * FEWEST - 2))
        else:
            found |= {largest: Figure(largest, largest)} | dict.fromkeys(others, Figure(largest - FEWEST + 1, largest))
    return found
