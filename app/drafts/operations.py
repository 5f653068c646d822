"""What is done to drafts. The checks that a person is told of are here; those that nobody gets past stand in the database's
function that makes a draft a version."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.drafts import impacts, merging, narrowing
from app.drafts.gains import councils_affected
from app.drafts.judging import Judged, judged
from app.drafts.models import (
    APPROVED,
    BEGUN,
    EDITED,
    GIVEN_UP,
    HANDED_IN,
    NOT_NOW,
    OPEN,
    RETURNED,
    SUBMITTED,
    UPDATED,
    WITHDRAWN,
    Draft,
    DraftStep,
)
from app.journal.record import record
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import new_reference, parse_reference
from app.organisations.models import Organisation
from app.policy.models import PolicyVersion
from app.policy.publishing import live
from app.policy.routes import gate
from app.policy.rulebook import fingerprint
from app.policy.rules import FILES, PolicyFiles
from app.policy.sheets import PolicyRefused
from app.policy.shelf import Shelf
from app.policy.work import Work

LONGEST_TITLE, LONGEST_REASON, LARGEST_SHEET = 120, 2000, 400_000
# What was tightened at once goes back by itself, unless it is ratified.
HASTE = timedelta(hours=72)
LATEST = timedelta(days=366)


def shelf() -> Shelf:
    """The policies at hand."""
    return gate().desk.shelf


def draft_of(work: Work, ref: str) -> Draft:
    """Raises NotFound."""
    found = work.session.scalar(select(Draft).where(Draft.ref == (parse_reference(ref) or "")))
    if found is None:
        raise NotFound()
    return found


def version_of(work: Work, number: int) -> PolicyVersion:
    """Raises NotFound."""
    found = work.session.get(PolicyVersion, number)
    if found is None:
        raise NotFound()
    return found


def begin(work: Work, title: str, reason: str, restoring: int | None = None) -> Draft:
    """A draft of the live policy, or of what an older version said. Raises Invalid naming the fields."""
    _check_words(title, reason)
    now = _live(work)
    content = version_of(work, restoring).content if restoring is not None else now.content
    made = Draft(ref=new_reference(), title=title, reason=reason, base=now.number, content=dict(content),
                 fingerprint=None, councils=[], state=OPEN, author_id=work.actor.person_id,
                 organisation_id=work.actor.organisation_id, version=1, created_at=work.now)
    made.fingerprint = _fingerprint(made.content)
    work.session.add(made)
    work.session.flush()
    _step(work, made, BEGUN)
    return made


def edit(work: Work, ref: str, seen: int, change: Callable[[dict[str, str]], dict[str, str]]) -> Draft:
    """Change the text of a draft, which voids every approval. Raises Conflict where it may not be edited by this person, is
    no longer as it was seen, or is over; Invalid for a line of what another council withholds."""
    draft = _as_seen(work, ref, seen, (OPEN, SUBMITTED))
    if draft.number is not None:
        raise Conflict("This was published in haste: it can be ratified or withdrawn, and changed in a draft of its own.")
    if draft.returned_by == work.actor.person_id:
        raise Conflict("Whoever returned a draft leaves its changing to somebody else.")
    content = change(dict(draft.content))
    narrowing.only_ones_own(work, shelf().vocabulary, draft.content, content)
    if content != draft.content:
        draft.content, draft.fingerprint, draft.state = content, _fingerprint(content), OPEN
        _step(work, draft, EDITED)
    return draft


def put_sheet(name: str, text: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """The edit that replaces one file of the policy. Raises Invalid for one that there is not, or that is too large."""
    if name not in FILES or len(text) > LARGEST_SHEET:
        raise Invalid({"text": [f"A sheet has at most {LARGEST_SHEET:,} characters, and is one of {', '.join(FILES)}"]})
    written = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    return lambda content: content | {name: written}


def hand_in(work: Work, ref: str, seen: int) -> Draft:
    """Put a draft before those who approve. Raises Conflict saying what stands in the way."""
    draft = _as_seen(work, ref, seen, (OPEN,))
    said = judge(work, draft)
    if said.obstacles or said.tables is None:
        raise Conflict("This cannot be handed in yet: " + " ".join(said.obstacles[:5]))
    impacts.check_clear(work, draft)
    draft.state, draft.councils = SUBMITTED, _affected(work, draft, said)
    _step(work, draft, HANDED_IN)
    return draft


def approve(work: Work, ref: str, seen: int) -> Draft:
    """Approve the text as it stands. Raises Conflict for who began or edited it."""
    draft = _as_seen(work, ref, seen, (SUBMITTED,))
    if work.actor.person_id in _writers(work, draft):
        raise Conflict("Whoever wrote a part of a draft leaves its approval to somebody else.")
    impacts.check_clear(work, draft)
    impacts.check_read(work, draft)
    _step(work, draft, APPROVED)
    return draft


def send_back(work: Work, ref: str, seen: int, why: str) -> Draft:
    """Return a draft to be changed by others. Raises Invalid without a reason."""
    draft = _as_seen(work, ref, seen, (SUBMITTED,))
    check_reason(why)
    if draft.number is not None:
        raise Conflict("This was published in haste and ends by itself: it is ratified or withdrawn.")
    draft.state, draft.returned_by = OPEN, work.actor.person_id
    _step(work, draft, RETURNED, why)
    return draft


def give_up(work: Work, ref: str, seen: int) -> Draft:
    """Put a draft away for good; what was published in haste still ends by itself."""
    draft = _as_seen(work, ref, seen, (OPEN, SUBMITTED))
    draft.state = WITHDRAWN
    _step(work, draft, GIVEN_UP)
    return draft


def bring_up_to_date(work: Work, ref: str, seen: int) -> Draft:
    """Bring the changes over to the policy that is live now, which voids every approval. Raises Conflict where both change
    the same."""
    draft, now = _as_seen(work, ref, seen, (OPEN, SUBMITTED)), _live(work)
    if draft.base != now.number:
        base = version_of(work, draft.base)
        draft.content = merging.brought_up_to_date(base.content, draft.content, now.content)
        draft.base, draft.fingerprint, draft.state = now.number, _fingerprint(draft.content), OPEN
        _step(work, draft, UPDATED)
    return draft


def publish(work: Work, ref: str, seen: int, live_from: datetime | None) -> int:
    """Make an approved draft the policy, now or from a moment. Raises Conflict saying what is missing."""
    draft = _as_seen(work, ref, seen, (SUBMITTED,))
    if live_from is not None and not work.now < live_from <= work.now + LATEST:
        raise Invalid({"from": ["Choose a moment within a year from now, or leave it empty"]})
    narrowing.check_agreed(work, draft)
    missing = missing_approvals(work, draft)
    if missing:
        raise Conflict(f"An approval is missing of {' and '.join(each.name for each in missing)}.")
    waiting = work.session.scalar(select(PolicyVersion.number).where(PolicyVersion.live_from > work.now))
    if waiting is not None:
        raise Conflict(f"Version {waiting} waits for its time: until it is live nothing else can be published.")
    _check_base(work, draft)
    impacts.check_clear(work, draft)
    draft.live_from = live_from
    return _publish(work, draft, at_once=False)


def tighten(work: Work, ref: str, seen: int) -> int:
    """Publish at once, for three days, a draft that only takes away. Raises Conflict where it gives anybody anything."""
    draft = _as_seen(work, ref, seen, (OPEN,))
    said = judge(work, draft)
    if said.tables is None or not said.narrows_only:
        gained = [*map(str, said.gains), *map(str, said.laxer), *said.obstacles]
        raise Conflict("Only what takes sight away and gives none is done at once. " + " ".join(gained[:3]))
    _check_base(work, draft)
    draft.councils = _affected(work, draft, said)
    return _publish(work, draft, at_once=True)


def judge(work: Work, draft: Draft) -> Judged:
    """What a draft says beside the version that it changes."""
    return judged(shelf(), version_of(work, draft.base).content, draft.content)


def missing_approvals(work: Work, draft: Draft) -> list[Organisation]:
    """The councils of which nobody has approved the text as it stands."""
    given = set(work.session.scalars(select(func.wall.approvals(draft.id).table_valued("person_id", "organisation_id")
                                            .c.organisation_id)))
    wanted = set(draft.councils) - given
    return list(work.session.scalars(select(Organisation).where(Organisation.id.in_(wanted)).order_by(Organisation.name)))


def _publish(work: Work, draft: Draft, *, at_once: bool) -> int:
    work.session.flush()
    try:
        number = work.session.scalar(select(func.wall.publish_draft(draft.id, at_once)))
    except DBAPIError as refused:
        if getattr(refused.orig, "sqlstate", None) == NOT_NOW:
            raise Conflict("Somebody changed or published something meanwhile: look at the draft again.") from refused
        raise
    record(work, "policy.tightened" if at_once else "policy.published", facts={"draft": draft.ref, "version": number})
    return int(number or 0)


def _check_base(work: Work, draft: Draft) -> None:
    now = _live(work).number
    if now not in (draft.base, draft.number):
        raise Conflict(f"Version {now} was published meanwhile: bring the draft up to date first.", kind="base-is-old")


def _affected(work: Work, draft: Draft, said: Judged) -> list[uuid.UUID]:
    """Those of whom somebody must approve; of a change of words alone the author's own council, and the one that does nothing but
    withhold more of its own residents."""
    work.session.flush()
    alone = narrowing.narrowing_alone(work, draft)
    if alone is not None:
        return [alone]
    councils = {each.slug: each.id for each in work.session.scalars(
        select(Organisation).where(Organisation.kind == "council"))}
    before = shelf().tables(version_of(work, draft.base).content)
    assert said.tables is not None
    slugs = councils_affected(before, said.tables, shelf().vocabulary, frozenset(councils))
    return sorted(councils[slug] for slug in slugs) or [draft.organisation_id]


def _as_seen(work: Work, ref: str, seen: int, states: tuple[str, ...]) -> Draft:
    draft = draft_of(work, ref)
    work.session.refresh(draft, with_for_update=True)
    if draft.version != seen:
        raise Conflict("Somebody changed this draft since you opened it: look at it again.", kind="changed-meanwhile")
    if draft.state not in states:
        raise Conflict(f"This draft is {draft.state}.")
    return draft


def _writers(work: Work, draft: Draft) -> set[uuid.UUID]:
    return set(work.session.scalars(select(DraftStep.person_id).where(
        DraftStep.draft_id == draft.id, DraftStep.act.in_((BEGUN, EDITED, UPDATED)))))


def _step(work: Work, draft: Draft, act: str, words: str | None = None) -> None:
    if act not in (BEGUN, APPROVED):
        draft.version += 1
    work.session.add(DraftStep(draft_id=draft.id, at=work.now, person_id=work.actor.person_id, act=act, words=words,
                               organisation_id=work.actor.organisation_id, fingerprint=draft.fingerprint))
    work.session.flush()
    record(work, f"policy-draft.{act}", facts={"draft": draft.ref})


def _live(work: Work) -> PolicyVersion:
    found = live(work.session)
    assert found is not None, "work is done under a live policy"
    return found


def _fingerprint(content: dict[str, str]) -> str | None:
    """None for a text that cannot be read: it is kept all the same."""
    try:
        return fingerprint(shelf().tables(content), PolicyFiles.of(content))
    except PolicyRefused:
        return None


def _check_words(title: str, reason: str) -> None:
    errors = {}
    if not title or len(title) > LONGEST_TITLE:
        errors["title"] = [f"Say in a few words what is changed, in at most {LONGEST_TITLE} characters"]
    if not reason or len(reason) > LONGEST_REASON:
        errors["reason"] = [f"Say why, in at most {LONGEST_REASON} characters"]
    if errors:
        raise Invalid(errors)


def check_reason(why: str) -> None:
    """Raises Invalid where it is not said what should be changed."""
    if not why or len(why) > LONGEST_REASON:
        raise Invalid({"why": [f"Say what should be changed, in at most {LONGEST_REASON} characters"]})
