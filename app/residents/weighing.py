"""Two records weighed by the matcher, with the weights in use: what this hat may see of both goes in, and nothing else.

How common a name is comes from the counts of the asker's own council, or from what is published: never from records of another.
"""

from collections.abc import Iterable, Sequence

from app.matching.judging import Judgement, Verdict, judge, settle
from app.matching.person import Person
from app.matching.queries import Standard, in_use, standard
from app.matching.waterfall import Waterfall, waterfall
from app.matching.weighing import Weights
from app.policy.work import Work

# What agrees or not, in words, and what it adds.
Because = tuple[str, float]
WORTH_LOOKING_AT = frozenset({Verdict.LINK, Verdict.REVIEW})


def weights(work: Work) -> Weights:
    """The version in use."""
    return in_use(work.session)


def counted(work: Work, people: Iterable[Person]) -> Standard:
    """What these people are weighed by: read once for all of them."""
    return standard(work, people)


def weigh(one: Person, other: Person, common: Standard) -> Judgement:
    """How likely two records are one person's, and why."""
    return judge(one, other, common.weights, common.frequencies)


def weigh_all(work: Work, one: Person, others: Sequence[Person]) -> list[Judgement]:
    """One record beside several, of which at most one can be the same person's beyond doubt."""
    common = counted(work, (one, *others))
    return settle([weigh(one, other, common) for other in others], common.weights)


def possible(judgement: Judgement) -> bool:
    """Whether a person should look at it."""
    return judgement.verdict in WORTH_LOOKING_AT


def because(judgement: Judgement) -> list[Because]:
    """Why, in words: each clue with what it adds, the weightiest first."""
    return sorted(((part.words, round(part.bits, 1)) for part in judgement.parts), key=lambda each: -each[1])


def drawn(judgement: Judgement) -> Waterfall:
    """The judgement as steps to draw."""
    return waterfall(judgement)
