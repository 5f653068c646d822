"""``python -m bench [residents ...]``: fill a database of each size and ask it the questions of an adviser's day.

Prints the machine, the row counts, and for each question the median and the 95th percentile of both ways and their ratio; then
the plans under row security, with the index each uses.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence

import psycopg

from app.kernel.clock import monotonic
from bench import loading, plans, reporting, taking
from bench.loading import Place
from bench.questions import QUESTIONS, Question, ask_barely, ask_through_policy, asked_about

SIZES = (100_000, 1_000_000)


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("residents", nargs="*", type=int, default=SIZES)
    options.add_argument("--times", type=int, default=300, help="how often each question is asked (default 300)")
    given = options.parse_args()
    print(reporting.machine())
    server = loading.cluster()
    results = []
    try:
        for count in given.residents:
            place = loading.filled(server, count)
            results += _measured(place, given.times)
    finally:
        server.stop()
    reporting.keep("latest", results)


def _measured(place: Place, times: int) -> list[dict[str, object]]:
    results = []
    with place.application.app_context(), psycopg.connect(place.admin_url, autocommit=True) as connection:
        print(f"\n{place.count:,} residents, loaded in {place.seconds_to_load:.0f} s; rows: {_rows(connection)}")
        print(f"{'':42}{'policy p50':>12}{'p95':>9}{'bare p50':>12}{'p95':>9}{'ratio p50':>11}")
        for question in QUESTIONS:
            results.append(_compare(place, connection, question, times))
        results.append(taking.compare(place, connection, max(times // 3, 30), spent))
        for line in plans.under_row_security(place):
            print(line)
    return [{"residents": place.count} | result for result in results]


def _compare(place: Place, connection: psycopg.Connection, question: Question, times: int) -> dict[str, object]:
    people = list(asked_about(place, borough=True, count=times))
    council = loading.borough_of(connection)
    ask_through_policy(place, council, question, people[0])
    policy, bare = [], []
    # Turn about, so that both meet the same caches and the same neighbours on the machine.
    for person in people:
        policy.append(spent(lambda person=person: ask_through_policy(place, council, question, person)))  # type: ignore[misc]
        bare.append(spent(lambda person=person: ask_barely(connection, question, person)))  # type: ignore[misc]
    return told(question.words, policy, bare)


def told(words: str, policy: Sequence[float], bare: Sequence[float]) -> dict[str, object]:
    """Print one line of the table, and give it as data. Milliseconds."""
    p50, p95 = statistics.median(policy), statistics.quantiles(policy, n=20)[18]
    b50, b95 = statistics.median(bare), statistics.quantiles(bare, n=20)[18]
    print(f"{words:42}{p50:12.2f}{p95:9.2f}{b50:12.2f}{b95:9.2f}{p50 / b50:11.1f}")
    return {"question": words, "policy": [p50, p95], "bare": [b50, b95], "times": len(policy)}


def spent(do: Callable[[], object]) -> float:
    """Milliseconds."""
    began = monotonic()
    do()
    return (monotonic() - began) * 1000


def _rows(connection: psycopg.Connection) -> str:
    found = connection.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relname IN ('resident', 'resident_key', "
                               "'resident_name') ORDER BY 1").fetchall()
    return ", ".join(f"{name} {rows:,}" for name, rows in found)


if __name__ == "__main__":
    main()
