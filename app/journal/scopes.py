"""The rights to the journal. A council's information officer reads what was done to the residents whose record the
council keeps, and what its own staff did; an auditor reads what the own organisation did, and not to whom."""

from sqlalchemy import ColumnElement, FromClause, Uuid, and_, column, exists, false, literal_column, or_, table

from app.journal.models import EntrySubject
from app.policy.groups import Group
from app.policy.scopes import ORG, PERSON, scope
from app.policy.words import ScopeWord

# Named, not imported: residents and staff stand above the journal.
resident = table("resident", column("id", Uuid), column("keeper_id", Uuid))
relation = table("relation", column("person_id", Uuid), column("resident_id", Uuid))
subject = EntrySubject.__table__


@scope("journal", ScopeWord.KEPT)
def _kept(journal: FromClause, _group: Group | None) -> ColumnElement[bool]:
    if _names_a_resident(journal):
        return _is_kept(journal, journal.c.resident_id)
    about = subject.alias()
    return or_(journal.c.organisation_id == ORG, exists(literal_column("1")).where(
        about.c.entry_id == journal.c.id, _is_kept(about, about.c.resident_id)).correlate(journal))


@scope("journal", ScopeWord.OWN)
def _own(journal: FromClause, _group: Group | None) -> ColumnElement[bool]:
    """An auditor's: the entries of the organisation, never whom they are about."""
    return false() if _names_a_resident(journal) else journal.c.organisation_id == ORG


def _names_a_resident(journal: FromClause) -> bool:
    """Whether this table says whom an entry is about. Of one about several residents each council reads its own."""
    return "resident_id" in journal.c


def _is_kept(about: FromClause, resident_id: ColumnElement[object]) -> ColumnElement[bool]:
    kept, close = resident.alias(), relation.alias()
    return exists(literal_column("1")).where(and_(
        kept.c.id == resident_id, kept.c.keeper_id == ORG,
        ~exists(literal_column("1")).where(
            close.c.person_id == PERSON, close.c.resident_id == kept.c.id).correlate(kept),
    )).correlate(about)
