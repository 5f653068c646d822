"""Has it worked out what a draft would change: asked for by a person, done by a worker as that person, from one snapshot of the
database, in which every table is gone through piece by piece. How that is counted is for ``pieces``.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from json import loads

import structlog
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.drafts import stopping
from app.drafts.eyes import changed
from app.drafts.impact import weigh
from app.drafts.impact_words import Teller
from app.drafts.impacts import State, impact_of
from app.drafts.models import Draft, PolicyImpact
from app.drafts.pieces import MAY_ASK, NEEDS, Stint, count, rows, secret_of
from app.drafts.replaying import LookUp, Replay
from app.journal.record import record
from app.kernel.errors import Conflict, NotPermitted, NotSignedIn
from app.kernel.ids import new_key, new_secret, secret_hash
from app.organisations.models import Agreement, Organisation
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.models import PolicyVersion
from app.policy.plainly import COUNCIL, Plain
from app.policy.purposes import Purpose
from app.policy.reach import Wearer
from app.policy.reading import read
from app.policy.routes import REGISTERED
from app.policy.rules import PolicyFiles
from app.policy.words import Role, ScopeWord
from app.policy.work import PURPOSE_OF, Desk, Work

log = structlog.get_logger(__name__)
# How far back look-ups are replayed, and how many days of them are counted in one statement.
BACK, AT_ONCE = timedelta(days=90), timedelta(days=10)


def begin(work: Work, draft: Draft, *, queued: bool = True) -> tuple[uuid.UUID, str]:
    """Put the working out to the workers; the key and the word that they begin with. Raises Conflict where somebody is at it,
    and for a text that cannot be read; NotPermitted for whoever neither drafts nor approves."""
    if not MAY_ASK & work.reach.needs:
        raise NotPermitted()
    if draft.fingerprint is None:
        raise Conflict("This draft cannot be read as it stands: mend what is wrong with it first.")
    if impact_of(work, draft).state is State.WORKING:
        raise Conflict("It is being worked out.", kind="impact-working")
    impact, nonce = new_key(), new_secret()
    work.session.flush()
    work.session.execute(select(func.wall.begin_impact(draft.id, impact, secret_hash(_secret(impact, nonce)), nonce, queued)))
    record(work, "policy-draft.weighed", facts={"draft": draft.ref})
    return impact, nonce


def _secret(impact: uuid.UUID, nonce: str) -> str:
    return secret_of(f"impact {impact} {nonce}")


def go_on(desk: Desk, impact: uuid.UUID, nonce: str, stopped: Callable[[], bool] = lambda: False) -> None:
    """Work out one draft, if it is still wanted."""
    stint = Stint(desk, _secret(impact, nonce), impact, stopped)
    try:
        _work_out(stint)
    except NotSignedIn:
        # It was asked for anew, or the hat of whoever asked is gone.
        log.warning("a weighing was left by whoever asked for it")


def _work_out(stint: Stint) -> None:
    with stint.snapshot() as work:
        before, after = _policies(work, stint)
        pairs = changed(before, after, before.vocabulary)
        for _ in count(work, stint, {kind for pair in pairs for kind in pair.kinds}, -(-BACK // AT_ONCE)):
            if stint.stopped():
                return
        found = weigh(before.tables, after.tables, before.vocabulary, stint.counted, pairs)
        result = _teller(work, before).result(found, stint.counted, len(pairs))
        result["jobs"] = stopping.result(stopping.losing(pairs, stint.counted))
        result["replay"] = Replay(before, after, _needs, _usual).outcomes(_lookups(work, stint))
        moment = work.now
    stint.tell()
    with stint.desk.work(stint.secret, NEEDS) as work:
        work.session.execute(select(func.wall.end_impact(moment, bool(result["barred"]), literal(result, JSONB))))


def _policies(work: Work, stint: Stint) -> tuple[Plain, Plain]:
    asked = work.session.get_one(PolicyImpact, stint.key)
    draft = work.session.get_one(Draft, asked.draft_id)
    if (draft.fingerprint, draft.base) != (asked.fingerprint, asked.base):
        raise NotSignedIn("The draft was changed meanwhile.")
    words = stint.desk.shelf.vocabulary
    before = work.session.get_one(PolicyVersion, asked.base)
    return tuple(Plain(read(PolicyFiles.of(content), words), words)  # type: ignore[return-value]
                 for content in (before.content, draft.content))


def _teller(work: Work, policy: Plain) -> Teller:
    words = policy.vocabulary
    names = {slug: name for slug, name in work.session.execute(select(Organisation.slug, Organisation.name))}
    in_force = frozenset(work.session.scalars(select(Organisation.slug).join(Agreement, Agreement.partner_id == Organisation.id)
                                              .where(Agreement.valid.contains(work.on), Organisation.kind != COUNCIL)))
    return Teller(words, names, in_force)


def _lookups(work: Work, stint: Stint) -> Iterator[LookUp]:
    since = work.now - BACK
    while since < work.now:
        until = min(since + AT_ONCE, work.now)
        for row in rows(work, func.wall.impact_lookups(since, until), "organisation", "role", "unit", "purpose", "event",
                         "endpoint", "kind", "version", "groups", "scopes", "many"):
            yield LookUp(Wearer(Role(row.role), row.organisation, row.unit), Purpose(row.purpose) if row.purpose else None,
                         row.event, row.endpoint if row.kind == "not-permitted" else None, row.version,
                         frozenset(map(Group, loads(row.groups or "[]"))),
                         frozenset(map(ScopeWord, loads(row.scopes or "[]"))), row.many)
        since = until
        stint.tell()


def _needs(endpoint: str) -> tuple[frozenset[Action], Purpose | None] | None:
    for (name, _), known in REGISTERED.items():
        if name == endpoint and isinstance(known.needs, frozenset):
            return known.needs, known.purpose
    return None


def _usual(wearer: Wearer) -> Purpose:
    return PURPOSE_OF[wearer.role]
