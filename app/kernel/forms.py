"""What people type into a page is read by the same schemas as the API's; what cannot be taken draws the form again."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from app.kernel.errors import Invalid

# What forms carry for the frame's sake and no schema knows.
CARRIED = frozenset({"csrf_token", "step", "once"})


def read(schema: Schema, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the schema makes of a form. Raises Invalid with every message."""
    try:
        found: dict[str, Any] = schema.load({name: value for name, value in typed.items() if name not in CARRIED})
    except ValidationError as wrong:
        raise Invalid(wrong.normalized_messages()) from None
    return found
