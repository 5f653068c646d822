"""The steps of a request for programs. A step that the state does not allow is a 409 that names the state."""

from collections.abc import Callable
from typing import Any

from flask import request

from app.policy import idempotency
from app.policy.actions import Action
from app.policy.routes import Api
from app.policy.work import Work
from app.requests import linking, working
from app.requests.working import Done
from app.requests.working_schemas import Assigning, Linking, Nothing, Noting, Outcome, Passing, Reason, Standing

api = Api("working_api", __name__, url_prefix="/api/v1", description="Working on requests, step by step")
SEE = (Action.REQUEST_SEE, Action.RESIDENT_SEE)


@api.call("POST", "/requests/<ref>/accept", needs=(*SEE, Action.REQUEST_ACCEPT), body=Nothing, answer=Standing)
def accept(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The partner takes the job on."""
    return _once(work, "accept", ref, body, lambda: working.accept(work, ref))


@api.call("POST", "/requests/<ref>/refuse", needs=(*SEE, Action.REQUEST_REFUSE), body=Reason, answer=Standing)
def refuse(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The partner hands the job back; the council responsible has it in its queue again, with the reason."""
    return _once(work, "refuse", ref, body, lambda: working.refuse(work, ref, body["reason"]))


@api.call("POST", "/requests/<ref>/start", needs=(*SEE, Action.REQUEST_UPDATE), body=Nothing, answer=Standing)
def start(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The partner begins."""
    return _once(work, "start", ref, body, lambda: working.start(work, ref))


@api.call("POST", "/requests/<ref>/update", needs=(*SEE, Action.REQUEST_UPDATE), body=Noting, answer=Standing)
def update(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The partner says how far it is."""
    return _once(work, "update", ref, body, lambda: working.update(work, ref, body["note"]))


@api.call("POST", "/requests/<ref>/complete", needs=(*SEE, Action.REQUEST_COMPLETE), body=Outcome, answer=Standing)
def complete(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The partner is done. It no longer sees what it was given, and disposes of what it holds."""
    outcome = body["outcome"] or "done"
    return _once(work, "complete", ref, body, lambda: working.complete(work, ref, outcome, body["note"]))


@api.call("POST", "/requests/<ref>/assign", needs=(*SEE, Action.REQUEST_ASSIGN), body=Assigning, answer=Standing)
def assign(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The council responsible gives the request to a partner; one that had it loses it."""
    return _once(work, "assign", ref, body, lambda: working.assign(work, ref, body["to"]))


@api.call("POST", "/requests/<ref>/take-back", needs=(*SEE, Action.REQUEST_ASSIGN), body=Reason, answer=Standing)
def take_back(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The council responsible takes the job back from the partner that has it."""
    return _once(work, "take-back", ref, body, lambda: working.take_back(work, ref, body["reason"]))


@api.call("POST", "/requests/<ref>/note", needs=(*SEE, Action.REQUEST_WORK), body=Noting, answer=Standing)
def note(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The council responsible writes something down about the doing."""
    return _once(work, "note", ref, body, lambda: working.note(work, ref, body["note"]))


@api.call("POST", "/requests/<ref>/pass", needs=(*SEE, Action.REQUEST_PASS), body=Passing, answer=Standing)
def pass_on(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The council responsible passes the request to another, which answers for it from now on."""
    return _once(work, "pass", ref, body, lambda: working.pass_on(work, ref, body["to"], body["reason"]))


@api.call("POST", "/requests/<ref>/cancel", needs=(*SEE, Action.REQUEST_CANCEL), body=Reason, answer=Standing)
def cancel(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The request is not to be done any more."""
    return _once(work, "cancel", ref, body, lambda: working.cancel(work, ref, body["reason"]))


@api.call("POST", "/requests/<ref>/close", needs=(*SEE, Action.REQUEST_CLOSE), body=Outcome, answer=Standing)
def close(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The council responsible answers for its being done, by whomever."""
    return _once(work, "close", ref, body, lambda: working.close(work, ref, body["outcome"], body["note"]))


@api.call("POST", "/requests/<ref>/link", body=Linking, answer=Standing,
          needs=(Action.REQUEST_SEE, Action.INTAKE_SEE, Action.INTAKE_LINK))
def link(work: Work, body: dict[str, Any], ref: str) -> Done:
    """The home council says which of its residents an intake is from. The council that took it learns nothing of it."""
    return _once(work, "link", ref, body, lambda: linking.link(work, ref, body["resident"]))


def _once(work: Work, verb: str, ref: str, body: dict[str, Any], act: Callable[[], Done]) -> Done:
    """Under an Idempotency-Key, the second time nothing is done: the answer is how the request stands now."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    route, sent = f"requests/{verb}", idempotency.body_hash({"ref": ref, **body})
    if idempotency.remembered(work, route, key, sent) is not None:
        return working.standing(work, working.request_of(work, ref))
    done = act()
    idempotency.remember(work, route, key, sent, done.ref)
    return done
