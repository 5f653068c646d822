"""A life lived step by step and the two oracles, which see only the facts, always tell the same story."""

from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from .facts import GROUPS, Hat
from .oracle import scopes
from .partnership import COUNCILS, NEEDS, PARTNERS
from .second import Second
from .stateful import ORGANISATIONS, REF, Life, Refused, Twin

organisations, partners, councils = st.sampled_from(ORGANISATIONS), st.sampled_from(PARTNERS), st.sampled_from(COUNCILS)
picks, answers = st.integers(0, 9), st.sampled_from(["not asked", "given", "given", "refused", "withdrawn"])
# The hat that looks through each scope: role and purpose.
EYES = {"home": ("adviser", "enquiry"), "consented": ("adviser", "enquiry"), "served": ("service_officer", "deliver"),
        "kept": ("information_officer", "rights"), "disclosed": ("adviser", "protect"),
        "assigned": ("contractor", "deliver")}


def by_oracle(life: Life) -> dict[tuple[str, str], frozenset[str]]:
    world, seen = life.as_world(), {}
    for organisation in ORGANISATIONS:
        for scope, (role, purpose) in EYES.items():
            hat = Hat("eye", "p-eye", organisation, role)
            seen[organisation, scope] = scopes(world, hat, purpose, world.resident[REF], contact_open=True).get(
                scope, frozenset())
    return {holder: groups for holder, groups in seen.items() if groups}


def by_second(life: Life) -> dict[tuple[str, str], frozenset[str]]:
    second, seen = Second(life.as_world()), {}
    for organisation in ORGANISATIONS:
        for scope, (role, purpose) in EYES.items():
            record = second.residents(Hat("eye", "p-eye", organisation, role), purpose, True).get(REF, {})
            seen[organisation, scope] = frozenset(group for group, through in record.items() if scope in through)
    return {holder: groups for holder, groups in seen.items() if groups}


class Lives(RuleBasedStateMachine):
    """Anything that may happen, in any order; a step that is not allowed must leave everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    def step(self, name: str, *values) -> None:
        with suppress(Refused):
            self.life = getattr(self.life.wait(1), name)(*values)

    @rule(answer=st.sampled_from(["given", "given", "refused", "withdrawn"]))
    def sharing(self, answer):
        self.step("say_sharing", answer)

    @rule(answer=st.sampled_from(["given", "refused", "withdrawn"]))
    def passing(self, answer):
        self.step("say_passing", answer)

    @rule(organisation=organisations)
    def object_to(self, organisation):
        self.step("object_to", organisation)

    @rule(organisation=organisations)
    def take_back_objection(self, organisation):
        self.step("take_back_objection", organisation)

    @rule(lgsl=st.sampled_from(sorted(NEEDS)), responsible=councils)
    def take_request(self, lgsl, responsible):
        self.step("take_request", lgsl, responsible)

    @rule(pick=picks, partner=partners)
    def pass_on(self, pick, partner):
        if self.life.jobs:
            self.step("pass_on", pick % len(self.life.jobs), partner)

    @rule(pick=picks, name=st.sampled_from(["take_off", "close"]))
    def finish(self, pick, name):
        if self.life.jobs:
            self.step(name, pick % len(self.life.jobs))

    @rule(partner=partners)
    def end_agreement(self, partner):
        self.step("end_agreement", partner)

    @rule(name=st.sampled_from(["restrict", "protect"]), on=st.booleans())
    def shield(self, name, on):
        self.step(name, on)

    @rule(organisation=organisations, groups=st.frozensets(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3),
          hours=st.integers(1, 5))
    def disclose(self, organisation, groups, hours):
        self.step("disclose", organisation, groups, hours)

    @rule(days=st.integers(1, 2), to=st.sampled_from((*COUNCILS, None)))
    def plan_move(self, days, to):
        self.step("plan_move", days, to)

    @rule(sharing=answers, passing=answers, objected=st.frozensets(organisations, max_size=2), protected=st.booleans())
    def join(self, sharing, passing, objected, protected):
        self.step("join", Twin("", sharing, passing, objected, protected))

    @rule()
    def part(self):
        self.step("part")

    @rule(hours=st.integers(1, 30))
    def wait(self, hours):
        self.step("wait", hours)

    @invariant()
    def all_three_agree(self):
        expected = self.life.sees()
        assert by_oracle(self.life) == expected
        assert by_second(self.life) == expected


def test_a_life_and_both_oracles_agree_after_every_step():
    run_state_machine_as_test(Lives, settings=settings(
        max_examples=80, stateful_step_count=25, derandomize=True, database=None))


def test_a_withdrawal_takes_effect_at_once_and_a_running_job_goes_on():
    life = Life().say_sharing("given").take_request(376, "applewick").pass_on(0, "kerbside").say_passing("given")
    assert ("hillshire", "consented") in life.sees() and ("kerbside", "assigned") in life.sees()
    life = life.wait(1).say_sharing("withdrawn").say_passing("withdrawn")
    assert ("hillshire", "consented") not in life.sees() and ("kerbside", "assigned") in life.sees()
    assert ("kerbside", "assigned") not in life.object_to("kerbside").sees()
    assert ("kerbside", "assigned") not in life.close(0).sees()


def test_of_two_records_the_strictest_holds_until_something_is_said_anew_and_each_has_its_own_again():
    apart = Life().say_sharing("given").wait(1)
    joined = apart.join(Twin("", objected=frozenset({"marlbrook"}), protected=True))
    assert ("hillshire", "consented") not in joined.sees() and "address" not in joined.sees()["applewick", "home"]
    anew = joined.wait(1).say_sharing("given").take_back_objection("marlbrook")
    assert {council for council, scope in anew.sees() if scope == "consented"} == {"hillshire", "marlbrook"}
    assert joined.part() == apart and anew.part().sees() == apart.sees()


def test_a_move_happens_when_the_day_begins_in_london():
    life = Life().plan_move(1, "hillshire")
    assert ("applewick", "home") in life.wait(23).sees()
    assert life.wait(24).sees()["hillshire", "home"] == life.sees()["applewick", "home"]


@pytest.mark.parametrize("stop", [lambda life: life.object_to("kerbside"), lambda life: life.say_passing("refused"),
                                  lambda life: life.end_agreement("kerbside"), lambda life: life.close(0)])
def test_a_job_is_not_passed_on_when_something_stands_against_it(stop):
    with pytest.raises(Refused):
        stop(Life().take_request(376, "applewick")).pass_on(0, "kerbside")
