"""The right that the law gives against the resident's choice: named groups of one resident, until a moment (R4)."""

from sqlalchemy import ColumnElement, FromClause, exists, literal, literal_column, or_

from app.disclosures.models import Disclosure
from app.policy.groups import Group
from app.policy.scopes import NOW, ORG, PERSON, scope
from app.policy.words import ScopeWord

disclosure = Disclosure.__table__


@scope("resident", ScopeWord.DISCLOSED)
def _disclosed(resident: FromClause, group: Group | None) -> ColumnElement[bool]:
    opened = disclosure.alias()
    found = exists(literal_column("1")).where(
        opened.c.resident_id == resident.c.id, opened.c.organisation_id == ORG,
        or_(opened.c.person_id.is_(None), opened.c.person_id == PERSON),
        opened.c.since <= NOW, opened.c.until > NOW)
    if group is not None:
        found = found.where(literal(str(group)) == opened.c.groups.any_())
    return found.correlate(resident)
