"""Whatever policy is written within the promises, the guard shows exactly what it says: its list, each record by itself, Casbin's
own answers put together record by record, and the oracle that takes the policy as data all agree.

JC_PROOF_POLICIES raises how many policies are drawn.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.kernel import config
from app.policy import wall
from app.policy.actions import Action
from app.policy.actor import Actor, Asking
from app.policy.groups import Group
from app.policy.guard import GuardedSession
from app.policy.purposes import Purpose
from app.policy.reach import Reach, Wearer, compile_reach
from app.policy.rulebook import Rulebook
from app.policy.rules import Mask, PolicyFiles
from app.policy.scopes import SCOPES
from app.policy.words import Role, ScopeWord
from app.requests.models import Request
from app.residents.models import Resident
from tests.oracle import by_policy, generate
from tests.oracle.by_policy import Question
from tests.proof import policies
from tests.proof.asking import Asked
from tests.proof.laid import laid_down, vocabulary_of
from tests.proof.loading import key

POLICIES = int(os.environ.get("JC_PROOF_POLICIES", "20"))
RESIDENTS = 120
ASKED = 3
# Seeds that once showed the guard wrong: a mask that did not bite on a request seen through its resident alone.
FOUND = (21230120,)
KINDS = {Action.RESIDENT_SEE: (Resident, "resident", by_policy.residents_seen),
         Action.REQUEST_SEE: (Request, "request", by_policy.requests_seen)}
Sight = set[tuple[str, str]]
pytestmark = pytest.mark.xdist_group("random policies")


@pytest.fixture(scope="module")
def small(template: str) -> Iterator[Asked]:
    """A small world, in which every role has somebody."""
    with laid_down(template, lambda now: generate.world(11, RESIDENTS, now=now)) as found:
        yield found


def questions(chance: random.Random, asked: Asked, data: by_policy.Policy) -> list[Question]:
    """Some questions that rules of the policy are about, asked by hats that rules are for."""
    found: list[Question] = []
    for _ in range(ASKED if data.rules else 0):
        rule = chance.choice(data.rules)
        roles = {upper for upper, lower in data.includes if lower == rule.role} | {rule.role}
        hats = [hat for hat in asked.world.hats if hat.role in roles and rule.organisation in ("*", hat.organisation)]
        alike = [hat for hat in hats if rule.unit in ("*", hat.unit)] or hats
        if alike:
            found.append(Question(chance.choice(alike), rule.action, rule.purpose))
    return found


def through_guard(asked: Asked, drawn: policies.Drawn, question: Question, chance: random.Random) -> tuple[Sight, list[str]]:
    """What the guard shows of the kind, and where a record by itself is not as in the list."""
    hat, action = question.hat, Action(question.action)
    model, kind, _ = KINDS[action]
    wearer = Wearer(Role(hat.role), hat.organisation, hat.unit or "-")
    reach = compile_reach(drawn.rulebook, wearer, Purpose(question.purpose), frozenset({action}))
    with asked.desk.engine.connect() as connection, connection.begin() as transaction:
        begun = wall.begin(connection, asked.desk.prefix, asked.loaded.secret(hat), None)
        actor = Actor(begun.person_id, begun.hat_id, begun.organisation_id, begun.organisation, begun.organisation_kind,
                      Role(begun.role), begun.unit, begun.sign_in_id, begun.audience)
        asking = Asking(actor, asked.world.now, asked.world.today, asked.world.on)
        with GuardedSession(reach, asking.values(), bind=connection, join_transaction_mode="conditional_savepoint") as session:
            listed = set(session.scalars(select(model.id)))
            groups, statement = reach.shown(kind)
            everybody = [each.ref for each in (asked.world.residents if kind == "resident" else asked.world.requests)]
            keys = [key(kind, ref) for ref in everybody]
            rows = session.connection().execute(statement, {**session.values, "keys": keys}) if groups else ()
            seen = {(asked.loaded.name_of[row[0]], str(group)) for row in rows
                    for group, so in zip(groups, row[1:], strict=True) if so}
            wrong = [f"{ref} by itself" for ref in chance.sample(everybody, 4)
                     if (session.get(model, key(kind, ref)) is not None) is not (key(kind, ref) in listed)]
        transaction.rollback()
    # A resident is there for whoever sees any group, a request for whoever sees its stub.
    there = {ref for ref, group in seen if kind == "resident" or group == "stub"}
    parted = {asked.loaded.name_of[each] for each in listed} ^ there
    return seen, [*wrong, *(f"{ref} is listed or shown, not both" for ref in sorted(parted))]


def in_casbins_words(drawn: policies.Drawn) -> Callable[[by_policy.Policy, Question, str, str], bool]:
    """Casbin's own answer to one question over all rules."""
    def say(_: by_policy.Policy, asked: Question, group: str, scope: str) -> bool:
        hat = asked.hat
        return drawn.rulebook.enforce(Role(hat.role), hat.organisation, hat.unit, Action(asked.action), Group(group),
                                      Purpose(asked.purpose), ScopeWord(scope))
    return say


