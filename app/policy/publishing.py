"""Makes a rulebook the live one: the row that every unit of work reads in its own transaction."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.clock import instant
from app.policy.models import PolicyVersion
from app.policy.rulebook import Rulebook


def publish(session: Session, rulebook: Rulebook, reason: str) -> int:
    """The number of the version that is live afterwards; a policy that is live already is not published again."""
    live = session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)).first()
    if live is not None and live.fingerprint == rulebook.fingerprint:
        return live.number
    number = (session.scalar(select(func.max(PolicyVersion.number))) or 0) + 1
    session.add(PolicyVersion(number=number, fingerprint=rulebook.fingerprint, published_at=instant(session), reason=reason))
    session.flush()
    return number
