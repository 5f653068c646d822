"""How a record looks to those who send and receive one; a page and the API send through the same schema.

What is sent is strict: an unknown key is refused, and every message says what is wrong and how to mend it.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from app.kernel.errors import Invalid
from app.matching import folding
from app.organisations.words import CHOICE_MATTERS
from app.places.postcodes import normalise
from app.residents.reasons import REASONS
from app.residents.wanted import Address, Name, Preferred, Recorded

NAME_KINDS = ("usual", "legal", "birth", "former", "known_as")
WAYS = ("telephone", "email", "letter", "text")
CHANNELS = ("telephone", "counter", "web", "letter", "email")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Control characters, and the signs that begin markup: nobody's name or street has them.
UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f<>]")
CHOICE_ANSWERS = ("given", "refused")


class Strict(Schema):
    """The base of what is sent: what is not known is refused by name."""

    error_messages = {
        "unknown": "This is not part of it: remove it, or check the spelling",
        "type": "Send an object with named parts",
    }


class Words(fields.String):
    """Text that somebody typed: spaces at the ends go, control characters and markup are refused."""

    default_error_messages = {"required": "Enter this", "null": "Enter this", "invalid": "Send text here",
                              "unwanted": "Remove the signs < and > and anything that cannot be seen",
                              "empty": "Enter this", "long": "This is too long: use at most {most} characters"}

    def __init__(self, *, most: int = 100, empty: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.most, self.empty = most, empty

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        text = " ".join(super()._deserialize(value, attr, data, **options).split())
        if UNWANTED.search(text):
            raise self.make_error("unwanted")
        if not text and not self.empty:
            raise self.make_error("empty")
        if len(text) > self.most:
            raise self.make_error("long", most=self.most)
        return text


class Telephone(Words):
    """A telephone number in any form people write it; E.164 afterwards."""

    default_error_messages = {"telephone": "“{typed}” is not a telephone number: check it digit by digit"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **options)
        number = folding.telephone(typed)
        if number is None:
            raise self.make_error("telephone", typed=typed)
        return number


class Email(Words):
    """An e-mail address, in lower case afterwards."""

    default_error_messages = {"email": "“{typed}” is not an e-mail address: it needs an @, such as name@example.com"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **options)
        address = folding.email(typed)
        if address is None:
            raise self.make_error("email", typed=typed)
        return address


class WrittenPostcode(Words):
    """A postcode in any case and spacing; the written form afterwards."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **options)
        try:
            return normalise(typed).written
        except Invalid as wrong:
            raise ValidationError(wrong.errors["postcode"]) from None


