"""Journals an attempt that was refused, after its own transaction was rolled back, in one of its own. Whatever was asked for is
named by a keyed hash of what was typed, so that the entry tells no more than the asker already knew."""

import hashlib
import hmac

from flask import current_app, g, request

from app.journal.record import record
from app.kernel.errors import Failure, NotFound, NotPermitted, NotReady, NotSignedIn
from app.policy.routes import Registered, gate
from app.policy.work import Work


def refused(failure: Failure, secret: str | None, contact: str | None, known: Registered) -> None:
    """Told by the routes of every failure; what was not found and what was not permitted go into the journal."""
    if secret is None or not isinstance(failure, NotFound | NotPermitted):
        return
    try:
        with gate().desk.work(secret, frozenset(), contact_ref=contact, request_id=g.get("request_id")) as work:
            _write(work, failure, known)
    except (NotSignedIn, NotReady):
        # The sign-in ended, or the policy changed, between the two transactions: the answer is that already.
        return


def _write(work: Work, failure: Failure, known: Registered) -> None:
    asked = "/".join(f"{name}={value}" for name, value in sorted((request.view_args or {}).items()))
    record(work, "refused", facts={"kind": failure.kind, "endpoint": known.endpoint, "asked": keyed(asked)})


def keyed(words: str) -> str:
    """The keyed hash under which a refused attempt keeps what was asked for."""
    key = current_app.config["JC_SETTINGS"].data_key
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:32]
