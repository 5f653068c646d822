"""What a partner received for a job is to be disposed of when the job ends, and said to be (R15)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from app.journal.record import record
from app.kernel.clock import london_date
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import parse_reference
from app.policy.work import Work
from app.requests.models import Assignment, Request

WAYS: Mapping[str, str] = MappingProxyType({
    "deleted": "Deleted from our systems and devices", "destroyed": "Paper destroyed",
    "returned": "Returned to the council", "nothing-kept": "Nothing was kept outside this product"})
MOST_LISTED = 200


def due(work: Work) -> Sequence[tuple[Assignment, Request]]:
    """The ended jobs whose disposal was not confirmed, the most urgent first: a partner's own, or a council's given."""
    rows = work.session.execute(
        select(Assignment, Request).join(Request, Request.id == Assignment.request_id)
        .where(Assignment.ended_at.is_not(None), Assignment.disposed_at.is_(None), Assignment.dispose_by.is_not(None))
        .order_by(Assignment.dispose_by, Assignment.id).limit(MOST_LISTED))
    return [(held, request) for held, request in rows]


def confirm(work: Work, refs: Collection[str], how: str, on: date) -> int:
    """The partner declares that everything it received for these jobs is gone. How many duties that settled.

    Raises Invalid for a day that has not come or lies before the end of a job; NotFound for what is not its own.
    """
    if how not in WAYS:
        raise Invalid({"how": [f"“{how}” is not a way to dispose: choose one of {', '.join(WAYS)}"]})
    if on > work.today:
        raise Invalid({"on": ["Give the day on which it was done: today or earlier"]})
    held = _own(work, refs)
    early = [ref for ref, row in held if row.ended_at and on < london_date(row.ended_at)]
    if early:
        raise Invalid({"on": [f"{early[0]} ended after that day: give the day on which it was done"]})
    for _, row in held:
        row.disposed_at = work.now
    work.session.flush()
    record(work, "disposal.confirmed", (), {
        "requests": sorted({ref for ref, _ in held}), "how": how, "on": on.isoformat()})
    return len(held)


def chase(work: Work, ref: str) -> None:
    """The council asks again for what is overdue. Raises Conflict where nothing of this request is."""
    written = parse_reference(ref)
    late = [held for held, request in due(work)
            if request.ref == written and held.dispose_by is not None and held.dispose_by < work.today]
    if not late:
        raise Conflict("Nothing of this request is overdue (“not overdue”).", kind="wrong-state",
                       facts={"state": "not overdue"})
    for held in late:
        held.chased_at = work.now
    work.session.flush()
    record(work, "disposal.chased", (), {"request": written})


def _own(work: Work, refs: Collection[str]) -> list[tuple[str, Assignment]]:
    written = {parse_reference(ref) or "" for ref in refs}
    if not written:
        raise Invalid({"requests": ["Tick the jobs whose details are gone"]})
    rows = work.session.execute(
        select(Request.ref, Assignment).join(Assignment, Assignment.request_id == Request.id)
        .where(Request.ref.in_(written), Assignment.organisation_id == work.actor.organisation_id)
        .with_for_update(of=Assignment))
    held = [(ref, row) for ref, row in rows]
    if {ref for ref, _ in held} != written:
        raise NotFound()
    running = sorted(ref for ref, row in held if row.ended_at is None)
    if running:
        raise Conflict(f"{running[0]} is still in hand: finish it or hand it back first.", kind="wrong-state",
                       facts={"state": "in hand"})
    if all(row.disposed_at for _, row in held):
        raise Conflict("The disposal was confirmed already (“disposed”).", kind="wrong-state",
                       facts={"state": "disposed"})
    return [(ref, row) for ref, row in held if row.disposed_at is None]
