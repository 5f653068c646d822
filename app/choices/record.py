"""The part of a resident's record that choices make: read with it, and kept when one is recorded with them."""

from collections.abc import Mapping
from typing import Any

from app.choices import queries
from app.choices.operations import CURRENT, keep, version_of
from app.choices.states import NOT_ASKED, Said
from app.organisations import queries as organisations
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import parts
from app.residents.models import Resident


@parts.part(Group.CHOICES)
def choices_value(work: Work, resident: Resident) -> dict[str, Any]:
    """The state of every matter, and the objections that stand."""
    now = queries.present(work, resident)
    return {"choices": {matter: _state(said) for matter, said in now.items()},
            "objections": _objections(work, resident)}


def _state(said: Said | None) -> dict[str, Any]:
    if said is None:
        return {"answer": NOT_ASKED}
    return {"answer": said.answer, "wording": said.wording, "channel": said.channel, "at": said.at.isoformat()}


def _objections(work: Work, resident: Resident) -> list[dict[str, Any]]:
    slugs = {each.id: each.slug for each in organisations.all_organisations(work.session)}
    found = [{"organisation": slugs.get(key, ""), "reason": said.reason, "at": said.at.isoformat()}
             for key, said in queries.present_objections(work, resident).items()]
    return sorted(found, key=lambda each: str(each["organisation"]))


@parts.takes_choices
def take(work: Work, resident: Resident, answers: Mapping[str, str], channel: str) -> None:
    """What the resident chose while being recorded, to the words that are read out now."""
    for matter, answer in answers.items():
        keep(work, resident, Said(matter, answer, version_of(work, matter, CURRENT), channel, work.now))
