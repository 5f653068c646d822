"""How a question about a place, and its answer, look to a program."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.places.answers import ASK, FOUND, Answer
from app.places.succession import Council


class LookupQuestion(Schema):
    """The body of ``POST /places/lookup``. The postcode is taken as typed and normalised by the query."""

    postcode = fields.String(required=True, validate=validate.Length(max=40), metadata={"example": "ab12cd"})
    on = fields.Date(load_default=None, allow_none=True,
                     metadata={"description": "The day asked about; the partnership's own date if left out"})
    address_line = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200), metadata={
        "description": "The first line of the address: one that was confirmed wins over its postcode"})


class CouncilAnswer(Schema):
    """A council that covers the place; ``slug`` is null for one outside the partnership."""

    slug = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    gss = fields.String(required=True)
    tier = fields.String(required=True, validate=validate.OneOf(("county", "borough", "unitary")))


class SignpostAnswer(Schema):
    """A council outside the partnership and the address of its pages, null where that is not known."""

    name = fields.String(required=True)
    gss = fields.String(required=True)
    homepage = fields.String(required=True, allow_none=True)


class LookupAnswer(Schema):
    """The answer of ``POST /places/lookup``."""

    postcode = fields.String(required=True)
    on = fields.Date(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf((FOUND, ASK)), metadata={
        "description": "ask: the postcode straddles a boundary, and the address decides between the candidates"})
    councils = fields.List(fields.Nested(CouncilAnswer), required=True)
    candidates = fields.List(fields.Nested(CouncilAnswer), required=True)
    home = fields.String(required=True, allow_none=True)
    signpost = fields.List(fields.Nested(SignpostAnswer), required=True)
    note = fields.String(required=True, allow_none=True)


def as_answered(answer: Answer) -> dict[str, Any]:
    """The plain values of an answer, as ``LookupAnswer`` writes them."""
    return {
        "postcode": answer.postcode,
        "on": answer.on,
        "outcome": answer.outcome,
        "councils": [_council(council) for council in answer.councils],
        "candidates": [_council(council) for council in answer.candidates],
        "home": answer.home.member if answer.home else None,
        "signpost": [{"name": council.name, "gss": council.gss, "homepage": council.homepage}
                     for council in answer.signpost],
        "note": answer.note,
    }


def _council(council: Council) -> dict[str, Any]:
    return {"slug": council.member, "name": council.name, "gss": council.gss, "tier": council.tier}
