"""The day by which a council promises to have done a request that comes to it, from its own target for the service."""

from datetime import date, timedelta

import holidays

from app.organisations.queries import partnership
from app.policy.work import Work
from app.services.models import LocalService

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern-ireland": "NIR"}
HOURS_IN_A_DAY = 7


def promised(work: Work, local: LocalService | None) -> date | None:
    """None where the council has no target of its own."""
    if local is None or local.target_amount is None:
        return None
    if local.target_unit == "days":
        return work.today + timedelta(days=local.target_amount)
    days = local.target_amount if local.target_unit == "working-days" else -(-local.target_amount // HOURS_IN_A_DAY)
    free = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[partnership(work.session).nation])
    day = work.today
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in free
    return day
