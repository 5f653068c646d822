"""Opens what an asker may know beside what the page needs: a page for two roles asks for what both have, and one of
them may see residents."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.policy.actions import Action
from app.policy.routes import gate
from app.policy.work import Work

KNOWING = frozenset({Action.POLICY_EXPLAIN, Action.RESIDENT_SEE})


@contextmanager
def knowing(work: Work, *, api: bool) -> Iterator[Work]:
    """A unit of work that sees the residents this hat may see; where it may see none, the work that is open."""
    secret, _ = gate().asker(api=api)
    if not work.may(Action.RESIDENT_SEE) or secret is None:
        yield work
        return
    with gate().desk.work(secret, KNOWING, purpose=work.purpose, request_id=work.request_id) as wider:
        yield wider
