"""Who may see what, said once more in plain Python from the promises, so that the application can be held against it.

How the questions are put
    `resident_groups`  field group -> the scopes that give it.
    `exists_for`       whether the resident exists for a hat: exactly when it sees some group.
    `request_parts`    of 'stub' (reference, service, dates, status word), 'job' (what is to be done), the groups of the
                       request's own copy of the contact details, and 'link' (which resident it belongs to: shown only
                       where the resident exists for the hat).
    `contact_parts`    of 'stub', 'note' and 'link'.
    `floor.floor`      exactly what row security shows, which is no less than any hat of the audience may see.

How the promises are read where they leave room
 1. Home today is `home`, from `home_until` on `next_home`, which may be none.
 2. `home`: the organisation is the home today. `kept`: it is the keeper. `consented`: it is a council, another council
    is the home today, and the latest answer about sharing is *given*. Without a home today nothing is shared.
 3. `assigned`: an open request linked to the resident, running with the organisation, under an agreement of that
    partner which is in force on `world.on` and names the purpose deliver and the service. It gives those of name,
    address, channels and needs that both service and agreement name. The choice `passing` governs new assignments
    and does not cut a running one; an objection cuts it.
 4. An adviser or team leader sees residents for an enquiry only within an open contact of their own. A team leader who
    looks for duplicates (match) needs no contact and sees name, address, channels and birth.
 5. `served`: a home resident with an open request for which the council is responsible, of the officer's unit if the
    hat carries one.
 6. `sensitive` is seen by an information officer, or where a disclosure names it. `disclosed` reaches every role of
    the named organisation, or the named person, but not administrator, auditor, service manager, partner manager.
 7. Masks come after the union of grants. `protected` takes nothing from `disclosed`: only the law is stronger. Its lift
    belongs to the team leader at the home today and to the information officer of the keeper.
 8. A request is masked through the resident it is linked to; one that is not linked has no mask. `restricted` takes
    every scope but `kept` of the information officer: even the stub.
 9. A contact's stub says nothing of a resident: the council that had it keeps it whatever is masked, and whoever is in
    it sees it. Without an open contact that is all of contacts that advisers see.
10. The floor knows no purpose, contact or role beyond the audience. `restricted` takes all but `disclosed` there (and
    `kept` for rights), since a floor may never hide what the rules show. Own records are taken off for everybody, and
    administrators, auditors, service managers and partner managers (the audience office) stand on nothing.
11. An information officer sees whole the requests of kept residents and those the council answers for. Of one that the
    council took for another the officer sees what R3 gives the taker: the stub.
"""

from .facts import GROUPS, Contact, Hat, Request, Resident, World
from .moment import (
    DELIVER_GROUPS,
    NOTHING,
    consented,
    disclosed,
    during,
    home_today,
    in_contact,
    in_hand,
    is_open,
    objects,
    of_unit,
    passed_to,
)

ANSWERERS = {"adviser", "team_leader"}
PARTNERS = {"contractor", "voluntary"}
WITHOUT_RESIDENTS = {"administrator", "auditor", "service_manager", "partner_manager"}
HOME_GROUPS = GROUPS - {"sensitive"}
CONSENTED_GROUPS = HOME_GROUPS - {"identity"}
MATCH_GROUPS = frozenset({"name", "address", "channels", "birth"})


# The grants: each says which groups its scope gives this hat, for this purpose, of this resident

def by_home(world: World, hat: Hat, purpose: str, resident: Resident, contact_open: bool) -> frozenset[str]:
    """R1: the home council sees its residents."""
    if home_today(world, resident) != hat.organisation:
        return NOTHING
    if hat.role in ANSWERERS and purpose == "enquiry" and contact_open:
        return HOME_GROUPS
    if hat.role == "team_leader" and purpose == "match":
        return MATCH_GROUPS
    return NOTHING


def by_consent(world: World, hat: Hat, purpose: str, resident: Resident, contact_open: bool) -> frozenset[str]:
    """R2: the other member councils see a resident who gave the sharing choice, without identity."""
    if not consented(world, hat.organisation, resident):
        return NOTHING
    if hat.role in ANSWERERS and purpose == "enquiry" and contact_open:
        return CONSENTED_GROUPS
    if hat.role == "team_leader" and purpose == "match":
        return MATCH_GROUPS
    return NOTHING


