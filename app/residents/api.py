"""The calls of programs about records: looking for one, recording, reading and changing it."""

from dataclasses import replace
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from app.kernel.errors import Conflict, Failure, Invalid
from app.kernel.ids import parse_reference
from app.matching.folding import name
from app.policy.actions import Action
from app.policy.idempotency import body_hash, remember, remembered
from app.policy.routes import Api
from app.policy.work import Work
from app.residents import finding, fitting, operations, parts, queries
from app.residents.clues import Clues, read
from app.residents.schemas import Hits, ResidentIn, ResidentOut, ResidentPatch, SearchQuestion
from app.residents.values import Value, etag, out_of_sight, shown
from app.residents.wanted import Recorded

api = Api("residents_api", __name__, url_prefix="/api/v1", description="Records of residents")
# The name under which repetitions are remembered.
RECORDING = "POST /residents"


@api.call("POST", "/residents/search", needs=(Action.RESIDENT_FIND,), body=SearchQuestion, answer=Hits)
def search(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Look for residents. Two details are needed, or one whole telephone number, e-mail address or reference;
    with less, a ``reason``, which the journal keeps."""
    clues = clues_of(body, work)
    hits = finding.search(work, clues, body.get("reason"))
    items = [{**{name: getattr(hit, name) for name in finding.Hit.__slots__},
              "because": [{"words": words, "bits": bits} for words, bits in hit.because]} for hit in hits]
    return {"items": items, "next": None, "hint": fitting.one_more(clues, [hit.bits for hit in hits])}


def clues_of(body: dict[str, Any], work: Work) -> Clues:
    """What was sent by name, over what was typed into ``q``."""
    ref = parse_reference(body["ref"]) if "ref" in body else None
    if "ref" in body and ref is None:
        raise Invalid({"ref": [f"“{body['ref']}” is not a reference: check it letter by letter"]})
    named: dict[str, Any] = {
        "ref": ref, "telephone": body.get("telephone"), "email": body.get("email"), "postcode": body.get("postcode"),
        "born": body.get("birth_date"), "given": name(body.get("given", "")), "family": name(body.get("surname", ""))}
    return replace(read(body.get("q", ""), work.today), **{clue: said for clue, said in named.items() if said})


@api.call("POST", "/residents", needs=(Action.RESIDENT_RECORD, Action.RESIDENT_SEE), also=(Action.PLACE_CONFIRM,), body=ResidentIn,
          answer=ResidentOut, status=201)
def record(work: Work, body: Recorded) -> Any:
    """Record a resident of your own council. An ``Idempotency-Key`` makes a repetition harmless.

    Where a record that you may see may be theirs, the answer is 409 ``known-already`` with those records and why: open one,
    or send it again with ``another`` for somebody else.
    """
    key, sent = request.headers.get("Idempotency-Key"), body_hash(request.get_json())
    ref = remembered(work, RECORDING, key, sent) if key else None
    if ref is None:
        alike = [] if body.another else parts.known(work, body)
        if alike:
            return _answered(Conflict("There is a record that may be theirs: look at it, or send this again with “another” "
                                      "for somebody else.", kind="known-already", facts={"alike": alike}))
        ref = operations.record(work, body).ref
        if key:
            remember(work, RECORDING, key, sent, ref)
    value = shown(work, queries.one(work, ref))
    return value, 201, {"ETag": _quoted(value), "Location": f"/api/v1/residents/{ref}"}


@api.call("GET", "/residents/<ref>", needs=(Action.RESIDENT_SEE,), answer=ResidentOut)
def read_one(work: Work, ref: str) -> Any:
    """The record as far as this hat may see it."""
    value = shown(work, queries.one(work, ref))
    return value, 200, {"ETag": _quoted(value)}


@api.call("PATCH", "/residents/<ref>", needs=(Action.RESIDENT_SEE, Action.RESIDENT_CHANGE, Action.RESIDENT_MOVE),
          also=(Action.PLACE_CONFIRM,), body=ResidentPatch, answer=ResidentOut)
def change(work: Work, body: Recorded, ref: str) -> Any:
    """Change a record by a JSON merge patch. ``If-Match`` names the version that was read."""
    resident = queries.one(work, ref, lock=True)
    stale = operations.meanwhile(work, resident, request.headers.get("If-Match"))
    if stale is not None:
        return _answered(stale)
    home = operations.change(work, resident, body)
    left = queries.residents(work, [resident.id])
    value = shown(work, left[resident.id]) if left else out_of_sight(ref=resident.ref, home=home)
    return value, 200, {"ETag": _quoted(value)}


def _quoted(value: Value) -> str:
    return f'"{etag(value)}"'


def _answered(stale: Failure) -> Response:
    """The answer of a failure without undoing the work: what it shows of the record stays in the journal."""
    return current_app.make_response(current_app.handle_user_exception(stale))
