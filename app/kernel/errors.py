"""The few ways in which something asked of us can fail, each with its HTTP status and plain words.

Views never catch these: one handler in the shell draws the page or the problem document (RFC 9457).
"""

from collections.abc import Mapping
from typing import Any


class Failure(Exception):
    """A failure that a person or a program may be told of. ``kind`` is the stable word for programs."""

    status = 500
    kind = "failure"
    title = "Something went wrong"

    def __init__(self, detail: str = "", *, kind: str | None = None, facts: Mapping[str, Any] | None = None,
                 headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.kind = kind or self.kind
        self.facts = dict(facts or {})
        self.headers = dict(headers or {})


class NotFound(Failure):
    """There is none, or none that the asker may know of: the two are never told apart, so it takes no words."""

    status = 404
    kind = "not-found"
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("We found nothing you can see here. There may be none, or it may belong to another council.")


class NotSignedIn(Failure):
    """No valid sign-in or token came with the request."""

    status = 401
    kind = "not-signed-in"
    title = "Sign in first"


class NotPermitted(Failure):
    """The asker may know of the thing, but not do this with it."""

    status = 403
    kind = "not-permitted"
    title = "You cannot do this with the hat you are wearing"


class Invalid(Failure):
    """What was sent cannot be taken. ``errors`` maps field to messages that say what is wrong and how to mend it."""

    status = 422
    kind = "invalid"
    title = "Some of what was sent cannot be taken"

    def __init__(self, errors: Mapping[str, Any], *, kind: str | None = None, detail: str = "") -> None:
        super().__init__(detail, kind=kind, facts={"errors": dict(errors)})
        self.errors = dict(errors)


class Malformed(Failure):
    """What was sent cannot even be read: no JSON, no text."""

    status = 400
    kind = "malformed"
    title = "What was sent cannot be read"


class Conflict(Failure):
    """The thing is not in a state that allows this, or somebody changed it first."""

    status = 409
    kind = "conflict"
    title = "This cannot be done now"


class Stale(Failure):
    """If-Match named a version that is no longer the present one."""

    status = 412
    kind = "changed-meanwhile"
    title = "Somebody else changed this first"


class VersionNeeded(Failure):
    """A change was sent without If-Match."""

    status = 428
    kind = "version-needed"
    title = "Send If-Match with the ETag of what you are changing"


class TooMany(Failure):
    """Too many attempts; ``Retry-After`` tells when the next may be made."""

    status = 429
    kind = "too-many"
    title = "Too many attempts"


class Unroutable(Failure):
    """Nobody can be named for a service at a place. Only raised where no queue can hold it."""

    status = 422
    kind = "unroutable"
    title = "No council could be named for this"


class NotReady(Failure):
    """The database, the migrations or the policy is not in a state to answer from. Nothing is visible meanwhile."""

    status = 503
    kind = "not-ready"
    title = "The service is not ready"
