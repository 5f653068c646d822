"""What is known of what a draft would change: which weighing counts, how far it is, what it keeps from being handed in, approved or
published, and who has read it. The database holds to the same by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from app.drafts.models import DONE, READ, WORKING, Draft, DraftStep, PolicyImpact
from app.journal.record import record
from app.kernel.errors import Conflict
from app.policy.work import Work

# People say other things as time goes by: what was counted is good for so long, as the database's function has it.
GOOD_FOR = timedelta(days=7)
# Nobody is at it any more who has not been heard of for so long.
SILENT_AFTER = timedelta(minutes=2)


class State(StrEnum):
    """How it stands, with the words and the tone of its tag."""

    words: str
    tone: str

    def __new__(cls, word: str, words: str = "", tone: str = "") -> "State":
        member = str.__new__(cls, word)
        member._value_, member.words, member.tone = word, words, tone
        return member

    MISSING = "missing", "Not worked out yet", "neutral"
    WORKING = "working", "Being worked out", "waiting"
    SILENT = "silent", "Nobody is working on it", "attention"
    STALE = "stale", "Out of date", "attention"
    BLOCKED = "blocked", "Cannot be approved", "late"
    CLEAR = "clear", "Nothing stands in the way", "good"


@dataclass(frozen=True, slots=True)
class Impact:
    """A weighing as pages tell of it."""

    state: State
    position: int = 0
    total: int = 0
    as_at: datetime | None = None
    base: int = 0
    fingerprint: str = ""
    result: dict[str, Any] | None = None

    @property
    def known(self) -> bool:
        """Whether there is something to read that counts."""
        return self.state in (State.BLOCKED, State.CLEAR)


def impact_of(work: Work, draft: Draft) -> Impact:
    """How it stands with a draft as it is written now."""
    rows = list(work.session.scalars(select(PolicyImpact).where(PolicyImpact.draft_id == draft.id).order_by(
        PolicyImpact.asked_at.desc()).limit(20)))
    going_on = next((row for row in rows if row.state == WORKING and _is_for(row, draft)), None)
    if going_on is not None:
        silent = going_on.seen_at < work.now - SILENT_AFTER
        return Impact(State.SILENT if silent else State.WORKING, going_on.position, going_on.total)
    done = [row for row in rows if row.state == DONE]
    row = next((row for row in done if _is_for(row, draft)), None)
    if row is None or row.done_at is None:
        return Impact(State.STALE if done else State.MISSING)
    state = State.STALE if row.done_at <= work.now - GOOD_FOR else State.BLOCKED if row.blocked else State.CLEAR
    return Impact(state, row.position, row.total, row.as_at, row.base, row.fingerprint, row.result)


def _is_for(row: PolicyImpact, draft: Draft) -> bool:
    return row.fingerprint == draft.fingerprint and row.base == draft.base


def check_clear(work: Work, draft: Draft) -> None:
    """Raises Conflict while it is not known what the draft would change, or where that can be approved by nobody."""
    impact = impact_of(work, draft)
    if impact.state is State.BLOCKED:
        told = (impact.result or {}).get("barred", [])
        raise Conflict("This draft gives sight that cannot be given. " + " ".join(told[:3]), kind="impact-blocks")
    if impact.state is not State.CLEAR:
        raise Conflict("It is not known what this draft would change for the people it is about: have that worked out first, on "
                       "the page What it would change.", kind="impact-missing")


def check_read(work: Work, draft: Draft) -> None:
    """Raises Conflict where this person has not read what the draft would change."""
    if not has_read(work, draft):
        raise Conflict("Read first what this draft would change for the people it is about, and say so at the end of that page.",
                       kind="impact-unread")


def has_read(work: Work, draft: Draft) -> bool:
    """Whether this person has read what the text as it stands would change, as it was worked out last."""
    known_since = work.session.scalar(select(func.max(PolicyImpact.done_at)).where(
        PolicyImpact.draft_id == draft.id, PolicyImpact.state == DONE, PolicyImpact.fingerprint == draft.fingerprint,
        PolicyImpact.base == draft.base))
    read_at = work.session.scalar(select(func.max(DraftStep.at)).where(
        DraftStep.draft_id == draft.id, DraftStep.act == READ, DraftStep.person_id == work.actor.person_id,
        DraftStep.fingerprint == draft.fingerprint))
    return read_at is not None and known_since is not None and read_at >= known_since


def read(work: Work, draft: Draft) -> None:
    """This person has read it. Raises Conflict where there is nothing to read yet, or nothing that counts any more."""
    if not impact_of(work, draft).known:
        raise Conflict("What this draft would change is not known, or no longer: have it worked out, and read it then.",
                       kind="impact-missing")
    if not has_read(work, draft):
        work.session.add(DraftStep(draft_id=draft.id, at=work.now, person_id=work.actor.person_id, act=READ,
                                   organisation_id=work.actor.organisation_id, fingerprint=draft.fingerprint))
        work.session.flush()
        record(work, f"policy-draft.{READ}", facts={"draft": draft.ref})
