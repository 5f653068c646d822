"""What somebody asked for, kept for a quarter of an hour under a token, so that no address or cookie holds a name.

The question alone is kept, encrypted, for the sign-in that asked it; the answer is looked for anew each time.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from app.kernel.ids import new_secret
from app.policy.work import Work
from app.residents.models import FindQuestion

KEPT_FOR = timedelta(minutes=15)


def keep(work: Work, typed: str) -> str:
    """Keep a question, and forget this sign-in's older ones; the token that stands for it."""
    work.session.execute(delete(FindQuestion).where(FindQuestion.sign_in_id == work.actor.sign_in_id,
                                                    FindQuestion.at < work.now - KEPT_FOR))
    token = new_secret()
    work.session.add(FindQuestion(sign_in_id=work.actor.sign_in_id, token=token, question=typed, at=work.now))
    work.session.flush()
    return token


def asked(work: Work, token: str) -> str | None:
    """What was asked; None once it was forgotten, and for a token of somebody else."""
    return work.session.scalar(select(FindQuestion.question).where(
        FindQuestion.token == token, FindQuestion.sign_in_id == work.actor.sign_in_id,
        FindQuestion.at >= work.now - KEPT_FOR))


def last(work: Work) -> str | None:
    """What this sign-in asked last."""
    return work.session.scalar(select(FindQuestion.question).where(
        FindQuestion.sign_in_id == work.actor.sign_in_id, FindQuestion.at >= work.now - KEPT_FOR)
        .order_by(FindQuestion.at.desc(), FindQuestion.id.desc()).limit(1))
