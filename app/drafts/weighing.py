"""Has it worked out what a draft would change: asked for by a person, done by a worker as that person, from one snapshot of the
database, in which every table is gone through piece by piece.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from json import loads
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.drafts.alike import Base, Contact, Counted, Kind, Opening, Request, Resident, read_jobs
from app.drafts.eyes import changed
from app.drafts.impact import weigh
from app.drafts.impact_words import Teller
from app.drafts.impacts import State, impact_of
from app.drafts.models import Draft, PolicyImpact
from app.drafts.replaying import LookUp, Replay
from app.journal.record import record
from app.kernel.errors import Conflict, NotPermitted, NotSignedIn
from app.kernel.ids import derived_secret, new_key, new_secret, secret_hash
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
MAY_ASK = frozenset({Action.POLICY_DRAFT, Action.POLICY_APPROVE})
NEEDS = frozenset({Action.POLICY_READ})
# Blocks of a table that are counted in one statement: some ten thousand residents.
PIECE = 256
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
    key: bytes = current_app.config["JC_SETTINGS"].data_key
    return derived_secret(key, f"impact {impact} {nonce}")


@dataclass
class Stint:
    """One worker at one draft. ``done`` of ``total`` pieces are gone through, the judging counted as one each."""

    desk: Desk
    secret: str
    impact: uuid.UUID
    stopped: Callable[[], bool]
    counted: Counted = field(default_factory=Counted)
    done: int = 0
    total: int = 1

    def tell(self, more: int = 1) -> None:
        """How far it is, for whoever waits; in a unit of work of its own, which the snapshot of the counting does not hold up."""
        self.done += more
        with self.desk.work(self.secret, NEEDS) as work:
            work.session.execute(select(func.wall.tell_impact(self.done, max(self.total, self.done))))


def go_on(desk: Desk, impact: uuid.UUID, nonce: str, stopped: Callable[[], bool] = lambda: False) -> None:
    """Work out one draft, if it is still wanted."""
    stint = Stint(desk, _secret(impact, nonce), impact, stopped)
    try:
        _work_out(stint)
    except NotSignedIn:
        # It was asked for anew, or the hat of whoever asked is gone.
        log.warning("a weighing was left by whoever asked for it")


def _work_out(stint: Stint) -> None:
    # One snapshot for all that is counted, so that nobody is counted twice who changes meanwhile.
    still = replace(stint.desk, engine=stint.desk.engine.execution_options(isolation_level="REPEATABLE READ"))
    with still.work(stint.secret, NEEDS) as work:
        before, after = _policies(work, stint)
        pairs = changed(before, after, before.vocabulary)
        for _ in count(work, stint, {kind for pair in pairs for kind in pair.kinds}):
            if stint.stopped():
                return
        found = weigh(before.tables, after.tables, before.vocabulary, stint.counted, pairs)
        result = _teller(work, before).result(found, stint.counted, len(pairs))
        result["replay"] = Replay(before, after, _needs, _usual).outcomes(_lookups(work, stint))
        moment = work.now
    stint.tell()
    with stint.desk.work(stint.secret, NEEDS) as work:
        work.session.execute(select(func.wall.end_impact(moment, bool(result["barred"]), literal(result, JSONB))))


def _policies(work: Work, stint: Stint) -> tuple[Plain, Plain]:
    asked = work.session.get_one(PolicyImpact, stint.impact)
    draft = work.session.get_one(Draft, asked.draft_id)
    if (draft.fingerprint, draft.base) != (asked.fingerprint, asked.base):
        raise NotSignedIn("The draft was changed meanwhile.")
    words = stint.desk.shelf.vocabulary
    before = work.session.get_one(PolicyVersion, asked.base)
    return tuple(Plain(read(PolicyFiles.of(content), words), words)  # type: ignore[return-value]
                 for content in (before.content, draft.content))


def count(work: Work, stint: Stint, kinds: set[Kind]) -> Iterator[None]:
    """Count what the two policies may differ about, piece by piece."""
    slugs = {str(key): slug for key, slug in work.session.execute(select(Organisation.id, Organisation.slug))}
    sizes = work.session.execute(select(func.wall.impact_sizes().table_valued("residents", "requests", "contacts"))).one()
    wanted = [(Kind.RESIDENT, sizes.residents)] if kinds & {Kind.RESIDENT, Kind.JOURNAL} else []
    wanted += [(kind, size) for kind, size in ((Kind.REQUEST, sizes.requests), (Kind.CONTACT, sizes.contacts)) if kind in kinds]
    pieces = [(kind, at) for kind, size in wanted for at in range(0, size, PIECE)]
    stint.total = len(pieces) + 2 + -(-BACK // AT_ONCE)
    stint.tell(0)
    yield
    for kind, at in pieces:
        _count_piece(work, stint.counted, kind, at, slugs)
        stint.tell()
        yield
    if kinds & {Kind.RESIDENT, Kind.JOURNAL}:
        _count_served(work, stint.counted, slugs)
    stint.tell()
    yield


def _count_piece(work: Work, counted: Counted, kind: Kind, at: int, slugs: Mapping[str, str]) -> None:
    if kind is Kind.RESIDENT:
        for row in _rows(work, func.wall.impact_residents(at, at + PIECE), "base", "many"):
            counted.residents[Resident(Base.read(row.base, slugs))] += row.many
    elif kind is Kind.REQUEST:
        for row in _rows(work, func.wall.impact_requests(at, at + PIECE), "taken_by", "responsible", "unit", "closed", "intake",
                         "offered_to", "permission", "typing", "past", "jobs", "base", "passing", "many"):
            base = Base.read(row.base, slugs) if row.base else None
            counted.requests[Request(
                row.taken_by, row.responsible, row.unit, row.closed, row.intake, row.offered_to, row.permission, row.typing,
                frozenset(row.past), read_jobs(row.jobs), base, row.passing)] += row.many
    else:
        for row in _rows(work, func.wall.impact_contacts(at, at + PIECE), "taken_by", "people", "many"):
            counted.contacts[Contact(row.taken_by, frozenset(Base.read(line, slugs) for line in row.people))] += row.many


def _count_served(work: Work, counted: Counted, slugs: Mapping[str, str]) -> None:
    for row in _rows(work, func.wall.impact_served(), "base", "serving", "jobs", "passing", "opened", "many"):
        serving = frozenset((council, unit) for council, unit in (line.split(" ") for line in row.serving))
        counted.count_served(Resident(Base.read(row.base, slugs), serving, read_jobs(row.jobs), row.passing,
                                      frozenset(map(Opening.read, row.opened))), row.many)


def _rows(work: Work, function: Any, *columns: str) -> Iterator[Any]:
    yield from work.session.execute(select(*function.table_valued(*columns).c))


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
        for row in _rows(work, func.wall.impact_lookups(since, until), "organisation", "role", "unit", "purpose", "event",
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
    return PURPOSE_OF.get(wearer.role, Purpose.ENQUIRY)
