"""Questions to pairs: a council's queue, one pair, and which were told apart. A pair with a record out of sight is none."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ARRAY, ColumnElement, Integer, Uuid, and_, bindparam, column, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from app.duplicates.models import NOT_SAME, DuplicateAnswer, DuplicatePair, ResidentMerge
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import parse_reference
from app.kernel.tables import among
from app.policy.work import Work
from app.residents.models import Resident, ResidentKey

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Some pairs of a queue in order; ``next`` is what the further ones begin after."""

    pairs: list[DuplicatePair]
    next: str | None


def pair(work: Work, ref: str, other: str, *, lock: bool = False) -> tuple[Resident, Resident]:
    """Both records of a pair as they are, joined or not. Raises NotFound where either may not be seen, or both are one.

    ``lock`` holds both until the unit of work ends.
    """
    refs = [parse_reference(typed) or "" for typed in (ref, other)]
    asked = select(Resident).where(Resident.ref.in_(refs)).order_by(Resident.id)
    found = {row.ref: row for row in work.session.scalars(asked.with_for_update() if lock else asked)}
    if len(found) < 2:
        raise NotFound()
    return found[refs[0]], found[refs[1]]


def merge_of(work: Work, other: Resident) -> ResidentMerge | None:
    """The joining that stands of a record to another."""
    return work.session.scalar(select(ResidentMerge).where(
        ResidentMerge.other_id == other.id, ResidentMerge.undone_at.is_(None)))


def kept(work: Work, first: uuid.UUID, second: uuid.UUID) -> DuplicatePair | None:
    """The pair in this council's queue."""
    return work.session.scalar(select(DuplicatePair).where(
        DuplicatePair.first_id == first, DuplicatePair.second_id == second))


def queue(work: Work, after: str | None = None) -> Page:
    """The pairs that this council has to look at, those with most evidence first."""
    asked = select(DuplicatePair).where(~_apart(DuplicatePair)).order_by(
        DuplicatePair.bits.desc(), DuplicatePair.id).limit(PAGE + 1)
    if after:
        bits = work.session.scalar(select(DuplicatePair.bits).where(DuplicatePair.id == _key(after)))
        asked = asked.where(tuple_(-DuplicatePair.bits, DuplicatePair.id) > tuple_(
            -bits, _key(after))) if bits is not None else asked
    rows = list(work.session.scalars(asked))
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def _key(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Invalid({"after": ["This is no place in the list: follow the links of the page"]}) from None


def told_apart(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For each of these records, those that somebody said are another person's."""
    said = _last(work, or_(among(DuplicateAnswer.first_id, ids), among(DuplicateAnswer.second_id, ids)))
    apart: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in ids}
    for (first, second, _), answer in said.items():
        for one, other in ((first, second), (second, first)):
            if answer == NOT_SAME and one in apart:
                apart[one].add(other)
    return apart


def kept_of(work: Work, ids: Collection[uuid.UUID]) -> list[DuplicatePair]:
    """The pairs in this council's queue in which any of these records stands."""
    return list(work.session.scalars(select(DuplicatePair).where(
        or_(among(DuplicatePair.first_id, ids), among(DuplicatePair.second_id, ids)))))


def filed_under(work: Work, wanted: Mapping[str, int]) -> dict[str, list[uuid.UUID]]:
    """Who is filed under each key, of the council's own and of those shared with it. A key that more have than is said beside it
    says next to nothing (a telephone written down where there is none, the first of January 1900): nobody is told of it."""
    asked = {"among_own": list(wanted), "among_shared": list(wanted), "at_most": [most + 1 for most in wanted.values()],
             "of_council": work.actor.organisation_id}
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    for key, resident_id in work.session.execute(_FILED, asked) if wanted else ():
        found[key].append(resident_id)
    return {key: bearers for key, bearers in found.items() if len(bearers) <= wanted[key]}


_KEYS = ARRAY(ResidentKey.key.type)
# The keys are said twice: said once, PostgreSQL looks for them in the keys of all councils and then leaves out those of others.
_WANTED = func.unnest(
    bindparam("among_own", type_=_KEYS), bindparam("among_shared", type_=_KEYS), bindparam("at_most", type_=ARRAY(Integer)),
).table_valued("key", "again", column("at_most", Integer)).render_derived("wanted")
# Each key by itself, so that one which very many bear costs no more than others and crowds none out.
_BEARERS = select(ResidentKey.resident_id).where(or_(
    and_(ResidentKey.key == _WANTED.c.key, ResidentKey.council_id == bindparam("of_council", type_=Uuid)),
    and_(ResidentKey.key == _WANTED.c.again, ResidentKey.shared))).limit(_WANTED.c.at_most).lateral()
_FILED = select(_WANTED.c.key, _BEARERS.c.resident_id).select_from(_WANTED.join(_BEARERS, true()))


def answers(work: Work, first: uuid.UUID, second: uuid.UUID) -> dict[uuid.UUID, str]:
    """What each council last said of a pair."""
    said = _last(work, and_(DuplicateAnswer.first_id == first, DuplicateAnswer.second_id == second))
    return {council: answer for (_, _, council), answer in said.items()}


def _last(work: Work, which: ColumnElement[bool]) -> dict[tuple[uuid.UUID, uuid.UUID, uuid.UUID], str]:
    rows = work.session.scalars(select(DuplicateAnswer).where(which).order_by(DuplicateAnswer.at, DuplicateAnswer.id))
    return {(row.first_id, row.second_id, row.council_id): row.answer for row in rows}


def _apart(pair: type[DuplicatePair]) -> ColumnElement[bool]:
    """Whether some council's last word on a pair is that it is two people."""
    said, later = aliased(DuplicateAnswer), aliased(DuplicateAnswer)
    same = and_(later.first_id == said.first_id, later.second_id == said.second_id, later.council_id == said.council_id)
    return exists().where(said.first_id == pair.first_id, said.second_id == pair.second_id, said.answer == NOT_SAME,
                          ~exists().where(same, later.at > said.at))


def weights(work: Work) -> list[float]:
    """The weight of every pair in this council's queue."""
    return list(work.session.scalars(select(DuplicatePair.bits).where(~_apart(DuplicatePair))))
