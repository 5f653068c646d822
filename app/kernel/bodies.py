"""Reads the JSON body and the query of a call. What is wrong with them becomes one of our own failures, field by field,
and text that no column can hold is refused before a schema sees it. What the fields mean is each feature's own.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, NoReturn

from flask import Flask, Request, request
from marshmallow import Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser

from app.kernel.errors import Invalid, Malformed

NOT_JSON = "Send the body as JSON (RFC 8259), in UTF-8, with Content-Type: application/json."


class KeptInMemory(Request):
    """A request whose files are never put on a disk on their way: what they hold may be about people, and is encrypted before
    it is kept anywhere."""

    def _get_file_stream(self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
                         content_length: int | None = None) -> IO[bytes]:
        return BytesIO()


class BodyParser(FlaskParser):
    """Webargs' parser, raising Malformed for what is not JSON and Invalid for what a schema refuses."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body as JSON. One of another kind is refused rather than taken for an empty one."""
        if not req.is_json and (req.content_length or req.get_data(cache=True)):
            raise Malformed(NOT_JSON)
        try:
            body = super().load_json(req, schema)
            unkept = sorted(set(_unkept(body))) if body is not missing else []
        except RecursionError:
            raise Malformed("The body is nested too deeply.") from None
        if unkept:
            raise Invalid({name: [NOT_TEXT] for name in unkept})
        return body

    def _handle_invalid_json_error(self, error: Any, req: Request, *_: Any, **__: Any) -> NoReturn:
        raise Malformed(NOT_JSON) from None

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, *, error_status_code: int | None,
                     error_headers: Any) -> NoReturn:
        """Told by field, whichever part of the request the field was in."""
        found: dict[str, Any] = {}
        for said in error.normalized_messages().values():  # type: ignore[no-untyped-call]
            found |= said if isinstance(said, dict) else {"_schema": said}
        raise Invalid(found) from None


def refuse_what_is_no_text(app: Flask) -> None:
    """No address and no form with a character that no text column can hold gets as far as a view."""

    @app.before_request
    def refuse() -> None:
        typed = (*request.args.items(multi=True), *request.form.items(multi=True))
        if not keepable(request.path) or not all(keepable(name) and keepable(value) for name, value in typed):
            raise Malformed("There is a character in it that is not text. Leave it out.")


NOT_TEXT = "This holds a character that is not text (U+0000, or half of a pair). Leave it out."


def keepable(text: str) -> bool:
    """Whether a text column can hold it: no NUL, and no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _unkept(value: Any, name: str = "_schema") -> Iterator[str]:
    """The outermost fields that hold, however deep, a text which cannot be kept."""
    if isinstance(value, str):
        if not keepable(value):
            yield name
    elif isinstance(value, dict):
        for key, held in value.items():
            here = key if name == "_schema" and keepable(key) else name
            yield from () if keepable(key) else (name,)
            yield from _unkept(held, here)
    elif isinstance(value, list):
        for held in value:
            yield from _unkept(held, name)
