"""When wrong passwords close the door, and when it opens again. Pure: whoever counts keeps the count, and says what now
is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many wrong passwords within so many minutes; one more closes the door for as long again."""

    attempts: int
    minutes: int

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong passwords since the first of them."""

    failures: int
    since: datetime
    locked_until: datetime | None


def opens_at(count: Count | None, now: datetime) -> datetime | None:
    """When the door opens, or None while it is open."""
    if count is None or count.locked_until is None or count.locked_until <= now:
        return None
    return count.locked_until


def after_failure(count: Count | None, allowance: Allowance, now: datetime) -> Count:
    """The count after one more wrong password. Failures of an earlier span, or before a lock that is over, are
    forgotten.
    """
    fresh = count is None or now >= count.since + allowance.span or (
        count.locked_until is not None and count.locked_until <= now)
    failures, since = (1, now) if fresh or count is None else (count.failures + 1, count.since)
    return Count(failures, since, now + allowance.span if failures >= allowance.attempts else None)


def seconds_until(opens: datetime, now: datetime) -> int:
    """Whole seconds for ``Retry-After``, one at least."""
    return max(1, -int((now - opens).total_seconds() // 1))


def address_subject(address: str | None) -> str:
    """The network address to count by: an IPv6 neighbourhood of 64 bits is one household or office, so it counts as
    one.
    """
    if not address:
        return "unknown"
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
