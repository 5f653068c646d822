"""The day by which a council promises a request that is passed to it, from its own target for the service."""

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
    here = partnership(work.session)
    working = WorkingDay(here.nation, here.day_begins, here.day_ends)
    return promised_by(work.now.astimezone(LONDON), local.target_amount, local.target_unit, working).date()
