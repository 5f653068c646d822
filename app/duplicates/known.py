"""Whether somebody who is about to be recorded is known already: the records of this hat's sight that may be theirs, and why.

What is out of sight is not looked for, so that the answer is the same whether there is such a record or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.duplicates.alike import Alike, alike
from app.duplicates.operations import COMPARED
from app.duplicates.sides import name_of
from app.journal.showing import show
from app.policy.work import Work
from app.residents import parts
from app.residents.models import Resident
from app.residents.wanted import Recorded
from app.residents.weighing import Because, because, drawn

AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Known:
    """A record that may be the newcomer's: ``because`` are the clues with what each adds, the weightiest first."""

    ref: str
    name: str = field(repr=False)
    address: str = field(repr=False)
    conclusion: str
    bits: float
    because: Sequence[Because] = field(repr=False)
    model: str


def known(work: Work, wanted: Recorded) -> list[Known]:
    """The records that may be this person's, likeliest first, journalled."""
    found = {each.resident.id: each for each in alike(work, wanted.person())[:AT_MOST]}
    if not found:
        return []
    return show(work, "resident.known", [each.resident for each in found.values()],
                lambda row, _basis: _known(row, found[row.id]), COMPARED)


@parts.knows
def known_to_programs(work: Work, wanted: Recorded) -> list[dict[str, object]]:
    """The same for the interface."""
    return [{"ref": each.ref, "name": each.name, "address_line": each.address, "bits": each.bits, "model": each.model,
             "because": [{"words": words, "bits": bits} for words, bits in each.because]} for each in known(work, wanted)]


def _known(row: Resident, found: Alike) -> Known:
    judged = found.judgement
    return Known(row.ref, name_of(found.seen), found.seen.present_address, drawn(judged).conclusion, round(judged.bits, 1),
                 because(judged), judged.model)
