"""What a resident has said, folded from all that was said in order: the state of each matter, and who is objected to.

Pure. There is no yes/no: a matter is not asked, given, refused or withdrawn, and each answer keeps the wording it was
given to.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import Conflict
from app.organisations.words import CHOICE_MATTERS

NOT_ASKED, GIVEN, REFUSED, WITHDRAWN = "not-asked", "given", "refused", "withdrawn"
ANSWERS = (GIVEN, REFUSED, WITHDRAWN)
STRICTNESS = (REFUSED, WITHDRAWN, NOT_ASKED, GIVEN)


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


def strictest(records: Sequence[Sequence[Said]], since: datetime) -> dict[str, Said | None]:
    """The present answers of a person whose records were joined: what was said since then holds, and on every other matter
    the strictest that a record had. No beats not asked, and not asked beats yes."""
    found: dict[str, Said | None] = {}
    apart = [states(said for said in record if said.at <= since) for record in records]
    for matter in CHOICE_MATTERS:
        answers = [each[matter] for each in apart]
        found[matter] = min(answers, key=lambda said: STRICTNESS.index(said.answer if said else NOT_ASKED))
    later = sorted((said for record in records for said in record if said.at > since), key=lambda said: said.at)
    return found | {said.matter: said for said in later}


def all_objections(records: Sequence[Sequence[Objected]], since: datetime) -> dict[uuid.UUID, Objected]:
    """The objections of a person whose records were joined: every one that stood, but for what was said since then."""
    found: dict[uuid.UUID, Objected] = {}
    for record in records:
        found |= objections(event for event in record if event.at <= since)
    later = sorted((event for record in records for event in record if event.at > since), key=lambda event: event.at)
    found |= {event.organisation_id: event for event in later}
    return {organisation: event for organisation, event in found.items() if event.active}


def check_next(before: str, answer: str) -> None:
    """Raises Conflict for an answer that makes no sense after the last: only what was given can be withdrawn."""
    if answer == WITHDRAWN and before not in (GIVEN, WITHDRAWN):
        raise Conflict("There is nothing to withdraw: it was never given. Record a refusal instead.",
                       kind="nothing-to-withdraw")


def moment(now: datetime, last: datetime | None) -> datetime:
    """When something is said: always after what was said before, however long a unit of work waited for its turn."""
    return now if last is None or now > last else last + timedelta(microseconds=1)
