"""What waits for a partnership's administrator: changes to approve, what was done in haste and ends by itself, agreements that end,
and rules that somebody promised to look at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import any_, func, literal, literal_column, select, true

from app.drafts.models import BEGUN, EDITED, SUBMITTED, UPDATED, Draft, DraftStep
from app.organisations.models import Agreement
from app.policy.models import PolicyVersion
from app.policy.narrowings import NARROWINGS
from app.policy.reading import GRANTS, MASKS
from app.policy.rules import Tables
from app.policy.sentences import by_line, grant_sentence, lift_sentence, narrowing_sentence, taking_sentence
from app.policy.work import Work

# So many days ahead an end is told.
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Approval:
    """A change that waits for this person's council; ``wrote``: this person wrote a part of it, so another approves it."""

    ref: str
    title: str
    wrote: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends, or has ended: what it is, and from when."""

    words: str
    on: date | datetime
    over: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A line of the policy that is to be looked at again."""

    file: str
    line: int
    sentence: str
    on: date
    owner: str
    over: bool


def approvals(work: Work) -> list[Approval]:
    """Changes that were handed in, and that nobody of this council has approved as they stand."""
    given = func.wall.approvals(Draft.id).table_valued("person_id", "organisation_id").lateral()
    wrote = select(literal_column("1")).where(
        DraftStep.draft_id == Draft.id, DraftStep.person_id == work.actor.person_id,
        DraftStep.act.in_((BEGUN, EDITED, UPDATED))).exists()
    approved = select(Draft.id).join(given, true()).where(given.c.organisation_id == work.actor.organisation_id)
    rows = work.session.execute(
        select(Draft.ref, Draft.title, wrote).where(
            Draft.state == SUBMITTED, literal(work.actor.organisation_id) == any_(Draft.councils), Draft.id.not_in(approved),
            # What does nothing but withhold more waits for an information officer instead.
            func.wall.narrows_alone(Draft.id).is_(None))
        .order_by(Draft.created_at))
    return [Approval(ref, title, bool(wrote)) for ref, title, wrote in rows]


def in_haste(work: Work) -> list[Ending]:
    """Versions that are live now and go back by themselves."""
    rows = work.session.scalars(select(PolicyVersion).where(
        PolicyVersion.number == work.policy_version, PolicyVersion.live_until.is_not(None)))
    return [Ending(f"Version {row.number}: {row.reason}", row.live_until, False) for row in rows if row.live_until]


def agreements(work: Work) -> list[Ending]:
    """Agreements that end soon, or ended not long ago: their partner receives nothing from that day on."""
    ends = func.upper(Agreement.valid)
    rows = work.session.execute(select(Agreement.title, ends).where(
        ends <= work.on + AHEAD, ends > work.on - AHEAD).order_by(ends, Agreement.title))
    return [Ending(title, on, on <= work.on) for title, on in rows]


def reviews(work: Work, tables: Tables) -> list[Review]:
    """Lines of the policy that somebody promised to look at again by a day that is near or past, the earliest first."""
    found = (Review(file, line, said, on, owner, on <= work.today) for file, line, said, on, owner in _lines(tables)
             if on <= work.today + AHEAD)
    return sorted(found, key=lambda each: (each.on, each.file, each.line))


def _lines(tables: Tables) -> Iterator[tuple[str, int, str, date, str]]:
    for line in by_line(tables.grants):
        yield GRANTS, line[0].line, grant_sentence(*line), line[0].review, line[0].owner
    for mask in tables.masks:
        yield MASKS, mask.line, taking_sentence(mask), mask.review, mask.owner
        for lift in mask.lifts:
            yield MASKS, lift.line, lift_sentence(mask.word, lift), lift.review, lift.owner
    for narrowing in tables.narrowings:
        yield NARROWINGS, narrowing.line, narrowing_sentence(narrowing), narrowing.review, narrowing.owner