def by_service(world: World, hat: Hat, purpose: str, resident: Resident) -> frozenset[str]:
    """R3, R13: the home council's officer sees the residents whose open request is the officer's."""
    if hat.role != "service_officer" or purpose != "deliver" or home_today(world, resident) != hat.organisation:
        return NOTHING
    served = any(is_open(world, request) and request.responsible == hat.organisation and of_unit(hat, request)
                 for request in world.requests_of.get(resident.ref, ()))
    return DELIVER_GROUPS if served else NOTHING


def by_assignment(world: World, hat: Hat, purpose: str, resident: Resident) -> frozenset[str]:
    """R3: a partner sees through an open job only."""
    if hat.role not in PARTNERS or purpose != "deliver":
        return NOTHING
    jobs = world.requests_of.get(resident.ref, ())
    return NOTHING.union(*(passed_to(world, request, hat.organisation) for request in jobs))


def by_keeping(hat: Hat, purpose: str, resident: Resident) -> frozenset[str]:
    """R12, R22: the keeper's information officer answers for the whole record."""
    keeps = hat.role == "information_officer" and purpose == "rights" and resident.keeper == hat.organisation
    return GROUPS if keeps else NOTHING


def by_law(world: World, hat: Hat, purpose: str, resident: Resident) -> frozenset[str]:
    """R4, R9: some roles never see a resident, even if their organisation is named."""
    if purpose != "protect" or hat.role in WITHOUT_RESIDENTS:
        return NOTHING
    return disclosed(world, hat.organisation, hat.person, resident)


# The masks

def own_record(hat: Hat, resident: Resident) -> bool:
    return hat.person in resident.relations


def lifted(world: World, hat: Hat, resident: Resident) -> bool:
    """Who still sees a protected resident's address and channels."""
    if hat.role == "information_officer":
        return resident.keeper == hat.organisation
    return hat.role == "team_leader" and home_today(world, resident) == hat.organisation


def shielded(world: World, hat: Hat, resident: Resident) -> frozenset[str]:
    """What `protected` takes through every scope but `disclosed`."""
    return frozenset({"address", "channels"}) if resident.protected and not lifted(world, hat, resident) else NOTHING


def masked_scopes(world: World, hat: Hat, resident: Resident) -> set[str]:
    """R5: the scopes taken away whole."""
    taken = set()
    if objects(world, resident, hat.organisation):
        taken |= {"consented", "assigned"}
    if resident.restricted:
        taken |= {"home", "consented", "served", "assigned"}
    if own_record(hat, resident):
        taken |= {"home", "consented", "served", "assigned", "kept", "disclosed"}
    return taken


# The answers

def scopes(world: World, hat: Hat, purpose: str, resident: Resident, contact_open: bool) -> dict[str, frozenset[str]]:
    """Scope -> the groups it gives; a scope that gives none is left out."""
    granted = {
        "home": by_home(world, hat, purpose, resident, contact_open),
        "consented": by_consent(world, hat, purpose, resident, contact_open),
        "served": by_service(world, hat, purpose, resident),
        "assigned": by_assignment(world, hat, purpose, resident),
        "kept": by_keeping(hat, purpose, resident),
        "disclosed": by_law(world, hat, purpose, resident),
    }
    if not any(granted.values()):
        return {}
    taken, shield = masked_scopes(world, hat, resident), shielded(world, hat, resident)
    left = {scope: groups if scope == "disclosed" else groups - shield for scope, groups in granted.items()}
    return {scope: groups for scope, groups in left.items() if groups and scope not in taken}


def exists_for(world: World, hat: Hat, purpose: str, resident: Resident, contact_open: bool) -> bool:
    """R6."""
    return bool(scopes(world, hat, purpose, resident, contact_open))


def resident_groups(world: World, hat: Hat, purpose: str, resident: Resident,
                    contact_open: bool) -> dict[str, set[str]]:
    """R1-R5, R9: what of the record the hat may see for the purpose, and through which scopes."""
    seen: dict[str, set[str]] = {}
    for scope, groups in scopes(world, hat, purpose, resident, contact_open).items():
        for group in groups:
            seen.setdefault(group, set()).add(scope)
    return seen


