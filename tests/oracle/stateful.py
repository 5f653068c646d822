"""One resident's life, step by step: what they choose, whom they object to, which jobs are passed on, where they live.

A pure model to hold a running system against. Unlike the oracles, which work everything out from all the facts, it
keeps only what stands now and changes it as things happen. `sees` answers for an adviser in contact at each council, an
officer without a unit, the information officers and a worker of each partner; `as_world` tells the same life as facts.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .facts import GROUPS, Assignment, Contact, Disclosure, Objection, Request, Resident, World
from .generate import ANSWERS, NOW
from .joined import STRICTNESS, Joining, strictest
from .partnership import COUNCILS, NEEDS, PARTNERS, partnership

REF, OTHER, START = "r-000001", "r-000002", NOW - timedelta(days=30)
ADVISERS_GROUPS = frozenset("name address channels birth needs history choices".split())
JOB_GROUPS = frozenset("name address channels needs".split())


class Refused(Exception):
    """The step is not allowed as things stand; nothing has changed."""


@dataclass(frozen=True)
class Job:
    """One request of the resident, and the partner that has it in hand now, if any."""

    lgsl: int
    responsible: str
    closed: bool = False
    partner: str | None = None


@dataclass(frozen=True)
class Opening:
    """A lawful disclosure to one organisation."""

    organisation: str
    groups: frozenset[str]
    until: datetime


@dataclass(frozen=True)
class Twin:
    """A second record of the resident with what stands in it, joined to the first; `since` are the matters and the
    organisations of which something was said after that, `heard` the answers on sharing that were there before."""

    home: str
    sharing: str = "not asked"
    passing: str = "not asked"
    objected: frozenset[str] = frozenset()
    protected: bool = False
    since: frozenset[str] = frozenset()
    heard: int = 0


@dataclass(frozen=True)
class Life:
    """What stands now. Every step returns another life; `told` is the same life as facts, for the oracles only. What is said
    of the resident stands in the record itself; of one joined to another, what holds is the strictest of both, but for what
    was said since (R20): `holds` and `against`."""

    now: datetime = NOW
    home: str | None = "applewick"
    keeper: str = "applewick"
    move: tuple[date, str | None] | None = None
    sharing: str = "not asked"
    passing: str = "not asked"
    objected: frozenset[str] = frozenset()
    restricted: bool = False
    protected: bool = False
    jobs: tuple[Job, ...] = ()
    ended_agreements: frozenset[str] = frozenset()
    openings: tuple[Opening, ...] = ()
    twin: Twin | None = None
    told: "Told" = field(default_factory=lambda: Told())

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo("Europe/London")).date()

    def holds(self, matter: str) -> str:
        """The answer on sharing or passing that holds of the resident."""
        own = getattr(self, matter)
        if self.twin is None or matter in self.twin.since:
            return own
        known = {"not asked": "never"}
        return min(own, getattr(self.twin, matter), key=lambda said: STRICTNESS.index(known.get(said, said)))

    @property
    def against(self) -> frozenset[str]:
        """Whom the resident objects to."""
        return self.objected | (self.twin.objected - self.twin.since if self.twin else frozenset())

    @property
    def shielded(self) -> bool:
        return self.protected or self.twin is not None and self.twin.protected

    # What the resident says

    def say_sharing(self, answer: str) -> "Life":
        """R2, R7: given, refused or withdrawn; only what was given can be withdrawn."""
        if answer == "withdrawn" and self.holds("sharing") != "given":
            raise Refused("nothing was given")
        return self._said("sharing", sharing=answer, told=self.told.said(self.now, answer))

    def say_passing(self, answer: str) -> "Life":
        """R2: governs what is passed on from now; what a partner has in hand stays with it."""
        return self._said("passing", passing=answer)

    def object_to(self, organisation: str) -> "Life":
        """R5."""
        if organisation in self.against:
            raise Refused("already objected")
        return self._said(organisation, objected=self.objected | {organisation}, told=self.told.objected(organisation, self.now))

    def take_back_objection(self, organisation: str) -> "Life":
        if organisation not in self.against:
            raise Refused("no such objection")
        return self._said(organisation, objected=self.objected - {organisation}, told=self.told.relented(organisation, self.now))

    # What the councils do

    def join(self, twin: Twin) -> "Life":
        """R20: a second record of the home council is found to be the same person's. Nothing of it is moved."""
        if self.twin is not None or self.restricted or self.home is None:
            raise Refused("there is nothing to join")
        return self._next(twin=replace(twin, home=self.home, since=frozenset(), heard=len(self.told.sharing)))

    def part(self) -> "Life":
        """R20: each record has again what is its own. The home council does it, which has to see both."""
        if self.twin is None or self.restricted or self.home is None:
            raise Refused("there is nothing to part")
        if self.home != self.twin.home and (self.holds("sharing") != "given" or self.home in self.against):
            raise Refused("the other record is another council's")
        return self._next(twin=None)

    def take_request(self, lgsl: int, responsible: str) -> "Life":
        return self._next(jobs=(*self.jobs, Job(lgsl, responsible)))

    def pass_on(self, job: int, partner: str) -> "Life":
        """R3, R5: not to whom the resident objects, not where passing was refused, and only under an agreement."""
        standing = self.jobs[job]
        if (standing.closed or standing.partner is not None or partner in self.against
                or self.holds("passing") in ("refused", "withdrawn") or partner in self.ended_agreements):
            raise Refused("this may not be passed on")
        return self._job(job, partner=partner, told=self.told.assigned(job, partner, self.now))

    def take_off(self, job: int) -> "Life":
        """The partner refuses the job, or the council withdraws it."""
        if self.jobs[job].partner is None:
            raise Refused("nobody has it")
        return self._job(job, partner=None, told=self.told.ended(job, self.now))

    def close(self, job: int) -> "Life":
        """R3: nothing else is cleaned up."""
        if self.jobs[job].closed:
            raise Refused("it is closed")
        return self._job(job, closed=True, told=self.told.closed(job, self.now))

    def end_agreement(self, partner: str) -> "Life":
        return self._next(ended_agreements=self.ended_agreements | {partner})

    def restrict(self, on: bool) -> "Life":
        """R22."""
        return self._next(restricted=on)

    def protect(self, on: bool) -> "Life":
        return self._next(protected=on)

    def disclose(self, organisation: str, groups: frozenset[str], hours: int) -> "Life":
        """R4."""
        until = self.now + timedelta(hours=hours)
        return self._next(openings=(*self.openings, Opening(organisation, groups, until)),
                          told=self.told.disclosed(organisation, groups, self.now, until))

    def plan_move(self, days: int, to: str | None) -> "Life":
        """R14: the move happens by itself when its day begins in London."""
        if self.move is not None or days < 1:
            raise Refused("one move at a time, and not in the past")
        day = self.today + timedelta(days=days)
        return self._next(move=(day, to), told=replace(self.told, address=(self.home, day, to)))

    def wait(self, hours: int) -> "Life":
        """Time passes: moves take effect, disclosures end."""
        later = self._next(now=self.now + timedelta(hours=hours))
        if later.move is not None and later.move[0] <= later.today:
            home = later.move[1]
            later = later._next(home=home, keeper=home or later.keeper, move=None)
        return later._next(openings=tuple(o for o in later.openings if later.now < o.until))

    def _next(self, **changes) -> "Life":
        return replace(self, **changes)

    def _said(self, about: str, **changes) -> "Life":
        twin = self.twin and replace(self.twin, since=self.twin.since | {about})
        return self._next(twin=twin, **changes)

    def _job(self, job: int, told: "Told", **changes) -> "Life":
        jobs = (*self.jobs[:job], replace(self.jobs[job], **changes), *self.jobs[job + 1:])
        return self._next(jobs=jobs, told=told)

    # Who sees what now

    def sees(self) -> dict[tuple[str, str], frozenset[str]]:
        """(organisation, scope) -> the groups seen through it now; what shows nothing is left out."""
        seen: dict[tuple[str, str], frozenset[str]] = {}
        for opening in self.openings:
            holder = (opening.organisation, "disclosed")
            seen[holder] = seen.get(holder, frozenset()) | opening.groups
        if not self.restricted:
            seen |= self._councils() | self._partners()
        if self.shielded:
            seen = {(who, scope): groups if scope == "disclosed" else groups - {"address", "channels"}
                    for (who, scope), groups in seen.items()}
        seen[self.keeper, "kept"] = GROUPS
        return {holder: groups for holder, groups in seen.items() if groups}

    def _councils(self) -> dict[tuple[str, str], frozenset[str]]:
        if self.home is None:
            return {}
        seen = {(self.home, "home"): ADVISERS_GROUPS | {"identity"}}
        if self.holds("sharing") == "given":
            others = set(COUNCILS) - {self.home} - self.against
            seen |= {(council, "consented"): ADVISERS_GROUPS for council in others}
        if any(not job.closed and job.responsible == self.home for job in self.jobs):
            seen[self.home, "served"] = JOB_GROUPS
        return seen

    def _partners(self) -> dict[tuple[str, str], frozenset[str]]:
        seen: dict[tuple[str, str], frozenset[str]] = {}
        for job in self.jobs:
            if job.partner is None or job.closed or job.partner in self.against | self.ended_agreements:
                continue
            holder = (job.partner, "assigned")
            seen[holder] = seen.get(holder, frozenset()) | (JOB_GROUPS & frozenset(NEEDS[job.lgsl].split()))
        return seen

    def as_world(self) -> World:
        """The same life as the facts that the oracles read."""
        facts = partnership(self.today)
        over = {"valid_from": self.today - timedelta(days=9), "valid_to": self.today}
        facts["agreements"] = tuple(replace(a, **over) if a.partner in self.ended_agreements else a
                                    for a in facts["agreements"])
        home, until, next_home = self.told.address
        resident = Resident(REF, home, self.keeper, until, next_home, self.restricted, self.protected,
                            sharing=self.told.sharing, objections=self.told.objections,
                            disclosures=self.told.disclosures)
        contacts = [Contact("k-000000", "c-000000", "hillshire", "hillshire-resting", START, START)]
        requests = [Request(f"q-{n:06}", job.lgsl, "hillshire", job.responsible, "k-000000", resident=REF,
                            status="closed" if job.closed else "passed", closed_at=self.told.closings.get(n))
                    for n, job in enumerate(self.jobs)]
        world = World(self.today, self.today, self.now, **facts, residents=(resident,), requests=tuple(requests),
                      assignments=self.told.assignments, contacts=tuple(contacts))
        return self._joined(world, self.twin) if self.twin else world

    def _joined(self, world: World, twin: Twin) -> World:
        """The record as strict as both were, and what was said since."""
        (own,) = world.residents
        other = Resident(OTHER, twin.home, twin.home, protected=twin.protected,
                         sharing=tuple((START, answer) for answer in ANSWERS[twin.sharing.replace("not asked", "never")][-1:]),
                         objections=tuple(Objection(organisation, START) for organisation in sorted(twin.objected)))
        before, after = self.told.sharing[:twin.heard], self.told.sharing[twin.heard:]
        whole = replace(world, residents=(replace(own, sharing=before), other))
        strict = strictest(whole, [Joining(REF, OTHER)]).resident[REF]
        objections = tuple(each for each in strict.objections if each in own.objections or each.organisation not in twin.since)
        return replace(world, residents=(replace(strict, sharing=(*strict.sharing, *after), objections=objections),))


