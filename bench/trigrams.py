"""The same people found by pg_trgm: everything known of each in one string under a GIN index, asked as the administrator, past the
wall. What a search without policy, and without keys, would give."""

import statistics
from collections.abc import Sequence

import psycopg

from app.kernel.clock import monotonic
from bench.loading import Place
from bench.matching.box import FEW


def measured(place: Place, asked: Sequence[tuple[int, str, str]]) -> dict[str, object]:
    """By word similarity, best first: how often the one meant comes, by slips, and what it takes."""
    with psycopg.connect(place.admin_url, autocommit=True) as connection:
        _fill(connection)
        hits: dict[int, list[bool]] = {}
        spent = []
        for slips, text, ref in asked:
            began = monotonic()
            rows = connection.execute("SELECT ref FROM whole WHERE %s <%% words ORDER BY word_similarity(%s, words) DESC LIMIT %s",
                                      (text, text, FEW)).fetchall()
            spent.append((monotonic() - began) * 1000)
            hits.setdefault(slips, []).append((ref,) in rows)
    shares = {slips: sum(found) / len(found) for slips, found in sorted(hits.items())}
    p50, p95 = statistics.median(spent), statistics.quantiles(spent, n=20)[18]
    print(f"pg_trgm without policy, {len(asked)} questions: among the first five "
          + ", ".join(f"{share:.3f} with {slips}" for slips, share in shares.items())
          + f" slips; p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
    return {"first five": shares, "ms": [p50, p95]}


def _fill(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("DROP TABLE IF EXISTS whole")
    connection.execute("""
        CREATE TABLE whole AS SELECT r.ref, concat_ws(' ', n.given, n.family, a.postcode, to_char(b.born, 'DD/MM/YYYY'),
               (SELECT string_agg('0' || substr(value, 4), ' ') FROM resident_channel c WHERE c.resident_id = r.id)) AS words
          FROM resident r JOIN resident_name n ON n.resident_id = r.id JOIN resident_address a ON a.resident_id = r.id
          LEFT JOIN resident_birth b ON b.resident_id = r.id""")
    connection.execute("CREATE INDEX ON whole USING gin (words gin_trgm_ops)")
    connection.execute("ANALYZE whole")
