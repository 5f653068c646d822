"""Which pairs are compared: those with a key in common, as the application files records and asks for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.matching import folding
from app.matching.frequencies import FEWEST_KEPT, Frequencies, Term
from app.matching.person import Person
from app.matching.spoken import surnames
from app.residents import probes
from app.residents.clues import Clues
from app.residents.keys import keys_of

# A key that so many bear says next to nothing, as in the application's own search.
MOST_BEARERS = 1000


def keys_for(person: Person) -> set[str]:
    """What a record of this person is filed under."""
    return {key for _, key in keys_of(person)}


def filed(people: Sequence[Person]) -> dict[str, list[int]]:
    """Who is filed under each key."""
    found: dict[str, list[int]] = {}
    for at, person in enumerate(people):
        for key in keys_for(person):
            found.setdefault(key, []).append(at)
    return found


def asked_for(person: Person) -> list[str]:
    """What somebody with these details is looked for by: every sharp key, and the tolerant ones for slips."""
    found: dict[str, None] = dict.fromkeys(sorted(keys_for(person)))
    for given, family in person.names[:1]:
        clues = Clues(telephone=next(iter(person.telephones), None), born=person.born,
                      postcode=next(iter(person.postcodes), None),
                      house=next(filter(None, map(folding.house, person.lines)), None),
                      names=tuple(folding.name(f"{given} {family}").split()))
        found |= dict.fromkeys([*rounds(clues), *rounds(replace(clues, postcode=None))])
    return list(found)


def rounds(clues: Clues) -> list[str]:
    """The keys of all rounds of a search."""
    return [key for wanted in probes.rounds(clues) for key in wanted(clues)]


def pairs(people: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """Every pair of which one is found when the other is asked for, once, the lesser number first."""
    under, seen = filed(people), set()
    for at, person in enumerate(people):
        for key in asked_for(person):
            bearers = under.get(key, ())
            if len(bearers) <= MOST_BEARERS:
                seen.update((min(at, other), max(at, other)) for other in bearers if other != at)
    yield from sorted(seen)


def counted(people: Sequence[Person]) -> Frequencies:
    """How common each name, postcode and telephone is among these: what `flask matching measure` keeps."""
    counts: dict[Term, Counter[str]] = {term: Counter() for term in Term}
    for person in people:
        for term, values in _terms(person).items():
            counts[term].update(values)
    kept = {term: {value: count for value, count in found.items() if count >= FEWEST_KEPT} for term, found in counts.items()}
    return Frequencies(len(people), kept, frozenset(kept) - {Term.EMAIL})


def _terms(person: Person) -> dict[Term, set[str]]:
    return {Term.GIVEN: {folding.name(given).split()[0] for given, _ in person.names if folding.name(given)},
            Term.FAMILY: {surnames(folding.name(family))[0] for _, family in person.names if surnames(folding.name(family))},
            Term.POSTCODE: set(person.postcodes), Term.TELEPHONE: set(person.telephones),
            Term.TOWN: {folding.name(line) for lines, _ in person.addresses for line in lines.split("\n")[1:] if line}}
