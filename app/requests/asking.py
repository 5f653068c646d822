"""What a service asks, and nothing else: a schema made of its own fields, with the reason beside each (R11)."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.residents.schemas import UNWANTED
from app.services.models import ServiceField

LONGEST, LARGEST = 500, 1_000_000


class _Text(fields.String):
    """Words of the caller: line breaks are kept, control characters and markup refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options).replace("\r\n", "\n").strip()
        if UNWANTED.search(text):
            raise ValidationError("Remove the signs < and > and anything that cannot be seen")
        if len(text) > LONGEST:
            raise ValidationError(f"This is too long: use at most {LONGEST} characters")
        if self.required and not text:
            raise ValidationError(self.error_messages["required"])
        return text


def details_of(asked: Iterable[ServiceField], sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What was sent for a service, as it is kept, and per field what is wrong. Emptiness is no answer."""
    known = {field.name: _field(field) for field in asked}
    given = {name: value for name, value in sent.items() if value not in ("", None)}
    errors: dict[str, list[str]] = {name: ["This service does not ask for this: leave it out"]
                                    for name in given if name not in known}
    try:
        loaded = Schema.from_dict(known)().load({name: given[name] for name in given if name in known})
    except ValidationError as wrong:
        return {}, wrong.normalized_messages() | errors  # type: ignore[no-untyped-call]
    return {name: _kept(value) for name, value in loaded.items()}, errors


def _field(asked: ServiceField) -> fields.Field[Any]:
    messages = {"required": f"Answer this: {asked.why}", "null": f"Answer this: {asked.why}"}
    given: dict[str, Any] = {"required": asked.required, "error_messages": messages}
    if asked.kind == "choice":
        given["error_messages"] = messages | {"invalid": f"Choose one of {', '.join(asked.choices)}"}
        return fields.String(**given, validate=validate.OneOf(
            asked.choices, error=f"Choose one of {', '.join(asked.choices)}"))
    if asked.kind == "number":
        given["error_messages"] = messages | {"invalid": "Enter a whole number, such as 2"}
        return fields.Integer(**given, validate=validate.Range(
            0, LARGEST, error="Enter a whole number from 0 to 1,000,000"))
    if asked.kind == "date":
        given["error_messages"] = messages | {"invalid": "Enter a date with day, month and year"}
        return fields.Date(**given)
    if asked.kind == "yesno":
        given["error_messages"] = messages | {"invalid": "Answer yes or no"}
        return fields.Boolean(**given)
    given["error_messages"] = messages | {"invalid": "Send text here"}
    return _Text(**given)


def _kept(value: Any) -> Any:
    """As JSON: a date in its ISO form."""
    return value.isoformat() if hasattr(value, "isoformat") else value
