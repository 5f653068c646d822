"""When the door closes and when it opens, as a table of instants."""

from datetime import UTC, datetime, timedelta

import pytest

from app.staff.lockout import Allowance, Count, address_subject, after_failure, opens_at, seconds_until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THREE = Allowance(attempts=3, minutes=15)


def failed(*minutes: float) -> Count:
    count = None
    for minute in minutes:
        count = after_failure(count, THREE, NOON + timedelta(minutes=minute))
    assert count is not None
    return count


@pytest.mark.parametrize(("minutes", "opens"), [
    ((0,), None), ((0, 1), None), ((0, 1, 2), 17), ((0, 1, 14.9), 29.9),
    ((0, 1, 15), None), ((0, 16, 17), None), ((0, 16, 17, 18), 33),
])
def test_the_door_closes_at_the_last_allowed_failure_within_the_span(
    minutes: tuple[float, ...], opens: float | None
) -> None:
    count = failed(*minutes)
    last = NOON + timedelta(minutes=minutes[-1])
    assert opens_at(count, last) == (None if opens is None else NOON + timedelta(minutes=opens))


def test_the_door_opens_at_the_instant_it_named_and_counts_from_one_again() -> None:
    count = failed(0, 1, 2)
    opening = NOON + timedelta(minutes=17)
    assert opens_at(count, opening - timedelta(microseconds=1)) == opening
    assert opens_at(count, opening) is None
    assert after_failure(count, THREE, opening).failures == 1
    assert opens_at(None, NOON) is None


@pytest.mark.parametrize(
    ("microseconds", "seconds"), [(0, 1), (1, 1), (1_000_000, 1), (1_000_001, 2), (59_500_000, 60)]
)
def test_retry_after_is_never_too_early(microseconds: int, seconds: int) -> None:
    assert seconds_until(NOON + timedelta(microseconds=microseconds), NOON) == seconds


@pytest.mark.parametrize(("address", "subject"), [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"), ("not an address", "unknown"), ("", "unknown"), (None, "unknown"),
])
def test_one_household_is_one_address(address: str | None, subject: str) -> None:
    assert address_subject(address) == subject
