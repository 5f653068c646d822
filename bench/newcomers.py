"""``python -m bench.newcomers [residents] [--times 300]``: what it takes to look for somebody who is about to be recorded, weighed
against all that the adviser may see, and to write what a record is found by; inside the application, without the browser.

Callers are told again with slips and changes, or are new (``bench.matching.households``).
"""

import argparse
import statistics
from collections.abc import Iterable
from functools import partial

import psycopg
from sqlalchemy import select

from app.duplicates.alike import alike
from app.kernel.clock import monotonic
from app.policy.actions import Action
from app.policy.routes import gate
from app.residents.models import Resident, ResidentKey
from app.residents.operations import keep_keys
from bench import loading, reporting
from bench.box import townspeople
from bench.loading import Place, borough_of
from bench.matching.households import callers, world

NEEDS = frozenset({Action.RESIDENT_FIND, Action.RESIDENT_SEE, Action.RESIDENT_CHANGE, Action.RESIDENT_RECORD})
WARMING = 20


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.newcomers", description=__doc__)
    options.add_argument("residents", nargs="?", type=int, default=100_000)
    options.add_argument("--times", type=int, default=300)
    options.add_argument("--seed", type=int, default=101, help="of the world (default 101)")
    given = options.parse_args()
    print(reporting.machine())
    server = loading.cluster()
    try:
        place = loading.filled(server, given.residents, partial(townspeople, seed=given.seed))
        with place.application.app_context():
            _measured(place, given.residents, given.times, given.seed)
    finally:
        server.stop()


def _measured(place: Place, count: int, times: int, seed: int) -> None:
    with psycopg.connect(place.admin_url) as connection:
        council = borough_of(connection)
    said = [caller.said for caller in callers(world(count // 3, seed), times, times, seed + 1)]
    own = [person.id for person in place.people if person.borough][:times + WARMING]
    matched, kept = list[float](), list[float]()
    for each in said:
        with gate().desk.work(place.secrets[council], NEEDS, contact_ref=place.contact_refs[council]) as work:
            began = monotonic()
            alike(work, each)
            matched.append((monotonic() - began) * 1000)
    for key in own:
        with gate().desk.work(place.secrets[council], NEEDS, contact_ref=place.contact_refs[council]) as work:
            resident = work.session.scalars(select(Resident).where(Resident.id == key)).one()
            for row in work.session.scalars(select(ResidentKey).where(ResidentKey.resident_id == key)):
                work.session.delete(row)
            work.session.flush()
            began = monotonic()
            keep_keys(work, resident)
            work.session.flush()
            kept.append((monotonic() - began) * 1000)
    for words, taken in (("look for somebody new", matched), ("write a record's keys", kept)):
        print(f"{words:24} median {statistics.median(taken[WARMING:]):6.1f} ms, 95th percentile {_p95(taken[WARMING:]):6.1f} ms")


def _p95(taken: Iterable[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    main()
