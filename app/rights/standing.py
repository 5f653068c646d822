"""Which rights to a resident's record another hat would have, and which masks would stand in its way: the scopes' own
SQL, asked for that hat in place of the asker's. Only of a resident whom the asker may see; the wall stands behind."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, func, literal, select
from sqlalchemy.sql.visitors import replacement_traverse

from app.choices.models import Choice, Objection
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.reach import table_of
from app.policy.rulebook import Rulebook
from app.policy.rules import NO_UNIT
from app.policy.scopes import LIFTS, MASKS, SCOPES
from app.policy.words import LiftWord, MaskWord, Role, ScopeWord
from app.policy.work import Work
from app.residents.models import Resident

KIND = "resident"
# The question is about a hat, not about a person: nobody has this key, so nothing is anybody's own.
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """The scopes that hold for a hat, and the masks that stand in its way, lifts considered."""

    holding: frozenset[ScopeWord]
    biting: frozenset[MaskWord]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whom the question is about, and when: the hat that would look. ``on`` is the date of facts about councils."""

    organisation_id: uuid.UUID
    role: Role
    unit: str | None
    purpose: Purpose
    at: datetime
    today: date
    on: date

    def values(self) -> Mapping[str, Any]:
        """What the scopes' parameters are for this hat."""
        return {"jc_org": self.organisation_id, "jc_person": NOBODY, "jc_unit": self.unit or NO_UNIT, "jc_now": self.at,
                "jc_today": self.today, "jc_on": self.on}


def standing(work: Work, rulebook: Rulebook, resident: Resident, viewer: Viewer, group: Group) -> Standing:
    """What holds for a viewer of this resident and group. ``resident`` must come from the asker's own guarded read."""
    table = table_of(KIND)
    facts: dict[tuple[str, str], ColumnElement[bool]] = {}
    facts |= {("scope", word): criterion(table, group) for (kind, word), criterion in SCOPES.items() if kind == KIND}
    facts |= {("mask", word): place(table) for (kind, word), place in MASKS.items() if kind == KIND}
    facts |= {("lift", word): place(table) for (kind, word), place in LIFTS.items() if kind == KIND}
    then = _as_it_was(work, resident, viewer.at) if viewer.at < work.now else {}
    asked = [func.coalesce(_for(criterion, viewer.values(), then), False) for criterion in facts.values()]
    answers = work.session.execute(select(*asked).where(table.c.id == resident.id)).one()
    true = {fact for fact, held in zip(facts, answers, strict=True) if held}
    holding = frozenset(ScopeWord(word) for what, word in true if what == "scope")
    return _after_lifts(rulebook, viewer, group, holding, {word for what, word in true if what == "mask"},
                        {word for what, word in true if what == "lift"})


def _for(criterion: ColumnElement[bool], values: Mapping[str, Any], then: Mapping[str, Any]) -> ColumnElement[bool]:
    """The same criterion with another's facts in place of the asker's, and past facts in place of present ones."""
    def replaced(element: Any, **_: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in values:
            return literal(values[element.key], element.type)
        if isinstance(element, Column) and element.table is table_of(KIND) and element.name in then:
            return literal(then[element.name], element.type)
        return None

    return replacement_traverse(criterion, {}, replaced)


def _as_it_was(work: Work, resident: Resident, at: datetime) -> Mapping[str, Any]:
    """What the resident had said by then, from the answers themselves: they are added to and never changed."""
    sharing = work.session.scalar(select(Choice.answer).where(
        Choice.resident_id == resident.id, Choice.matter == "sharing", Choice.at <= at)
        .order_by(Choice.at.desc(), Choice.id.desc()).limit(1))
    objections = {key: active for key, active in work.session.execute(
        select(Objection.organisation_id, Objection.active).where(
            Objection.resident_id == resident.id, Objection.at <= at).order_by(Objection.at, Objection.id))}
    return {"shared": sharing == "given", "objected_to": [key for key, active in objections.items() if active]}


def _after_lifts(rulebook: Rulebook, viewer: Viewer, group: Group, holding: frozenset[ScopeWord],
                 standing_masks: set[str], places: set[str]) -> Standing:
    """A mask may be lifted for one scope and not for another: then what it still takes is taken out of what holds."""
    biting, at = set(), frozenset(map(LiftWord, places))
    for mask in rulebook.masks():
        if str(mask.word) not in standing_masks:
            continue
        taken, spared = mask.sorts(holding, group, viewer.role, viewer.purpose, at)
        if spared:
            holding -= taken
        else:
            biting.add(mask.word)
    return Standing(holding, frozenset(biting))
