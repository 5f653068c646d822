"""Reads drafts and versions for their pages, with the names of the people and councils in them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.drafts.models import APPROVED, BEGUN, EDITED, OPEN, RETURNED, SUBMITTED, UPDATED, Draft, DraftStep
from app.organisations.models import Organisation
from app.policy import comparing, examples
from app.policy.comparing import Change
from app.policy.models import PolicyVersion
from app.policy.reading import read
from app.policy.routes import gate
from app.policy.rules import PolicyFiles
from app.policy.work import Work
from app.staff.models import Person

AT_MOST = 200


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


def drafts(work: Work) -> list[Shown]:
    """Every draft, those that wait for somebody first."""
    rows = work.session.scalars(select(Draft).order_by(
        Draft.state.in_((OPEN, SUBMITTED)).desc(), Draft.created_at.desc()).limit(AT_MOST))
    return [shown(work, draft) for draft in rows]


def shown(work: Work, draft: Draft) -> Shown:
    """One draft."""
    return Shown(draft.ref, draft.title, draft.reason, draft.state, draft.base, draft.number, draft.version, draft.created_at,
                 _who(work, draft.author_id, draft.organisation_id), draft.live_from)


def steps(work: Work, draft: Draft) -> list[Step]:
    """What was done to a draft, the latest first."""
    rows = work.session.scalars(select(DraftStep).where(DraftStep.draft_id == draft.id).order_by(
        DraftStep.at.desc(), DraftStep.id.desc()))
    return [Step(row.act, row.at, _who(work, row.person_id, row.organisation_id), row.words) for row in rows]


def part_of(work: Work, draft: Draft) -> Part:
    """What this person has to do with a draft."""
    mine = work.session.execute(select(DraftStep.act, DraftStep.at).where(
        DraftStep.draft_id == draft.id, DraftStep.person_id == work.actor.person_id)).all()
    since = work.session.scalar(select(func.max(DraftStep.at)).where(
        DraftStep.draft_id == draft.id, DraftStep.act.in_((BEGUN, EDITED, UPDATED, RETURNED))))
    return Part(any(act in (BEGUN, EDITED, UPDATED) for act, _ in mine), draft.returned_by == work.actor.person_id,
                any(act == APPROVED and since is not None and at > since for act, at in mine))


def versions(work: Work) -> list[Told]:
    """Every version, the latest first."""
    return [told(work, row) for row in work.session.scalars(
        select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(AT_MOST))]


def told(work: Work, row: PolicyVersion) -> Told:
    """One version."""
    draft = work.session.scalar(select(Draft.ref).where(Draft.number == row.number))
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
    words = gate().desk.shelf.vocabulary
    return comparing.differences(
        read(PolicyFiles.of(before.content), words), read(PolicyFiles.of(row.content), words),
        examples.read(PolicyFiles.of(before.content).examples, words), examples.read(PolicyFiles.of(row.content).examples, words))


def _who(work: Work, person: uuid.UUID, organisation: uuid.UUID) -> str:
    name = work.session.scalar(select(Person.name).where(Person.id == person))
    of = work.session.scalar(select(Organisation.name).where(Organisation.id == organisation))
    return f"{name}, {of}" if name else str(of)
