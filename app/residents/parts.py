"""What other features put into a record: the groups that their tables hold, and what they do when one is recorded.

They stand above residents, so they register here and are called; without them a record has no such part.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from app.policy.groups import Group
from app.policy.work import Work
from app.residents.models import Resident
from app.residents.wanted import Recorded

# The plain value of one group of a record, for the API: what ``show`` hands out.
Reading = Callable[[Work, Resident], Any]


class TakingChoices(Protocol):
    """Keeps what the resident chose while being recorded."""

    def __call__(self, work: Work, resident: Resident, answers: Mapping[str, str], channel: str) -> None: ...


class Knowing(Protocol):
    """Says which records may be those of somebody who is about to be recorded, as plain values."""

    def __call__(self, work: Work, wanted: Recorded) -> list[dict[str, object]]: ...


R = TypeVar("R", bound=Reading)
_readings: dict[Group, Reading] = {}
_taking: list[TakingChoices] = []
_knowing: list[Knowing] = []


def part(group: Group) -> Callable[[R], R]:
    """Register who reads a group that no table of residents holds. Raises ValueError where somebody does already."""

    def register(reading: R) -> R:
        if group in _readings:
            raise ValueError(f"the group {group} is read twice")
        _readings[group] = reading
        return reading

    return register


def readings() -> Mapping[Group, Reading]:
    """Who reads which group."""
    return _readings


def takes_choices(taking: TakingChoices) -> TakingChoices:
    """Register who keeps the choices."""
    _taking.append(taking)
    return taking


def take_choices(work: Work, resident: Resident, answers: Mapping[str, str], channel: str) -> None:
    """Hand on what was chosen."""
    for taking in _taking:
        taking(work, resident, answers, channel)


def knows(knowing: Knowing) -> Knowing:
    """Register who knows records that may be a newcomer's."""
    _knowing.append(knowing)
    return knowing


def known(work: Work, wanted: Recorded) -> list[dict[str, object]]:
    """The records that may be a newcomer's; none where nobody is registered."""
    return [each for knowing in _knowing for each in knowing(work, wanted)]
