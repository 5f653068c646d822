"""How choices and objections look to those who send and receive them."""

from marshmallow import Schema, fields, validate

from app.choices.states import ANSWERS, NOT_ASKED
from app.organisations.words import CHOICE_MATTERS
from app.residents.schemas import CHANNELS, Strict, Words

ONE_OF = "Choose one of {choices}"


class ChoiceIn(Strict):
    """The body of ``POST /residents/{ref}/choices``."""

    matter = fields.String(required=True, validate=validate.OneOf(CHOICE_MATTERS, error=ONE_OF))
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS, error=ONE_OF))
    wording = Words(required=True, most=40, metadata={"description": "The version that was read out, or current"})
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS, error=ONE_OF))


class ObjectionIn(Strict):
    """The body of ``PUT /residents/{ref}/objections/{organisation}``."""

    reason = Words(load_default=None, allow_none=True, most=500)


class SightOut(Schema):
    """An organisation and the groups it gains or loses; a partner only of requests that it has in hand."""

    organisation = fields.String(required=True)
    name = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)
    only_requests = fields.Boolean(required=True)


class StateOut(Schema):
    """The state of one matter."""

    answer = fields.String(required=True, validate=validate.OneOf((NOT_ASKED, *ANSWERS)))
    wording = fields.String()
    channel = fields.String()
    at = fields.String(metadata={"format": "date-time"})


class ObjectionOut(Schema):
    """An objection that stands."""

    organisation = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class ChoicesOut(Schema):
    """The state of every matter, and the objections that stand."""

    choices = fields.Dict(keys=fields.String(), values=fields.Nested(StateOut), required=True)
    objections = fields.List(fields.Nested(ObjectionOut), required=True)


class OutcomeOut(StateOut):
    """The new state, and who gains or loses sight by it."""

    matter = fields.String(required=True)
    gains = fields.List(fields.Nested(SightOut), required=True)
    loses = fields.List(fields.Nested(SightOut), required=True)
