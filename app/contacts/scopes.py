"""The rights to a contact: having had it, and seeing the resident it was with."""

from sqlalchemy import ColumnElement, FromClause, and_, exists, literal_column, or_

from app.choices.scopes import consented
from app.contacts.models import ContactPerson
from app.policy.groups import Group
from app.policy.scopes import ORG, PERSON, scope
from app.policy.words import ScopeWord
from app.residents.models import Resident
from app.residents.scopes import is_home, is_keeper, is_related, objected, unmasked

resident_table, contact_person = Resident.__table__, ContactPerson.__table__


@scope("contact", ScopeWord.TAKEN)
def _contact_taken(talk: FromClause, _group: Group | None) -> ColumnElement[bool]:
    """The council's own, and the one in progress of whoever asks: the line may have made it another council's."""
    return or_(talk.c.organisation_id == ORG, and_(talk.c.person_id == PERSON, talk.c.ended_at.is_(None)))


def _contact_with(talk: FromClause, right: ColumnElement[bool], whose: FromClause) -> ColumnElement[bool]:
    spoke = contact_person.alias()
    return exists(literal_column("1")).where(
        spoke.c.contact_id == talk.c.id, whose.c.id == spoke.c.resident_id, right).correlate(talk)


@scope("contact", ScopeWord.HOME)
def _contact_home(talk: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _contact_with(talk, and_(is_home(whose), unmasked(whose)), whose)


@scope("contact", ScopeWord.CONSENTED)
def _contact_consented(talk: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _contact_with(talk, and_(consented(whose, None), unmasked(whose), ~objected(whose)), whose)


@scope("contact", ScopeWord.KEPT)
def _contact_kept(talk: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _contact_with(talk, and_(is_keeper(whose), ~is_related(whose)), whose)