def request_parts(world: World, hat: Hat, purpose: str, request: Request, contact: Contact | None) -> set[str]:
    """R3, R18: what of a request the hat may see; `contact` is the one it is in, or none."""
    resident = world.resident[request.resident] if request.resident is not None else None
    if resident is not None and own_record(hat, resident):
        return set()
    if hat.role in ANSWERERS and purpose == "enquiry":
        parts = answerers_parts(world, hat, request, resident, contact)
    elif hat.role == "service_officer" and purpose == "deliver":
        parts = officers_parts(world, hat, request)
    elif hat.role in PARTNERS and purpose == "deliver":
        parts = partners_parts(world, hat, request, resident)
    elif hat.role == "information_officer" and purpose == "rights":
        parts = rights_parts(hat, request, resident)
    else:
        parts = set()
    if resident is None:
        return parts
    if resident.restricted and not (hat.role == "information_officer" and resident.keeper == hat.organisation):
        return set()
    if parts and exists_for(world, hat, purpose, resident, in_contact(world, hat, contact)):
        parts |= {"link"}
    return parts - shielded(world, hat, resident)


def whole(request: Request) -> set[str]:
    return {"stub", "job"} | request.copy


def answerers_parts(world: World, hat: Hat, request: Request, resident: Resident | None,
                    contact: Contact | None) -> set[str]:
    """R3, R18: the taker's stub, an intake while it is being typed, and the history of a visible resident."""
    if not in_contact(world, hat, contact):
        return set()
    parts: set[str] = set()
    if request.taken_by == hat.organisation:
        parts |= {"stub"}
        if request.intake and being_typed(world, request):
            parts |= {"job"} | request.copy
    if resident is not None and history_seen(world, hat, resident, contact_open=True):
        parts |= {"stub", "job"}
    return parts


def being_typed(world: World, request: Request) -> bool:
    """R18: the contact in which it was taken is still open, and the taker's."""
    contact = world.contact[request.contact]
    return contact.organisation == request.taken_by and during(world, contact.started, contact.ended)


def history_seen(world: World, hat: Hat, resident: Resident, contact_open: bool) -> bool:
    """Whether the hat sees the resident's history as the home or a consented council."""
    through = resident_groups(world, hat, "enquiry", resident, contact_open).get("history", set())
    return bool(through & {"home", "consented"})


def officers_parts(world: World, hat: Hat, request: Request) -> set[str]:
    """R3, R17, R18: the whole request for who answers for it; an intake for the home that must match it."""
    if request.responsible == hat.organisation and of_unit(hat, request):
        return whole(request)
    to_match = (request.intake and request.intake_home == hat.organisation and request.permission == "given"
                and request.resident is None and is_open(world, request))
    return whole(request) if to_match else set()


def partners_parts(world: World, hat: Hat, request: Request, resident: Resident | None) -> set[str]:
    """R3, R5, R15: the job while it is in hand; whatever was ever passed leaves its stub."""
    if not any(a.organisation == hat.organisation for a in world.assignments_of.get(request.ref, ())):
        return set()
    objected = resident is not None and objects(world, resident, hat.organisation)
    if objected or not in_hand(world, request, hat.organisation):
        return {"stub"}
    return {"stub", "job"} | (request.copy & passed_to(world, request, hat.organisation))


def rights_parts(hat: Hat, request: Request, resident: Resident | None) -> set[str]:
    """R3, R22: requests of kept residents, and those the council answers for; of those it only took, the stub."""
    kept = resident is not None and resident.keeper == hat.organisation
    if kept or request.responsible == hat.organisation:
        return whole(request)
    return {"stub"} if request.taken_by == hat.organisation else set()


def contact_parts(world: World, hat: Hat, purpose: str, seen: Contact, contact: Contact | None) -> set[str]:
    """R10, R22: what of the contact `seen` the hat may see while in `contact`, or in none."""
    resident = world.resident[seen.resident] if seen.resident is not None else None
    if hat.role in ANSWERERS and purpose == "enquiry":
        if resident is not None and history_seen(world, hat, resident, in_contact(world, hat, contact)):
            return {"stub", "link", "note"}
        mine = world.hat[seen.hat].person == hat.person and during(world, seen.started, seen.ended)
        return {"stub"} if seen.organisation == hat.organisation or mine else set()
    if hat.role == "information_officer" and purpose == "rights":
        kept = resident is not None and resident.keeper == hat.organisation and not own_record(hat, resident)
        return {"stub", "link", "note"} if kept else set()
    return set()
