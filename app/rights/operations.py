"""What an information officer does with the journal: finds a record by its reference, and reads what was done to it.
Reading is itself a line in the journal."""

from datetime import date

from sqlalchemy import select

from app.journal import queries
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import parse_reference
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.rights.journal import Line, named

Lines = tuple[list[Line], str | None]


def find(work: Work, typed: str) -> str:
    """The reference of a record that this hat may see.

    Raises Invalid for what is no reference, and NotFound for an absent and a hidden one alike.
    """
    if not typed.strip():
        raise Invalid({"ref": ["Type the reference of the record, for example K4F-72M-9QX"]})
    ref = parse_reference(typed)
    if ref is None:
        raise Invalid({"ref": ["This is not a reference: check it letter by letter"]})
    resident = _resident(work, ref)
    record(work, "resident.found", [_subject(work, resident)])
    return resident.ref


def read(work: Work, typed: str, *, after: str | None = None, limit: int = 50) -> Lines:
    """What was done to a record, newest first. Raises NotFound for an absent and a hidden one alike."""
    resident = _resident(work, parse_reference(typed) or "")
    records = {row.id: row.ref for row in (resident, *residents.joined_to(work, resident))}
    told, more = queries.about(work, records, after=after, limit=limit)
    record(work, "journal.read", [_subject(work, resident)], {"entries": len(told)})
    return named(work, told), more


def audit(work: Work, *, event: str | None, day: date | None, after: str | None) -> Lines:
    """What the hat may read of the whole journal, without saying of whom."""
    told, more = queries.entries(work, event=event, day=day, after=after)
    facts: dict[str, object] = {"entries": len(told)}
    record(work, "journal.audited", facts=facts | ({"event": event} if event else {}) | (
        {"day": day.isoformat()} if day else {}))
    return named(work, told), more


def _resident(work: Work, ref: str) -> Resident:
    found = work.session.scalar(select(Resident).where(Resident.ref == ref))
    if found is None:
        raise NotFound()
    return found


def _subject(work: Work, resident: Resident) -> Subject:
    return Subject(resident.id, (), basis_of(work, "resident", [resident.id])[resident.id].scopes)
