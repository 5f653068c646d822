"""What a resident has said, folded from all that was said in order: the state of each matter, and who is objected to.

Pure. There is no yes/no: a matter is not asked, given, refused or withdrawn, and each answer keeps the wording it was
given to.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import Conflict
from app.organisations.words import CHOICE_MATTERS

NOT_ASKED, GIVEN, REFUSED, WITHDRAWN = "not-asked", "given", "refused", "withdrawn"
ANSWERS = (GIVEN, REFUSED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer on one matter."""

    matter: str
    answer: str
    wording: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Objected:
    """One objection to an organisation, or the taking back of it."""

    organisation_id: uuid.UUID
    active: bool
    reason: str | None
    at: datetime


def states(events: Iterable[Said]) -> dict[str, Said | None]:
    """The present answer on every matter; None: not asked. ``events`` come in the order in which they were said."""
    found: dict[str, Said | None] = dict.fromkeys(CHOICE_MATTERS)
    for event in events:
        found[event.matter] = event
    return found


def answer_on(states: Mapping[str, Said | None], matter: str) -> str:
    """The word for the state of a matter."""
    said = states.get(matter)
    return said.answer if said else NOT_ASKED


def objections(events: Iterable[Objected]) -> dict[uuid.UUID, Objected]:
    """The objections that stand, by organisation."""
    found: dict[uuid.UUID, Objected] = {}
    for event in events:
        found[event.organisation_id] = event
    return {organisation: event for organisation, event in found.items() if event.active}


def check_next(before: str, answer: str) -> None:
    """Raises Conflict for an answer that makes no sense after the last: only what was given can be withdrawn."""
    if answer == WITHDRAWN and before not in (GIVEN, WITHDRAWN):
        raise Conflict("There is nothing to withdraw: it was never given. Record a refusal instead.",
                       kind="nothing-to-withdraw")


def moment(now: datetime, last: datetime | None) -> datetime:
    """When something is said: always after what was said before, however long a unit of work waited for its turn."""
    return now if last is None or now > last else last + timedelta(microseconds=1)
