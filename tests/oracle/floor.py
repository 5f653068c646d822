"""What row security shows, row for row: the wall behind the rules, which knows an audience and little else.

It knows no purpose, no contact, no field group and no role. Whatever a hat of the audience may see stands on it.
"""

from dataclasses import dataclass

from .facts import Hat, Request, Resident, World
from .moment import consented, disclosed, home_today, in_hand, objects


@dataclass(frozen=True)
class Floor:
    residents: frozenset[str]
    requests: frozenset[str]


def audience(hat: Hat) -> str:
    """The audience whose row security stands behind the hat."""
    if hat.role == "information_officer":
        return "rights"
    if hat.role in {"administrator", "auditor", "service_manager", "partner_manager"}:
        return "office"
    return "partner" if hat.role in {"contractor", "voluntary"} else "council"


def floor(world: World, audience: str, organisation: str, person: str | None = None) -> Floor:
    """R9: audiences council, partner, rights. Office sees no resident. A job stands on the floor of who it acts for;
    alone it sees nothing."""
    rules = {"council": (council_resident, council_request), "partner": (partner_resident, partner_request),
             "rights": (rights_resident, rights_request)}
    if audience not in rules:
        return Floor(frozenset(), frozenset())
    sees_resident, sees_request = rules[audience]
    residents = frozenset(r.ref for r in world.residents if sees_resident(world, organisation, person, r))
    requests = frozenset(q.ref for q in world.requests if sees_request(world, organisation, residents, q))
    return Floor(residents, requests)


def council_resident(world: World, organisation: str, person: str | None, resident: Resident) -> bool:
    """R1, R2, R4."""
    if person in resident.relations:
        return False
    if disclosed(world, organisation, person, resident):
        return True
    at_home = home_today(world, resident) == organisation
    shared = consented(world, organisation, resident) and not objects(world, resident, organisation)
    return not resident.restricted and (at_home or shared)


def partner_resident(world: World, organisation: str, person: str | None, resident: Resident) -> bool:
    """R3, R4, R5."""
    if person in resident.relations:
        return False
    if disclosed(world, organisation, person, resident):
        return True
    return (not resident.restricted and not objects(world, resident, organisation)
            and any(in_hand(world, request, organisation) for request in world.requests_of.get(resident.ref, ())))


def rights_resident(world: World, organisation: str, person: str | None, resident: Resident) -> bool:
    """R4, R22."""
    if person in resident.relations:
        return False
    return resident.keeper == organisation or bool(disclosed(world, organisation, person, resident))


def council_request(world: World, organisation: str, residents: frozenset[str], request: Request) -> bool:
    """R3, R18."""
    offered = request.intake_home == organisation and request.permission == "given"
    return organisation in (request.taken_by, request.responsible) or offered or request.resident in residents


def partner_request(world: World, organisation: str, residents: frozenset[str], request: Request) -> bool:
    """R3, R15: whatever was ever passed."""
    return any(a.organisation == organisation for a in world.assignments_of.get(request.ref, ()))


def rights_request(world: World, organisation: str, residents: frozenset[str], request: Request) -> bool:
    """R3, R22."""
    return request.resident in residents or organisation in (request.taken_by, request.responsible)
