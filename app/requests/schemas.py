"""How requests are taken from, and look to, a program. What a service itself asks is ``asking``'s."""

from marshmallow import Schema, fields, validate

from app.requests.models import STATUSES
from app.residents.schemas import Strict, Words


def _answers() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.String(validate=validate.Length(max=100)), load_default=dict,
                       metadata={"description": "Answers to the questions that decide where it goes, by their keys"})


def _lgsl() -> fields.Integer:
    return fields.Integer(required=True, strict=True, metadata={"example": 530}, validate=validate.Range(
        1, 2_000_000_000, error="Send the code of a service of the catalogue"))


class RoutingQuestionIn(Strict):
    """The body of ``POST /routing/decision``."""

    lgsl = _lgsl()
    postcode = fields.String(required=True, validate=validate.Length(max=40), metadata={"example": "AB1 2CD"})
    answers = _answers()
    on = fields.Date(load_default=None, allow_none=True)
    address_line = Words(most=200, load_default=None, allow_none=True)


class TakingIn(Strict):
    """The body of ``POST /requests``: for a resident, or from what a caller says, with their permission."""

    lgsl = _lgsl()
    postcode = fields.String(required=True, validate=validate.Length(max=40), metadata={"example": "AB1 2CD"})
    answers = _answers()
    details = fields.Dict(keys=fields.String(), load_default=dict, metadata={
        "description": "What the service itself asks, by the names of its fields"})
    resident = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    intake = fields.Dict(keys=fields.String(), load_default=None, allow_none=True, metadata={
        "description": "name, address, telephone, email, birth, needs: of these what the service needs"})
    permission = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20), metadata={
        "description": "With an intake: whether the caller lets it be passed on for this request, given or refused"})
    address_line = Words(most=200, load_default=None, allow_none=True)


class RoutingOption(Schema):
    key = fields.String(required=True)
    words = fields.String(required=True)


class RoutingAsked(Schema):
    key = fields.String(required=True)
    words = fields.String(required=True)
    answers = fields.List(fields.Nested(RoutingOption), required=True)


class RoutingSignpost(Schema):
    name = fields.String(required=True, allow_none=True)
    homepage = fields.String(required=True, allow_none=True)
    telephone = fields.String(required=True, allow_none=True)
    words = fields.String(required=True)


class RoutingDecision(Schema):
    """Where a request would go, and why."""

    outcome = fields.String(required=True, validate=validate.OneOf(("route", "ask", "signpost", "queue")))
    responsible = fields.String(required=True, allow_none=True)
    provider = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    queue = fields.String(required=True, allow_none=True)
    question = fields.Nested(RoutingAsked)
    signpost = fields.Nested(RoutingSignpost)
    because = fields.List(fields.String(), required=True)
    will_see = fields.List(fields.String(), required=True, metadata={
        "description": "The field groups that whoever carries it out will see, while it is open"})


class RingOut(Schema):
    name = fields.String(required=True)
    telephone = fields.String(required=True, allow_none=True)
    homepage = fields.String(required=True, allow_none=True)


class TakenOut(Schema):
    """The request taken. Where the caller permitted nothing, ``ref`` is null and ``ring`` says whom they may ring."""

    ref = fields.String(required=True, allow_none=True)
    taken_by = fields.String(required=True, allow_none=True)
    responsible = fields.String(required=True, allow_none=True)
    provider = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    promised_by = fields.Date(required=True, allow_none=True)
    because = fields.List(fields.String(), required=True)
    ring = fields.Nested(RingOut, allow_none=True)


class RequestOut(Schema):
    """A request as far as it may be seen. Of the resident's groups those that were copied for it and are granted."""

    ref = fields.String(required=True)
    lgsl = fields.Integer(required=True)
    taken_by = fields.String(required=True)
    responsible = fields.String(required=True, allow_none=True)
    provider = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    queue = fields.String(required=True, allow_none=True)
    intake = fields.Boolean(required=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    taken_at = fields.DateTime(required=True)
    promised_by = fields.Date(required=True, allow_none=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    basis = fields.List(fields.String(), required=True)
    resident = fields.String()
    postcode = fields.String()
    answers = fields.Dict()
    details = fields.Dict()
    because = fields.List(fields.String())
    own_reference = fields.String(allow_none=True)
    name = fields.List(fields.Raw())
    address = fields.List(fields.Raw())
    channels = fields.Raw()
    birth = fields.String()
    needs = fields.List(fields.String())


class RequestsOut(Schema):
    items = fields.List(fields.Nested(RequestOut), required=True)
    next = fields.String(required=True, allow_none=True)


class ListQuestion(Schema):
    """The query of ``GET /requests``."""

    status = fields.String(load_default=None, validate=validate.OneOf(STATUSES, error="It is one of {choices}"))
    mine = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100, error="Ask for 1 to 100"))
    after = fields.String(load_default=None, validate=validate.Length(max=40))