@dataclass(frozen=True)
class Told:
    """The life as it was told: append-only, apart from the ends of periods. It is kept for `as_world` alone."""

    address: tuple[str | None, date | None, str | None] = ("applewick", None, None)
    sharing: tuple[tuple[datetime, str], ...] = ()
    objections: tuple[Objection, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    closings: dict[int, datetime] = field(default_factory=dict)

    def said(self, now: datetime, answer: str) -> "Told":
        return replace(self, sharing=(*self.sharing, (now, answer)))

    def objected(self, organisation: str, now: datetime) -> "Told":
        return replace(self, objections=(*self.objections, Objection(organisation, now)))

    def relented(self, organisation: str, now: datetime) -> "Told":
        return replace(self, objections=tuple(
            replace(o, until=now) if o.organisation == organisation and o.until is None else o
            for o in self.objections))

    def disclosed(self, organisation: str, groups: frozenset[str], now: datetime, until: datetime) -> "Told":
        return replace(self, disclosures=(*self.disclosures, Disclosure(organisation, None, groups, now, until)))

    def assigned(self, job: int, partner: str, now: datetime) -> "Told":
        return replace(self, assignments=(*self.assignments,
                                          Assignment(f"q-{job:06}", partner, f"{partner}-whole", now)))

    def ended(self, job: int, now: datetime) -> "Told":
        return replace(self, assignments=tuple(replace(a, until=now) if a.request == f"q-{job:06}" and a.until is None
                                               else a for a in self.assignments))

    def closed(self, job: int, now: datetime) -> "Told":
        return replace(self, closings={**self.closings, job: now})


ORGANISATIONS = COUNCILS + PARTNERS