def differences(asked: Asked, drawn: policies.Drawn, question: Question, chance: random.Random, count: Counter[str]) -> list[str]:
    seen, wrong = through_guard(asked, drawn, question, chance)
    oracle = KINDS[Action(question.action)][2]
    meant = oracle(asked.world, drawn.data, question)
    enforced = oracle(asked.world, drawn.data, question, in_casbins_words(drawn))
    many = len(asked.world.residents if question.action == "resident:see" else asked.world.requests)
    count["decisions"] += many * (9 if question.action == "resident:see" else 8)
    count["seen"] += len(meant)
    count["mixed"] += 0 < len({ref for ref, _ in meant}) < many
    count["asked"] += 1
    for name, other in (("the oracle", meant), ("Casbin, record by record", enforced)):
        if seen != other:
            wrong.append(f"{question}: too much against {name} {sorted(seen - other)[:3]}, missing {sorted(other - seen)[:3]}")
    return wrong


def test_the_guard_shows_what_any_policy_says(small: Asked) -> None:
    shipped, words, count = PolicyFiles.read(config.ROOT / "policies"), vocabulary_of(small.world), Counter[str]()

    @settings(max_examples=POLICIES, database=None, derandomize=True, phases=[Phase.generate],
              report_multiple_bugs=False, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def one(seed: int) -> None:
        chance = random.Random(seed)
        drawn = policies.draw(chance, shipped, words)
        count["policies"] += 1
        for question in questions(chance, small, drawn.data):
            assert differences(small, drawn, question, chance, count) == []

    for seed in FOUND:
        one.hypothesis.inner_test(seed)
    one()
    print(f"\n{dict(count)}")
    assert count["policies"] >= POLICIES // 2
    assert count["mixed"] > count["asked"] // 5 and count["seen"] > 10 * count["policies"]


def _no_masks(*_: object) -> tuple[object, ...]:
    return ()


def _any_group(_: Reach, groups: frozenset[Group], group: Group | None, *__: str) -> list[Group | None]:
    return [group] if groups else []


def _nothing_narrowed(rulebook: Rulebook, *_: str) -> tuple[Mask, ...]:
    return rulebook.masks()


# A mistake in the compiler: where it is made, and what stands there then.
MISTAKES = [(Reach, "_taken", _no_masks), (Reach, "_asked", _any_group), (Rulebook, "withheld", _nothing_narrowed),
            (Reach, "_through", lambda self, kind, table, scope, group: SCOPES[kind, scope](table, None))]


@pytest.mark.parametrize(("where", "name", "mistake"), MISTAKES, ids=[
    "masks forgotten", "groups ignored", "narrowings forgotten", "groups not asked for"])
def test_a_mistake_in_the_compiler_is_found(small: Asked, monkeypatch: pytest.MonkeyPatch, where: object, name: str,
                                            mistake: Callable[..., object]) -> None:
    shipped, words = PolicyFiles.read(config.ROOT / "policies"), vocabulary_of(small.world)
    monkeypatch.setattr(where, name, mistake)
    for seed in range(20):
        chance = random.Random(seed)
        drawn = policies.draw(chance, shipped, words)
        if any(differences(small, drawn, question, chance, Counter()) for question in questions(chance, small, drawn.data)):
            return
    raise AssertionError("20 policies were drawn, and nothing was noticed")
