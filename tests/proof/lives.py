"""The machine that lives one resident's life in the application and in the model side by side, and compares after each step
who sees what.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.policy.actions import Action
from app.requests import working
from tests.oracle.facts import GROUPS, Hat
from tests.oracle.partnership import COUNCILS, NEEDS, PARTNERS
from tests.oracle.stateful import ORGANISATIONS, Life, Refused, Twin
from tests.proof.asking import Asked
from tests.proof.living import SAID, VALUES, Lived, refused

organisations, partners, councils = st.sampled_from(ORGANISATIONS), st.sampled_from(PARTNERS), st.sampled_from(COUNCILS)
picks, sayers = st.integers(0, 9), st.sampled_from(("home", "information", *COUNCILS))
movers = st.sampled_from(("home", "home", *COUNCILS))
answers = st.sampled_from(("given", "given", "given", "not asked", "refused", "withdrawn"))
twins = st.builds(Twin, home=st.just(""), sharing=answers, passing=answers, protected=st.booleans(),
                  objected=st.frozensets(organisations, max_size=2))


@dataclass(frozen=True)
class Ground:
    """The application on a partnership without residents, and the life with which each begins."""

    asked: Asked
    connection: psycopg.Connection
    begins: Life


def move_now(life: Life, to: str | None) -> Life:
    """R14: the address of today makes the home of today, and who leaves the area takes back what was given."""
    moved = replace(life, home=to, keeper=to or life.home or life.keeper, move=None)
    return left(moved, life) if to is None else moved


def left(life: Life, before: Life) -> Life:
    """What the record itself had given is taken back, and that is said of the resident."""
    leaving = {matter for matter in ("sharing", "passing") if getattr(before, matter) == "given"}
    twin = life.twin and replace(life.twin, since=life.twin.since | leaving)
    return replace(life, twin=twin, **dict.fromkeys(leaving, "withdrawn"))


# What the model has no step of its own for.
STEPS_BESIDE = {"move_now": move_now}


class Lives(RuleBasedStateMachine):
    """Anything that may happen, in any order. What is refused must leave everything as it was."""

    ground: Ground
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.life = self.ground.begins
        self.lived = Lived(self.ground.asked, self.ground.connection, self.life)
        self.second, self.apart = "", []

    def hat(self, organisation: str, name: str) -> Hat:
        return self.lived.hats[f"{organisation}-{name}"]

    def says(self, by: str) -> tuple[Hat, bool]:
        """Who writes down what the resident says, and whether they see the record."""
        if by == "information":
            return self.hat(self.life.keeper, "information"), True
        by, seen = (self.life.home or COUNCILS[0]) if by == "home" else by, self.life.sees()
        return self.hat(by, "adviser"), (by, "home") in seen or (by, "consented") in seen

    def both(self, name: str, allowed: bool, act, *values, noted: str = "") -> None:
        """The model's step, and the application's; ``allowed`` is false where somebody is asked who may not."""
        step = getattr(self.life, name, None) or partial(STEPS_BESIDE[name], self.life)
        try:
            after = step(*values) if allowed else None
        except Refused:
            after = None
        was_refused = refused(act)
        assert was_refused == (after is None), (
            f"{noted or name}{values}: the application {'refused' if was_refused else 'did'} it, the model "
            f"{'refuses' if after is None else 'does'} it")
        self.done[f"{noted or name}{' refused' if was_refused else ''}"] += 1
        self.life = after or self.life

    @rule(answer=st.sampled_from(["given", "given", "refused", "withdrawn"]), by=sayers)
    def sharing(self, answer, by):
        if answer == "withdrawn" == self.life.holds("sharing"):
            return  # said again, it changes nothing
        hat, sees = self.says(by)
        self.both("say_sharing", sees, lambda: self.lived.sharing(hat, answer), answer)

    @rule(answer=st.sampled_from(["given", "given", "refused", "withdrawn"]), by=sayers)
    def passing(self, answer, by):
        hat, sees = self.says(by)
        possible = answer != "withdrawn" or self.life.holds("passing") in ("given", "withdrawn")
        self.both("say_passing", sees and possible, lambda: self.lived.passing(hat, answer), answer)

    @rule(organisation=organisations, active=st.booleans(), by=sayers)
    def objection(self, organisation, active, by):
        if (organisation in self.life.against) == active:
            return  # said again, it changes nothing
        hat, sees = self.says(by)
        self.both("object_to" if active else "take_back_objection", sees,
                  lambda: self.lived.objecting(hat, organisation, active=active), organisation)

    @initialize(lgsl=st.sampled_from(sorted(NEEDS)), more=st.sampled_from(sorted(NEEDS)))
    def begin(self, lgsl, more):
        self.take_request(lgsl, "applewick")
        self.take_request(more, "hillshire")

    @rule(lgsl=st.sampled_from(sorted(NEEDS)), responsible=councils)
    def take_request(self, lgsl, responsible):
        self.life = self.life.take_request(lgsl, responsible)
        self.lived.taken(lgsl, responsible)

    @precondition(lambda self: any(job.partner is None for job in self.life.jobs))
    @rule(pick=picks, partner=partners)
    def pass_on(self, pick, partner):
        job = self.job(pick, with_partner=False)
        officer = self.hat(self.life.jobs[job].responsible, "officer")
        self.both("pass_on", not self.life.restricted, lambda: self.lived.assign(officer, job, partner), job, partner)

    @precondition(lambda self: any(job.partner for job in self.life.jobs))
    @rule(pick=picks, how=st.sampled_from(["refuse", "complete", "take back"]))
    def take_off(self, pick, how):
        job = self.job(pick, with_partner=True)
        standing, lived = self.life.jobs[job], self.lived
        worker, officer = self.hat(standing.partner, "worker"), self.hat(standing.responsible, "officer")
        sees = any(who == standing.partner and scope == "assigned" for who, scope in self.seeing_jobs())
        if how == "take back":
            self.both("take_off", not self.life.restricted and not standing.closed, lambda: lived.step(
                officer, Action.REQUEST_ASSIGN, working.take_back, job, "Too slow"), job, noted=how)
        elif how == "refuse":
            self.both("take_off", sees and not standing.closed, lambda: lived.step(
                worker, Action.REQUEST_REFUSE, working.refuse, job, "No crew"), job, noted=how)
        else:
            self.both("take_off", sees and not standing.closed, lambda: self.complete(worker, job), job, noted=how)

    def seeing_jobs(self) -> set[tuple[str, str]]:
        """Which partners may step in the jobs they have in hand: those that see them, of whatever groups."""
        if self.life.restricted:
            return set()
        return {(job.partner, "assigned") for job in self.life.jobs
                if job.partner and job.partner not in self.life.against | self.life.ended_agreements}

    def complete(self, worker: Hat, job: int) -> None:
        self.lived.step(worker, Action.REQUEST_ACCEPT, working.accept, job)
        self.lived.step(worker, Action.REQUEST_COMPLETE, working.complete, job, "done")

    @precondition(lambda self: not all(job.closed for job in self.life.jobs))
    @rule(pick=picks)
    def close(self, pick):
        still = [n for n, each in enumerate(self.life.jobs) if not each.closed or pick == 9]
        job = still[pick % len(still)]
        officer = self.hat(self.life.jobs[job].responsible, "officer")
        self.both("close", not self.life.restricted,
                  lambda: self.lived.step(officer, Action.REQUEST_CLOSE, working.close, job), job)

    def job(self, pick: int, *, with_partner: bool) -> int:
        jobs = [n for n, job in enumerate(self.life.jobs) if (job.partner is not None) == with_partner]
        return jobs[pick % len(jobs)]

    @rule(partner=partners)
    def end_agreement(self, partner):
        self.life = self.life.end_agreement(partner)
        self.lived.end_agreement(partner)

    @rule(name=st.sampled_from(["protect", "restrict"]))
    def shield(self, name):
        """On where it was off, and off where it was on: nearly everything is refused while a record is restricted. Protection of a
        record that is joined to another comes and goes with the joining alone."""
        if name == "protect" and self.life.twin:
            return
        on = not getattr(self.life, f"{name}ed")
        self.life = getattr(self.life, name)(on)
        self.lived.shield(f"{name}ed", on)

    @rule(organisation=organisations, groups=st.frozensets(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3),
          hours=st.integers(1, 5))
    def disclose(self, organisation, groups, hours):
        self.life = self.life.disclose(organisation, groups, hours)
        self.lived.disclose(organisation, groups, self.life.openings[-1].until)
        self.lived.at(self.life)

    @rule(days=st.integers(1, 2), to=st.sampled_from((*COUNCILS, None)), by=movers)
    def plan_move(self, days, to, by):
        if self.life.move is None:
            hat, sees = self.says(by)
            self.both("plan_move", sees, lambda: self.lived.move(hat, days, to), days, to)
            self.lived.moves = self.life.move[0] if self.life.move else None

    @rule(to=st.sampled_from((*COUNCILS, *COUNCILS, None)), by=movers)
    def move_now(self, to, by):
        hat, sees = self.says(by)
        self.both("move_now", sees, lambda: self.lived.move(hat, 0, to), to)
        self.lived.moves = self.life.move[0] if self.life.move else None

    @precondition(lambda self: self.life.restricted)
    @rule()
    def lift(self):
        self.shield("restrict")

    @rule(hours=st.integers(1, 30))
    def wait(self, hours):
        """A planned move happens by itself; the model keeps what was given when it leads out of the area (R14)."""
        before = self.life
        self.life = self.life.wait(hours)
        if before.move is not None and self.life.move is None and self.life.home is None:
            self.life = left(self.life, before)
        self.lived.at(self.life)
        self.lived.moves = self.life.move[0] if self.life.move else None
        self.done["wait"] += 1

    @precondition(lambda self: self.life.twin is None and self.life.home is not None)
    @rule(twin=twins, by=movers)
    def join(self, twin, by):
        """A second record of the home council turns out to be the same person's; another council may not say so."""
        home, lived = self.life.home, self.lived
        twin = replace(twin, home=home)
        self.second, request = lived.second(twin)
        self.apart = [lived.made_of(lived.ref, *VALUES), lived.made_of(self.second, *VALUES, *SAID)]
        leader, allowed = self.hat(home if by == "home" else by, "leader"), by in ("home", home)
        self.both("join", allowed, lambda: lived.join(leader, self.second), twin)
        if self.life.twin:
            assert lived.made_of(self.second, *VALUES, *SAID) == self.apart[1], "nothing of the other record is touched"
        if not self.life.restricted:
            assert lived.followed(home, self.second, request) == (bool(self.life.twin),) * 2

    @precondition(lambda self: self.life.twin is not None)
    @rule(by=movers)
    def part(self, by):
        home, lived, twin = self.life.home, self.lived, self.life.twin
        leader = self.hat((home or COUNCILS[0]) if by == "home" else by, "leader")
        self.both("part", by in ("home", home), lambda: lived.part(leader, self.second))
        if self.life.twin is None:
            assert [lived.made_of(lived.ref, *VALUES), lived.made_of(self.second, *VALUES, *SAID)] == self.apart
            assert lived.decides(self.second) == (twin.sharing == "given", twin.objected, twin.protected)

    @invariant()
    def both_records_decide_alike(self):
        said = self.life.holds("sharing") == "given", self.life.against, self.life.shielded
        for ref in (self.lived.ref, *([self.second] if self.life.twin else ())):
            assert self.lived.decides(ref) == said, "the record that was joined" if ref == self.second else "the record"

    @invariant()
    def everybody_sees_what_the_model_says(self):
        law = bool(self.lived.opened) or self.done["compared"] % 4 == 0
        involved = {job.partner for job in self.life.jobs} | {opening.organisation for opening in self.life.openings}
        seen, expected = self.lived.sights(involved, law=law), self.life.sees()
        assert seen == expected, "\n".join(
            f"{who} through {scope}: {sorted(seen.get((who, scope), ()))}, by the model "
            f"{sorted(expected.get((who, scope), ()))}"
            for who, scope in sorted(seen.keys() | expected.keys())
            if seen.get((who, scope)) != expected.get((who, scope)))
        self.done["compared"] += 1


def lives(ground: Ground, begins: Life) -> type[Lives]:
    """The machine on this ground, counting for itself."""
    made: type[Lives] = type("Lives", (Lives,), {"ground": replace(ground, begins=begins), "done": Counter()})
    return made
