"""Questions to requests: one by its reference, and what a hat may see of many, the latest first."""

import base64
import binascii
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from app.contacts.models import Contact
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import parse_reference
from app.policy.words import ADVISING
from app.policy.work import Work
from app.requests.models import Assignment, Request


@dataclass(frozen=True, slots=True)
class Page:
    """Some requests, and where the next page begins."""

    rows: Sequence[Request]
    next: str | None


def one(work: Work, ref: str) -> Request:
    """A request that may be seen, by its reference as typed. Raises NotFound."""
    found = work.session.scalar(select(Request).where(Request.ref == (parse_reference(ref) or "")))
    if found is None:
        raise NotFound()
    return found


def page(work: Work, *, status: str | None = None, mine: bool = False, after: str | None = None,
         limit: int = 20) -> Page:
    """A page of them. ``mine`` are those that this person took; for other roles, all that come to their hat."""
    asked = select(Request).order_by(Request.id.desc()).limit(limit + 1)
    if status is not None:
        asked = asked.where(Request.status == status)
    if mine and work.actor.role in ADVISING:
        asked = asked.where(exists().where(Contact.id == Request.taken_in, Contact.person_id == work.actor.person_id))
    if after is not None:
        asked = asked.where(Request.id < _place(after))
    rows = work.session.scalars(asked).all()
    return Page(rows[:limit], _cursor(rows[limit - 1].id) if len(rows) > limit else None)


def in_whose_hands(work: Work, request: Request) -> uuid.UUID | None:
    """The partner that has it, or had it last."""
    return work.session.scalar(select(Assignment.organisation_id).where(Assignment.request_id == request.id).order_by(
        Assignment.ended_at.is_not(None), Assignment.assigned_at.desc(), Assignment.id.desc()).limit(1))


def _cursor(key: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _place(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error):
        raise Invalid({"after": ["This is no place in the list: send the `next` of the page before"]}) from None
