"""Who may see what under a policy that is given as data: the same facts as `oracle`, with rules, inheritances and masks as plain
words. It imports nothing of the application, and knows neither its files nor how it asks.

A rule gives a group through a scope; a rule that forbids beats all that allow; masks come after; row security stands behind.
"""

from dataclasses import dataclass

from .facts import GROUPS, Hat, Request, Resident, World
from .floor import audience, floor
from .moment import consented, disclosed, during, home_today, in_hand, is_open, objects, of_unit

EVERY = "*"
RESIDENT_SCOPES = ("home", "kept", "consented", "served", "assigned", "disclosed")
REQUEST_SCOPES = ("home", "kept", "consented", "taken", "responsible", "assigned", "past")
REQUEST_GROUPS = frozenset("stub job history name address channels birth needs".split())
# What may be said of a request without saying anything of a person.
BARE = frozenset({"stub", "job", "history"})


@dataclass(frozen=True)
class Rule:
    """`*` for organisation, unit, group and purpose means every one."""

    role: str
    organisation: str
    unit: str
    action: str
    group: str
    purpose: str
    scope: str
    allows: bool = True


@dataclass(frozen=True)
class Lift:
    """Who is spared: standing `where` (home or keeper), for a purpose, through some scopes."""

    role: str
    purpose: str
    where: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Mask:
    """`word` is objection, protected, restricted or own_record."""

    word: str
    scopes: frozenset[str]
    groups: frozenset[str]
    lifts: tuple[Lift, ...] = ()


@dataclass(frozen=True)
class Narrowing:
    """A council withholds these groups of its own residents from these organisations in these roles; `*` stands for all."""

    council: str
    groups: frozenset[str]
    organisations: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Policy:
    """`includes` are pairs: the first role has every rule of the second."""

    rules: tuple[Rule, ...]
    includes: tuple[tuple[str, str], ...]
    masks: tuple[Mask, ...]
    narrowings: tuple[Narrowing, ...] = ()


@dataclass(frozen=True)
class Question:
    """What one hat asks: an action, for a purpose."""

    hat: Hat
    action: str
    purpose: str


# The words

def roles_of(policy: Policy, role: str) -> set[str]:
    """The role and all it includes, however far."""
    found, more = {role}, True
    while more:
        new = {lower for upper, lower in policy.includes if upper in found} - found
        found, more = found | new, bool(new)
    return found


def says(policy: Policy, asked: Question, group: str, scope: str) -> bool:
    """Whether the rules give a group through a scope."""
    hat, roles = asked.hat, roles_of(policy, asked.hat.role)
    effects = [rule.allows for rule in policy.rules
               if rule.role in roles and rule.action == asked.action and rule.scope == scope
               and rule.organisation in (EVERY, hat.organisation) and rule.unit in (EVERY, hat.unit)
               and rule.group in (EVERY, group) and rule.purpose in (EVERY, asked.purpose)]
    return bool(effects) and all(effects)


def takes(world: World, policy: Policy, asked: Question, resident: Resident | None, group: str, scope: str,
          visible: frozenset[str] | None = None) -> bool:
    """Whether a mask that stands on a resident takes a group through a scope. For a request `visible` are the residents on
    the floor: a lift is seen to only through one of them."""
    if resident is None:
        return False
    if any(narrows(world, each, asked.hat, resident, group, scope) for each in policy.narrowings):
        return True
    standing = {"objection": objects(world, resident, asked.hat.organisation), "protected": resident.protected,
                "restricted": resident.restricted, "own_record": asked.hat.person in resident.relations}
    return any(standing[mask.word] and scope in mask.scopes and group in mask.groups
               and not any(spares(world, lift, asked, resident, scope, visible) for lift in mask.lifts)
               for mask in policy.masks)


def narrows(world: World, narrowing: Narrowing, hat: Hat, resident: Resident, group: str, scope: str) -> bool:
    """Whether a resident's own council withholds a group from a hat: never what the keeper must see or a disclosure opens, nor
    anything from its own information officer. Requests seen by agreement alone are history."""
    whose = home_today(world, resident) or resident.keeper
    meant = ({EVERY, hat.organisation} & narrowing.organisations and {EVERY, hat.role} & narrowing.roles
             and (hat.role, hat.organisation) != ("information_officer", narrowing.council))
    history = scope == "consented" and group in BARE and "history" in narrowing.groups
    return bool(meant) and whose == narrowing.council and scope not in ("kept", "disclosed") and (
        group in narrowing.groups or history)


