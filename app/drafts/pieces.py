"""Goes through residents, requests and conversations piece by piece, as the database counts those that are alike: for whoever works
something out of the classes, in one job that somebody asked for.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from app.drafts.alike import Base, Contact, Counted, Kind, Opening, Request, Resident, read_jobs
from app.kernel.ids import derived_secret
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.work import Desk, Work

# Whoever may have something worked out, and what the working out itself needs.
MAY_ASK = frozenset({Action.POLICY_DRAFT, Action.POLICY_APPROVE})
NEEDS = frozenset({Action.POLICY_READ})
# Blocks of a table that are counted in one statement: some ten thousand residents.
PIECE = 256


def secret_of(words: str) -> str:
    """What a job speaks with: it is kept nowhere, and made again of what was put to the queue."""
    key: bytes = current_app.config["JC_SETTINGS"].data_key
    return derived_secret(key, words)


@dataclass
class Stint:
    """One worker at one thing, which ``key`` names. ``done`` of ``total`` pieces are gone through, the judging counted as one each.
    ``tells`` is the function of the database that keeps how far it is."""

    desk: Desk
    secret: str
    key: uuid.UUID
    stopped: Callable[[], bool]
    tells: str = "tell_impact"
    counted: Counted = field(default_factory=Counted)
    done: int = 0
    total: int = 1

    def tell(self, more: int = 1) -> None:
        """How far it is, for whoever waits; in a unit of work of its own, which the snapshot of the counting does not hold up."""
        self.done += more
        with self.desk.work(self.secret, NEEDS) as work:
            work.session.execute(select(getattr(func.wall, self.tells)(self.done, max(self.total, self.done))))

    @contextmanager
    def snapshot(self) -> Iterator[Work]:
        """One unit of work, and one snapshot for all that is counted in it, so that nobody is counted twice who changes."""
        still = replace(self.desk, engine=self.desk.engine.execution_options(isolation_level="REPEATABLE READ"))
        with still.work(self.secret, NEEDS) as work:
            yield work


def count(work: Work, stint: Stint, kinds: Collection[Kind], more: int = 0) -> Iterator[None]:
    """Count all of these kinds, piece by piece; ``more`` pieces of something else come after."""
    kinds = set(kinds)
    slugs = {str(key): slug for key, slug in work.session.execute(select(Organisation.id, Organisation.slug))}
    sizes = work.session.execute(select(func.wall.impact_sizes().table_valued("residents", "requests", "contacts"))).one()
    wanted = [(Kind.RESIDENT, sizes.residents)] if kinds & {Kind.RESIDENT, Kind.JOURNAL} else []
    wanted += [(kind, size) for kind, size in ((Kind.REQUEST, sizes.requests), (Kind.CONTACT, sizes.contacts)) if kind in kinds]
    pieces = [(kind, at) for kind, size in wanted for at in range(0, size, PIECE)]
    stint.total = len(pieces) + 2 + more
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
        for row in rows(work, func.wall.impact_residents(at, at + PIECE), "base", "many"):
            counted.residents[Resident(Base.read(row.base, slugs))] += row.many
    elif kind is Kind.REQUEST:
        for row in rows(work, func.wall.impact_requests(at, at + PIECE), "taken_by", "responsible", "unit", "closed", "intake",
                         "offered_to", "permission", "typing", "past", "jobs", "base", "passing", "many"):
            base = Base.read(row.base, slugs) if row.base else None
            counted.requests[Request(
                row.taken_by, row.responsible, row.unit, row.closed, row.intake, row.offered_to, row.permission, row.typing,
                frozenset(row.past), read_jobs(row.jobs), base, row.passing)] += row.many
    else:
        for row in rows(work, func.wall.impact_contacts(at, at + PIECE), "taken_by", "people", "many"):
            counted.contacts[Contact(row.taken_by, frozenset(Base.read(line, slugs) for line in row.people))] += row.many


def _count_served(work: Work, counted: Counted, slugs: Mapping[str, str]) -> None:
    for row in rows(work, func.wall.impact_served(), "base", "serving", "jobs", "passing", "opened", "many"):
        serving = frozenset((council, unit) for council, unit in (line.split(" ") for line in row.serving))
        counted.count_served(Resident(Base.read(row.base, slugs), serving, read_jobs(row.jobs), row.passing,
                                      frozenset(map(Opening.read, row.opened))), row.many)


def rows(work: Work, function: Any, *columns: str) -> Iterator[Any]:
    """What a function of the database answers, row by row."""
    yield from work.session.execute(select(*function.table_valued(*columns).c))
