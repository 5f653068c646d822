"""How questions to the policy and lines of the journal look to a program, and what the forms take."""

from marshmallow import Schema, fields, validate

SHORT = validate.Length(1, 80)


class DecisionQuestion(Schema):
    """The body of ``POST /policy/decision``. Without a resident the rules alone are asked."""

    organisation = fields.String(required=True, validate=SHORT, metadata={"description": "The organisation's slug"})
    role = fields.String(required=True, validate=SHORT)
    purpose = fields.String(required=True, validate=SHORT)
    group = fields.String(required=True, validate=SHORT)
    resident = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    action = fields.String(load_default=None, allow_none=True, validate=SHORT, metadata={
        "description": "What is to be done; `resident:see` if nothing is said"})
    unit = fields.String(load_default=None, allow_none=True, validate=SHORT)
    on = fields.AwareDateTime(load_default=None, allow_none=True, metadata={
        "description": "The moment asked about, else now"})


class DecisionAnswer(Schema):
    """The answer: ``not-told`` where the asker may not know of the resident."""

    outcome = fields.String(required=True, validate=validate.OneOf(
        ("yes", "nothing-allows", "forbidden", "missing", "not-told")))
    because = fields.List(fields.String(), required=True)
    would_change = fields.List(fields.String(), required=True)


class JournalQuestion(Schema):
    """The query of a page of the journal."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    after = fields.String(load_default=None, validate=validate.Length(max=200))


class JournalLine(Schema):
    """Who saw or changed what, when, why, under which policy version."""

    at = fields.DateTime(required=True)
    event = fields.String(required=True)
    words = fields.String(required=True)
    person = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    purpose = fields.String(allow_none=True)
    contact = fields.String(allow_none=True)
    policy_version = fields.Integer(allow_none=True)
    groups = fields.List(fields.String(), required=True)
    scopes = fields.List(fields.String(), required=True)


class JournalAnswer(Schema):
    """A page of the journal of a record."""

    items = fields.List(fields.Nested(JournalLine), required=True)
    next = fields.String(required=True, allow_none=True)
