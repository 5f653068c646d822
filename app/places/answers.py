"""The answer to "which councils cover this postcode": decided from what the tables state, and nothing else.

Pure: ``queries`` fetches the statements, ``schemas`` says how the answer looks to a program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.places.postcodes import Postcode
from app.places.succession import Council, Councils, Coverage, PlaceFacts, Register, councils_covering, outside

FOUND, ASK, UNKNOWN = "found", "ask", "unknown"


@dataclass(frozen=True, slots=True)
class Stated:
    """What each source states of one postcode, the surest first: an address confirmed, the postcode, its sector."""

    address: PlaceFacts | None = None
    postcode: PlaceFacts | None = None
    sector: tuple[PlaceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Which councils cover a postcode on a date.

    ``outcome`` is ``found``; ``ask`` where the address decides between ``candidates`` (``councils`` are then those
    certain in any case, and ``home`` is given only if it is the same for every candidate); or ``unknown``.
    """

    postcode: str
    on: date
    outcome: str
    councils: Councils = ()
    candidates: Councils = ()
    home: Council | None = None
    note: str | None = None

    @property
    def signpost(self) -> Councils:
        """The councils outside the partnership, with the address of their own pages."""
        return outside((*self.councils, *self.candidates))


def decide(postcode: Postcode, stated: Stated, authorities: Register, on: date) -> Answer:
    """The answer from the surest source that settles it; where none does, from the surest that says anything."""
    open_question: Coverage | None = None
    for source in _sources(stated):
        coverage = councils_covering(source, authorities, on)
        if len(coverage.possibilities) == 1:
            return _answer(postcode, coverage, on)
        if coverage.possibilities and open_question is None:
            open_question = coverage
    if open_question is None:
        return Answer(postcode.written, on, UNKNOWN, note=postcode.note)
    return _answer(postcode, open_question, on)


def _sources(stated: Stated) -> list[Sequence[PlaceFacts]]:
    return [[stated.address] if stated.address else [], [stated.postcode] if stated.postcode else [], stated.sector]


def _answer(postcode: Postcode, coverage: Coverage, on: date) -> Answer:
    outcome = FOUND if len(coverage.possibilities) == 1 else ASK
    return Answer(postcode.written, on, outcome, coverage.certain, coverage.candidates, coverage.home, postcode.note)
