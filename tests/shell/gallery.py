"""A small application that draws one page of each kind inside the real frame, with invented people and councils."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, redirect, render_template, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from app.kernel import errors, logs
from app.shell import drawing, failures, headers
from app.shell.frame import ContactBar, Frame, Hat
from app.shell.views import OPEN_PAGES

STARTED = datetime(2014, 9, 1, 9, 42, tzinfo=UTC)
NAVIGATION = (("Desk", "/", True), ("My work", "/waiting", False), ("Contacts", "/contacts", False),
              ("Queues", "/queues", False), ("Figures", "/figures", False))
OUTCOMES = (("answered", "Answered"), ("request", "Request taken"), ("passed", "Passed to a person"),
            ("gave-up", "The caller rang off"))


@dataclass(frozen=True)
class Form:
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Any] = field(default_factory=dict)


def contact(person: bool) -> ContactBar:
    return ContactBar(
        ref="G7K-4F2-9QX", channel_words="Telephone", line_words="Borough line", started=STARTED,
        resident_ref="K4F-72M-9QX" if person else None, person_words="Chidi Okafor" if person else None,
        verified_words="name, address" if person else "nobody yet",
        sharing_words="yes, both councils" if person else "not asked", outcomes=OUTCOMES, outcome="answered",
        end_href="/contacts/end", resident_href="/resident" if person else None,
    )  # fmt: skip


def frame(kind: str) -> Frame | None:
    if kind == "anonymous":
        return None
    return Frame(
        partnership_name="Northshire and Eastbury", hat=Hat("Eastbury Borough Council", "Adviser", 1),
        person_name="Ada Marsh", navigation=NAVIGATION, account_href="/account", change_hat_href="/hats",
        sign_out_href="/sign-out", contact=contact(person=True) if kind == "contact" else None,
    )  # fmt: skip


WRONG = Form(
    values={"family": "<b>O'Kafor", "telephone": "0182", "details": "First line\n  second line",
            "kind": "known", "answer": "refused", "groups": ["address"], "birth-day": "31", "birth-month": "2"},
    errors={"family": ["A family name has letters: remove the signs < and >."], "birth": "31 February is not a day.",
            "answer": {"0": ["Choose given or refused."]}, "_schema": ["The address and the postcode do not agree."]},
)


def make(frame_kind: str = "contact", *, hsts: bool = False) -> Flask:
    """The gallery; ``?frame=`` chooses the frame of one request."""
    app = Flask(__name__, static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.config.update(SECRET_KEY="for tests alone", MAX_CONTENT_LENGTH=200_000, PARTNERSHIP_NAME="Northshire",
                      PROPAGATE_EXCEPTIONS=False)
    logs.log_requests(app)
    drawing.register(app)
    failures.register(app)
    headers.register(app, hsts=hsts)
    CSRFProtect(app)

    @app.before_request
    def put_frame() -> None:
        g.frame = frame(request.args.get("frame", frame_kind))

    for rule, endpoint, view in OPEN_PAGES:
        app.add_url_rule(rule, endpoint, view)
    _add_pages(app)
    _add_failures(app)
    return app


def _add_pages(app: Flask) -> None:
    @app.get("/")
    def desk() -> str:
        return render_template("desk.html", form=Form())

    @app.get("/resident")
    def resident() -> str:
        return render_template("resident.html", now=STARTED)

    @app.get("/form")
    def empty_form() -> str:
        return render_template("form.html", form=Form())

    @app.get("/form-wrong")
    def wrong_form() -> str:
        return render_template("form.html", form=WRONG)

    @app.get("/message")
    def message() -> str:
        return render_template("shell/message.html", heading="You are signed out", action=("Sign in", "/sign-in"),
                               sentences=["Nothing of what you saw is kept in this browser."])

    @app.post("/contacts/end")
    @app.post("/form")
    def sent() -> Response:
        app.config.setdefault("SENT", []).append(dict(request.form))
        return redirect("/message", 303)


FAILURES = {
    "hidden": errors.NotFound(), "sign-in": errors.NotSignedIn(), "not-permitted": errors.NotPermitted(),
    "conflict": errors.Conflict("This request is closed.", kind="closed", facts={"state": "closed"}),
    "stale": errors.Stale(), "too-many": errors.TooMany(headers={"Retry-After": "60"}),
    "invalid": errors.Invalid({"postcode": ["TA1 is not a whole postcode: add the last part."]}),
    "not-ready": errors.NotReady(), "too-large": RequestEntityTooLarge(),
}  # fmt: skip


def _add_failures(app: Flask) -> None:
    @app.get("/fails/<name>")
    @app.get("/api/v1/fails/<name>")
    def fails(name: str) -> str:
        if name == "broken":
            raise RuntimeError("Chidi Okafor lives at 12 Mill Lane")
        if name not in FAILURES:
            abort(404)
        raise FAILURES[name]
