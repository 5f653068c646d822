"""What the worker does for loads: the steps that somebody asked for, those that a killed worker left, and forgetting."""

import uuid
from collections.abc import Callable

from app.imports.steps import go_on
from app.kernel.worker import Periodic, Queued
from app.policy.routes import gate


def _go_on(stopped: Callable[[], bool], run: str, nonce: str) -> None:
    go_on(gate().desk, uuid.UUID(run), nonce, stopped)


QUEUED = (Queued("imports.go_on", _go_on),)
PERIODIC = (Periodic("imports.revive", "* * * * *", "SELECT wall.revive_imports(interval '2 minutes')"),
            Periodic("imports.forget", "17 3 * * *", "SELECT wall.forget_imports(interval '30 days')"))
