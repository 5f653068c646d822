"""What a draft would have councils withhold of their own residents: whose lines it changes, and the word of each council's own
information officer. The database compares the lines and counts the answers; here people are told what is so."""

import csv
import uuid
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.drafts import impacts
from app.drafts.models import AGREED, NOT_NOW, RETURNED, SUBMITTED, Draft
from app.journal.record import record
from app.kernel.errors import Conflict, Invalid, NotFound
from app.organisations.models import Organisation
from app.policy.narrowings import NARROWINGS, NARROWINGS_HEADER
from app.policy.rules import Vocabulary
from app.policy.work import Work

HEADER = ",".join(NARROWINGS_HEADER)


def only_ones_own(work: Work, vocabulary: Vocabulary, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Raises Invalid where an edit changes what another council withholds of its residents."""
    old, new = (Counter(content.get(NARROWINGS, "").splitlines()) for content in (before, after))
    numbers = {line: number for number, line in enumerate(after.get(NARROWINGS, "").splitlines(), start=1)}
    wrong = [(line, council) for line in (old - new) + (new - old) if (council := _council(line)) in vocabulary.organisations
             and council != work.actor.organisation]
    if wrong:
        raise Invalid({"text": [f"{_place(line, numbers)}: only administrators of {council} write what {council} withholds of its "
                                f"residents. {'Take the line out' if line in numbers else 'Put the line back'}."
                                for line, council in wrong]})


def _council(line: str) -> str:
    """The first cell of a line; nothing of one that is no line, which is then refused for what it is."""
    try:
        return "" if line.startswith("#") else next(csv.reader([line]), [""])[0].strip()
    except (csv.Error, IndexError):
        return ""


def _place(line: str, numbers: Mapping[str, int]) -> str:
    return f"{NARROWINGS}, line {numbers[line]}" if line in numbers else f"{NARROWINGS}, the line “{line}” that is gone"


def with_line(content: Mapping[str, str], line: str) -> dict[str, str]:
    """A draft's content with a line more of the sheet, which begins with its header."""
    sheet = content.get(NARROWINGS, "").rstrip() or HEADER
    return {**content, NARROWINGS: f"{sheet}\n{line}\n"}


def without_line(content: Mapping[str, str], number: int) -> dict[str, str]:
    """The content without one line of the sheet. Raises NotFound for none."""
    lines = content.get(NARROWINGS, "").splitlines()
    if not 1 < number <= len(lines):
        raise NotFound()
    return {**content, NARROWINGS: "".join(f"{each}\n" for at, each in enumerate(lines, start=1) if at != number)}


def narrowing_alone(work: Work, draft: Draft) -> uuid.UUID | None:
    """The council whose officer's word is enough, because the draft does nothing but withhold more of its own residents."""
    return work.session.scalar(select(func.wall.narrows_alone(draft.id)))


def changed_by(work: Work, draft: Draft) -> set[uuid.UUID]:
    """The councils whose lines a draft changes."""
    return set(work.session.scalars(select(func.wall.narrowed_by(draft.id).table_valued("council_id", "frees").c.council_id)))


def unagreed(work: Work, draft: Draft) -> list[Organisation]:
    """The councils whose lines a draft changes, and whose information officer has not agreed to it as it stands."""
    given = func.wall.agreements(draft.id).table_valued("person_id", "organisation_id").c.organisation_id
    wanted = changed_by(work, draft) - set(work.session.scalars(select(given)))
    return list(work.session.scalars(select(Organisation).where(Organisation.id.in_(wanted)).order_by(Organisation.name)))


def waiting_for(work: Work) -> list[Draft]:
    """Drafts that wait for the word of this information officer's council, the oldest first."""
    rows = work.session.scalars(select(Draft).where(Draft.state == SUBMITTED).order_by(Draft.created_at))
    return [draft for draft in rows if work.actor.organisation_id in {each.id for each in unagreed(work, draft)}]


def check_agreed(work: Work, draft: Draft) -> None:
    """Raises Conflict where a council's own officer has not agreed to what it would withhold, or no longer withhold."""
    missing = unagreed(work, draft)
    if missing:
        councils = " and of ".join(each.name for each in missing)
        raise Conflict(f"The information governance officer of {councils} has not agreed to what is withheld of its residents.")


def answer(work: Work, draft: Draft, seen: int, why: str | None) -> None:
    """The officer agrees or, saying why, returns the draft. Raises Conflict where it is not theirs to answer, or no longer."""
    if draft.version != seen:
        raise Conflict("Somebody changed this draft since you opened it: look at it again.", kind="changed-meanwhile")
    if why is None:
        impacts.check_clear(work, draft)
    try:
        work.session.execute(select(func.wall.answer_narrowing(draft.id, seen, why)))
    except DBAPIError as refused:
        if getattr(refused.orig, "sqlstate", None) == NOT_NOW:
            raise Conflict("This draft does not wait for your answer: look at it again.") from refused
        raise
    record(work, f"policy-draft.{AGREED if why is None else RETURNED}", facts={"draft": draft.ref})
