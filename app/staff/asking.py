"""Says who is asking, from the request alone: the sign-in of a browser (Flask-Login's session cookie) or the bearer token of a
program. Whether the secret still speaks for anybody is the database's to say, when the unit of work begins.
"""

from flask import Flask, Request, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from app.kernel.ids import parse_reference

BEARER = "Bearer "


class SignedIn(UserMixin):
    """The holder of a secret, for Flask-Login. It says nothing of a person: that is read with each unit of work."""

    def __init__(self, secret: str) -> None:
        self.id = secret


def asker(*, api: bool) -> tuple[str | None, str | None]:
    """The secret and, from a program, the reference of the contact it names: in the address of a call about the contact
    itself, else in the header. A browser's contact is the one it opened."""
    if api:
        named = (request.view_args or {}).get("contact_ref") or request.headers.get("Contact") or ""
        return _bearer(request), parse_reference(named) or ""
    return (current_user.id if current_user.is_authenticated else None), None


def _bearer(asked: Request) -> str | None:
    given = asked.headers.get("Authorization", "")
    return given.removeprefix(BEARER).strip() or None if given.startswith(BEARER) else None


def watch(app: Flask) -> None:
    """Wire Flask-Login in: the session's user id is the secret of the sign-in. No remember cookie is ever set."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader
    def _holder(secret: str) -> SignedIn:
        return SignedIn(secret)

    @manager.unauthorized_handler
    def _to_the_door() -> Response:
        return redirect(url_for("staff.sign_in"))
