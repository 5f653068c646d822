"""Makes a policy the live one: the row that every unit of work reads in its own transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.clock import instant
from app.kernel.config import ROOT
from app.policy.models import PolicyVersion
from app.policy.rules import PolicyFiles
from app.policy.shelf import Shelf

SHIPPED = ROOT / "policies"


def publish(session: Session, shelf: Shelf, content: Mapping[str, str], reason: str, *, live_from: datetime | None = None,
            live_until: datetime | None = None) -> PolicyVersion:
    """A new version, live at once or from a later moment, for good or until one. Raises PolicyRefused with every fault."""
    now = instant(session)
    version = PolicyVersion(
        number=(session.scalar(select(func.max(PolicyVersion.number))) or 0) + 1, content=dict(content),
        fingerprint=shelf.read(content).fingerprint, published_at=now, live_from=live_from or now, live_until=live_until,
        reason=reason)
    session.add(version)
    session.flush()
    return version


def publish_the_first(session: Session, shelf: Shelf) -> PolicyVersion | None:
    """The shipped files as the first version of a database that has none; None where there is one already, for from then on
    the policy lives in the database."""
    if session.scalar(select(func.count()).select_from(PolicyVersion)):
        return None
    return publish(session, shelf, PolicyFiles.read(SHIPPED).content, "the shipped policy")


def live(session: Session) -> PolicyVersion | None:
    """The version whose time it is."""
    return live_at(session, instant(session))


def live_at(session: Session, moment: datetime) -> PolicyVersion | None:
    """The version that was live at a moment."""
    return session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.live_from <= moment, (PolicyVersion.live_until > moment) | PolicyVersion.live_until.is_(None))
        .order_by(PolicyVersion.number.desc()).limit(1)).first()
