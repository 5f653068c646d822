"""What people type into a page: read by the same schemas as the API's, and drawn again with everything typed when some
of it cannot be taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid

T = TypeVar("T")
# What forms carry for the frame's sake and no schema knows.
CARRIED = frozenset({"csrf_token", "step"})


@dataclass(frozen=True)
class Form:
    """What a page draws its fields from: what was typed, and per field what is wrong with it."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    errors: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read(schema: Schema, typed: Mapping[str, Any]) -> tuple[Form, dict[str, Any]]:
    """The form as typed, and what the schema makes of it: of use only where the form has no errors."""
    values = {name: value for name, value in typed.items() if name not in CARRIED}
    try:
        return Form(values), schema.load(values)
    except ValidationError as wrong:
        return Form(values, wrong.normalized_messages()), {}  # type: ignore[no-untyped-call]


def attempt(session: Session, form: Form, act: Callable[[], T]) -> tuple[Form, T | None]:
    """Do something that may be refused as invalid. If it is, nothing is written and the form says what is wrong."""
    try:
        with session.begin_nested():
            return form, act()
    except Invalid as wrong:
        return Form(form.values, wrong.errors), None
