"""What somebody asked for, kept for a quarter of an hour under a token, so that no address or cookie holds a name.

The question alone is kept, encrypted, for the sign-in that asked it; the answer is looked for anew each time. How many
were asked of late is counted here too.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, select

from app.kernel.ids import new_secret
from app.policy.work import Work
from app.residents.models import FindQuestion

KEPT_FOR = timedelta(minutes=15)
LATELY = timedelta(minutes=10)
# So many in ``LATELY`` are more than calls explain; typing on makes a few suggestions for each.
MANY, MANY_SUGGESTIONS = 30, 240


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, and why with so little, where that was said."""

    typed: str = field(repr=False)
    reason: str | None = None


def keep(work: Work, typed: str, reason: str | None = None, *, suggesting: bool = False) -> str:
    """Keep a question, and forget this sign-in's older ones; the token that stands for it."""
    work.session.execute(delete(FindQuestion).where(FindQuestion.sign_in_id == work.actor.sign_in_id,
                                                    FindQuestion.at < work.now - KEPT_FOR))
    token = new_secret()
    work.session.add(FindQuestion(sign_in_id=work.actor.sign_in_id, token=token, question=typed, reason=reason,
                                  suggesting=suggesting, at=work.now))
    work.session.flush()
    return token


def asked(work: Work, token: str) -> Question | None:
    """What was asked; None once it was forgotten, and for a token of somebody else."""
    found = work.session.execute(select(FindQuestion.question, FindQuestion.reason).where(
        FindQuestion.token == token, FindQuestion.sign_in_id == work.actor.sign_in_id,
        FindQuestion.at >= work.now - KEPT_FOR)).one_or_none()
    return Question(*found) if found else None


def last(work: Work) -> str | None:
    """What this sign-in asked last."""
    return work.session.scalar(select(FindQuestion.question).where(
        FindQuestion.sign_in_id == work.actor.sign_in_id, FindQuestion.at >= work.now - KEPT_FOR,
        ~FindQuestion.suggesting).order_by(FindQuestion.at.desc(), FindQuestion.id.desc()).limit(1))


def too_many(work: Work) -> bool:
    """Whether this sign-in has asked so much of late, since it last said why, that it must say why to go on."""
    said = select(func.max(FindQuestion.at)).where(
        FindQuestion.sign_in_id == work.actor.sign_in_id, FindQuestion.reason.is_not(None)).scalar_subquery()
    return _asked_since(work, func.coalesce(said, work.now - LATELY), suggesting=False) >= MANY


def too_many_suggestions(work: Work) -> bool:
    """Whether this sign-in was offered so many suggestions of late that it gets no more for a while."""
    return _asked_since(work, work.now - LATELY, suggesting=True) >= MANY_SUGGESTIONS


def _asked_since(work: Work, since: object, *, suggesting: bool) -> int:
    return work.session.scalar(select(func.count()).select_from(FindQuestion).where(
        FindQuestion.sign_in_id == work.actor.sign_in_id, FindQuestion.at > since, FindQuestion.at > work.now - LATELY,
        FindQuestion.suggesting == suggesting)) or 0
