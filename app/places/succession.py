"""Councils begin, end and are succeeded by others: which of them cover a place on a date, and whose home it is.

Pure: it is given the codes that a publisher's file states for a place and the register of authorities.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

COUNTY, BOROUGH, UNITARY = "county", "borough", "unitary"
TIERS = (COUNTY, BOROUGH, UNITARY)
# Where a council outside the register is found by the person who needs it.
FIND_A_COUNCIL = "https://www.gov.uk/find-local-council"


@dataclass(frozen=True, slots=True)
class Council:
    """One authority's facts. ``member`` is the slug of the organisation, if it belongs to the partnership."""

    gss: str
    name: str
    tier: str
    begins: date | None = None
    ends: date | None = None
    successor: str | None = None
    member: str | None = None
    homepage: str | None = None

    def stands(self, on: date) -> bool:
        """Whether it exists on that day; the end is the first day on which it no longer does."""
        return (self.begins is None or self.begins <= on) and (self.ends is None or on < self.ends)


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is stated of a place: the codes of its district (or unitary) and of its county, as they then were."""

    district_gss: str | None
    county_gss: str | None = None


Councils = tuple[Council, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The councils that cover a place. More than one possibility means that the address has to be asked."""

    possibilities: tuple[Councils, ...]

    @property
    def certain(self) -> Councils:
        """The councils that cover it whichever possibility is true."""
        first, *others = self.possibilities or ((),)
        return tuple(council for council in first if all(council in other for other in others))

    @property
    def candidates(self) -> Councils:
        """The councils between which the address decides."""
        certain = self.certain
        found = {council for possible in self.possibilities for council in possible if council not in certain}
        return tuple(sorted(found, key=lambda council: (_rank(council), council.name)))

    @property
    def home(self) -> Council | None:
        """The home council, where every possibility gives the same."""
        homes = {home_of(possible) for possible in self.possibilities}
        return homes.pop() if len(homes) == 1 else None


class Register:
    """The authorities by code, able to follow a code forward through mergers and back before them."""

    def __init__(self, councils: Iterable[Council]) -> None:
        self._by_gss = {council.gss: council for council in councils}
        self._before: dict[str, list[Council]] = {}
        for council in self._by_gss.values():
            if council.successor:
                self._before.setdefault(council.successor, []).append(council)

    def __len__(self) -> int:
        return len(self._by_gss)

    def __contains__(self, gss: str) -> bool:
        return gss in self._by_gss

    def get(self, gss: str) -> Council | None:
        """The authority of that code, whether it stands or not."""
        return self._by_gss.get(gss)

    def standing(self, gss: str, on: date) -> Councils:
        """Who stood that day for the area of a code: itself, a successor, or the predecessors it was made from.

        Several where the date lies before a merger; none where an authority ended with no successor stated.
        """
        council = self._by_gss.get(gss)
        if council is None:
            return (_unregistered(gss),)
        if council.stands(on):
            return (council,)
        if council.begins is not None and on < council.begins:
            return tuple(found for before in self._before.get(gss, ()) for found in self._backward(before, on))
        return self.standing(council.successor, on) if council.successor in self._by_gss else ()

    def _backward(self, council: Council, on: date) -> Councils:
        """Only looks further back: a predecessor that had already ended by then is not followed forward again."""
        if council.stands(on):
            return (council,)
        if council.ends is not None and on >= council.ends:
            return ()
        return tuple(found for before in self._before.get(council.gss, ()) for found in self._backward(before, on))


def councils_covering(stated: Sequence[PlaceFacts], authorities: Register, on: date) -> Coverage:
    """Which councils cover a place that day, from one statement about it, or from several of which one is true."""
    found: dict[Councils, None] = {}
    for facts in stated:
        for possible in _possibilities(facts, authorities, on):
            found.setdefault(possible)
    return Coverage(tuple(found))


def _possibilities(facts: PlaceFacts, authorities: Register, on: date) -> list[Councils]:
    lower = authorities.standing(facts.district_gss, on) if facts.district_gss else ()
    upper = authorities.standing(facts.county_gss, on) if facts.county_gss else ()
    # Looking back before a merger of all tiers, the district's code leads to the old county as well.
    counties = tuple(dict.fromkeys(c for c in (*upper, *lower) if c.tier == COUNTY))
    districts = tuple(dict.fromkeys(c for c in lower if c.tier != COUNTY))
    if not districts:
        return [counties or upper] if counties or upper else []
    # A unitary has no county above it; what the old county became elsewhere is not this place's.
    return [(district,) if district.tier == UNITARY else (district, *counties) for district in districts]


def home_of(councils: Iterable[Council]) -> Council | None:
    """Of the member councils covering an address the lowest tier; none outside the partnership."""
    return min((council for council in councils if council.member), key=_rank, default=None)


def outside(councils: Iterable[Council]) -> Councils:
    """Those that the partnership cannot answer for, to whom a caller is signposted."""
    return tuple(council for council in councils if not council.member)


def _rank(council: Council) -> int:
    return 1 if council.tier == COUNTY else 0


def _unregistered(gss: str) -> Council:
    """A council that the register does not name. The kind of area is the code's own first three characters."""
    tier = {"E07": BOROUGH, "E10": COUNTY}.get(gss[:3], UNITARY)
    return Council(gss, f"The council with the code {gss}", tier, homepage=FIND_A_COUNCIL)
