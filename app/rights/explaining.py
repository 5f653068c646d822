"""Answers *may this hat see that, and why*: for a resident whom the asker may know, from the facts; else from the rules
alone, and then a hidden resident, an absent one and a mistyped reference give the same answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.clock import london_date
from app.kernel.errors import Invalid
from app.kernel.ids import parse_reference
from app.organisations import queries as organisations
from app.policy.actions import Action, Kind
from app.policy.explain import Explanation, Hat, Outcome, Question, explain
from app.policy.groups import GROUPS_OF, Group
from app.policy.publishing import live_at
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.rulebook import Rulebook
from app.policy.sentences import joined
from app.policy.words import ADVISING, SCOPES_OF, Role, ScopeWord
from app.policy.work import Work
from app.residents.models import Resident
from app.rights.standing import Viewer, standing
from app.staff.words import ROLES_OF_KIND, role_fits

NOT_TOLD = "not-told"
# Nothing was recorded before, and nobody plans beyond.
EARLIEST, LATEST = date(1974, 4, 1), date(2174, 4, 1)
# Only what is done to a record is decided by the record.
ASKABLE = tuple(action for action in Action if action.kind in (Kind.RESIDENT, Kind.CHOICE, Kind.OBJECTION))


@dataclass(frozen=True, slots=True)
class Asked:
    """The question. ``resident`` is the reference as typed; ``on`` the moment it is asked for, else now."""

    organisation: str
    role: Role
    purpose: Purpose
    group: Group
    action: Action = Action.RESIDENT_SEE
    unit: str | None = None
    resident: str | None = None
    on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: one of the outcomes of ``policy.explain`` or ``not-told``."""

    outcome: str
    because: tuple[str, ...]
    would_change: tuple[str, ...]


NO_POLICY = Decision(str(Outcome.NOTHING_ALLOWS), ("No policy was live at that moment: nobody could see anything.",), ())


def asked_of(values: Mapping[str, Any]) -> Asked:
    """The question from plain words. Raises Invalid naming the words that there are."""
    errors: dict[str, list[str]] = {}

    def word(name: str, among: type[StrEnum]) -> Any:
        if values[name] in set(among):
            return among(values[name])
        errors[name] = [f"“{values[name]}” is not known here: choose one of {', '.join(sorted(among))}"]
        return None

    role, purpose, group = word("role", Role), word("purpose", Purpose), word("group", Group)
    action = Action.RESIDENT_SEE if not values.get("action") else word("action", Action)
    if action and action not in ASKABLE:
        errors["action"] = [f"{action} is not done to a record: choose one of {', '.join(ASKABLE)}"]
    elif action and group and group not in GROUPS_OF[action.kind]:
        errors["group"] = [f"{action} has no group {group}: choose one of {', '.join(sorted(GROUPS_OF[action.kind]))}"]
    on = values.get("on")
    if on is not None and not EARLIEST <= on.date() <= LATEST:
        errors["on"] = [f"Ask about a moment between {EARLIEST.isoformat()} and {LATEST.isoformat()}"]
    if errors:
        raise Invalid(errors)
    return Asked(values["organisation"], role, purpose, group, action, values.get("unit") or None,
                 values.get("resident") or None, on)


def decide(work: Work, asked: Asked) -> Decision:
    """The answer, as far as the asker may be told, and a line in the journal that it was asked."""
    number, rulebook = _policy_of(work, asked.on)
    viewer = _viewer(work, asked)
    resident = _known(work, asked.resident)
    if rulebook is None:
        made = NO_POLICY
    elif resident is not None:
        made = _of_a_resident(work, number, rulebook, asked, viewer, resident)
    elif asked.resident:
        made = _untold(rulebook, asked)
    else:
        made = _by_rules(rulebook, asked)
    subjects = [] if resident is None else [Subject(resident.id, (), basis_of(work, "resident", [resident.id])[
        resident.id].scopes)]
    record(work, "policy.explained", subjects, {
        "organisation": asked.organisation, "role": str(asked.role), "purpose": str(asked.purpose),
        "action": str(asked.action), "group": str(asked.group), "outcome": made.outcome})
    return made