def spares(world: World, lift: Lift, asked: Question, resident: Resident, scope: str, visible: frozenset[str] | None) -> bool:
    """Whether a lift spares this hat: for a request, who stands where its resident is theirs to see."""
    if lift.role != asked.hat.role or lift.purpose not in (EVERY, asked.purpose) or scope not in lift.scopes:
        return False
    own = visible is not None and (resident.ref not in visible or asked.hat.person in resident.relations)
    if lift.where == "home":
        hidden = own or (visible is not None and resident.restricted)
        return home_today(world, resident) == asked.hat.organisation and not hidden
    return resident.keeper == asked.hat.organisation and not own


# The facts

def resident_holds(world: World, hat: Hat, resident: Resident, group: str, scope: str) -> bool:
    jobs = world.requests_of.get(resident.ref, ())
    if scope == "home":
        return home_today(world, resident) == hat.organisation
    if scope == "kept":
        return resident.keeper == hat.organisation
    if scope == "consented":
        home = home_today(world, resident)
        return home is not None and home != hat.organisation and consented(world, hat.organisation, resident)
    if scope == "served":
        return home_today(world, resident) == hat.organisation and any(
            is_open(world, job) and job.responsible == hat.organisation and of_unit(hat, job) for job in jobs)
    if scope == "assigned":
        return any(shown_by_job(world, hat, job, group) for job in jobs)
    return group in disclosed(world, hat.organisation, hat.person, resident)


def shown_by_job(world: World, hat: Hat, job: Request, group: str) -> bool:
    """What is to be done, or a group that both the service and one agreement at work name."""
    agreements = in_hand(world, job, hat.organisation)
    if group in BARE:
        return bool(agreements)
    return any(group in agreement.groups for agreement in agreements) and group in world.service[job.lgsl].needs


def request_holds(world: World, hat: Hat, request: Request, group: str, scope: str, visible: frozenset[str]) -> bool:
    """`visible` are the residents on the floor: through one who is not, nothing is reached."""
    resident = world.resident[request.resident] if request.resident is not None else None
    if scope == "taken":
        contact = world.contact[request.contact]
        # An information officer sees the conversations of residents on the floor only: what was typed in another, never.
        seen = audience(hat) != "rights" or contact.resident in visible
        typing = seen and request.intake and contact.organisation == hat.organisation and during(
            world, contact.started, contact.ended)
        return request.taken_by == hat.organisation and (group == "stub" or typing)
    if scope == "responsible":
        return request.responsible == hat.organisation and of_unit(hat, request)
    if scope == "assigned":
        return shown_by_job(world, hat, request, group)
    if scope == "past":
        return any(a.organisation == hat.organisation for a in world.assignments_of.get(request.ref, ()))
    if resident is None or resident.ref not in visible or hat.person in resident.relations:
        return False
    if scope == "kept":
        return resident.keeper == hat.organisation
    if resident.restricted or (scope == "consented" and objects(world, resident, hat.organisation)):
        return False
    return resident_holds(world, hat, resident, group, scope)


# The answers: what is seen, as (reference, group)

def residents_seen(world: World, policy: Policy, asked: Question, say=says) -> set[tuple[str, str]]:
    """`say` answers for the words; another may be put in its place."""
    ground = floor(world, audience(asked.hat), asked.hat.organisation, asked.hat.person).residents
    given = [(scope, group) for scope in RESIDENT_SCOPES for group in sorted(GROUPS) if say(policy, asked, group, scope)]
    return {(r.ref, group) for r in world.residents if r.ref in ground for scope, group in given
            if resident_holds(world, asked.hat, r, group, scope) and not takes(world, policy, asked, r, group, scope)}


def requests_seen(world: World, policy: Policy, asked: Question, say=says) -> set[tuple[str, str]]:
    ground = floor(world, audience(asked.hat), asked.hat.organisation, asked.hat.person)
    given = [(scope, group) for scope in REQUEST_SCOPES for group in sorted(REQUEST_GROUPS) if say(policy, asked, group, scope)]
    return {(q.ref, group) for q in world.requests if q.ref in ground.requests for scope, group in given
            if request_holds(world, asked.hat, q, group, scope, ground.residents)
            and not takes(world, policy, asked, world.resident.get(q.resident or ""), group, scope, ground.residents)}
