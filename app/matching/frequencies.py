"""How common a name, a postcode or a telephone is: counted where it may be counted, otherwise as published.

A plain value: who may count what is for ``measuring``.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

PUBLISHED = Path(__file__).parent / "names" / "shares.csv"


class Term(StrEnum):
    """What is counted."""

    GIVEN = "given"
    FAMILY = "family"
    POSTCODE = "postcode"
    TELEPHONE = "telephone"
    EMAIL = "email"
    TOWN = "town"


# The share of what is neither counted nor published: a rare name, a postcode of some forty people in a million, a
# telephone of a household, a town in which many of a council's people live.
RARE: Mapping[Term, float] = {Term.GIVEN: 1e-4, Term.FAMILY: 5e-5, Term.POSTCODE: 4e-5, Term.TELEPHONE: 2e-6,
                              Term.EMAIL: 1e-6, Term.TOWN: 0.3}
# What is borne by fewer is not kept, and so may be borne by this many.
FEWEST_KEPT, UNSEEN = 5, 2


@dataclass(frozen=True)
class Frequencies:
    """How many of ``people`` bear each value; values borne by few may be missing. ``counted`` are the terms that were counted
    at all, and ``same_birth`` how often two people have one date of birth, where that is known."""

    people: int = 0
    counts: Mapping[Term, Mapping[str, int]] = field(default_factory=dict, repr=False)
    counted: frozenset[Term] = frozenset()
    same_birth: float | None = None

    def __hash__(self) -> int:
        return id(self)

    def share(self, term: Term, value: str) -> float:
        """The share of people who bear the value, never nothing."""
        counted = self.counts.get(term, {}).get(value, 0)
        if counted >= FEWEST_KEPT:
            return counted / self.people
        share = _published().get((term, value), RARE[term])
        if term in self.counted:
            share = min(share, FEWEST_KEPT / self.people)
        return max(share, UNSEEN / self.people) if self.people > UNSEEN else share

    def known(self, term: Term, value: str) -> bool:
        """Whether several people bear the value, as far as is counted or published."""
        return self.counts.get(term, {}).get(value, 0) >= FEWEST_KEPT or (term, value) in _published()


def published(term: Term) -> dict[str, float]:
    """The names whose shares are published, and those."""
    return {name: share for (kind, name), share in _published().items() if kind == term}


def is_common(given: str) -> bool:
    """Whether so many are called this that it is a name by itself, whatever it may also be short for."""
    return (Term.GIVEN, given) in _published()


@lru_cache(maxsize=1)
def _published() -> Mapping[tuple[str, str], float]:
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = csv.DictReader(row for row in file if not row.startswith("#"))
        return {(row["kind"], row["name"]): float(row["share"]) for row in rows}
