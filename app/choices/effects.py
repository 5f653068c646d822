"""Who sees a resident because of what was said, and so who gains or loses sight when something else is said.

Pure: it is given what the rules grant, and decides nothing. What is granted stands in the policy alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.policy.groups import Group


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, and the groups that the rules would grant it: by sharing, or in a request it has in hand."""

    slug: str
    name: str
    is_council: bool
    groups: frozenset[Group]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides on sight: the home council today (None: outside the partnership), sharing, who is objected to."""

    home: str | None
    sharing: bool
    objected: frozenset[str] = frozenset()

    def with_sharing(self, given: bool) -> "Standing":
        return replace(self, sharing=given)

    def with_objection(self, slug: str, active: bool) -> "Standing":
        return replace(self, objected=self.objected | {slug} if active else self.objected - {slug})


@dataclass(frozen=True, slots=True)
class Sight:
    """An organisation that gains or loses sight of these groups; a partner only of requests that it has in hand."""

    organisation: str
    name: str
    groups: tuple[str, ...]
    only_requests: bool

    def words(self) -> str:
        """The groups in words for people."""
        said = [Group(group).sentence for group in self.groups]
        return " and ".join(filter(None, [", ".join(said[:-1]), said[-1] if said else "nothing"]))


@dataclass(frozen=True, slots=True)
class Effect:
    """Who gains and who loses."""

    gains: tuple[Sight, ...] = ()
    loses: tuple[Sight, ...] = ()


def effect(before: Standing, after: Standing, parties: Sequence[Party]) -> Effect:
    """The difference that a change makes."""
    return Effect(_more(before, after, parties), _more(after, before, parties))


def _more(before: Standing, after: Standing, parties: Collection[Party]) -> tuple[Sight, ...]:
    return tuple(Sight(party.slug, party.name, tuple(sorted(map(str, party.groups))), not party.is_council)
                 for party in parties if _sees(after, party) and not _sees(before, party))


def _sees(standing: Standing, party: Party) -> bool:
    if party.is_council and party.slug == standing.home:
        return True
    if party.slug in standing.objected or not party.groups:
        return False
    return (standing.sharing and standing.home is not None) if party.is_council else True


