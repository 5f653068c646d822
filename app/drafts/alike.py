"""Residents, requests and conversations that are alike in every fact on which sight hangs, as the database counts them, and what
each of them is to a hat in the plain facts of ``situations``. Pure: whoever they are never comes here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.policy.groups import Group
from app.policy.reach import Wearer
from app.policy.rules import NO_UNIT
from app.policy.situations import Disclosure, Facts, Job, Matter, Sharing, State, Whose
from app.policy.words import OF_PARTNERS

# What stands for a job that runs, beside the groups that it opens.
RUNS = "-"
NOBODY_NAMED = "*"


class Kind(StrEnum):
    """What is counted. The journal is counted by the residents whose entries it would show."""

    RESIDENT = "resident"
    REQUEST = "request"
    CONTACT = "contact"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Base:
    """What a resident's own row says: slugs of councils and of those objected to."""

    home: str | None
    keeper: str
    sharing: Sharing
    objected: frozenset[str] = frozenset()
    states: frozenset[State] = frozenset()

    @classmethod
    def read(cls, line: str, slugs: Mapping[str, str]) -> "Base":
        """From the database's line; ``slugs`` gives organisations by their keys as text."""
        home, keeper, said, objected, *marks = line.split("|")
        return cls(slugs[home] if home else None, slugs[keeper], Sharing(said), frozenset(slugs[key] for key in objected.split()),
                   frozenset(State(mark) for mark in marks if mark))


@dataclass(frozen=True, slots=True)
class Opening:
    """What the law opens to an organisation, or to one person of it: then ``hats`` are the ``role/unit`` that they wear."""

    to: str
    hats: frozenset[str] | None
    groups: frozenset[Group]

    @classmethod
    def read(cls, line: str) -> "Opening":
        to, hats, groups = line.split("|")
        return cls(to, None if hats == NOBODY_NAMED else frozenset(hats.split()), frozenset(map(Group, groups.split())))


