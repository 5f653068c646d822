"""How many residents and requests a hat reaches under the live policy, as they were counted last. Read here, for whoever tells of
it; counted by a job of the drafts, which keeps no number that may not be told.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from app.policy.figures import EVERYBODY, Figure, figure
from app.policy.groups import Group
from app.policy.models import DONE, WORKING, ReachCount, ReachFigure
from app.policy.purposes import Purpose
from app.policy.rules import NO_UNIT
from app.policy.words import Role
from app.policy.work import Work

# Nobody is at it any more who has not been heard of for so long, as the database's function has it.
SILENT_AFTER = timedelta(minutes=2)


class State(StrEnum):
    """How it stands with the counting."""

    MISSING = "missing"
    WORKING = "working"
    SILENT = "silent"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Counting:
    """The counting that counts for the policy as it is. ``today`` says that it is this day's, so that there is none to ask for."""

    state: State
    position: int = 0
    total: int = 0
    key: uuid.UUID | None = None
    as_at: datetime | None = None
    today: bool = False
    there_are: Mapping[str, Any] = field(default_factory=dict)

    def all(self, kind: str, those: str = EVERYBODY) -> Figure:
        """How many there are, whoever sees them."""
        return figure(self.there_are.get(kind, {}).get(those))


def counting(work: Work) -> Counting:
    """How it stands for the live policy. One that is going on is told before one that is there."""
    rows = list(work.session.scalars(select(ReachCount).where(ReachCount.version == work.policy_version, ReachCount.state.in_(
        (WORKING, DONE))).order_by(ReachCount.asked_at.desc())))
    going_on = next((row for row in rows if row.state == WORKING), None)
    done = next((row for row in rows if row.state == DONE), None)
    state = State.COUNTED if done else State.MISSING
    if going_on is not None:
        state = State.SILENT if going_on.seen_at < work.now - SILENT_AFTER else State.WORKING
    at = going_on or done
    return Counting(state, at.position if at else 0, at.total if at else 0, done.id if done else None, done.as_at if done else None,
                    done is not None and done.day == work.today, done.there_are if done else {})


@dataclass(frozen=True, slots=True)
class Reached:
    """What was counted for one hat and purpose."""

    told: Mapping[str, Mapping[str, Mapping[str, list[int | None]]]]

    def of(self, kind: str, group: Group, those: str = EVERYBODY) -> Figure | None:
        """How many of those are reached; None where no rule gives the hat this group at all."""
        by_whom = self.told.get(kind, {}).get(group)
        return None if by_whom is None else figure(by_whom.get(those))


NOTHING: Final = Reached({})


def reached(work: Work, counting: Counting, purposes: Collection[Purpose], roles: Collection[Role],
            unit: str = NO_UNIT) -> dict[tuple[Role, str, Purpose], Reached]:
    """What was counted for these roles, by role, organisation and purpose; a unit for which nothing is told of its own has what
    those without one have."""
    rows = work.session.scalars(select(ReachFigure).where(
        ReachFigure.count_id == counting.key, ReachFigure.purpose.in_([str(purpose) for purpose in purposes]),
        ReachFigure.role.in_([str(role) for role in roles]), ReachFigure.unit.in_((NO_UNIT, unit))))
    return {(Role(row.role), row.organisation, Purpose(row.purpose)): Reached(row.told)
            for row in sorted(rows, key=lambda row: row.unit != NO_UNIT)}
