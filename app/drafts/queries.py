"""Reads drafts and versions for their pages, with the names of the people and councils in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_

from app.drafts.models import (
    APPROVED,
    BEGUN,
    EDITED,
    OPEN,
    PUBLISHED,
    RETURNED,
    SUBMITTED,
    TIGHTENED,
    UPDATED,
    Draft,
    DraftStep,
)
from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.organisations.models import Organisation
from app.policy import comparing
from app.policy.comparing import Change
from app.policy.models import PolicyVersion
from app.policy.routes import gate
from app.policy.work import Work
from app.staff.models import Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft as pages tell of it."""

    ref: str
    title: str
    reason: str
    state: str
    base: int
    number: int | None
    version: int
    begun: datetime
    by: str
    live_from: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did to a draft."""

    act: str
    at: datetime
    who: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the reader has to do with a draft: whether they wrote, returned or approved it as it stands."""

    wrote: bool
    returned: bool
    approved: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A version as pages tell of it: since when and until when it was or is live, and by which draft."""

    number: int
    fingerprint: str
    reason: str
    published_at: datetime
    live_from: datetime
    live_until: datetime | None
    live: bool
    draft: str | None


def drafts(work: Work, after: str | None = None) -> tuple[list[Shown], str | None]:
    """Drafts, those that wait for somebody first and then the latest; and the reference after which further ones begin."""
    place = Draft.state.in_((OPEN, SUBMITTED)), Draft.created_at, Draft.id
    asked = _with_author().order_by(*(column.desc() for column in place)).limit(PAGE + 1)
    if after:
        last = work.session.execute(select(*place).where(Draft.ref == (parse_reference(after) or ""))).one_or_none()
        if last is None:
            raise NotFound()
        asked = asked.where(tuple_(*place) < tuple_(*last))
    found = [_shown(*row) for row in work.session.execute(asked)]
    return found[:PAGE], found[PAGE - 1].ref if len(found) > PAGE else None


def open_drafts(work: Work) -> list[Draft]:
    """Those that are being written, the latest first."""
    return list(work.session.scalars(select(Draft).where(Draft.state == OPEN).order_by(Draft.created_at.desc()).limit(PAGE)))


def shown(work: Work, draft: Draft) -> Shown:
    """One draft."""
    return _shown(*work.session.execute(_with_author().where(Draft.id == draft.id)).one())


def _with_author() -> Select[Draft, str | None, str]:
    return select(Draft, Person.name, Organisation.name).outerjoin(Person, Person.id == Draft.author_id).join(
        Organisation, Organisation.id == Draft.organisation_id)


def _shown(draft: Draft, name: str | None, of: str) -> Shown:
    return Shown(draft.ref, draft.title, draft.reason, draft.state, draft.base, draft.number, draft.version, draft.created_at,
                 _who(name, of), draft.live_from)


def steps(work: Work, draft: Draft) -> list[Step]:
    """What was done to a draft, the latest first."""
    rows = work.session.execute(
        select(DraftStep, Person.name, Organisation.name).outerjoin(Person, Person.id == DraftStep.person_id)
        .join(Organisation, Organisation.id == DraftStep.organisation_id).where(DraftStep.draft_id == draft.id)
        .order_by(DraftStep.at.desc(), DraftStep.id.desc()))
    return [Step(step.act, step.at, _who(name, of), step.words) for step, name, of in rows]


def part_of(work: Work, draft: Draft) -> Part:
    """What this person has to do with a draft."""
    mine = work.session.execute(select(DraftStep.act, DraftStep.at).where(
        DraftStep.draft_id == draft.id, DraftStep.person_id == work.actor.person_id)).all()
    since = work.session.scalar(select(func.max(DraftStep.at)).where(
        DraftStep.draft_id == draft.id, DraftStep.act.in_((BEGUN, EDITED, UPDATED, RETURNED))))
    return Part(any(act in (BEGUN, EDITED, UPDATED) for act, _ in mine), draft.returned_by == work.actor.person_id,
                any(act == APPROVED and since is not None and at > since for act, at in mine))


def versions(work: Work, after: int | None = None) -> tuple[list[Told], int | None]:
    """Versions, the latest first, and the number after which further ones begin."""
    asked = _with_draft().order_by(PolicyVersion.number.desc()).limit(PAGE + 1)
    if after is not None:
        asked = asked.where(PolicyVersion.number < after)
    found = [_told(work, *row) for row in work.session.execute(asked)]
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def told(work: Work, row: PolicyVersion) -> Told:
    """One version."""
    return _told(work, *work.session.execute(_with_draft().where(PolicyVersion.number == row.number)).one())


def _with_draft() -> Select[PolicyVersion, str | None]:
    """Versions, and of each the draft that became it: at once, and perhaps ratified since under another number, or in the end."""
    made = select(Draft.ref).join(DraftStep, DraftStep.draft_id == Draft.id).where(
        DraftStep.act.in_((PUBLISHED, TIGHTENED)), DraftStep.at == PolicyVersion.published_at,
        DraftStep.fingerprint == PolicyVersion.fingerprint).limit(1).scalar_subquery()
    return select(PolicyVersion, made)


def _told(work: Work, row: PolicyVersion, draft: str | None) -> Told:
    return Told(row.number, row.fingerprint, row.reason, row.published_at, row.live_from, row.live_until,
                row.number == live_number(work), draft)


def live_number(work: Work) -> int:
    """The number of the version that is live."""
    return work.policy_version


def changes_of(work: Work, row: PolicyVersion) -> tuple[Change, ...]:
    """What a version changed of the one that was live before it."""
    before = work.session.scalars(select(PolicyVersion).where(PolicyVersion.number < row.number).order_by(
        PolicyVersion.number.desc()).limit(1)).first()
    if before is None:
        return ()
    shelf = gate().desk.shelf
    return comparing.differences(shelf.tables(before.content), shelf.tables(row.content),
                                 shelf.examples(before.content), shelf.examples(row.content))


def _who(name: str | None, of: str) -> str:
    """Of people in another council the organisation alone may be known."""
    return f"{name}, {of}" if name else of


def organisation_names(work: Work) -> dict[str, str]:
    """The names of organisations by their slugs."""
    return {slug: name for slug, name in work.session.execute(select(Organisation.slug, Organisation.name))}
