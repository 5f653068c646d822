"""The day by which a council promises a request that comes to it, from its own target for the service. How the days and hours
are counted is ``deadlines``'s.
"""

from datetime import date

from app.kernel.clock import LONDON
from app.organisations.queries import partnership
from app.policy.work import Work
from app.requests.deadlines import WorkingDay, promised_by
from app.services.models import LocalService


def promised(work: Work, local: LocalService | None) -> date | None:
    """None where the council has no target of its own."""
    if local is None or local.target_amount is None or local.target_unit is None:
        return None
    return day_of(work, local.target_amount, local.target_unit)


def day_of(work: Work, amount: int, unit: str) -> date:
    """The day until which a target runs from now, by the partnership's working day."""
    here = partnership(work.session)
    working = WorkingDay(here.nation, here.day_begins, here.day_ends)
    return promised_by(work.now.astimezone(LONDON), amount, unit, working).date()
