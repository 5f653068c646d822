"""By when: working days and hours, over weekends, bank holidays and nights."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.requests.deadlines import WorkingDay, promised_by

LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingDay("england", time(8, 30), time(17, 0))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


THURSDAY, FRIDAY, SATURDAY = date(2014, 4, 17), date(2014, 4, 18), date(2014, 4, 19)


@pytest.mark.parametrize(("taken", "amount", "unit", "expected"), [
    (at(date(2014, 9, 1), 10), 5, "working-days", at(date(2014, 9, 8), 17)),
    (at(date(2014, 9, 6), 10), 1, "working-days", at(date(2014, 9, 8), 17)),
    (at(THURSDAY, 10), 1, "working-days", at(date(2014, 4, 22), 17)),
    (at(THURSDAY, 10), 1, "days", at(FRIDAY, 17)),
    (at(date(2014, 9, 1), 10), 4, "working-hours", at(date(2014, 9, 1), 14)),
    (at(date(2014, 9, 1), 16), 4, "working-hours", at(date(2014, 9, 2), 11, 30)),
    (at(date(2014, 9, 1), 6), 4, "working-hours", at(date(2014, 9, 1), 12, 30)),
    (at(date(2014, 9, 1), 20), 4, "working-hours", at(date(2014, 9, 2), 12, 30)),
    (at(THURSDAY, 16, 30), 1, "working-hours", at(date(2014, 4, 22), 9)),
    (at(SATURDAY, 12), 17, "working-hours", at(date(2014, 4, 23), 17)),
])
def test_a_target_runs_only_while_people_work(taken: datetime, amount: int, unit: str, expected: datetime) -> None:
    assert promised_by(taken, amount, unit, ENGLAND) == expected


def test_each_nation_keeps_its_own_bank_holidays() -> None:
    second_of_january = date(2014, 1, 2)
    assert ENGLAND.holds(second_of_january)
    assert not WorkingDay("scotland", time(9), time(17)).holds(second_of_january)
    assert not WorkingDay("northern-ireland", time(9), time(17)).holds(date(2014, 3, 17))


@given(st.datetimes(datetime(2014, 1, 1), datetime(2030, 1, 1)), st.integers(1, 60),
       st.sampled_from(["working-days", "working-hours"]))
def test_a_promise_falls_in_working_time_and_not_before_it_was_made(taken: datetime, amount: int, unit: str) -> None:
    local = taken.replace(tzinfo=LONDON)
    found = promised_by(local, amount, unit, ENGLAND)
    assert ENGLAND.holds(found.date())
    assert ENGLAND.begins < found.time() <= ENGLAND.ends
    assert found.date() >= local.date()
    assert promised_by(local, amount + 1, unit, ENGLAND) > found
