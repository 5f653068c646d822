"""What people and programs type about signing in and about staff: one schema for page and API, unknown fields refused.
"""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate
from werkzeug.datastructures import MultiDict

from app.kernel.bodies import keepable
from app.kernel.errors import Invalid
from app.staff.passwords import MOST

USERNAME = r"^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$"


class Line(fields.String):
    """One line of text, without spaces around it and without characters that are none."""

    def __init__(self, words: str, most: int, *, required: bool = True, least: int = 1, **options: Any) -> None:
        empty: dict[str, Any] = {"required": words, "null": words, "invalid": "Type this as text."}
        checks: list[Any] = [validate.Length(max=most, error=f"Use {most} characters at most."), _one_line]
        if required and least:
            checks.append(validate.Length(min=least, error=words))
        super().__init__(required=required, validate=checks, error_messages=empty, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        found = super()._deserialize(value, attr, data, **options)
        return found.strip() if isinstance(found, str) else found


class Password(fields.String):
    """A password as it was typed: nothing is taken off it."""

    def __init__(self, words: str = "Type your password.") -> None:
        super().__init__(
            required=True,
            load_only=True,
            error_messages={"required": words, "null": words},
            validate=[
                validate.Length(min=1, error=words),
                validate.Length(max=MOST, error=f"Use {MOST} characters at most."),
                _text,
            ],
        )


def _one_line(value: str) -> None:
    if not keepable(value) or any(not character.isprintable() for character in value):
        raise ValidationError("Use letters, digits and signs on one line.")


def _text(value: str) -> None:
    if not keepable(value):
        raise ValidationError("This holds a character that is not text. Leave it out.")


class Form(Schema):
    """A form of a page: the browser's own fields (the token against forgery) are left out."""

    class Meta:
        unknown = EXCLUDE


def typed(schema: Schema, form: "MultiDict[str, str]") -> dict[str, Any]:
    """What a page's form holds. Raises Invalid, field by field."""
    try:
        found: dict[str, Any] = schema.load(form.to_dict())
    except ValidationError as wrong:
        raise Invalid(wrong.normalized_messages()) from None  # type: ignore[no-untyped-call]
    return found


class Knock(Form):
    """Somebody at the door: the user name is folded as it is kept."""

    username = Line("Type your user name.", 200)
    password = Password()
    next = fields.String(load_default="")

    @post_load
    def fold(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"username": data["username"].lower()}


class TokenWanted(Schema):
    """The body of ``POST /tokens``. ``unit`` only where somebody wears two hats of one role in two departments."""

    username = Line("Send the user name.", 200, metadata={"example": "a.marsh"})
    password = Password("Send the password.")
    organisation = Line("Send the organisation's slug.", 100)
    role = Line("Send the role.", 100, metadata={"example": "adviser"})
    unit = fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=100), _one_line])

    @post_load
    def fold(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"username": data["username"].lower()}


class HatSaid(Schema):
    """The organisation and role acted for."""

    organisation = fields.String(required=True, metadata={"description": "The organisation's slug"})
    role = fields.String(required=True)
    unit = fields.String(allow_none=True)


class TokenGiven(Schema):
    """A token, shown this once, and how long it lives."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")
    hat = fields.Nested(HatSaid, required=True)


class PersonSaid(Schema):
    """Who is signed in."""

    username = fields.String(required=True)
    name = fields.String(required=True)


class Me(Schema):
    """Who is asking, in which hat, and what that hat may do at all: on which rows is for each row."""

    person = fields.Nested(PersonSaid, required=True)
    hat = fields.Nested(HatSaid, required=True)
    actions = fields.List(fields.String(), required=True)


class HatChosen(Form):
    """Which hat, by its place in the list that was shown."""

    hat = fields.UUID(required=True, error_messages={"required": "Choose a hat.", "invalid_uuid": "Choose a hat.",
                                                     "null": "Choose a hat."})
    next = fields.String(load_default="")


class PasswordChange(Form):
    """A new password, and the old one to show that it is the person themselves."""

    current = Password("Type your password as it is now.")
    password = Password("Type a new password.")


class FirstPassword(Form):
    """A password set with a one-time word."""

    username = Line("Type your user name.", 200)
    word = Line("Type the one-time word you were given.", 60)
    password = Password("Type a new password.")

    @post_load
    def fold(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"username": data["username"].lower()}


class NewPerson(Form):
    """Somebody new, with a first hat."""

    username = Line("Type a user name.", 64)
    name = Line("Type the person's name.", 200)
    email = fields.Email(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "Type an e-mail address, like a@b.uk."},
        validate=[validate.Length(max=254, error="Use 254 characters at most."), _one_line],
    )
    organisation = Line("Choose an organisation.", 100)
    role = Line("Choose a role.", 100)
    unit = fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=100), _one_line])

    @pre_load
    def empty_is_none(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            name: value for name, value in data.items() if not (name in ("email", "unit") and str(value).strip() == "")
        }

    @post_load
    def fold(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"username": data["username"].lower()}


class NewHat(Form):
    """A further hat of somebody."""

    organisation = Line("Choose an organisation.", 100)
    role = Line("Choose a role.", 100)
    unit = fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=100), _one_line])

    @pre_load
    def empty_is_none(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if not (name == "unit" and str(value).strip() == "")}
