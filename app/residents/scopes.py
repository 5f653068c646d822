"""The rights to a resident that the resident's own row gives: being its home council, being its keeper; and the masks
that the same row holds."""

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, literal_column, or_, select

from app.organisations.models import Organisation
from app.policy.groups import Group
from app.policy.scopes import ORG, PERSON, TODAY, lift, mask, of_council, scope
from app.policy.words import LiftWord, MaskWord, ScopeWord
from app.residents.models import Resident
from app.staff.models import Relation

relation, organisation = Relation.__table__, Organisation.__table__


def home_today(resident: FromClause) -> ColumnElement[object]:
    """The home council on the day of asking: the next one from ``home_until`` on, null outside the partnership."""
    return case((resident.c.home_until <= TODAY, resident.c.next_home_id), else_=resident.c.home_id)


# The same of the residents that a query selects.
HOME_TODAY = home_today(Resident.__table__)


def is_home(resident: FromClause) -> ColumnElement[bool]:
    """Whether the asking organisation is the home council today; in branches, so that either index serves."""
    return or_(
        and_(resident.c.home_id == ORG, or_(resident.c.home_until.is_(None), resident.c.home_until > TODAY)),
        and_(resident.c.next_home_id == ORG, resident.c.home_until <= TODAY))


def is_keeper(resident: FromClause) -> ColumnElement[bool]:
    """Whether the asking organisation answers for the record."""
    return resident.c.keeper_id == ORG


def is_related(resident: FromClause) -> ColumnElement[bool]:
    """Whether the record is the asking person's own, or that of somebody close."""
    return exists(literal_column("1")).where(relation.c.person_id == PERSON,
                                             relation.c.resident_id == resident.c.id).correlate(resident)


def objected(resident: FromClause) -> ColumnElement[bool]:
    """Whether the resident objected to the asking organisation."""
    return ORG == resident.c.objected_to.any_()  # type: ignore[no-any-return, attr-defined]


def unmasked(resident: FromClause) -> ColumnElement[bool]:
    """For what hangs on a resident without being filtered as a resident: neither restricted nor the asker's own.

    What is reached because the resident agreed to sharing is taken away by ``objected`` as well: the wall alone would
    let it by where the law opens the record to the same council (R5).
    """
    return and_(~resident.c.restricted, ~is_related(resident))


@scope("resident", ScopeWord.HOME)
def _home(resident: FromClause, _group: Group | None) -> ColumnElement[bool]:
    return is_home(resident)


@scope("resident", ScopeWord.KEPT)
def _kept(resident: FromClause, _group: Group | None) -> ColumnElement[bool]:
    return is_keeper(resident)


@mask("resident", MaskWord.PROTECTED)
def _protected(resident: FromClause) -> ColumnElement[bool]:
    return resident.c.protected


@mask("resident", MaskWord.RESTRICTED)
def _restricted(resident: FromClause) -> ColumnElement[bool]:
    return resident.c.restricted


@mask("resident", MaskWord.OWN_RECORD)
def _own_record(resident: FromClause) -> ColumnElement[bool]:
    return is_related(resident)


mask("resident", MaskWord.OBJECTION)(objected)
lift("resident", LiftWord.HOME)(is_home)
lift("resident", LiftWord.KEEPER)(is_keeper)


@of_council("resident")
def is_of(resident: FromClause, council: str) -> ColumnElement[bool]:
    """Whether the resident is one of a council's: the home council's today or, after leaving the area, the keeper's."""
    named = organisation.alias()
    key = select(named.c.id).where(named.c.slug == council).correlate(None).scalar_subquery()
    return func.coalesce(home_today(resident), resident.c.keeper_id) == key
