"""For programs: why somebody may or may not see something, and who looked at a record."""

from typing import Any

from app.policy.actions import Action
from app.policy.routes import Api
from app.policy.work import Work
from app.rights import operations
from app.rights.asking import knowing
from app.rights.explaining import Decision, asked_of, decide
from app.rights.schemas import DecisionAnswer, DecisionQuestion, JournalAnswer, JournalQuestion

api = Api("rights_api", __name__, url_prefix="/api/v1", description="Why, and who looked")


@api.call("POST", "/policy/decision", needs=(Action.POLICY_EXPLAIN,), body=DecisionQuestion, answer=DecisionAnswer)
def decision(work: Work, body: dict[str, Any]) -> Decision:
    """Whether a hat may see a part of a record, and why. Of a resident you may not know, the rules alone are told."""
    with knowing(work, api=True) as wider:
        return decide(wider, asked_of(body))


@api.call("GET", "/residents/<ref>/journal", needs=(Action.JOURNAL_READ, Action.RESIDENT_SEE, Action.CONTACT_SEE),
          query=JournalQuestion, answer=JournalAnswer)
def resident_journal(work: Work, query: dict[str, Any], ref: str) -> dict[str, Any]:
    """Who saw or changed what of a record, newest first. Reading it is itself journalled."""
    items, more = operations.read(work, ref, after=query["after"], limit=query["limit"])
    return {"items": items, "next": more}
