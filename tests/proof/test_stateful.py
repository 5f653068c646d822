"""One resident's life, lived in the application and in a model side by side: after every step everybody sees what the model
says, and what the model does not allow the application refuses. JC_PROOF_STEPS says how many steps are taken in all.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine

from app import create_app
from app.kernel.config import libpq_url
from app.kernel.database import db
from app.policy.routes import open_gate
from app.policy.shelf import Shelf
from app.policy.work import Desk
from tests import clusters
from tests.oracle.stateful import Life, Twin
from tests.proof.asking import Asked
from tests.proof.laid import words_of
from tests.proof.lives import Ground, Lives, lives
from tests.proof.living import furnished
from tests.proof.loading import load

# What the module lays down is laid down once.
pytestmark = pytest.mark.xdist_group("lives")
STEPS = int(os.environ.get("JC_PROOF_STEPS", "60"))
A_LIFE = 20  # steps


@pytest.fixture(scope="module")
def ground(template: str) -> Iterator[Ground]:
    with clusters.copy(template) as at:
        known = clusters.settings(at)
        application = create_app(known)
        with application.app_context(), psycopg.connect(libpq_url(known.admin_url)) as connection:
            now = connection.execute("SELECT now()").fetchone()[0].astimezone(UTC)
            begins = Life(now=now)
            world = furnished(begins)
            loaded = load(connection, world)
            connection.autocommit = True
            gate = application.extensions["jc_gate"]
            desk = Desk(db.engine, known.role_prefix, Shelf(words_of(world)))
            open_gate(application, replace(gate, desk=desk))
            yield Ground(Asked(desk, loaded, create_engine(known.admin_url)), connection, begins)
            db.engine.dispose()


def test_whatever_is_said_and_done_everybody_sees_what_the_model_says(ground: Ground, record_property) -> None:
    machine = lives(ground, ground.begins)
    run_state_machine_as_test(machine, settings=settings(
        max_examples=max(2, STEPS // A_LIFE), stateful_step_count=A_LIFE, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck)))
    record_property("steps", dict(machine.done))
    print(f"\n{dict(sorted(machine.done.items()))}")
    assert machine.done["compared"] > 0.8 * STEPS


# The comparison shows what it is there for: a model that is wrong, and a database in which a fault is planted.

class Unheard(Life):
    """An objection does not end what a council sees."""

    def _councils(self):
        return Life._councils(replace(self, objected=frozenset()))


class NeverOver(Life):
    """A partner sees through a job that is closed."""

    def _partners(self):
        return Life._partners(replace(self, jobs=tuple(replace(job, closed=False) for job in self.jobs)))


class HeldOn(Life):
    """Sharing that was withdrawn is still given."""

    def _councils(self):
        return Life._councils(replace(self, sharing="given" if self.sharing == "withdrawn" else self.sharing))


class Laxer(Life):
    """Of two records the looser answer holds."""

    def holds(self, matter):
        return getattr(self, matter)


def shared_and_objected(machine: Lives) -> None:
    machine.sharing("given", "information")
    machine.objection("hillshire", True, "information")


def passed_on_and_closed(machine: Lives) -> None:
    machine.take_request(376, "applewick")
    machine.pass_on(0, "kerbside")
    machine.close(0)


def given_and_withdrawn(machine: Lives) -> None:
    machine.sharing("given", "applewick")
    machine.sharing("withdrawn", "marlbrook")


def given_and_joined(machine: Lives) -> None:
    machine.sharing("given", "applewick")
    machine.join(Twin("", objected=frozenset({"marlbrook"}), protected=True), "marlbrook")
    machine.join(Twin("", objected=frozenset({"marlbrook"}), protected=True), "home")


def lived(ground: Ground, model: type[Life], life: Callable[[Lives], None]) -> Lives:
    """A machine of that model that has lived so, looked at by everybody."""
    known = {each.name: getattr(ground.begins, each.name) for each in fields(Life)}
    machine = lives(ground, model(**known))()
    life(machine)
    machine.everybody_sees_what_the_model_says()
    return machine


@pytest.mark.parametrize(("wrong", "life", "told"), [
    (Unheard, shared_and_objected, "hillshire through consented: []"),
    (NeverOver, passed_on_and_closed, "kerbside through assigned: []"),
    (HeldOn, given_and_withdrawn, "marlbrook through consented: []"),
    (Laxer, given_and_joined, "hillshire through consented: []")])
def test_a_wrong_model_is_told_apart_from_the_application(
        ground: Ground, wrong: type[Life], life: Callable[[Lives], None], told: str) -> None:
    assert lived(ground, Life, life).life.sees()
    with pytest.raises(AssertionError, match=re.escape(told)):
        lived(ground, wrong, life)


def test_records_that_are_joined_and_parted_decide_alike_and_then_each_for_itself(ground: Ground) -> None:
    machine = lived(ground, Life, given_and_joined)
    for step in (lambda: machine.objection("marlbrook", False, "home"), lambda: machine.sharing("given", "home"),
                 lambda: machine.part("marlbrook"), lambda: machine.part("home")):
        step()
        machine.both_records_decide_alike()
    machine.everybody_sees_what_the_model_says()
    assert machine.life.twin is None and machine.done["part"] == machine.done["join"] == 1


def test_a_database_that_forgets_objections_is_told_apart_from_the_model(ground: Ground) -> None:
    ground.connection.execute("ALTER TABLE objection DISABLE TRIGGER USER")
    try:
        with pytest.raises(AssertionError, match="hillshire through consented: .*'name'.*, by the model \\[]"):
            lived(ground, Life, shared_and_objected)
    finally:
        ground.connection.execute("ALTER TABLE objection ENABLE TRIGGER USER")


def test_a_step_that_the_model_refuses_and_the_application_takes_is_told(ground: Ground) -> None:
    machine = lived(ground, Life, lambda machine: machine.take_request(376, "applewick"))
    machine.life = machine.life.say_passing("refused")  # and nobody told the application
    with pytest.raises(AssertionError, match="the application did it, the model refuses it"):
        machine.pass_on(0, "kerbside")
