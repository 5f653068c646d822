"""Which rights to a resident's record another hat would have, and which masks would stand in its way: the scopes' own
SQL, asked for that hat in place of the asker's. Only of a resident whom the asker may see; the wall stands behind."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Select, bindparam, func, select
from sqlalchemy.sql.visitors import replacement_traverse

from app.choices.models import Choice, Objection
from app.policy.criteria import deciding_table
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.rulebook import Rulebook
from app.policy.rules import NO_UNIT
from app.policy.scopes import LIFTS, MASKS, SCOPES, place_of
from app.policy.words import LiftWord, MaskWord, Of, Role, ScopeWord
from app.policy.work import Work
from app.residents.models import Resident

KIND = "resident"
# What begins the names of another's facts, beside the asker's own, which the guard puts into every statement.
OF = "of_"
ASKERS = frozenset({"jc_org", "jc_person", "jc_unit", "jc_now", "jc_today", "jc_on"})
# The question is about a hat, not about a person: nobody has this key, so nothing is anybody's own.
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """The scopes that hold for a hat, and the masks that stand in its way, lifts considered; and whose resident it is, where that
    council withholds anything from the hat."""

    holding: frozenset[ScopeWord]
    biting: frozenset[MaskWord | Of]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whom the question is about, and when: the hat that would look. ``on`` is the date of facts about councils."""

    organisation_id: uuid.UUID
    organisation: str
    role: Role
    unit: str | None
    purpose: Purpose
    at: datetime
    today: date
    on: date

    def values(self) -> dict[str, Any]:
        """What the scopes' parameters are for this hat."""
        return {"jc_org": self.organisation_id, "jc_person": NOBODY, "jc_unit": self.unit or NO_UNIT, "jc_now": self.at,
                "jc_today": self.today, "jc_on": self.on}


def standing(work: Work, rulebook: Rulebook, resident: Resident, viewer: Viewer, group: Group) -> Standing:
    """What holds for a viewer of this resident and group. ``resident`` must come from the asker's own guarded read."""
    return standings(work, rulebook, resident, viewer, (group,))[group]


def standings(work: Work, rulebook: Rulebook, resident: Resident, viewer: Viewer,
              groups: Collection[Group]) -> dict[Group, Standing]:
    """The same for several groups, in one question to the database."""
    then = _as_it_was(work, resident, viewer.at) if viewer.at < work.now else {}
    words = tuple(sorted({narrowing.word for narrowing in rulebook.tables.narrowings}))
    facts, asked = _asked(tuple(groups), frozenset(then), words)
    answers = work.session.execute(asked, {f"{OF}{name}": value for name, value in (
        viewer.values() | then | {"resident": resident.id}).items()}).one()
    true = [(what, word, group) for what, word, group, place in facts if answers[place]]
    on_row, at = ({word for what, word, _ in true if what == kind} for kind in ("mask", "lift"))
    return {group: _after_lifts(rulebook, viewer, group, frozenset(
        ScopeWord(str(word)) for what, word, of in true if what == "scope" and of is group), on_row, at) for group in groups}


Fact = tuple[str, str | Of, Group | None, int]


@cache
def _asked(groups: tuple[Group, ...], past: frozenset[str],
           councils: tuple[Of, ...]) -> tuple[list[Fact], Select[*tuple[Any, ...]]]:
    """The scopes', masks' and lifts' own criteria, and of which councils it is, as one question about a resident: with another's
    facts in place of the asker's and ``past`` ones in place of the present; and which column answers which. Made once: only its
    parameters differ."""
    table = deciding_table(KIND)
    criteria: list[tuple[str, str | Of, Group | None, ColumnElement[bool]]] = [
        ("scope", word, group, criterion(table, group))
        for group in groups for (kind, word), criterion in SCOPES.items() if kind == KIND]
    criteria += [("mask", word, None, place(table)) for (kind, word), place in MASKS.items() if kind == KIND]
    criteria += [("mask", word, None, place(table)) for word in councils if (place := place_of(KIND, word)) is not None]
    criteria += [("lift", word, None, place(table)) for (kind, word), place in LIFTS.items() if kind == KIND]
    different: list[ColumnElement[bool]] = []
    facts = [(what, word, group, _place(different, criterion)) for what, word, group, criterion in criteria]
    columns = [func.coalesce(_for(criterion, past), False).label(f"fact_{at}") for at, criterion in enumerate(different)]
    return facts, select(*columns).where(table.c.id == bindparam(f"{OF}resident", type_=table.c.id.type))


def _place(known: list[ColumnElement[bool]], criterion: ColumnElement[bool]) -> int:
    """Where among the known criteria this one stands: most scopes hold for one group as for another."""
    for place, other in enumerate(known):
        if other.compare(criterion):
            return place
    known.append(criterion)
    return len(known) - 1


def _for(criterion: ColumnElement[bool], past: Collection[str]) -> ColumnElement[bool]:
    """The same criterion with parameters of their own names for another's facts, and for past facts in place of present ones."""
    def replaced(element: Any, **_: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in ASKERS:
            return bindparam(f"{OF}{element.key}", type_=element.type)
        if isinstance(element, Column) and element.table is deciding_table(KIND) and element.name in past:
            return bindparam(f"{OF}{element.name}", type_=element.type)
        return None

    return replacement_traverse(criterion, {}, replaced)


def _as_it_was(work: Work, resident: Resident, at: datetime) -> dict[str, Any]:
    """What the resident had said by then, from the answers themselves: they are added to and never changed."""
    sharing = work.session.scalar(select(Choice.answer).where(
        Choice.resident_id == resident.id, Choice.matter == "sharing", Choice.at <= at)
        .order_by(Choice.at.desc(), Choice.id.desc()).limit(1))
    objections = {key: active for key, active in work.session.execute(
        select(Objection.organisation_id, Objection.active).where(
            Objection.resident_id == resident.id, Objection.at <= at).order_by(Objection.at, Objection.id))}
    return {"shared": sharing == "given", "objected_to": [key for key, active in objections.items() if active]}


def _after_lifts(rulebook: Rulebook, viewer: Viewer, group: Group, holding: frozenset[ScopeWord],
                 standing_masks: set[str | Of], places: set[str | Of]) -> Standing:
    """A mask may be lifted for one scope and not for another: then what it still takes is taken out of what holds."""
    biting, at = set[MaskWord | Of](), frozenset(LiftWord(str(place)) for place in places)
    for mask in rulebook.withheld(viewer.role, viewer.organisation):
        if mask.word not in standing_masks:
            continue
        taken, spared = mask.sorts(holding, group, viewer.role, viewer.purpose, at)
        if spared:
            holding -= taken
        else:
            biting.add(mask.word)
    return Standing(holding, frozenset(biting))
