"""The questions the other way round: who can see this resident, as the record stands; and what somebody in a hat can see at all.

Of a resident whom the asker may not know nothing is worked out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.plainly import is_for
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NO_UNIT
from app.policy.sentences import by_line, grant_sentence, narrowing_sentence
from app.policy.wall import plan_once
from app.policy.words import Role, ScopeWord
from app.policy.work import PURPOSE_OF, Work
from app.residents.models import Resident
from app.rights.standing import Viewer, standings
from app.staff.words import ROLES_OF_KIND

GROUPS = tuple(sorted(RESIDENT_GROUPS))


@dataclass(frozen=True, slots=True)
class Looker:
    """A hat that there can be, and what it can see of the resident now; ``through`` are the rights that hold and are granted."""

    organisation: str
    role: Role
    unit: str | None
    purpose: Purpose
    groups: tuple[Group, ...]
    through: tuple[ScopeWord, ...]


def lookers(work: Work, typed: str) -> tuple[Resident, list[Looker]]:
    """The resident, and every hat that could open the record now, the widest sight first. Raises NotFound for an absent and a
    hidden resident alike."""
    resident = work.session.scalar(select(Resident).where(Resident.ref == (parse_reference(typed) or "")))
    if resident is None:
        raise NotFound()
    plan_once(work.session)
    found = [looker for organisation, role, unit in _hats(work) if (looker := _looker(work, resident, organisation, role, unit))]
    return resident, sorted(found, key=lambda each: (-len(each.groups), each.organisation, list(Role).index(each.role)))


def rules_of(work: Work, role: Role, organisation: str, unit: str | None) -> list[str]:
    """Every line of the policy that speaks of a hat, as sentences: inherited ones too, and what councils withhold from it."""
    said = [grant_sentence(*line) for line in by_line(work.rulebook.grants())
            if role in work.rulebook.heirs()[line[0].role] and is_for(line[0].organisation, organisation)
            and is_for(line[0].unit, unit or NO_UNIT)]
    return said + [narrowing_sentence(each) for each in work.rulebook.tables.narrowings if each.is_for(role, organisation)]


def _hats(work: Work) -> Iterator[tuple[Organisation, Role, str | None]]:
    """Roles and organisations that fit, and the units that a rule names beside none."""
    named = {grant.unit for grant in work.rulebook.grants()} - {EVERY, NO_UNIT}
    for organisation in organisations.organisations(work.session, work.on):
        units = sorted(work.rulebook.vocabulary.units_of(organisation.slug))
        for role in ROLES_OF_KIND[organisation.kind]:
            yield organisation, role, None
            for unit in units if role is Role.SERVICE_OFFICER else sorted(named & set(units)):
                yield organisation, role, unit


def _looker(work: Work, resident: Resident, organisation: Organisation, role: Role, unit: str | None) -> Looker | None:
    """None for a hat to which no rule gives residents for its usual purpose, and for one that sees nothing of this one."""
    purpose = PURPOSE_OF[role]
    allowed = work.rulebook.allowed(role, organisation.slug, unit, Action.RESIDENT_SEE, purpose)
    if not allowed:
        return None
    viewer = Viewer(organisation.id, organisation.slug, role, unit, purpose, work.now, work.today, work.on)
    through: dict[Group, frozenset[ScopeWord]] = {}
    for group, stands in standings(work, work.rulebook, resident, viewer, GROUPS).items():
        masks = [mask for mask in work.rulebook.withheld(role, organisation.slug) if mask.word in stands.biting]
        left = frozenset(scope for scope in stands.holding if group in allowed.get(scope, frozenset())
                         and not any(mask.takes(scope, group) for mask in masks))
        through |= {group: left} if left else {}
    if not through:
        return None
    return Looker(organisation.name, role, unit, purpose, tuple(through), tuple(sorted(frozenset().union(*through.values()))))
