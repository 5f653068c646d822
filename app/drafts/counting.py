"""Has it counted how many every hat reaches under the live policy: asked for by a person the first time, and from then on every day
and for every version, as whoever asked last. Once a day for each version, so that no two countings tell what one person said.
"""

import uuid
from collections.abc import Callable

import structlog
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.drafts.alike import Kind
from app.drafts.pieces import MAY_ASK, NEEDS, Stint, count, secret_of
from app.drafts.tally import tally
from app.journal.record import record
from app.kernel.errors import Conflict, NotPermitted, NotSignedIn
from app.kernel.ids import new_key, new_secret, secret_hash
from app.kernel.worker import Call
from app.policy import reached
from app.policy.models import PolicyVersion, ReachCount
from app.policy.plainly import Plain
from app.policy.reading import read
from app.policy.routes import gate
from app.policy.rules import PolicyFiles
from app.policy.work import Desk, Work

log = structlog.get_logger(__name__)


def begin(work: Work, *, queued: bool = True) -> tuple[uuid.UUID, str]:
    """Put the counting out to the workers; the key and the word that they begin with. Raises Conflict where somebody is at it or it
    was done today; NotPermitted for whoever neither drafts nor approves."""
    if not MAY_ASK & work.reach.needs:
        raise NotPermitted()
    standing = reached.counting(work)
    if standing.state is reached.State.WORKING:
        raise Conflict("It is being counted.", kind="count-working")
    if standing.today:
        raise Conflict("It was counted today: it is counted again tomorrow, and when another version is live.", kind="count-known")
    key, nonce = new_key(), new_secret()
    work.session.execute(select(func.wall.begin_reach_count(key, secret_hash(_secret(key, nonce)), nonce, queued)))
    record(work, "policy.counted", facts={"version": work.policy_version})
    return key, nonce


def _secret(key: uuid.UUID, nonce: str) -> str:
    return secret_of(f"reach {key} {nonce}")


def go_on(desk: Desk, key: uuid.UUID, nonce: str, stopped: Callable[[], bool] = lambda: False) -> None:
    """Count, if it is still wanted."""
    stint = Stint(desk, _secret(key, nonce), key, stopped, "tell_reach_count")
    try:
        _count(stint)
    except NotSignedIn:
        # It was asked for anew, or the hat of whoever asked is gone.
        log.warning("a counting was left by whoever asked for it")


def _count(stint: Stint) -> None:
    with stint.snapshot() as work:
        version = work.session.get_one(PolicyVersion, work.session.get_one(ReachCount, stint.key).version)
        words = stint.desk.shelf.vocabulary
        for _ in count(work, stint, {Kind.RESIDENT, Kind.REQUEST}):
            if stint.stopped():
                return
        policy, moment = Plain(read(PolicyFiles.of(version.content), words), words), work.now
    found = tally(policy, stint.counted)
    with stint.desk.work(stint.secret, NEEDS) as work:
        work.session.execute(select(func.wall.end_reach_count(moment, literal(found.all(), JSONB), literal(found.rows(), JSONB))))


def count_what_is_due(call: Call) -> int:
    """Count where the live policy was not counted today, for whoever asked for it last; nothing where nobody ever asked."""
    key, nonce = new_key(), new_secret()
    if call("SELECT wall.repeat_reach_count(%s, %s, %s)", (key, secret_hash(_secret(key, nonce)), nonce))[0][0] is not True:
        return 0
    go_on(gate().desk, key, nonce)
    return 1
