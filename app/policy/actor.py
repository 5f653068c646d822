"""Who acts: a person or a job wearing one hat, as the database said it when the unit of work began."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.policy.words import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """One hat at one moment. ``unit`` is ``-`` for a hat that is not limited to a department."""

    person_id: uuid.UUID
    hat_id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    organisation_kind: str
    role: Role
    unit: str
    sign_in_id: uuid.UUID
    audience: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The facts about the asker and the moment that a scope's SQL may read; all of them become bound values."""

    actor: Actor
    now: datetime
    today: date
    on: date

    def values(self) -> dict[str, object]:
        """The values of the parameters that every compiled reach carries."""
        return {
            "jc_org": self.actor.organisation_id, "jc_person": self.actor.person_id, "jc_unit": self.actor.unit,
            "jc_now": self.now, "jc_today": self.today, "jc_on": self.on,
        }
