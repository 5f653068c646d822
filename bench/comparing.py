"""``python -m bench.comparing [residents ...] [--times 400]``: what it costs the matching rule to compare records with all that
its council may see, at several sizes, so that it shows whether a night over everything grows with the square of it.

Prints what one record costs by itself and beside others in one unit of work, the pairs found, the rate, and how long a night over
the council would take.
"""

import argparse

import psycopg

from app.duplicates.operations import compare_each
from app.duplicates.rule import AT_ONCE, NEEDS
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
    options.add_argument("--times", type=int, default=400, help="how many records are compared (default 400)")
    given = options.parse_args()
    print(reporting.machine())
    print(f"{'residents':>12}{'of the council':>16}{'alone, ms':>11}{'together, ms':>14}{'pairs':>8}{'a second':>10}"
          f"{'a night, minutes':>18}")
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
    own = [person.id for person in place.people if person.borough]
    chosen = own[::max(len(own) // times, 1)][:times]

    def spent(at_once: int) -> tuple[float, int]:
        began, pairs = monotonic(), 0
        for at in range(0, len(chosen), at_once):
            with gate().desk.work(secret, NEEDS, purpose=Purpose.MATCH) as work:
                pairs += compare_each(work, chosen[at:at + at_once])
        return (monotonic() - began) / len(chosen), pairs

    spent(AT_ONCE)
    (alone, found), (together, pairs) = spent(1), spent(AT_ONCE)
    assert found == pairs, "the same pairs whichever way"
    print(f"{place.count:12,}{len(own):16,}{alone * 1000:11.1f}{together * 1000:14.1f}{pairs:8,}{1 / together:10.0f}"
          f"{together * len(own) / 60:18.1f}", flush=True)


def _council(connection: psycopg.Connection) -> object:
    found = connection.execute("SELECT id FROM organisation WHERE slug = %s", (borough_of(connection),)).fetchone()
    assert found is not None
    return found[0]


if __name__ == "__main__":
    main()
