"""Requests for programs: where one would go, taking one, and what a hat may see of them."""

from typing import Any

from flask import request as sent

from app.policy.actions import Action
from app.policy.routes import Api
from app.policy.work import Work
from app.requests import answers, queries
from app.requests.schemas import (
    ListQuestion,
    RequestOut,
    RequestsOut,
    RoutingDecision,
    RoutingQuestionIn,
    TakenOut,
    TakingIn,
)
from app.requests.taking import Taking, decision_for, known_service, take_once, without_permission

api = Api("requests_api", __name__, url_prefix="/api/v1", description="Requests")
TAKING = (Action.REQUEST_TAKE, Action.INTAKE_TAKE, Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.REQUEST_SEE,
          Action.INTAKE_SEE)
# Beside seeing requests: the intakes and the linked residents that a hat may see as well.
BESIDE = (Action.INTAKE_SEE, Action.RESIDENT_SEE, Action.CONTACT_SEE)


@api.call("POST", "/routing/decision", needs=(Action.SERVICE_READ, Action.PLACE_LOOKUP), body=RoutingQuestionIn,
          answer=RoutingDecision)
def decide_routing(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Where a request for a service at a place would go, why, and who would see what. Changes nothing."""
    known_service(work, body["lgsl"])
    return answers.decided(decision_for(work, body["lgsl"], body["postcode"], body["answers"], on=body["on"],
                                        address_line=body["address_line"]))


@api.call("POST", "/requests", needs=TAKING, body=TakingIn, answer=TakenOut, status=201)
def take_request(work: Work, body: dict[str, Any]) -> Any:
    """Take a request and hand it on. An ``Idempotency-Key`` sent again answers with the same request."""
    command = Taking(**body)
    if command.intake is not None and command.permission == "refused":
        return answers.not_taken(without_permission(work, command)), 200
    ref, because = take_once(work, command, "POST /requests", sent.headers.get("Idempotency-Key"), body)
    return answers.taken(work, ref, because), 201


@api.call("GET", "/requests", needs=(Action.REQUEST_SEE,), also=BESIDE, query=ListQuestion, answer=RequestsOut)
def list_requests(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """The requests that this hat may see, the latest first."""
    page = queries.page(work, status=query["status"], mine=query["mine"], after=query["after"], limit=query["limit"])
    return {"items": answers.seen(work, page.rows), "next": page.next}


@api.call("GET", "/requests/<ref>", needs=(Action.REQUEST_SEE,), also=BESIDE, answer=RequestOut)
def see_request(work: Work, ref: str) -> dict[str, Any]:
    """One request."""
    return answers.seen(work, [queries.one(work, ref)])[0]
