"""The hats a person may wear today, as plain values, and the words for one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.organisations.models import Organisation, Unit
from app.policy.words import Role
from app.staff.models import Hat
from app.staff.words import ROLE_WORDS, role_fits


@dataclass(frozen=True, slots=True)
class Worn:
    """A hat: the organisation, the role and, where it is narrowed to one, the department."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    organisation_name: str
    role: str
    unit: str | None
    unit_name: str | None = None

    @property
    def role_words(self) -> str:
        return ROLE_WORDS[Role(self.role)]

    @property
    def words(self) -> str:
        """As it is offered for choosing."""
        within = f", {self.unit_name or self.unit}" if self.unit else ""
        return f"{self.role_words}, {self.organisation_name}{within}"


def hats_of(session: Session, person_id: uuid.UUID, today: date) -> Sequence[Worn]:
    """Those in force today that an organisation of that kind has at all: no other speaks for anybody."""
    rows = session.execute(
        select(Hat, Organisation, Unit.name)
        .join(Organisation, Organisation.id == Hat.organisation_id)
        .outerjoin(Unit, (Unit.organisation_id == Hat.organisation_id) & (Unit.slug == Hat.unit))
        .where(
            Hat.person_id == person_id, Hat.valid_from <= today, or_(Hat.valid_until.is_(None), Hat.valid_until > today)
        )
        .order_by(Organisation.name, Hat.role, Hat.unit.nulls_first(), Hat.id)
    ).all()
    return [worn(hat, organisation, unit) for hat, organisation, unit in rows
            if role_fits(hat.role, organisation.kind)]


def worn(hat: Hat, organisation: Organisation, unit_name: str | None = None) -> Worn:
    """The plain values of a hat."""
    return Worn(hat.id, organisation.id, organisation.slug, organisation.name, hat.role, hat.unit, unit_name)
