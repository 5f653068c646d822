"""How contacts look to a program, and what their forms take: one schema serves the page and the API."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.contacts.models import CHANNELS, OUTCOMES
from app.residents.schemas import UNWANTED


def _one_of(words: tuple[str, ...]) -> validate.OneOf:
    return validate.OneOf(words, error="“{input}” is not known here: choose one of {choices}")


def _plain(words: str) -> None:
    if UNWANTED.search(words.replace("\r\n", "\n")):
        raise ValidationError("Remove the signs < and > and anything that cannot be seen")


class Opening(Schema):
    """The body of ``POST /contacts``."""

    channel = fields.String(required=True, validate=_one_of(CHANNELS), metadata={"example": "telephone"})
    line = fields.String(required=True, validate=validate.Length(1, 80), metadata={
        "description": "The line that rang, or the slug of a council for what came in by no number"})
    person = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40),
                           metadata={"description": "The reference of the resident, where known"})


class OpeningForm(Schema):
    """The form to open a contact with."""

    channel = fields.String(required=True, validate=_one_of(CHANNELS), error_messages={
        "required": "Choose how they came"})
    line = fields.String(required=True, validate=validate.Length(1, 80), error_messages={
        "required": "Choose the line that rang"})


class NamingPerson(Schema):
    """The body of ``POST /contacts/{ref}/person``."""

    resident = fields.String(required=True, validate=validate.Length(1, 40))


class Ending(Schema):
    """The body of ``POST /contacts/{ref}/end``."""

    outcome = fields.String(required=True, validate=_one_of(OUTCOMES), metadata={"example": "resolved"})
    resolved_at_first_contact = fields.Boolean(required=True)
    note = fields.String(load_default=None, allow_none=True, validate=(validate.Length(max=2000), _plain), metadata={
        "description": "Only for a contact with a resident: of an anonymous one no words are kept"})
    promised_by = fields.Date(load_default=None, allow_none=True, metadata={
        "description": "The day by which what the note promises is done"})


class EndingForm(Schema):
    """The form of the end panel and of the whole page: a box that is not ticked is not sent."""

    outcome = fields.String(load_default="", validate=_one_of(OUTCOMES), metadata={"example": "resolved"})
    resolved_at_first_contact = fields.String(load_default="", validate=validate.OneOf(("", "yes")))
    note = fields.String(load_default="", validate=_plain)
    promised_by = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def _says_how(self, data: dict[str, object], **_: object) -> None:
        if not data.get("outcome"):
            raise ValidationError({"outcome": ["Choose how the contact ended"]})


class ContactAnswer(Schema):
    """A contact. ``person`` is there only when somebody is named who may be seen."""

    ref = fields.String(required=True)
    channel = fields.String(required=True)
    line = fields.String(required=True)
    organisation = fields.String(required=True, metadata={"description": "Whose hat it is answered in"})
    started_at = fields.DateTime(required=True)
    person = fields.String()
    ended_at = fields.DateTime()
    outcome = fields.String()
    resolved_at_first_contact = fields.Boolean()
