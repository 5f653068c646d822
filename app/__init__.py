"""Joint Contact. This is the one module that knows every feature: it wires them together, checks, and refuses to start if a
check fails."""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask
from flask.cli import AppGroup
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel import logs
from app.kernel.bodies import KeptInMemory, refuse_what_is_no_text
from app.kernel.config import ROOT, Settings, read
from app.kernel.database import connect, db
from app.kernel.worker import Periodic, Queued, worker_commands
from app.policy import routes

# From the ground up: a feature knows those before it (the ladder of docs/decisions.md).
FEATURES = ("policy", "journal", "organisations", "staff", "places", "matching", "residents", "choices", "services", "contacts",
            "requests", "disclosures", "rights", "drafts", "duplicates", "imports", "desk", "shell", "demonstration")
# The modules of a feature that hold pages and calls; some have several groups of people to serve.
PAGES = ("views", "jobs_views", "queue_views", "seeing_views", "impact_views", "narrowing_views", "looking_views")
CALLS = ("api", "working_api")


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises what is wrong with the configuration, the partnership, the policy or the map of addresses."""
    settings = settings or read()
    app = Flask("app", static_folder=None)
    app.config["JC_SETTINGS"] = settings
    logs.configure(settings)
    connect(app, settings)
    for part in ("models", "scopes"):
        _each_feature(part)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    _frame(app, settings)
    _policy(app, settings)
    _views(app)
    _commands(app)
    routes.check_map(app)
    return app


def _each_feature(part: str) -> list[object]:
    """The part of that name of every feature that has one, in the order of the ladder."""
    names = [f"app.{feature}.{part}" for feature in FEATURES]
    return [import_module(name) for name in names if find_spec(name)]


def _frame(app: Flask, settings: Settings) -> None:
    from app.shell import drawing, failures, headers, health

    app.config.update(SECRET_KEY=settings.secret_key, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
                      SESSION_COOKIE_SECURE=settings.secure_cookies,
                      SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
                      MAX_CONTENT_LENGTH=1_000_000)
    app.request_class = KeptInMemory
    headers.register(app, hsts=settings.hsts)
    failures.register(app)
    drawing.register(app)
    logs.log_requests(app)
    routes.allow_files(app)
    refuse_what_is_no_text(app)
    health.count_answers(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _policy(app: Flask, settings: Settings) -> None:
    from app import wiring

    wiring.open_gate(app, settings)


def _views(app: Flask) -> None:
    from app.shell import forgery
    from app.shell.openapi import api_of

    csrf = forgery.register(app)
    api = api_of(app)
    for module in [module for part in PAGES for module in _each_feature(part)]:
        app.register_blueprint(module.routes.blueprint)  # type: ignore[attr-defined]
    for module in [module for part in CALLS for module in _each_feature(part)]:
        blueprint = module.api.blueprint  # type: ignore[attr-defined]
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint)


def _commands(app: Flask) -> None:
    app.cli.add_command(worker_commands(periodic_deeds, queued_deeds))
    for module in _each_feature("commands"):
        for group in vars(module).values():
            if isinstance(group, AppGroup):
                app.cli.add_command(group)


def periodic_deeds() -> tuple[Periodic, ...]:
    """What the worker does again and again, of every feature."""
    return tuple(deed for module in _each_feature("jobs") for deed in module.PERIODIC)  # type: ignore[attr-defined]


def queued_deeds() -> tuple[Queued, ...]:
    """What can be put to the worker, of every feature."""
    return tuple(deed for module in _each_feature("jobs") for deed in getattr(module, "QUEUED", ()))
