"""What the worker does for drafts: it works out what one would change, when somebody asked for that."""

import uuid
from collections.abc import Callable

from app.drafts.weighing import go_on
from app.kernel.worker import Periodic, Queued
from app.policy.routes import gate


def _weigh(stopped: Callable[[], bool], impact: str, nonce: str) -> None:
    go_on(gate().desk, uuid.UUID(impact), nonce, stopped)


QUEUED = (Queued("drafts.weigh", _weigh),)
PERIODIC: tuple[Periodic, ...] = ()
