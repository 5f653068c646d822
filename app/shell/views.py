"""The pages that need no sign-in, and the built styles and scripts. They are handed over as `OPEN_PAGES`:
whoever keeps the routes registers them and answers for their being open.
"""

from collections.abc import Callable

from flask import Response, render_template, send_from_directory

from app.kernel.errors import NotFound
from app.policy.routes import OPEN, Routes
from app.shell import health
from app.shell.assets import BUILT, present_build

ONE_YEAR = 31_536_000


def help_page() -> str:
    return render_template("shell/help.html")


def accessibility_statement() -> str:
    return render_template("shell/accessibility_statement.html")


def privacy() -> str:
    return render_template("shell/privacy.html")


def static_file(path: str) -> Response:
    """A file of the present build. Its address changes with its contents, so it may be kept for ever."""
    if not present_build().holds(path):
        raise NotFound
    response = send_from_directory(BUILT, path, max_age=ONE_YEAR, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response


OPEN_PAGES: list[tuple[str, str, Callable[..., str | Response | tuple[Response, int]]]] = [
    ("/help", "help", help_page),
    ("/accessibility-statement", "accessibility_statement", accessibility_statement),
    ("/privacy", "privacy", privacy),
    ("/static/<path:path>", "static", static_file),
    ("/healthz", "healthz", health.healthz),
    ("/readyz", "readyz", health.readyz),
    ("/metrics", "metrics", health.metrics),
]

routes = Routes("shell", __name__)
for _rule, _name, _view in OPEN_PAGES:
    routes.get(_rule, needs=OPEN)(_view)
