"""Which combination a hat and a resident make, told from the facts alone, so that a world's completeness can be proved.

The generator's own plan is not consulted: only what ended up in the world counts.
"""

from .facts import COPY_GROUPS, Assignment, Hat, Request, Resident, World
from .generate import ANSWERS

SAYINGS = {answers: word for word, answers in ANSWERS.items()}


def home_class(world: World, council: str, resident: Resident) -> str:
    """The home as the council sees it, with moves on both sides of today."""
    moving = resident.home_until is not None
    moved = moving and resident.home_until <= world.today
    if moved and resident.home == council:
        return "gone elsewhere" if resident.next_home else "gone away"
    if moved and resident.next_home == council:
        return "arrived"
    if moving and not moved and resident.home == council:
        return "leaving"
    if moving and not moved and resident.next_home == council:
        return "arriving"
    present = resident.next_home if moved else resident.home
    return "here" if present == council else "elsewhere" if present else "nowhere"


def sharing_class(resident: Resident) -> str:
    return SAYINGS[tuple(answer for _, answer in resident.sharing)]


def objection_class(world: World, organisation: str, resident: Resident) -> str:
    ends = [objection.until for objection in resident.objections if objection.organisation == organisation]
    if not ends:
        return "none"
    return "ended" if all(end is not None and end <= world.now for end in ends) else "active"


def disclosure_classes(world: World, hat: Hat, resident: Resident) -> set[str]:
    """How disclosures stand towards the hat: one word for each that names its organisation or its person there."""
    found = set()
    for disclosure in resident.disclosures:
        if hat.organisation != disclosure.organisation or disclosure.person not in (None, hat.person):
            continue
        if disclosure.until <= world.now:
            found.add("over")
        elif disclosure.start > world.now:
            found.add("not begun")
        else:
            found.add("person" if disclosure.person else "organisation")
    return found or {"none"}


def council_classes(world: World) -> set[tuple]:
    """(restricted, protected, home, sharing, objection, related, disclosure) of every council hat and resident."""
    councils = {organisation.slug for organisation in world.organisations if organisation.kind == "council"}
    found = set()
    for resident in world.residents:
        state = (resident.restricted, resident.protected)
        for hat in world.hats:
            if hat.organisation in councils:
                seen = (home_class(world, hat.organisation, resident), sharing_class(resident),
                        objection_class(world, hat.organisation, resident), hat.person in resident.relations)
                found |= {(*state, *seen, disclosure) for disclosure in disclosure_classes(world, hat, resident)}
    return found


def agreement_class(world: World, assignment: Assignment, request: Request) -> str:
    agreement = world.agreement[assignment.agreement]
    if agreement.valid_from > world.on:
        return "not begun"
    if agreement.valid_to is not None and agreement.valid_to <= world.on:
        return "over"
    if request.lgsl not in agreement.services:
        return "other service"
    if request.responsible not in agreement.councils:
        return "other council"
    if "deliver" not in agreement.purposes:
        return "other purpose"
    named = len(agreement.groups & COPY_GROUPS)
    return {0: "disjoint", len(COPY_GROUPS): "whole"}.get(named, "part")


def job_class(world: World, assignment: Assignment, request: Request) -> str:
    if request.closed_at is not None:
        return "closed" if assignment.until is not None else "closed but left running"
    return "refused" if assignment.until is not None else "running"


def partner_classes(world: World) -> set[tuple]:
    """(restricted, protected, job, agreement, objection, related, disclosed) of every worker, resident and job."""
    requests = {request.ref: request for request in world.requests}
    found = set()
    for assignment in world.assignments:
        request = requests[assignment.request]
        if request.resident is None:
            continue
        resident = world.resident[request.resident]
        for hat in world.hats:
            if hat.organisation == assignment.organisation and hat.role != "partner_manager":
                disclosed = bool({"organisation", "person"} & disclosure_classes(world, hat, resident))
                found.add((resident.restricted, resident.protected, job_class(world, assignment, request),
                           agreement_class(world, assignment, request),
                           objection_class(world, hat.organisation, resident), hat.person in resident.relations,
                           disclosed))
    return found


def request_class(world: World, request: Request) -> tuple:
    """(intake, permission, linked, closed, typing, assigned)."""
    return (request.intake, request.permission, request.resident is not None, request.closed_at is not None,
            world.contact[request.contact].ended is None, request.ref in world.assignments_of)


def service_classes(world: World) -> set[tuple]:
    """(home here, responsible, unit, closed, restricted, protected) of every officer and linked request."""
    found = set()
    officers = [hat for hat in world.hats if hat.role == "service_officer"]
    for request in world.requests:
        if request.resident is None:
            continue
        resident = world.resident[request.resident]
        for hat in officers:
            unit = "any" if hat.unit is None else "same" if hat.unit == request.unit \
                else "none" if request.unit is None else "other"
            here = home_class(world, hat.organisation, resident) in ("here", "leaving", "arrived")
            found.add((here, request.responsible == hat.organisation, unit, request.closed_at is not None,
                       resident.restricted, resident.protected))
    return found
