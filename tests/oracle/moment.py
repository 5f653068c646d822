"""What is true at the moment of asking: where home is, what was said, which job is in hand, what the law opens.

One fact a function. Who may see what because of it is said in `oracle` and `floor`.
"""

from datetime import datetime

from .facts import Agreement, Contact, Hat, Request, Resident, World

DELIVER_GROUPS = frozenset({"name", "address", "channels", "needs"})
NOTHING: frozenset[str] = frozenset()


def during(world: World, start: datetime, until: datetime | None) -> bool:
    return start <= world.now and (until is None or world.now < until)


def home_today(world: World, resident: Resident) -> str | None:
    """R1, R14."""
    moved = resident.home_until is not None and world.today >= resident.home_until
    return resident.next_home if moved else resident.home


def sharing_given(resident: Resident) -> bool:
    """R2: the latest answer counts; refused, withdrawn and never asked are the same."""
    return bool(resident.sharing) and max(resident.sharing, key=lambda said: said[0])[1] == "given"


def consented(world: World, organisation: str, resident: Resident) -> bool:
    """R2, R14."""
    home = home_today(world, resident)
    return (world.organisation[organisation].kind == "council" and home is not None and home != organisation
            and sharing_given(resident))


def objects(world: World, resident: Resident, organisation: str) -> bool:
    """R5."""
    return any(o.organisation == organisation and during(world, o.start, o.until) for o in resident.objections)


def is_open(world: World, request: Request) -> bool:
    return request.closed_at is None or world.now < request.closed_at


def in_contact(world: World, hat: Hat, contact: Contact | None) -> bool:
    """Whether the hat is in an open contact of its own."""
    return contact is not None and contact.hat == hat.key and during(world, contact.started, contact.ended)


def of_unit(hat: Hat, request: Request) -> bool:
    """Need to know inside a council: a hat without a unit answers for all."""
    return hat.unit is None or hat.unit == request.unit


# The job in hand

def covers(world: World, agreement: Agreement, organisation: str, request: Request) -> bool:
    """R3: the agreement is this partner's with the council responsible, in force, and names the purpose and the service."""
    in_force = agreement.valid_from <= world.on and (agreement.valid_to is None or world.on < agreement.valid_to)
    return (in_force and agreement.partner == organisation and request.responsible in agreement.councils
            and "deliver" in agreement.purposes and request.lgsl in agreement.services)


def in_hand(world: World, request: Request, organisation: str) -> list[Agreement]:
    """R3: the agreements under which the organisation has this open request in hand now."""
    if not is_open(world, request):
        return []
    running = (world.agreement[a.agreement] for a in world.assignments_of.get(request.ref, ())
               if a.organisation == organisation and during(world, a.start, a.until))
    return [agreement for agreement in running if covers(world, agreement, organisation, request)]


def passed_to(world: World, request: Request, organisation: str) -> frozenset[str]:
    """R3, R11: the groups that both the service and an agreement at work name."""
    agreed = NOTHING.union(*(agreement.groups for agreement in in_hand(world, request, organisation)))
    return DELIVER_GROUPS & world.service[request.lgsl].needs & agreed


# The law

def disclosed(world: World, organisation: str, person: str | None, resident: Resident) -> frozenset[str]:
    """R4: the groups named, for the organisation or the one person of it named, for the time named."""
    return NOTHING.union(*(d.groups for d in resident.disclosures if during(world, d.start, d.until)
                           and d.organisation == organisation and d.person in (None, person)))
