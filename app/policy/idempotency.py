"""What was sent once acts once: the key that a program gave, or a form carried, leads to the reference that came of it.

The answer is never kept: the reference is read again under the rights of the day.
"""

import hashlib
import json
from typing import Any

from sqlalchemy import func, select

from app.kernel.errors import Conflict, Invalid
from app.policy.models import Idempotency
from app.policy.work import Work

LONGEST_KEY = 200


def body_hash(body: Any) -> str:
    """The same for the same content, in whatever order its keys came."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def remembered(work: Work, route: str, key: str, body_hash: str) -> str | None:
    """The reference that this person's key led to on this route; None for the first time, which holds off a second.

    Raises Conflict ``key-reused`` where something else was sent under the key.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid({"Idempotency-Key": [f"The key has from 1 to {LONGEST_KEY} characters: send a shorter one"]})
    work.session.execute(select(func.pg_advisory_xact_lock(_lock(work, route, key))))
    found = work.session.get(Idempotency, (work.actor.person_id, route, key))
    if found is None:
        return None
    if found.body_hash != body_hash:
        raise Conflict("This Idempotency-Key was used for something else: give each thing sent a key of its own.",
                       kind="key-reused")
    return found.ref


def remember(work: Work, route: str, key: str, body_hash: str, ref: str) -> None:
    """Keep what came of it."""
    work.session.add(Idempotency(person_id=work.actor.person_id, route=route, key=key, body_hash=body_hash, ref=ref,
                                 at=work.now))


def _lock(work: Work, route: str, key: str) -> int:
    """A number for the database's lock: it is let go when the transaction ends."""
    named = f"{work.actor.person_id} {route} {key}".encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)