Jobs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Resident:
    """Residents of one class. ``serving`` are council and unit of open requests, ``jobs`` partner and group of running ones."""

    base: Base
    serving: frozenset[tuple[str, str]] = frozenset()
    jobs: Jobs = frozenset()
    passing: str | None = None
    opened: frozenset[Opening] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """Requests of one class; ``base`` is the linked resident's, if one is known."""

    taken_by: str
    responsible: str | None
    unit: str
    closed: bool
    intake: bool
    offered_to: str | None
    permission: str | None
    typing: bool
    past: frozenset[str]
    jobs: Jobs
    base: Base | None
    passing: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Conversations of one class, by whom they were with."""

    taken_by: str
    people: frozenset[Base]


@dataclass(slots=True)
class Counted:
    """How many there are of each class."""

    residents: Counter[Resident] = field(default_factory=Counter)
    requests: Counter[Request] = field(default_factory=Counter)
    contacts: Counter[Contact] = field(default_factory=Counter)

    def of(self, kind: Kind) -> Counter[Any]:
        """The classes through which a kind is seen."""
        by_kind: dict[Kind, Counter[Any]] = {Kind.REQUEST: self.requests, Kind.CONTACT: self.contacts}
        return by_kind.get(kind, self.residents)

    def count_served(self, served: Resident, many: int) -> None:
        """Residents on whom more hangs, out of those that were counted by their own row alone."""
        self.residents[served] += many
        self.residents[Resident(served.base)] -= many


@dataclass(frozen=True, slots=True)
class Met:
    """What a row is to a hat: the facts that hold whatever group is asked for, the groups that a running job and the law open
    (None: there is none), and what was said of passing on or permitted where that is what counts."""

    facts: Facts
    job: frozenset[Group] | None = None
    law: frozenset[Group] | None = None
    passing: str | None = None

    def for_group(self, group: Group) -> Facts:
        """The facts for one group."""
        if self.job is None and self.law is None:
            return self.facts
        job, law = self.facts.job, Disclosure.NONE
        if self.job is not None:
            job = Job.OPEN if group in self.job else Job.NOT_COVERED
        if self.law is not None:
            law = Disclosure.OPEN if group in self.law else Disclosure.OTHER_GROUPS
        return replace(self.facts, job=job, disclosure=law)


def read_jobs(lines: Iterable[str]) -> Jobs:
    """Partner and group of each line ``partner group``."""
    found = (line.split(" ") for line in lines)
    return frozenset((partner, group) for partner, group in found)


def met(row: Resident | Request | Contact, wearer: Wearer, narrowing: frozenset[str] = frozenset()) -> tuple[Met, ...]:
    """What a row is to a hat; it is seen where any of these is. A conversation is as many as people were in it. Whose resident it
    is, is told where that council is among those ``narrowing``: of the others it makes no difference."""
    if isinstance(row, Resident):
        return (_told(_resident(row, wearer), row.base, narrowing),)
    if isinstance(row, Request):
        return (_told(_request(row, wearer), row.base, narrowing),)
    matter = frozenset({Matter.TAKEN} if row.taken_by == wearer.organisation else ())
    return tuple(Met(_facts(base, wearer, matter)) for base in row.people) or (
        Met(Facts(matter=matter | {Matter.UNLINKED})),)


def _facts(base: Base, wearer: Wearer, matter: frozenset[Matter] = frozenset(), job: Job = Job.NONE) -> Facts:
    own = wearer.organisation
    home = Whose.NONE if base.home is None else Whose.OWN if base.home == own else Whose.OTHER
    keeper = Whose.OWN if base.keeper == own else Whose.OTHER
    return Facts(home, keeper, base.sharing, own in base.objected, base.states, matter, job)


def _told(row: Met, base: Base | None, narrowing: frozenset[str]) -> Met:
    whose = "" if base is None else base.home or base.keeper
    return replace(row, facts=replace(row.facts, of=whose)) if whose in narrowing else row


def _opens(jobs: Jobs, partner: str) -> frozenset[Group] | None:
    mine = {group for name, group in jobs if name == partner}
    return frozenset(Group(group) for group in mine - {RUNS}) if mine else None


def _for_unit(unit: str, wearer: Wearer) -> bool:
    return wearer.unit in (NO_UNIT, unit)


def _passing(said: str | None, wearer: Wearer) -> str | None:
    """What counts for partners alone."""
    return said if wearer.role in OF_PARTNERS else None


def _resident(row: Resident, wearer: Wearer) -> Met:
    answers = any(council == wearer.organisation and _for_unit(unit, wearer) for council, unit in row.serving)
    worn = f"{wearer.role}/{wearer.unit}"
    law = [opening.groups for opening in row.opened
           if opening.to == wearer.organisation and (opening.hats is None or worn in opening.hats)]
    return Met(_facts(row.base, wearer, frozenset({Matter.RESPONSIBLE} if answers else ())),
               _opens(row.jobs, wearer.organisation), frozenset().union(*law) if law else None, _passing(row.passing, wearer))


def _request(row: Request, wearer: Wearer) -> Met:
    own = wearer.organisation
    so = {Matter.TAKEN: row.taken_by == own, Matter.TYPING: row.typing and row.taken_by == own, Matter.CLOSED: row.closed,
          Matter.RESPONSIBLE: row.responsible == own, Matter.OFFERED: row.offered_to == own,
          Matter.OTHER_UNIT: row.responsible == own and not _for_unit(row.unit, wearer), Matter.UNLINKED: row.base is None}
    matter = frozenset(word for word, holds in so.items() if holds)
    job = Job.CLOSED if own in row.past else Job.NONE
    if row.base is None:
        # Nobody is known who could have refused: what the caller permitted counts, except for who took it down.
        permitted = None if row.taken_by == own or not row.intake else row.permission or "not-asked"
        return Met(Facts(matter=matter, job=job), _opens(row.jobs, own), None, permitted)
    return Met(_facts(row.base, wearer, matter, job), _opens(row.jobs, own), None, _passing(row.passing, wearer))
