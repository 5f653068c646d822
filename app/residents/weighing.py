"""Two records weighed by the matcher, with the shipped weights: what this hat may see of both goes in, and nothing else.

How common a name is comes from the counts of the asker's own council, or from what is published: never from records of another.
"""

from collections.abc import Iterable, Sequence

from app.matching.frequencies import Frequencies
from app.matching.judging import Judgement, Verdict, judge, settle
from app.matching.person import Person
from app.matching.queries import frequencies
from app.matching.waterfall import Waterfall, waterfall
from app.matching.weighing import Lines, Weights, shipped
from app.policy.work import Work
from app.residents.ranking import Seen

# What agrees or not, in words, and what it adds.
Because = tuple[str, float]
WORTH_LOOKING_AT = frozenset({Verdict.LINK, Verdict.REVIEW})


def weights() -> Weights:
    """The version in use."""
    return shipped()


def lines() -> Lines:
    """From how many bits on two records are one person's, and from how many a person decides."""
    return weights().lines


def counted(work: Work, people: Iterable[Seen]) -> Frequencies:
    """How common the details of these people are, for weighing them: read once for all of them."""
    return frequencies(work, map(_person, people))


def weigh(one: Seen, other: Seen, common: Frequencies) -> Judgement:
    """How likely two records are one person's, and why."""
    return judge(_person(one), _person(other), weights(), common)


def weigh_all(work: Work, one: Seen, others: Sequence[Seen]) -> list[Judgement]:
    """One record beside several, of which at most one can be the same person's beyond doubt."""
    common = counted(work, (one, *others))
    return settle([weigh(one, other, common) for other in others], weights())


def possible(judgement: Judgement) -> bool:
    """Whether a person should look at it."""
    return judgement.verdict in WORTH_LOOKING_AT


def because(judgement: Judgement) -> list[Because]:
    """Why, in words: each clue with what it adds, the weightiest first."""
    return sorted(((part.words, round(part.bits, 1)) for part in judgement.parts), key=lambda each: -each[1])


def drawn(judgement: Judgement) -> Waterfall:
    """The judgement as steps to draw."""
    return waterfall(judgement, lines())


def _person(seen: Seen) -> Person:
    return Person(seen.names, seen.addresses, seen.telephones, seen.emails, seen.born)
