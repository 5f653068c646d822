"""The calls of programs about choices and objections."""

from dataclasses import asdict
from typing import Any

from app.choices import operations
from app.choices.record import choices_value
from app.choices.schemas import ChoiceIn, ChoicesOut, ObjectionIn, OutcomeOut
from app.journal.showing import show
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.routes import Api
from app.policy.work import Work
from app.residents import queries

api = Api("choices_api", __name__, url_prefix="/api/v1", description="What residents choose and object to")
SEEING = (Action.CHOICE_SEE, Action.OBJECTION_SEE)


@api.call("GET", "/residents/<ref>/choices", needs=SEEING, answer=ChoicesOut)
def choices(work: Work, ref: str) -> dict[str, Any]:
    """What the resident said on every matter, and the objections that stand."""
    resident = queries.one(work, ref)
    return show(work, "choices.seen", [resident], lambda row, _: choices_value(work, row), [Group.CHOICES])[0]


@api.call("POST", "/residents/<ref>/choices", needs=(Action.CHOICE_RECORD, *SEEING), body=ChoiceIn, answer=OutcomeOut,
          status=201)
def say(work: Work, body: dict[str, str], ref: str) -> dict[str, Any]:
    """Record an answer. It holds for everything that begins after this is answered."""
    outcome = operations.say(work, ref, **body)
    return asdict(outcome.said) | asdict(outcome.effect) | {"at": outcome.said.at.isoformat()}


@api.call("PUT", "/residents/<ref>/objections/<organisation>", needs=(Action.OBJECTION_RECORD, *SEEING),
          body=ObjectionIn, status=204)
def object_to(work: Work, body: dict[str, str | None], ref: str, organisation: str) -> None:
    """Record that nothing is to be passed to an organisation. Sent twice it acts once."""
    operations.object_to(work, ref, organisation, body["reason"])


@api.call("DELETE", "/residents/<ref>/objections/<organisation>", needs=(Action.OBJECTION_RECORD, *SEEING), status=204)
def take_back(work: Work, ref: str, organisation: str) -> None:
    """Take an objection back. Where there is none nothing changes."""
    operations.take_back(work, ref, organisation)
