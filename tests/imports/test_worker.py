"""The real worker takes a load's step from the queue, under the role that sees no resident, and does it as whoever asked."""

from flask import Flask
from sqlalchemy import text

from app import periodic_deeds, queued_deeds
from app.imports import operations
from app.kernel.worker import made
from tests.imports.loads import Loads, person


def test_a_worker_checks_loads_and_takes_back_what_is_in_the_queue(application: Flask, loads: Loads) -> None:
    def worker() -> None:
        queue = made(application.config["JC_SETTINGS"], (), queued_deeds(), application)
        queue.run_worker(wait=False, concurrency=1, install_signal_handlers=False)

    ref = loads.arrive(*map(person, range(1, 8)), person(9, postcode="nowhere"))
    for verb, more, step in ((operations.check, (), "checked"), (operations.load, ("load",), "loaded"),
                             (operations.take_back, (), "undone")):
        loads.do(verb, ref, *more)
        worker()
        assert loads.run(ref).step == step
    run = loads.run(ref)
    assert (run.recorded, run.failed, run.taken_back) == (7, 1, 7) and loads.counts()["resident"] == 0
    states = loads.world.session.scalars(text("SELECT DISTINCT status::text FROM jobs.procrastinate_jobs")).all()
    assert states == ["succeeded"]


def test_the_deeds_of_loads_that_come_again_are_known_to_the_worker() -> None:
    assert {"imports.revive", "imports.forget"} <= {deed.name for deed in periodic_deeds()}
    assert [deed.name for deed in queued_deeds()].count("imports.go_on") == 1
