"""``python -m bench.comparing [residents ...] [--times 300]``: what it costs the matching rule to compare one record with all that
its council may see, at several sizes, so that it shows whether a night over everything grows with the square of it.

Prints the median and the 95th percentile of one record, the pairs found, and how long a night over the council would take.
"""

import argparse
import statistics

import psycopg

from app.duplicates.operations import compare
from app.duplicates.rule import NEEDS
from app.kernel.clock import monotonic
from app.kernel.ids import new_secret, secret_hash
from app.policy.purposes import Purpose
from app.policy.routes import gate
from bench import loading, reporting
from bench.loading import Place, borough_of

SIZES = (10_000, 100_000)


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.comparing", description=__doc__)
    options.add_argument("residents", nargs="*", type=int, default=SIZES)
    options.add_argument("--times", type=int, default=300, help="how many records are compared (default 300)")
    given = options.parse_args()
    print(reporting.machine())
    print(f"{'residents':>12}{'of the council':>16}{'p50 ms':>9}{'p95 ms':>9}{'pairs':>8}{'a night, minutes':>18}")
    server = loading.cluster()
    try:
        for count in given.residents:
            place = loading.filled(server, count)
            with place.application.app_context(), psycopg.connect(place.admin_url, autocommit=True) as connection:
                _measured(place, connection, given.times)
    finally:
        server.stop()


def _measured(place: Place, connection: psycopg.Connection, times: int) -> None:
    council, secret = _council(connection), new_secret()
    connection.execute("SELECT wall.wear_matching_rule(%s, %s)", (council, secret_hash(secret)))
    own = [person for person in place.people if person.borough]
    chosen, taken, pairs = own[::max(len(own) // times, 1)][:times], list[float](), 0
    for person in [own[0], *chosen]:
        began = monotonic()
        with gate().desk.work(secret, NEEDS, purpose=Purpose.MATCH) as work:
            pairs += compare(work, person.id)
        taken.append((monotonic() - began) * 1000)
    del taken[0]
    night = statistics.mean(taken) * len(own) / 60_000
    print(f"{len(place.people):12,}{len(own):16,}{statistics.median(taken):9.1f}"
          f"{statistics.quantiles(taken, n=20)[-1]:9.1f}{pairs:8,}{night:18.1f}", flush=True)


def _council(connection: psycopg.Connection) -> object:
    found = connection.execute("SELECT id FROM organisation WHERE slug = %s", (borough_of(connection),)).fetchone()
    assert found is not None
    return found[0]


if __name__ == "__main__":
    main()
