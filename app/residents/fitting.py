"""How likely a record is the one that was described, in bits, and why: the clues of a search beside what may be seen of a record.

How common a name is comes from the counts of the asker's own council, or from what is published. Which records are weighed is for
``finding``.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence

from app.matching.judging import Judgement
from app.matching.person import Pair, Person
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.clues import Clues
from app.residents.queries import COMPARED
from app.residents.weighing import counted, weigh

# Records that weigh so nearly the same are told apart by nothing that was said.
ALIKE_BITS = 0.05
TOO_MANY_ALIKE = 5
DETAILS = (("born", "a date of birth"), ("postcode", "a postcode"), ("telephone", "a telephone number"))


def weighed(work: Work, clues: Clues, seen: Mapping[uuid.UUID, Person]) -> dict[uuid.UUID, Judgement]:
    """Each of these records beside what was said. Words have no order: of all ways of reading them the likeliest counts."""
    readings = described(clues)
    common = counted(work, [*readings, *seen.values()])
    return {key: max((weigh(record, said, common) for said in readings), key=lambda each: each.bits)
            for key, record in seen.items()}


def described(clues: Clues) -> list[Person]:
    """What was said, as records would say it: one for each way in which the words may be a given and a family name."""
    line, postcode = " ".join(filter(None, (clues.house, clues.street))).title(), clues.postcode or clues.outward or ""
    return [Person(names=[name] if any(name) else [], addresses=[(line, postcode)] if line or postcode else [],
                   telephones=[clues.telephone] if clues.telephone else [], emails=[clues.email] if clues.email else [],
                   born=clues.born) for name in _names(clues)]


def _names(clues: Clues) -> list[Pair]:
    if clues.given or clues.family:
        return [((clues.given or "").title(), (clues.family or "").title())]
    words = [word.title() for word in clues.names]
    # From the first word on, so that a single one may be either name.
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(min(len(words), 2) - 1, len(words)) if words]
    return list(dict.fromkeys(pair for one, other in halves for pair in ((one, other), (other, one)))) or [("", "")]


def groups_compared(clues: Clues) -> frozenset[Group]:
    """The groups in which a record can agree with what was said, or not."""
    said = {Group.NAME: clues.names or clues.given or clues.family, Group.ADDRESS: clues.postcode or clues.outward or clues.house,
            Group.CHANNELS: clues.telephone or clues.email, Group.BIRTH: clues.born}
    return frozenset(group for group, clue in said.items() if clue)


def groups_told(clues: Clues) -> list[Group]:
    """The groups of which an answer tells something: the name and the address are shown, the others agree with a clue or not."""
    compared = groups_compared(clues)
    return [group for group in COMPARED if group in (Group.NAME, Group.ADDRESS) or group in compared]


def one_more(clues: Clues, bits: Sequence[float]) -> str | None:
    """What would tell apart the many that fit equally well; None where few do. ``bits`` are those of what is shown, best first."""
    alike = sum(bits[0] - each < ALIKE_BITS for each in bits) if bits else 0
    lacking = [words for clue, words in DETAILS if not getattr(clues, clue)]
    if alike <= TOO_MANY_ALIKE or clues.ref or not lacking:
        return None
    return f"{alike} people fit equally well: add {_either(lacking[:2])} to tell them apart"


def _either(words: Collection[str]) -> str:
    return " or ".join(words)
