"""What the steps of a request take and answer: one schema serves the page and the call."""

from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from app.kernel.errors import Invalid
from app.requests.disposal import WAYS
from app.requests.stages import OUTCOMES

LONGEST = 1000


def _words(missing: str, **options: Any) -> fields.String:
    length = validate.Length(1, LONGEST, error=f"{missing}, in at most {LONGEST} characters")
    return fields.String(required=True, validate=length, error_messages={"required": missing}, **options)


def _chosen(known: dict[str, str], **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(
        list(known), error=f"“{{input}}” is not known here: choose one of {', '.join(known)}"), **options)


class Trimmed(Schema):
    """A form or a body: text comes without the space around it, and what a form leaves empty was not sent."""

    @pre_load
    def _trim(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            return data
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in trimmed.items() if value != ""}


class Nothing(Trimmed):
    """The body of a step that needs no words."""


class Reason(Trimmed):
    """The body of ``refuse``, ``cancel`` and ``take-back``."""

    reason = _words("Say why", metadata={"example": "Not on our round"})


class Passing(Reason):
    """The body of ``pass``."""

    to = fields.String(required=True, validate=validate.Length(max=80),
                       error_messages={"required": "Say which council it goes to"},
                       metadata={"description": "The slug of the council"})


class Assigning(Trimmed):
    """The body of ``assign``."""

    to = fields.String(required=True, validate=validate.Length(max=80),
                       error_messages={"required": "Say which partner it goes to"},
                       metadata={"description": "The slug of the partner"})


class Noting(Trimmed):
    """The body of ``update`` and ``note``."""

    note = _words("Say how far it is")


class Outcome(Trimmed):
    """The body of ``complete`` and ``close``. The outcome is a word of a list: it stays when the rest is gone."""

    outcome = _chosen(dict(OUTCOMES), load_default=None, allow_none=True)
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(
        max=LONGEST, error=f"Write at most {LONGEST} characters"))


class Linking(Trimmed):
    """The body of ``link``: the reference of a resident of one's own."""

    resident = fields.String(required=True, validate=validate.Length(max=40))


class Disposing(Trimmed):
    """The form that confirms disposal."""

    requests = fields.List(fields.String(validate=validate.Length(max=40)), required=True,
                           validate=validate.Length(1, 200, error="Tick at most 200 jobs"),
                           error_messages={"required": "Tick the jobs whose details are gone"})
    how = _chosen(dict(WAYS), required=True, error_messages={"required": "Say how it was done"})
    on = fields.Date(required=True, error_messages={
        "required": "Give the day on which it was done", "invalid": "This is no date: write it as 27 3 2014"})
    declared = fields.String(required=True, validate=validate.Equal("yes", error="Tick the declaration"),
                             error_messages={"required": "Tick the declaration"})


class CompletingForm(Outcome):
    """The page asks for the outcome; a program that says nothing means that it is done."""

    outcome = _chosen(dict(OUTCOMES), required=True, error_messages={"required": "Say what came of it"})


class Standing(Schema):
    """How a request stands after a step. What the asker may not know is left out of it by being nobody's."""

    ref = fields.String(required=True)
    status = fields.String(required=True)
    responsible = fields.String(required=True, allow_none=True)
    provider = fields.String(required=True, allow_none=True)
    promised_by = fields.Date(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)


def read(schema: Schema, typed: Any) -> dict[str, Any]:
    """What a form says, apart from what every form carries. Raises Invalid by field."""
    try:
        loaded: dict[str, Any] = schema.load({name: value for name, value in typed.items() if name != "csrf_token"})
    except ValidationError as wrong:
        raise Invalid(cast(dict[str, Any], wrong.normalized_messages())) from None  # type: ignore[no-untyped-call]
    return loaded
