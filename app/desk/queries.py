"""What the desk lays beside a record: requests, conversations, promises, versions. Rows stay here; plain values leave.

The record itself was shown, and its sight journalled, before any of this is asked for.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.contacts.models import Contact, ContactNote, ContactPerson
from app.contacts.words import CHANNEL_WORDS, OUTCOME_WORDS
from app.desk.words import GROUP_WORDS, STATUS_WORDS
from app.kernel.tables import among
from app.organisations import queries as organisations
from app.policy.groups import Group
from app.policy.work import Work
from app.requests.models import Request, RequestResident
from app.residents import parts
from app.residents import queries as residents
from app.residents.models import Resident, ResidentChange
from app.staff.models import Hat

Row = dict[str, Any]
NOTES_AT_MOST = 100
NOBODY = "Nobody yet"


@parts.part(Group.HISTORY)
def history_value(work: Work, resident: Resident) -> list[Row]:
    """For programs: what was noted of conversations, the latest first."""
    return [{"at": note.at.isoformat(), "words": note.words, "promised_by": note.promised_by and str(note.promised_by)}
            for note in _notes(work, resident)]


def _notes(work: Work, resident: Resident) -> Sequence[ContactNote]:
    return work.session.scalars(select(ContactNote).where(_of(work, ContactNote.resident_id, resident))
                                .order_by(ContactNote.at.desc()).limit(NOTES_AT_MOST)).all()


def _of(work: Work, column: InstrumentedAttribute[uuid.UUID], resident: Resident) -> ColumnElement[bool]:
    """Of this record or of one that was joined to it: nothing was moved, it is seen together."""
    return among(column, residents.of_one_person(work, resident)) if resident.joined else column == resident.id


def requests(work: Work, resident: Resident, *, only_open: bool) -> list[Row]:
    """The resident's requests that this hat may see, the latest first."""
    linked = select(RequestResident.request_id).where(_of(work, RequestResident.resident_id, resident))
    asked = select(Request).where(Request.id.in_(linked)).order_by(Request.taken_at.desc()).limit(NOTES_AT_MOST)
    rows = work.session.scalars(asked.where(Request.closed_at.is_(None)) if only_open else asked).all()
    services, councils = organisations.service_names(work.session, {row.lgsl for row in rows}), _councils(work)
    return [_request(work, row, services.get(row.lgsl, f"Service {row.lgsl}"), councils) for row in rows]


def _request(work: Work, row: Request, service: str, councils: Mapping[uuid.UUID | None, str]) -> Row:
    words, tone = STATUS_WORDS[row.status]
    late = row.closed_at is None and row.promised_by is not None and row.promised_by < work.today
    return {"ref": row.ref, "service": service, "taken_at": row.taken_at,
            "responsible": councils.get(row.responsible_id, NOBODY), "promised_by": row.promised_by,
            "status": "Late" if late else words, "tone": "late" if late else tone}


def _councils(work: Work) -> dict[uuid.UUID | None, str]:
    """What every organisation is called for short: they are few, and asked for once."""
    return {each.id: each.short_name for each in organisations.all_organisations(work.session)}


def conversations(work: Work, resident: Resident, at_most: int) -> list[Row]:
    """The conversations with the resident, the latest first, with what was noted."""
    spoken = select(ContactPerson.contact_id).where(_of(work, ContactPerson.resident_id, resident))
    rows = work.session.scalars(select(Contact).where(Contact.id.in_(spoken), Contact.id != work.contact_id)
                                .order_by(Contact.started_at.desc()).limit(at_most)).all()
    notes, councils = {note.contact_id: note.words for note in _notes(work, resident)}, _councils(work)
    return [{"title": f"{CHANNEL_WORDS[row.channel]}: {OUTCOME_WORDS.get(row.outcome or '', 'in progress')}",
             "when": row.started_at, "who": councils.get(row.organisation_id, NOBODY), "body": notes.get(row.id, "")}
            for row in rows]


def promises(work: Work, resident: Resident) -> list[Row]:
    """What was promised and is still to come, or was to come this last month."""
    return [{"words": note.words, "by": note.promised_by, "late": note.promised_by < work.today}
            for note in _notes(work, resident)
            if note.promised_by is not None and (work.today - note.promised_by).days <= 30]


def versions(work: Work, resident: Resident) -> list[Row]:
    """Every change of every group that this hat may see, the latest first."""
    rows = work.session.scalars(select(ResidentChange).where(ResidentChange.resident_id == resident.id)
                                .order_by(ResidentChange.version.desc(), ResidentChange.grp).limit(NOTES_AT_MOST)).all()
    councils = _councils(work)
    hats = {hat.id: councils.get(hat.organisation_id, "") for hat in work.session.scalars(
        select(Hat).where(among(Hat.id, {row.hat_id for row in rows})))}
    return [{"title": GROUP_WORDS.get(row.grp, row.grp), "when": row.at, "who": hats.get(row.hat_id, ""),
             "version": row.version, "before": written(row.grp, row.before), "after": written(row.grp, row.after)}
            for row in rows]


def written(grp: str, value: Any) -> str:
    """The value of a group as one line for people."""
    if not value:
        return "nothing"
    if grp == "name":
        return "; ".join(f"{each['given']} {each['family']}".strip() for each in value)
    if grp == "address":
        return "; ".join(", ".join([*each["lines"], each["postcode"]]) for each in value)
    if grp == "channels":
        preferred = value.get("preferred")
        said = [*value["telephones"], *value["emails"], *([f"prefers {preferred['channel']}"] if preferred else [])]
        return ", ".join(said) or "nothing"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
