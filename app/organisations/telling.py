"""Agreements in sentences: what was agreed with a partner, what its people may see and for how long. What an agreement
opens is the scopes' matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.organisations.models import Agreement
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.sentences import joined, started

STANDING_WORDS = {"processor": "The partner acts on the councils' instructions (a processor).",
                  "controller": "The partner answers itself for what it receives (a controller).",
                  "joint-controller": "The partner and the councils answer together (joint controllers)."}


@dataclass(frozen=True, slots=True)
class Told:
    """One agreement for a page. ``state`` is ``in force``, ``ended`` or ``coming``."""

    title: str
    state: str
    partner: str
    partner_slug: str
    councils: tuple[str, ...]
    begins: date | None
    ends: date | None
    purposes: tuple[str, ...]
    services: tuple[str, ...]
    groups: tuple[str, ...]
    standing: str
    disposal_days: int
    paper_allowed: bool
    terms: str

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first day and the last."""
        return self.begins, self.ends - timedelta(days=1) if self.ends else None

    @property
    def standing_words(self) -> str:
        """Who answers for what the partner receives."""
        return STANDING_WORDS.get(self.standing, started(self.standing))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was agreed, to be read aloud."""
        paper = "It may be printed." if self.paper_allowed else "It may not be printed."
        asked = f"{self.partner} may receive {joined(self.groups)} from {joined(self.councils)}"
        return (
            f"{asked}, to {joined(self.purposes)}.",
            "Of these a job shows those that its service needs, and nothing else of the record.",
            "They are seen while a job assigned to the partner is open, and no longer.",
            f"Within {self.disposal_days} days of a job's end the partner disposes of what it received, and says so.",
            paper, self.standing_words)


def told(agreement: Agreement, on: date, names: Mapping[object, str], services: Mapping[int, str]) -> Told:
    """An agreement as it stands on a day; ``names`` are the councils' by key, ``services`` by LGSL code."""
    begins, ends = agreement.valid.lower, agreement.valid.upper
    state = "coming" if begins and begins > on else "ended" if ends and ends <= on else "in force"
    return Told(
        agreement.title, state, agreement.partner.name, agreement.partner.slug,
        tuple(sorted(names[each.council_id] for each in agreement.councils)), begins, ends,
        tuple(Purpose(each.purpose).sentence for each in sorted(agreement.purposes, key=lambda each: each.purpose)),
        tuple(sorted(services.get(each.lgsl, f"LGSL {each.lgsl}") for each in agreement.services)),
        tuple(Group(each.group).sentence for each in sorted(agreement.groups, key=lambda each: each.group)),
        agreement.standing, agreement.disposal_days, agreement.paper_allowed, agreement.terms)
