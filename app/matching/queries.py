"""How common the details of some people are, as counted in the asker's own council, for judging them.

Only the terms asked about are read, by equality; a council without a count, and a hat that is not a council's, gets what is
published.
"""

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.tables import among
from app.matching import folding, spoken
from app.matching.frequencies import Frequencies, Term
from app.matching.models import FrequencyMeasure, TermFrequency
from app.matching.person import Person
from app.policy.work import Work


def frequencies(work: Work, people: Iterable[Person]) -> Frequencies:
    """What there is to judge these people by."""
    council = work.actor.organisation_id
    measure = work.session.scalar(select(FrequencyMeasure).where(FrequencyMeasure.council_id == council))
    if measure is None:
        return Frequencies()
    found = work.session.scalars(select(TermFrequency).where(
        TermFrequency.council_id == council, among(TermFrequency.value, sorted(_values(people)))))
    counts: dict[Term, dict[str, int]] = {term: {} for term in (Term.GIVEN, Term.FAMILY, Term.POSTCODE, Term.TELEPHONE)}
    for row in found:
        counts[Term(row.term)][row.value] = row.people
    return Frequencies(measure.people, counts, frozenset(counts), measure.same_birth)


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
