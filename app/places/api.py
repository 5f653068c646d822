"""Places for programs: which councils cover a postcode. It can point at a person, so it comes in the body."""

from typing import Any

from app.places import queries
from app.places.schemas import LookupAnswer, LookupQuestion, as_answered
from app.policy.actions import Action
from app.policy.routes import Api
from app.policy.work import Work

api = Api("places_api", __name__, url_prefix="/api/v1", description="Places")


@api.call("POST", "/places/lookup", needs=(Action.PLACE_LOOKUP,), body=LookupQuestion, answer=LookupAnswer)
def look_up_place(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Which councils cover a postcode, and which of them is home there."""
    return as_answered(queries.look_up(work.session, body["postcode"], body["on"] or work.on, body["address_line"]))
