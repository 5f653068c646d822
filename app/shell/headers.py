"""Security headers on every answer: nothing from elsewhere, nothing inline, nothing kept, nobody frames us.

The request's id is set by `app.kernel.logs`; what may be kept for ever (built styles and scripts) says so itself.
"""

from flask import Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
NOT_USED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_USED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
TWO_YEARS = 63_072_000


def register(app: Flask, *, hsts: bool) -> None:
    """``hsts`` tells browsers to come by HTTPS alone; only for installations that are served so."""
    headers = {**HEADERS, **({"Strict-Transport-Security": f"max-age={TWO_YEARS}"} if hsts else {})}

    @app.after_request
    def secured(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if "immutable" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response
