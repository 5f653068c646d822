"""The plain facts from which it is decided who answers for a service at a place: no rows, no database.

The decision itself is `requests.routing`. Organisations are named by slug.
"""

import uuid
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and what it settles: `tier`, `council`, `signpost`, `queue`, or nothing (`open`)."""

    key: str
    words: str
    decides: str
    tier: str | None
    council: str | None
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, asked in its turn, until an answer settles something."""

    key: str
    words: str
    answers: tuple[Answer, ...]

    def answered(self, key: str) -> Answer | None:
        """The answer of that key; None where it is not one of this question's."""
        return next((answer for answer in self.answers if answer.key == key), None)


@dataclass(frozen=True, slots=True)
class Override:
    """An exception in force at the place: this council answers, for this reason."""

    council: str
    area_kind: str
    area: str
    reason: str


@dataclass(frozen=True, slots=True)
class Local:
    """A council's own provision, live from a day until another: the unit that works on it, and by when."""

    council: str
    unit: str
    target_amount: int | None
    target_unit: str | None
    begins: date | None
    ends: date | None

    def live(self, on: date) -> bool:
        """Whether it can be asked for that day."""
        return (self.begins is None or self.begins <= on) and (self.ends is None or on < self.ends)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A partner that delivers for a council at the place, under an agreement in force."""

    council: str
    partner: str
    agreement_id: uuid.UUID
    area_words: str


@dataclass(frozen=True, slots=True)
class ServiceAt:
    """A service at a place on a day. Exceptions and deliveries are those in force there, the narrowest first."""

    lgsl: int
    name: str
    tier: str
    groups: tuple[str, ...]
    questions: tuple[Question, ...]
    exceptions: tuple[Override, ...]
    local: tuple[Local, ...]
    deliveries: tuple[Delivered, ...]

    def provision(self, council: str, on: date) -> Local | None:
        """The council's own provision, where it is live that day."""
        return next((local for local in self.local if local.council == council and local.live(on)), None)

    def provider(self, council: str) -> Delivered | None:
        """The partner that delivers for this council here; None where the council does so itself."""
        return next((delivered for delivered in self.deliveries if delivered.council == council), None)
