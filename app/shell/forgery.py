"""Forms that another site sends in our people's name: refused for want of the form's token, and because browsers say
where a form comes from. The referrer cannot be asked for, since our pages tell it to nobody.
"""

from flask import Flask, request
from flask_wtf import CSRFProtect

from app.kernel.errors import Malformed

# What a browser says of a form of ours, or of an address that somebody typed. Older browsers say nothing.
OURS = ("same-origin", "none")
ONLY_READING = ("GET", "HEAD", "OPTIONS", "TRACE")


def register(app: Flask) -> CSRFProtect:
    """Refuse them on every page. What comes back can exempt the blueprints that no cookie signs in to."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)

    @app.before_request
    def refuse() -> None:
        said = request.headers.get("Sec-Fetch-Site", OURS[0])
        if request.method not in ONLY_READING and not request.path.startswith("/api/") and said not in OURS:
            raise Malformed("This form was sent from another site.")

    return CSRFProtect(app)
