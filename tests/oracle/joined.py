"""What holds of a person whose records were joined: nothing is moved, and what decides on sight is for each of the records the
strictest of them all (R20). The oracles read one record at a time; here a world is told so that they may.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from .facts import Resident, World
from .generate import ANSWERS

# No beats not asked, and not asked beats yes.
STRICTNESS = ("refused", "withdrawn", "never", "given")


@dataclass(frozen=True)
class Joining:
    """Two records found to be one person's; ``parted`` says that it was undone."""

    survivor: str
    other: str
    parted: bool = False


def strictest(world: World, joinings: Collection[Joining]) -> World:
    """The world with every record as strict as the strictest of its person's. What was parted is as it was before."""
    joined: dict[str, list[Resident]] = defaultdict(list)
    for joining in joinings:
        if not joining.parted:
            whole = joined[joining.survivor] or [world.resident[joining.survivor]]
            joined[joining.survivor] = [*whole, world.resident[joining.other]]
    as_strict = {record.ref: _as_strict(record, records) for records in joined.values() for record in records}
    return replace(world, residents=tuple(as_strict.get(each.ref, each) for each in world.residents))


def _as_strict(record: Resident, records: Collection[Resident]) -> Resident:
    said = min((_last(each) for each in records), key=STRICTNESS.index)
    moment = max((at for each in records for at, _ in each.sharing), default=None)
    return replace(
        record, protected=any(each.protected for each in records),
        sharing=tuple((moment, answer) for answer in ANSWERS[said][-1:]) if moment else (),
        objections=tuple(objection for each in records for objection in each.objections),
        relations=frozenset().union(*(each.relations for each in records)))


def _last(record: Resident) -> str:
    return max(record.sharing, key=lambda said: said[0])[1] if record.sharing else "never"
