"""Questions about what a resident said, and about who would see them because of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.choices.effects import Party, Standing
from app.choices.models import Choice, Objection
from app.choices.states import GIVEN, Objected, Said, all_objections, answer_on, objections, states, strictest
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.words import Role, ScopeWord
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.values import slug_of

# Whose sight stands for an organisation's: the role, the purpose and the scope that what is said decides on.
_COUNCIL = (Role.ADVISER, Purpose.ENQUIRY, ScopeWord.CONSENTED)
_PARTNER = {"contractor": (Role.CONTRACTOR, Purpose.DELIVER, ScopeWord.ASSIGNED),
            "voluntary": (Role.VOLUNTARY, Purpose.DELIVER, ScopeWord.ASSIGNED)}


def said(work: Work, resident: Resident) -> list[Said]:
    """Everything said, in order."""
    rows = work.session.scalars(select(Choice).where(Choice.resident_id == resident.id).order_by(Choice.at, Choice.id))
    return [Said(row.matter, row.answer, row.wording_version, row.channel, row.at) for row in rows]


def objected(work: Work, resident: Resident) -> list[Objected]:
    """Every objection and taking back, in order."""
    rows = work.session.scalars(select(Objection).where(Objection.resident_id == resident.id)
                                .order_by(Objection.at, Objection.id))
    return [Objected(row.organisation_id, row.active, row.reason, row.at) for row in rows]


def present(work: Work, resident: Resident) -> dict[str, Said | None]:
    """The present answer on every matter, over all records of the person."""
    others = residents.joined_to(work, resident)
    if not others:
        return states(said(work, resident))
    return strictest([said(work, each) for each in (resident, *others)], _last_joined(others))


def present_objections(work: Work, resident: Resident) -> dict[uuid.UUID, Objected]:
    """The objections that stand, over all records of the person."""
    others = residents.joined_to(work, resident)
    if not others:
        return objections(objected(work, resident))
    return all_objections([objected(work, each) for each in (resident, *others)], _last_joined(others))


def _last_joined(others: Sequence[Resident]) -> datetime:
    return max(each.merged_at for each in others if each.merged_at is not None)


def standing(work: Work, resident: Resident) -> Standing:
    """What now decides on who sees the resident."""
    known = {row.id: row.slug for row in work.session.scalars(select(Organisation))}
    return Standing(slug_of(work, resident), answer_on(present(work, resident), "sharing") == GIVEN,
                    frozenset(known[key] for key in present_objections(work, resident)))


def parties(work: Work) -> Sequence[Party]:
    """Every organisation there is, with what the rules would grant it; councils first."""
    found = organisations.organisations(work.session, work.on)
    return [Party(each.slug, each.name, each.kind == "council", _granted(work, each))
            for each in sorted(found, key=lambda each: (each.kind != "council", each.accent, each.slug))]


def _granted(work: Work, organisation: Organisation) -> frozenset[Group]:
    asked = _COUNCIL if organisation.kind == "council" else _PARTNER.get(organisation.kind)
    if asked is None:
        return frozenset()
    role, purpose, scope = asked
    granted = work.rulebook.allowed(role, organisation.slug, None, Action.RESIDENT_SEE, purpose)
    return granted.get(scope, frozenset())
