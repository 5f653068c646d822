"""What the worker does for drafts: it works out what one would change, when somebody asked for that, and counts how many every hat
reaches under the live policy.
"""

import uuid
from collections.abc import Callable

from app.drafts import counting, weighing
from app.kernel.worker import Periodic, Queued
from app.policy.routes import gate


def _weigh(stopped: Callable[[], bool], impact: str, nonce: str) -> None:
    weighing.go_on(gate().desk, uuid.UUID(impact), nonce, stopped)


def _count(stopped: Callable[[], bool], counting_key: str, nonce: str) -> None:
    counting.go_on(gate().desk, uuid.UUID(counting_key), nonce, stopped)


QUEUED = (Queued("drafts.weigh", _weigh), Queued("drafts.count", _count))
# Soon after a version came to be live, and soon after midnight.
PERIODIC = (Periodic("drafts.count_again", "*/10 * * * *", do=counting.count_what_is_due),)
