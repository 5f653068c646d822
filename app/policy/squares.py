"""A table of squares as pages draw it: parts of a record down, under each role its columns across. Which squares there are, and
what each says, is for whoever draws one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.policy.sentences import started
from app.policy.words import Role


@dataclass(frozen=True, slots=True)
class Shown:
    """One square: its word, symbol and tint say the same. Where it opens, and whether it is the open one."""

    word: str
    symbol: str
    tint: str
    name: str
    query: dict[str, str]
    opened: bool


def spans(roles: Iterable[Role]) -> list[tuple[str, int]]:
    """Each role's heading and how many columns it stands over."""
    held: dict[Role, int] = {}
    for role in roles:
        held[role] = held.get(role, 0) + 1
    return [(started(role.sentence), count) for role, count in held.items()]
