"""The one place where a failure becomes an answer: a page for people, a problem document (RFC 9457) for programs.

What was hidden and what never was give the same bytes, as does an address that leads nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from app.kernel.errors import Failure, NotFound, NotSignedIn
from app.shell.drawing import flattened

API = "/api/"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Words:
    """What a page says of a failure: what happened, and what can be done now."""

    title: str
    then: tuple[str, ...] = ()
    kind: str = "failure"


# By status, for what is not one of our own failures, and for what to do next about any of them.
WORDS: Mapping[int, Words] = {
    400: Words("This page was open too long, or was sent incompletely",
               ("Go back, load the page again and send it once more.",), "malformed"),
    401: Words("Sign in first", (), "not-signed-in"),
    403: Words("You cannot do this with the hat you are wearing",
               ("If you have another hat, change to it.",
                "If your work needs this, ask your team leader; the partnership's administrators decide who may."),
               "not-permitted"),
    404: Words("Not found",
               ("If you typed the address or a reference, check it.",
                "If somebody is waiting, you can still take what they say as a request for another council."),
               "not-found"),
    405: Words("This address does not take that", ("Go back and use the page's own buttons.",), "method-not-allowed"),
    409: Words("This cannot be done now", ("Go back and load the page again to see how things stand.",), "conflict"),
    412: Words("Somebody else changed this first",
               ("Nothing of theirs was overwritten. Go back and load the page again, then make your change.",),
               "changed-meanwhile"),
    413: Words("What was sent is too large", ("Send a smaller file, or several.",), "too-large"),
    415: Words("What was sent is of a kind we do not take", (), "unsupported-kind"),
    422: Words("Some of what was sent cannot be taken", ("Go back and mend it: nothing was saved.",), "invalid"),
    428: Words("Send If-Match with the ETag of what you are changing", (), "version-needed"),
    429: Words("Too many attempts", ("Wait a little, then try again.",), "too-many"),
    500: Words("Something went wrong",
               ("Nothing was saved. Try again in a minute.",
                "If it happens again, tell the partnership's help desk the number below."), "failure"),
    503: Words("The service is not ready", ("Try again in a few minutes. Until then nothing can be seen.",),
               "not-ready"),
}  # fmt: skip
NUMBERED = (500, 503)  # the pages that show the request's id; on a 404 it would tell two answers apart


@dataclass(frozen=True)
class Told:
    """A failure as it will be told, to people or to programs."""

    status: int
    kind: str
    title: str
    detail: str
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Answer every failure of this application, foreseen or not. Flask itself logs what was not foreseen."""
    app.register_error_handler(Failure, answer_failure)
    app.register_error_handler(HTTPException, answer_http)


def answer_failure(failure: Failure) -> Response:
    return _answer(Told(failure.status, failure.kind, failure.title, failure.detail, failure.facts, failure.headers))


def answer_http(error: HTTPException) -> Response:
    """Werkzeug's own: unknown address, wrong method, too large, a form whose token is not ours, and the unforeseen."""
    if error.response is not None and error.code is None:
        return make_response(error.response)
    status = error.code or 500
    if 300 <= status < 400:
        return make_response(error.get_response())
    if status == NotFound.status:
        return answer_failure(NotFound())
    words = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After", "WWW-Authenticate")}
    return _answer(Told(status, words.kind, words.title, words.title, _what_is_wrong(error), kept))


def _what_is_wrong(error: HTTPException) -> dict[str, Any]:
    """The messages by field that a call's schema had for what was sent, wherever in the request it stood."""
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    errors = {name: said for part in messages.values() if isinstance(part, Mapping) for name, said in part.items()}
    return {"errors": errors} if errors else {}


def _answer(told: Told) -> Response:
    response = _problem(told) if request.path.startswith(API) else _page(told)
    response.status_code = told.status
    response.headers.extend(dict(told.headers))
    if told.status == NotSignedIn.status:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    return response


def _problem(told: Told) -> Response:
    said = {
        **told.facts,
        "type": f"/problems/{told.kind}",
        "title": told.title,
        "status": told.status,
        "detail": told.detail,
    }
    response = jsonify(said)
    response.mimetype = PROBLEM
    return response


def _page(told: Told) -> Response:
    then = WORDS.get(told.status, WORDS[500 if told.status >= 500 else 400]).then
    number = str(g.get("request_id", "")) if told.status in NUMBERED else ""
    mistakes = [words for _, words in flattened(told.facts.get("errors", {}))]
    return make_response(
        render_template("shell/failure.html", told=told, then=then, number=number, mistakes=mistakes)
    )