def _policy_of(work: Work, moment: datetime | None) -> tuple[int, Rulebook | None]:
    """The policy of the moment that is asked about, if one was live."""
    if moment is None:
        return work.policy_version, work.rulebook
    version = live_at(work.session, moment)
    return (version.number, gate().desk.shelf.read(version.content)) if version else (0, None)


def _viewer(work: Work, asked: Asked) -> Viewer:
    at = asked.on or work.now
    known = {each.slug: each for each in organisations.organisations(work.session, work.on)}
    organisation = known.get(asked.organisation)
    if organisation is None:
        raise Invalid({"organisation": [f"“{asked.organisation}” is no organisation of this partnership: choose one of "
                                        + ", ".join(known)]})
    if not role_fits(asked.role, organisation.kind):
        raise Invalid({"role": [f"Nobody can be {asked.role} at {asked.organisation}: "
                                f"its roles are {joined(sorted(ROLES_OF_KIND[organisation.kind]))}"]})
    if asked.unit and asked.unit not in work.rulebook.vocabulary.units_of(asked.organisation):
        raise Invalid({"unit": [f"“{asked.unit}” is no unit of {asked.organisation}"]})
    today = london_date(at)
    return Viewer(organisation.id, asked.organisation, asked.role, asked.unit, asked.purpose, at, today,
                  organisations.facts_date(work.session, today))


def _known(work: Work, typed: str | None) -> Resident | None:
    """The resident, if the asker may know of one; a reference that is none finds nobody."""
    ref = parse_reference(typed) if typed else None
    return work.session.scalar(select(Resident).where(Resident.ref == (ref or "")))


def _question(asked: Asked) -> Question:
    return Question(Hat(asked.role, asked.organisation, asked.unit), asked.action, asked.group, asked.purpose)


def _of_a_resident(work: Work, number: int, rulebook: Rulebook, asked: Asked, viewer: Viewer, resident: Resident) -> Decision:
    stands = standing(work, rulebook, resident, viewer, asked.group)
    plain = _question(asked)
    told = explain(rulebook, replace(plain, holding=stands.holding, biting=stands.biting))
    return Decision(str(told.outcome), (*told.because, *_cautions(work, number, asked, viewer, told)),
                    (*told.would_change, *_conditions(asked, told)))


def _cautions(work: Work, number: int, asked: Asked, viewer: Viewer, told: Explanation) -> list[str]:
    """What the answer could not take into account."""
    found = []
    elsewhere = viewer.organisation_id != work.actor.organisation_id
    if asked.purpose is Purpose.PROTECT and elsewhere and told.outcome is not Outcome.YES:
        found.append("Disclosures to another organisation than yours are not told here: one may hold all the same.")
    if asked.purpose is Purpose.PROTECT:
        found.append("A disclosure that names one person is not counted: the question names a hat.")
    if viewer.at < work.now:
        found.append(f"The rules are those of then (version {number}), and so are choices and objections. The home council, "
                     "restrictions and requests are those of today.")
    return found


def _conditions(asked: Asked, told: Explanation) -> list[str]:
    if told.outcome is not Outcome.YES:
        return []
    found = ["It would be withheld from a person whose own record it is, or a declared relation's."]
    if asked.role in ADVISING and asked.purpose is Purpose.ENQUIRY:
        found.append("It ends with the contact: without an open one an adviser sees no record.")
    return found


def _by_rules(rulebook: Rulebook, asked: Asked) -> Decision:
    """What the rules say of any resident: the lines that could allow it, and for whom."""
    plain = _question(asked)
    every = frozenset(SCOPES_OF[asked.action.kind])
    told = explain(rulebook, replace(plain, holding=every))
    if told.outcome is not Outcome.YES:
        return Decision(str(told.outcome), told.because, told.would_change)
    through = sorted({ScopeWord(grant.scope) for grant in told.deciding})
    return Decision(str(Outcome.MISSING), ("It depends on the resident, and none is named.", *told.because),
                    tuple(f"It would be a yes for {scope.sentence}." for scope in through))


def _untold(rulebook: Rulebook, asked: Asked) -> Decision:
    by_rules = _by_rules(rulebook, asked)
    lines = by_rules.because[1:] if by_rules.outcome == Outcome.MISSING else by_rules.because
    return Decision(NOT_TOLD, ("You may not be told whether there is such a resident, nor what holds for one. "
                               "What the rules say of anybody:", *lines), by_rules.would_change)
