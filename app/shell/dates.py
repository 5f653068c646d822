"""How dates and times are written on a page: in words, in London time. Which instant is now is the clock's business."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def _local(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a time without a zone cannot be written for people")
    return when.astimezone(LONDON)


def day_words(when: date) -> str:
    """`1 September 2014`; an instant gives its London date."""
    day = _local(when) if isinstance(when, datetime) else when
    return f"{day.day} {day:%B %Y}"


def short_day_words(when: date) -> str:
    """`1 Sep 2014`, for tables."""
    day = _local(when) if isinstance(when, datetime) else when
    return f"{day.day} {day:%b %Y}"


def time_words(when: datetime) -> str:
    """`10:42am`, `midday`, `midnight`: never `12:00am`, which nobody reads alike."""
    local = _local(when)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment_words(when: datetime) -> str:
    """`1 September 2014 at 10:42am`."""
    return f"{day_words(when)} at {time_words(when)}"
