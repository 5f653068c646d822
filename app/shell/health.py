"""What the machinery asks: alive, ready, and the figures. None of it names a person or needs a sign-in."""

from functools import cache

from alembic.script import ScriptDirectory
from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import Text, column, select, table
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.clock import monotonic
from app.kernel.config import ROOT
from app.kernel.errors import NotReady
from app.policy.publishing import live
from app.policy.routes import gate
from app.policy.work import Door

ANSWERS = Counter("http_answers", "Answers given", ["endpoint", "method", "status"])
SECONDS = Histogram("http_seconds", "How long an answer took", ["endpoint"],
                    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0))
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def healthz() -> Response:
    """The process answers. Nothing else is asked."""
    return jsonify(alive=True)


def readyz() -> tuple[Response, int]:
    """The database answers, its tables are those of this code, and its live policy can be read and is what was published."""
    try:
        with gate().desk.door() as door:
            found, why = {"database": True, "migrations": _migrated(door)}, _trouble_with_the_policy(door)
    except SQLAlchemyError:
        # Not an accident but the answer: the database is away, or holds no tables of ours yet.
        found, why = {"database": False, "migrations": False}, "The database does not answer."
    ready = all(found.values()) and why is None
    return jsonify(ready=ready, **found, policy=why is None, **({"why": why} if why else {})), 200 if ready else 503


def metrics() -> Response:
    """Counters in Prometheus' text format, of the process that answers."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _migrated(door: Door) -> bool:
    stands = door.session.scalars(select(column("version_num", Text)).select_from(table("alembic_version"))).all()
    return list(stands) == [_head()]


@cache
def _head() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def _trouble_with_the_policy(door: Door) -> str | None:
    """Why the live policy cannot be obeyed; None where it can."""
    version = live(door.session)
    number, fingerprint = (version.number, version.fingerprint) if version else (None, None)
    try:
        gate().desk.shelf.live(door.session.connection(), number, fingerprint)
    except NotReady as trouble:
        return trouble.detail
    return None


def count_answers(app: Flask) -> None:
    """Count every answer by the name of its endpoint, never by its address."""

    @app.after_request
    def counted(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in METHODS else "other"
        ANSWERS.labels(endpoint, method, str(response.status_code)).inc()
        if began := g.get("began"):
            SECONDS.labels(endpoint).observe(monotonic() - began)
        return response
