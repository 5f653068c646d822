"""The one source of now: the database's clock, read once a transaction, and the local date and words made from it.

Nothing else in the application asks a process for the time, except for measuring how long something took.
"""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from app.kernel.days import day_words

LONDON = ZoneInfo("Europe/London")


def instant(connection: Connection | Session) -> datetime:
    """The moment at which this transaction began, by the database's clock: the same however often it is asked."""
    return connection.execute(select(func.now())).scalar_one()


def london_date(instant: datetime) -> date:
    """The date in London at that instant. An instant without a time zone is a mistake of ours, not a guess."""
    return _in_london(instant).date()


def london_words(instant: datetime) -> str:
    """As GOV.UK writes it: ``23 November 2026 at 4:27pm``, ``23 November 2026 at 4pm``, ``... at midday``."""
    local = _in_london(instant)
    return f"{day_words(local.date())} at {_time_words(local.hour, local.minute)}"


def monotonic() -> float:
    """Seconds from some past moment, for measuring a duration. Never a date."""
    return time.monotonic()


def _in_london(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    return instant.astimezone(LONDON)


def _time_words(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12):
        return "midday" if hour else "midnight"
    minutes = f":{minute:02}" if minute else ""
    return f"{hour % 12 or 12}{minutes}{'pm' if hour >= 12 else 'am'}"


def moment_typed(words: str) -> datetime:
    """A moment as people write it, ISO 8601, by the clock in London unless it says another. Raises ValueError."""
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
