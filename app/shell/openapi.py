"""The description of the HTTP interface, OpenAPI 3.1 at /api/v1/openapi.json, made from the schemas of the calls
themselves. What fails is told by ``failures``, as everywhere.
"""

import http
from typing import Any

from flask import Flask
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields

from app.shell.failures import PROBLEM

DESCRIPTION = """\
What programs may rely on: a promise kept across versions, to which more may be added.

Times are RFC 3339 with offset, dates ISO 8601, telephones E.164 in answers and any UK form in questions, postcodes \
as `TA1 1HE` in answers and any spacing and case in questions. Lists answer \
`{"items": [...], "next": "<cursor or null>"}`, take `limit` and `after`, and give no total.

Send `Authorization: Bearer <token>` with a token of `POST /api/v1/tokens`. Every call that touches a resident on \
behalf of an adviser also names the conversation it is for, in the header `Contact: <ref>`; without it the answer is \
409 `contact-needed`. What is hidden from you and what does not exist are the same 404.
"""


class Problem(Schema):
    """A failure, as RFC 9457 writes it; ``errors`` names the fields of a 422."""

    type = fields.String(required=True, metadata={"description": "The stable word for programs, as a path",
                                                  "example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), metadata={"description": "From field to messages, in a 422"})


class _Description(Api):  # type: ignore[misc]
    """Flask-smorest's, with our failures in place of its own."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """None of its own: a failure looks the same wherever it came from."""

    def _register_responses(self) -> None:
        for name, words in [*((status.name, status.phrase) for status in http.HTTPStatus if status >= 400),
                            ("DEFAULT_ERROR", "Any other failure")]:
            response: dict[str, Any] = {"description": words, "schema": Problem}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)


def api_of(app: Flask) -> Api:
    """The interface of this application; the blueprints of calls are registered with what comes back."""
    app.config.update(
        API_TITLE="Joint Contact", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": DESCRIPTION}, "security": [{"bearer": []}]})
    made = _Description(app)
    made.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    return made
