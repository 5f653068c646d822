"""Tokens for programs: given for a password and a hat, ended at once, and what the one that asks may do."""

from typing import Any

from flask import current_app, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.kernel.errors import Failure, NotSignedIn, TooMany
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.routes import AT_THE_DOOR, SIGNED_IN, Api
from app.policy.work import Door, Work
from app.staff import lockout, operations
from app.staff.asking import asker
from app.staff.doorway import closed_words, settings
from app.staff.hats import Worn, hats_of
from app.staff.models import Person
from app.staff.schemas import Me, TokenGiven, TokenWanted

api = Api("tokens", __name__, url_prefix="/api/v1", description="Signing in, for programs")
WRONG = "The user name, the password, or the hat asked for is not right."


@api.call("POST", "/tokens", needs=AT_THE_DOOR, body=TokenWanted, answer=TokenGiven, status=201, bearer=False)
def make_token(door: Door, body: dict[str, Any]) -> Any:
    """Sign in for one hat. The token is told this once, and speaks until it expires or is ended."""
    checked = operations.check(door, settings(), body["username"], body["password"], request.remote_addr)
    if checked.opens:
        wait = lockout.seconds_until(checked.opens, door.now)
        return _told(TooMany(closed_words(checked), headers={"Retry-After": str(wait)}))
    hat = _hat_of(door, checked.person, body) if checked.person else None
    if checked.person is None or hat is None:
        return _told(NotSignedIn(WRONG))
    token, ends = operations.begin(door, settings(), checked.person.id, hat, kind="token")
    return {"token": token, "expires_at": ends, "hat": _said(hat.organisation, hat.role, hat.unit)}


@api.call("DELETE", "/tokens/current", needs=AT_THE_DOOR, status=204)
def end_token(door: Door) -> None:
    """End the token that asks. It is dead at once."""
    secret, _ = asker(api=True)
    operations.holder(door, secret)
    operations.end(door, secret or "")


@api.call("GET", "/me", needs=SIGNED_IN, answer=Me)
def me(work: Work) -> dict[str, Any]:
    """Who asks, in which hat, and which actions that hat has at all."""
    actor = work.actor
    username, name = work.session.execute(
        select(Person.username, Person.name).where(Person.id == actor.person_id)
    ).one()
    rulebook = work.rulebook
    actions = [str(action) for action in Action if any(
        rulebook.allowed(actor.role, actor.organisation, actor.unit, action, purpose) for purpose in Purpose)]
    return {"person": {"username": username, "name": name}, "actions": sorted(actions),
            "hat": _said(actor.organisation, str(actor.role), None if actor.unit == "-" else actor.unit)}


def _hat_of(door: Door, person: Person, body: dict[str, Any]) -> Worn | None:
    for hat in hats_of(door.session, person.id, door.today):
        if (hat.organisation, hat.role) == (body["organisation"], body["role"]) and body["unit"] in (None, hat.unit):
            return hat
    return None


def _said(organisation: str, role: str, unit: str | None) -> dict[str, str]:
    return {"organisation": organisation, "role": role} | ({"unit": unit} if unit else {})


def _told(failure: Failure) -> Response:
    """Answered and not raised: raising would undo the count of what was wrong."""
    answer: Response = current_app.make_response(current_app.handle_user_exception(failure))
    return answer