class Day(fields.Date):
    """A date as ISO 8601 or as it is said here, the day first."""

    default_error_messages = {"day": "“{typed}” is not a date: enter day, month and year, such as 27 3 1971",
                              "required": "Enter a date", "null": "Enter a date"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        found = folding.day(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("day", typed=str(value)[:40])
        return found


class NameSchema(Strict):
    """A name: ``kind`` says which of the resident's names it is."""

    given = Words(load_default="", empty=True, metadata={"example": "Chidi"})
    family = Words(required=True, metadata={"example": "Okafor"})
    kind = fields.String(load_default="usual", validate=validate.OneOf(NAME_KINDS, error="Choose one of {choices}"))

    @validates_schema
    def _has_letters(self, data: Mapping[str, Any], **_: Any) -> None:
        for part in ("given", "family"):
            if data.get(part) and not any(c.isalpha() for c in data[part]):
                raise ValidationError("A name has letters: check what was typed", part)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Name:
        return Name(**data)


class AddressSchema(Strict):
    """An address and the days it held: ``from`` is the first, ``until`` the first on which it no longer holds."""

    lines = fields.List(Words(most=120), required=True, validate=validate.Length(
        1, 6, error="Enter between one and six lines of the address"), metadata={"example": ["12 Mill Lane"]},
        error_messages={"required": "Enter the address", "invalid": "Send the lines as a list"})
    postcode = WrittenPostcode(required=True, metadata={"example": "AB1 2CD"})
    since = Day(data_key="from", load_default=None, metadata={"description": "Today, where it is left out"})
    until = Day(load_default=None, allow_none=True)
    district = fields.String(load_default=None, validate=validate.Regexp(
        r"[ENSW]\d{8}\Z", error="Send the GSS code of a district or unitary council: a letter and eight digits"), metadata={
            "description": "Where the postcode lies in several: the one that this address lies in, confirmed by who sends it"})

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Address:
        return Address(**data)


class PreferredSchema(Strict):
    """How and in what language the resident wants to be reached."""

    channel = fields.String(required=True, validate=validate.OneOf(WAYS, error="Choose one of {choices}"))
    language = fields.String(load_default="en", validate=validate.Regexp(
        LANGUAGE, error="Send a language tag, such as en, pl or pt-BR"))

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Preferred:
        return Preferred(**data)


class ChannelsSchema(Strict):
    """Telephones and e-mail addresses, the one to try first in front."""

    telephones = fields.List(Telephone(most=40), validate=validate.Length(max=10, error="Ten numbers are enough"))
    emails = fields.List(Email(most=254), validate=validate.Length(max=10, error="Ten addresses are enough"))
    preferred = fields.Nested(PreferredSchema, allow_none=True)


def _some(nested: Any, most: int, what: str, **options: Any) -> Any:
    error = f"Enter between one and {most} {what}"
    return fields.List(nested, validate=validate.Length(1, most, error=error), **options)


class _Held(Strict):
    """The groups that a record is made of and that can be sent."""

    channels = fields.Nested(ChannelsSchema)
    birth = Day(allow_none=True)
    needs = fields.List(Words(most=200), validate=validate.Length(max=20, error="Twenty needs are enough"))
    preferred = fields.Nested(PreferredSchema, allow_none=True)

    @validates_schema
    def _born_once(self, data: Mapping[str, Any], **_: Any) -> None:
        born = data.get("birth")
        if isinstance(born, date) and born.year < folding.EARLIEST:
            raise ValidationError(f"{born.year} is too long ago: check the year", "birth")


class ResidentIn(_Held):
    """The body of ``POST /residents``."""

    name = _some(fields.Nested(NameSchema), 10, "names", required=True, error_messages={"required": "Enter a name"})
    address = _some(fields.Nested(AddressSchema), 20, "addresses", required=True,
                    error_messages={"required": "Enter the address: it decides which council's resident this is"})
    choices = fields.Dict(
        keys=fields.String(validate=validate.OneOf(CHOICE_MATTERS, error="Choices are about one of {choices}")),
        values=fields.String(validate=validate.OneOf(CHOICE_ANSWERS, error="Say given or refused")), load_default=dict)
    channel = fields.String(load_default="telephone", metadata={"description": "How the choices were asked"},
                            validate=validate.OneOf(CHANNELS, error="Choose one of {choices}"))
    another = fields.Boolean(load_default=False, truthy={True}, falsy={False}, metadata={
        "description": "The records that may be theirs were looked at, and are somebody else's"},
        error_messages={"invalid": "Say true or false"})

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Recorded:
        return Recorded(data)


class ResidentPatch(_Held):
    """The body of ``PATCH /residents/{ref}``: a JSON merge patch over what was read."""

    name = _some(fields.Nested(NameSchema), 10, "names")
    address = _some(fields.Nested(AddressSchema), 20, "addresses")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Recorded:
        return Recorded(data)


class NameOut(Schema):
    given = fields.String()
    family = fields.String()
    kind = fields.String()


class AddressOut(Schema):
    lines = fields.List(fields.String())
    postcode = fields.String()
    since = fields.Date(data_key="from", attribute="from")
    until = fields.Date(allow_none=True)


class ResidentOut(Schema):
    """A record as far as it may be seen. A group that is not granted is absent."""

    ref = fields.String(required=True)
    home = fields.String(required=True, allow_none=True)
    basis = fields.List(fields.String(), required=True)
    withheld = fields.List(fields.String(), required=True, metadata={
        "description": "Groups that the rules never grant this role here; it says nothing of the record"})
    name = fields.List(fields.Nested(NameOut))
    address = fields.List(fields.Nested(AddressOut))
    channels = fields.Raw(metadata={"description": "telephones (E.164), emails, preferred"})
    birth = fields.Date(allow_none=True)
    needs = fields.List(fields.String())
    history = fields.List(fields.Raw())
    choices = fields.Raw()
    identity = fields.List(fields.Raw())
    sensitive = fields.List(fields.String())


class SearchQuestion(Strict):
    """The body of ``POST /residents/search``: anything in ``q``, or what is known by its name."""

    q = Words(most=300)
    surname = Words()
    given = Words()
    telephone = Telephone(most=40)
    email = Email(most=254)
    postcode = WrittenPostcode(most=40)
    birth_date = Day()
    ref = Words(most=20)
    reason = fields.String(validate=validate.OneOf(list(REASONS), error="Choose one of {choices}"), metadata={
        "description": "Why one clue is all there is: without it one weak clue alone is refused"})

    @validates_schema
    def _something(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("Send something to look for")


class Clue(Schema):
    """One detail in which a record agrees with what was said, or not, and what that adds."""

    words = fields.String(required=True)
    bits = fields.Float(required=True)


class Hit(Schema):
    """One record that fits."""

    ref = fields.String(required=True)
    name = fields.String(required=True)
    address_line = fields.String(required=True)
    home = fields.String(required=True, allow_none=True)
    basis = fields.List(fields.String(), required=True)
    score = fields.Integer(required=True)
    bits = fields.Float(required=True, metadata={"description": "How likely this is the one meant: each 1 doubles the odds"})
    because = fields.List(fields.Nested(Clue), required=True)
    model = fields.String(required=True, metadata={"description": "The version of the weights"})


class Hits(Schema):
    items = fields.List(fields.Nested(Hit), required=True)
    next = fields.String(required=True, allow_none=True)
    hint = fields.String(required=True, allow_none=True,
                         metadata={"description": "What to add where many fit equally well"})
