"""A stretch of days, half-open: from a day, until the first day on which it no longer holds. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a day, until another or without end."""

    begins: date
    ends: date | None = None

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a day."""
        return (other.ends is None or self.begins < other.ends) and (self.ends is None or other.begins < self.ends)

    def within(self, other: "Span") -> bool:
        """Whether the other holds on each of its days."""
        ends_in_time = other.ends is None or (self.ends is not None and self.ends <= other.ends)
        return other.begins <= self.begins and ends_in_time

    def words(self) -> str:
        """For a person: both days, or the first alone."""
        return f"{self.begins} to {self.ends}" if self.ends else f"{self.begins} onwards"


def retired(span: Span, on: date, wanted: Iterable[Span]) -> Span | None:
    """What is left of a span that is no longer stated: it ends that day, or sooner where what is stated begins.

    None where nothing is left of it. A span that has ended by then stays as it was.
    """
    clashes = [w.begins for w in wanted if w.overlaps(span)]
    ends = min([on, *clashes, *([span.ends] if span.ends else [])])
    return Span(span.begins, ends) if ends > span.begins else None
