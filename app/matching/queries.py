"""What people are judged by: the weights in use, and how common their details are, as counted in the asker's own council.

Only the terms asked about are read, by equality; a council without a count, and a hat that is not a council's, gets what is
published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from app.kernel.tables import among
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
    """What there is to judge these people by: the weights in use, and how common their details are. Two statements."""
    council = work.actor.organisation_id
    of_council = FrequencyMeasure.council_id == council
    file, counted, same_birth = work.session.execute(select(
        _accepted(), *(select(column).where(of_council).scalar_subquery()
                       for column in (FrequencyMeasure.people, FrequencyMeasure.same_birth)))).one()
    weights = _read(file)
    if counted is None:
        return Standard(weights, Frequencies())
    found = work.session.scalars(select(TermFrequency).where(
        TermFrequency.council_id == council, among(TermFrequency.value, sorted(_values(people)))))
    counts: dict[Term, dict[str, int]] = {term: {} for term in (Term.GIVEN, Term.FAMILY, Term.POSTCODE, Term.TELEPHONE)}
    for row in found:
        counts[Term(row.term)][row.value] = row.people
    return Standard(weights, Frequencies(counted, counts, frozenset(counts), same_birth))


def in_use(session: Session) -> Weights:
    """The weights that were accepted last, or those that are shipped."""
    return _read(session.scalar(select(_accepted())))


def text_in_use(session: Session) -> str:
    """Their file, as it was accepted or is shipped."""
    accepted = session.scalar(select(_accepted()))
    return accepted.partition("\n")[2] if accepted else (FOLDER / f"{SHIPPED}.toml").read_text(encoding="utf-8")


def _accepted() -> ScalarSelect[str]:
    """Its version, and below it the file."""
    return select(MatchWeights.version + "\n" + MatchWeights.file).order_by(
        MatchWeights.accepted_at.desc(), MatchWeights.id.desc()).limit(1).scalar_subquery()


def _read(accepted: str | None) -> Weights:
    if accepted is None:
        return shipped()
    version, _, text = accepted.partition("\n")
    return written(Path(f"{version}.toml"), text)


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
