"""By when a request is promised: working days and hours of the partnership, less its nation's bank holidays. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from holidays import country_holidays
from holidays.holiday_base import HolidayBase

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern-ireland": "NIR"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Whose bank holidays are kept, and between which hours (local time) a working hour can pass."""

    nation: str
    begins: time
    ends: time

    def holds(self, day: date) -> bool:
        """Whether people work that day."""
        return day.weekday() < 5 and day not in _bank_holidays(self.nation)


def promised_by(taken: datetime, amount: int, unit: str, working: WorkingDay) -> datetime:
    """The local moment until which a target runs: for days, the end of the working day of the last of them.

    ``taken`` is local time; ``unit`` is ``working-hours``, ``working-days`` or ``days``.
    """
    if unit == "working-hours":
        return _hours_after(taken, amount, working)
    if unit == "working-days":
        return _at(_working_days_after(taken.date(), amount, working), working.ends, taken)
    return _at(taken.date() + timedelta(days=amount), working.ends, taken)


def _working_days_after(day: date, amount: int, working: WorkingDay) -> date:
    while amount > 0:
        day += ONE_DAY
        amount -= working.holds(day)
    return day


def _hours_after(taken: datetime, amount: int, working: WorkingDay) -> datetime:
    left, day = timedelta(hours=amount), taken.date()
    begins = max(_at(day, working.begins, taken), taken)
    while True:
        ends = _at(day, working.ends, taken)
        if working.holds(day) and begins < ends:
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day += ONE_DAY
        begins = _at(day, working.begins, taken)


def _at(day: date, hour: time, like: datetime) -> datetime:
    return datetime.combine(day, hour, like.tzinfo)


@cache
def _bank_holidays(nation: str) -> HolidayBase:
    """Of all years: the library works a year out when a day of it is asked for."""
    return country_holidays("GB", subdiv=SUBDIVISIONS[nation])
