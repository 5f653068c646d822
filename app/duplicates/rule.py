"""The matching rule of each council: it compares what is new or changed, in a sign-in of its own, for the purpose of
matching alone. It sees what a team leader of that council may compare: its own residents, and those who agreed to sharing.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.duplicates.operations import compare_each
from app.kernel.ids import new_secret, secret_hash
from app.kernel.worker import Call
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.work import Desk

NEEDS = frozenset({Action.RESIDENT_MATCH, Action.RESIDENT_PAIR})
# How many records of a council are compared in one run; the next begins a minute later.
AT_MOST = 10_000
# So many at a time: a unit of work stays short, and a withdrawal binds the next one (R7).
AT_ONCE = 40


def compare_what_is_due(call: Call) -> int:
    """Compare for every council what it has yet to compare: how many records that were."""
    desk = gate().desk
    return sum(_for_one(desk, call, council) for council in _councils(desk))


def _councils(desk: Desk) -> list[uuid.UUID]:
    with desk.door() as door:
        return list(door.session.scalars(
            select(Organisation.id).where(Organisation.kind == "council").order_by(Organisation.slug)))


def _for_one(desk: Desk, call: Call, council: uuid.UUID) -> int:
    due = list(_due(call, council))
    if not due:
        return 0
    secret = new_secret()
    call("SELECT wall.wear_matching_rule(%s, %s)", (council, secret_hash(secret)))
    for at in range(0, len(due), AT_ONCE):
        ids, since = map(list, zip(*due[at:at + AT_ONCE], strict=True))
        with desk.work(secret, NEEDS, purpose=Purpose.MATCH) as work:
            compare_each(work, ids)
        call("SELECT wall.matched(%s, d.id, d.since) FROM unnest(%s::uuid[], %s::timestamptz[]) AS d (id, since)",
             (council, ids, since))
    return len(due)


def _due(call: Call, council: uuid.UUID) -> Iterator[tuple[uuid.UUID, datetime]]:
    row: Any
    for row in call("SELECT resident_id, since FROM wall.due_for_matching(%s, %s)", (council, AT_MOST)):
        yield row[0], row[1]
