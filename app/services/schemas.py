"""How the catalogue looks to a program."""

from marshmallow import Schema, fields, validate


class CatalogueQuestion(Schema):
    """The query of ``GET /services``."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={
        "description": "Words in which a caller asks; the services they may mean come best first"})
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100, error="Ask for 1 to 100"))
    after = fields.Integer(load_default=0, validate=validate.Range(0, error="Send the `next` of the page before"))


class ServiceFieldOut(Schema):
    """One thing the service must know, and why."""

    name = fields.String(required=True)
    why = fields.String(required=True)
    required = fields.Boolean(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)


class ServiceNeedOut(Schema):
    """One field group of the resident that the service needs, and why."""

    group = fields.String(required=True)
    why = fields.String(required=True)
    required = fields.Boolean(required=True)


class ServiceAnswerOut(Schema):
    key = fields.String(required=True)
    words = fields.String(required=True)


class ServiceQuestionOut(Schema):
    """A question whose answer decides who answers."""

    key = fields.String(required=True)
    words = fields.String(required=True)
    answers = fields.List(fields.Nested(ServiceAnswerOut), required=True)


class ServiceProvidedOut(Schema):
    """A council that takes the service now, and by when it promises to do it."""

    council = fields.String(required=True)
    target = fields.String(required=True, allow_none=True)


class ServiceOut(Schema):
    """A service of the catalogue."""

    lgsl = fields.Integer(required=True)
    name = fields.String(required=True)
    tier = fields.String(required=True)
    description = fields.String(required=True)
    fields_ = fields.List(fields.Nested(ServiceFieldOut), required=True, data_key="fields", attribute="fields")
    needs = fields.List(fields.Nested(ServiceNeedOut), required=True)
    questions = fields.List(fields.Nested(ServiceQuestionOut), required=True)
    target = fields.String(required=True, allow_none=True, metadata={"description": "The longest of the councils' own"})
    provided_by = fields.List(fields.Nested(ServiceProvidedOut), required=True)


class ServicesOut(Schema):
    items = fields.List(fields.Nested(ServiceOut), required=True)
    next = fields.String(required=True, allow_none=True)
