"""What a caller says of themselves at an intake: taken for the groups that the service needs, and for no others."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from app.kernel.errors import Invalid
from app.policy.groups import Group
from app.residents.schemas import Day, Email, Strict, Telephone, Words, WrittenPostcode

# Which part of what is sent makes which group of the copy.
PARTS: Mapping[str, Group] = {"name": Group.NAME, "address": Group.ADDRESS, "telephone": Group.CHANNELS,
                              "email": Group.CHANNELS, "birth": Group.BIRTH, "needs": Group.NEEDS}
PART_WORDS = {"name": "the caller's name", "address": "an address", "telephone": "a telephone number",
              "email": "an e-mail address", "birth": "the date of birth", "needs": "needs in how it is delivered"}
MOST_LINES = 6


class CallerName(Strict):
    """A name in its two parts; one said in one piece comes apart at its last space."""

    given = Words(load_default="", empty=True)
    family = Words(required=True)

    @pre_load
    def _apart(self, data: Any, **_: Any) -> Any:
        if isinstance(data, str):
            given, _space, family = " ".join(data.split()).rpartition(" ")
            return {"given": given, "family": family}
        return data


class CallerAddress(Strict):
    """The lines of an address, as a list or in one piece, and its postcode where it is not the request's."""

    lines = fields.List(Words(most=120), required=True, validate=validate.Length(
        1, MOST_LINES, error="Enter between one and six lines of the address"))
    postcode = WrittenPostcode(load_default=None, allow_none=True)

    @pre_load
    def _lines(self, data: Any, **_: Any) -> Any:
        if isinstance(data, str):
            data = {"lines": data}
        if isinstance(data, list):
            data = {"lines": data}
        if isinstance(data, Mapping) and isinstance(data.get("lines"), str):
            apart = [line.strip() for piece in data["lines"].splitlines() for line in piece.split(",")]
            return {**data, "lines": [line for line in apart if line]}
        return data


class Intake(Strict):
    """What a caller may say of themselves."""

    name = fields.Nested(CallerName)
    address = fields.Nested(CallerAddress)
    telephone = Telephone(most=40)
    email = Email(most=254)
    birth = Day()
    needs = fields.List(Words(most=200), validate=validate.Length(max=20, error="Twenty needs are enough"))


def copy_of(sent: Mapping[str, Any], postcode: str, needed: Mapping[str, tuple[bool, str]]) -> dict[Group, Any]:
    """The request's own copy, by group, of what the caller said. ``needed`` has, by group, whether it must be and why.

    Raises Invalid for what cannot be taken, for what is not needed, and for what is missing.
    """
    given = {name: value for name, value in sent.items() if value not in ("", None, [], {})}
    errors: dict[str, Any] = {name: [f"This service does not need {PART_WORDS[name]}: leave it out"]
                              for name, group in PARTS.items() if name in given and group not in needed}
    try:
        said = Schema.load(Intake(), given)
    except ValidationError as wrong:
        errors = wrong.normalized_messages() | errors  # type: ignore[no-untyped-call]
        said = {}
    for name in _missing(given, needed):
        errors.setdefault(name, [f"This service needs {PART_WORDS[name]}: {needed[PARTS[name]][1]}"])
    if errors:
        raise Invalid({"intake": errors})
    return _groups(said, postcode)


def _missing(given: Mapping[str, Any], needed: Mapping[str, tuple[bool, str]]) -> list[str]:
    has = {PARTS[name] for name in given if name in PARTS}
    first = {group: name for name, group in reversed(list(PARTS.items()))}
    return [name for group, name in first.items() if group in needed and needed[group][0] and group not in has]


def _groups(said: Mapping[str, Any], postcode: str) -> dict[Group, Any]:
    """In the shapes that the API gives a resident's groups."""
    found: dict[Group, Any] = {}
    if "name" in said:
        found[Group.NAME] = [{**said["name"], "kind": "usual"}]
    if "address" in said:
        address = said["address"]
        found[Group.ADDRESS] = [{"lines": address["lines"], "postcode": address["postcode"] or postcode}]
    if "telephone" in said or "email" in said:
        found[Group.CHANNELS] = {"telephones": [said["telephone"]] if "telephone" in said else [],
                                 "emails": [said["email"]] if "email" in said else []}
    if "birth" in said:
        found[Group.BIRTH] = said["birth"].isoformat()
    if "needs" in said:
        found[Group.NEEDS] = said["needs"]
    return found
