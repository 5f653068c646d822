"""The right that a resident's own choice gives: what a council not the home may see because the resident agreed."""

from sqlalchemy import ColumnElement, FromClause, and_

from app.policy.groups import Group
from app.policy.scopes import ORG, scope
from app.policy.words import ScopeWord
from app.residents.scopes import home_today


@scope("resident", ScopeWord.CONSENTED)
def consented(resident: FromClause, _group: Group | None) -> ColumnElement[bool]:
    """Sharing is given, and there is a home council today that is another: outside it nothing is shared."""
    home = home_today(resident)
    return and_(resident.c.shared, home.isnot(None), home != ORG)
