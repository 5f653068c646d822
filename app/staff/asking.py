"""Says who is asking, from the request alone: the sign-in of a browser (Flask-Login's session cookie) or the bearer
token of a program. Whether the secret still speaks for anybody is the database's to say, when the unit of work begins.

The cookie holds the secret of a sign-in and the token against forgery, and nothing of a person.
"""

from flask import Flask, Request, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user

BEARER = "Bearer "
CHOOSING = "choosing"


class SignedIn(UserMixin):
    """The holder of a secret, for Flask-Login. It says nothing of a person: that is read with each unit of work."""

    def __init__(self, secret: str) -> None:
        self.id = secret


def asker(*, api: bool) -> tuple[str | None, str | None]:
    """The secret and, from a program, the reference of the contact it names. A browser's contact is the one it opened.
    """
    if api:
        return _bearer(request), request.headers.get("Contact") or ""
    return browser_secret(), None


def browser_secret() -> str | None:
    """The secret of this browser's sign-in."""
    secret: str | None = current_user.id if current_user.is_authenticated else None
    return secret


def choosing_secret() -> str | None:
    """The secret of a sign-in whose hat is still to be chosen."""
    found = session.get(CHOOSING)
    return found if isinstance(found, str) else None


def keep(secret: str) -> None:
    """Let this browser hold a sign-in, and nothing that it held before."""
    session.clear()
    login_user(SignedIn(secret))
    # Flask-Login's mark of the browser and its address, which we do not ask for and do not want in a cookie.
    session.pop("_id", None)
    session.pop("_fresh", None)


def keep_choosing(secret: str) -> None:
    """Let this browser hold a sign-in without a hat, and nothing that it held before."""
    session.clear()
    session[CHOOSING] = secret


def forget() -> None:
    """Let this browser hold nothing."""
    session.clear()


def _bearer(asked: Request) -> str | None:
    given = asked.headers.get("Authorization", "")
    secret = given[len(BEARER):].strip() if given[: len(BEARER)].lower() == BEARER.lower() else ""
    return secret if secret.isascii() and secret.isprintable() and secret else None


def watch(app: Flask) -> None:
    """Wire Flask-Login in: the session's user id is the secret of the sign-in. No remember cookie is ever set."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader
    def _holder(secret: str) -> SignedIn | None:
        return SignedIn(secret) if isinstance(secret, str) else None
