"""Which records are worth weighing beside somebody's: by what they are filed under in common, and by their names and birthdays.

Pure. Nobody is held against another for one thing alone that hundreds have, a name or a birthday. What two weigh is for
``matching.judging``.
"""

from collections.abc import Collection, Iterator

from app.matching import folding
from app.matching.judging import born_otherwise, called_otherwise, two_people
from app.matching.person import Person
from app.matching.spoken import sound, surnames
from app.residents import keys, slips

# A surname in a district or at the number of a house is not asked for: who is meant has more in common than that. Neither is one
# at a postcode: everybody of the postcode is.
LEFT_OUT = ("d:", "h:", "s:")
# A name or a birthday is one thing, whichever way it is filed: hundreds have it.
HUNDREDS_HAVE = {"f": "name", "n": "name", "b": "birthday", "y": "birthday"}
# A key that more people have says too little to compare them all: a name the sooner, since those born near are asked for too.
MOST_NAMESAKES, MOST_BEARERS = 80, 300


def asked_for(whom: Person) -> dict[str, int]:
    """The keys that somebody is looked for by, each with how many may have it: those of a record that says the same, and of the
    surname beside a birthday with a slip, which finds those of one name who may be one however many bear it."""
    filed = {key for _, key in keys.keys_of(whom) if not key.startswith(LEFT_OUT)}
    return {key: MOST_NAMESAKES if HUNDREDS_HAVE.get(key[0]) == "name" else MOST_BEARERS
            for key in filed | set(_born_with_a_slip(whom))}


def worth_weighing(whom: Person, other: Person, shared: Collection[str]) -> bool:
    """Whether the two may be one person, as far as their names, their dates of birth and the keys that they ``shared`` tell.

    Those who share a name alone may not be born on another day, and those who share a birthday alone must be called alike. The
    order of the two makes no difference.
    """
    if two_people(whom, other):
        return False
    things = {HUNDREDS_HAVE.get(key[0], key) for key in shared}
    return not (things == {"name"} and born_otherwise(whom, other) or things == {"birthday"} and called_otherwise(whom, other))


def _born_with_a_slip(whom: Person) -> Iterator[str]:
    if whom.born:
        for heard in {sound(surname) for _, family in whom.names for surname in surnames(folding.name(family))}:
            yield from (keys.born_as(heard, slip) for slip in slips.births(whom.born))
