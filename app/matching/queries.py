"""What people are judged by: the weights in use, and how common their details are, as counted in the asker's own council.

Only the terms asked about are read, by equality; a council without a count, and a hat that is not a council's, gets what is
published.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, literal, select
from sqlalchemy.orm import Session

from app.matching import folding, spoken
from app.matching.frequencies import Frequencies, Term
from app.matching.models import FrequencyMeasure, MatchWeights, TermFrequency
from app.matching.person import Person
from app.matching.weighing import FOLDER, SHIPPED, Weights, shipped, written
from app.policy.work import Work


@dataclass(frozen=True, slots=True)
class Standard:
    """What people are judged by."""

    weights: Weights
    frequencies: Frequencies


def standard(work: Work, people: Iterable[Person]) -> Standard:
    """What there is to judge these people by: the weights in use, and how common their details are. One statement."""
    rows = work.session.execute(_STANDARD, {"council": work.actor.organisation_id, "terms": sorted(_values(people))}).all()
    accepted, counted, same_birth, *_ = rows[0]
    weights = _of(work.session, accepted)
    if counted is None:
        return Standard(weights, Frequencies())
    counts: dict[Term, dict[str, int]] = {term: {} for term in (Term.GIVEN, Term.FAMILY, Term.POSTCODE, Term.TELEPHONE)}
    for *_, term, value, bearers in rows:
        if term is not None:
            counts[Term(term)][value] = bearers
    return Standard(weights, Frequencies(counted, counts, frozenset(counts), same_birth))


def in_use(session: Session) -> Weights:
    """The weights that were accepted last, or those that are shipped."""
    return _of(session, session.scalar(select(_ACCEPTED)))


def text_in_use(session: Session) -> str:
    """Their file, as it was accepted or is shipped."""
    accepted = session.scalar(select(_ACCEPTED))
    return session.get_one(MatchWeights, accepted).file if accepted else (FOLDER / f"{SHIPPED}.toml").read_text(encoding="utf-8")


def _of(session: Session, accepted: uuid.UUID | None) -> Weights:
    """The weights of a file that was accepted, which is never changed: each is read once. The shipped ones for None."""
    if accepted is None:
        return shipped()
    known = _read.get(accepted)
    if known is None:
        row = session.get_one(MatchWeights, accepted)
        known = _read[accepted] = written(Path(f"{row.version}.toml"), row.file)
    return known


_read: dict[uuid.UUID, Weights] = {}
_ACCEPTED = select(MatchWeights.id).order_by(MatchWeights.accepted_at.desc(), MatchWeights.id.desc()).limit(1).scalar_subquery()
_COUNCIL = bindparam("council", type_=Uuid)
_ONE = select(literal(1).label("one")).subquery()
_STANDARD = select(
    _ACCEPTED, *(select(column).where(FrequencyMeasure.council_id == _COUNCIL).scalar_subquery()
                 for column in (FrequencyMeasure.people, FrequencyMeasure.same_birth)),
    TermFrequency.term, TermFrequency.value, TermFrequency.people,
).select_from(_ONE.outerjoin(TermFrequency, and_(
    TermFrequency.council_id == _COUNCIL, TermFrequency.value == any_(bindparam("terms", type_=ARRAY(TermFrequency.value.type))))))


def _values(people: Iterable[Person]) -> set[str]:
    found: set[str] = set()
    for person in people:
        for given, family in person.names:
            words = folding.name(given).split()
            found.update(words[:1], spoken.surnames(folding.name(family)), spoken.surnames(folding.name(given))[:1],
                         folding.name(family).split()[:1])
        found.update(postcode for _, postcode in person.addresses)
        found.update(person.telephones)
    return found - {""}
