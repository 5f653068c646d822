"""``python -m bench.importing [--rows 20000]``: a file of residents brought in through the policy, beside a bare COPY of the very
rows that came of it, past the wall, into the same tables with the same indexes.

Prints the seconds of each step, rows a second, the ratio, and the most memory that the loading process took.
"""

import argparse
import csv
import random
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg

from app.imports import operations, steps
from app.imports.models import ImportRun
from app.kernel.clock import monotonic
from app.kernel.database import db
from app.kernel.ids import new_key, new_secret, secret_hash
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.work import Work
from bench import loading, reporting
from bench.invented import LETTERS, Invented, residents

HEADINGS = ("First name", "Family name", "Address line 1", "Postcode", "Telephone", "Date of birth")
# Everything that a load writes of residents, in an order in which each finds what it points at.
TABLES = ("resident", "resident_name", "resident_address", "resident_channel", "resident_birth", "resident_change", "resident_key",
          "journal_entry", "journal_subject")


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    options.add_argument("--rows", type=int, default=20_000, help="rows of the file (default 20,000)")
    options.add_argument("--there", type=int, default=0, help="residents who are there before (default none)")
    given = options.parse_args()
    print(f"{reporting.machine()}, {given.rows:,} rows, "
          f"{given.there:,} residents there before")
    server = loading.cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measured(server, given.rows, given.there, Path(folder))
    finally:
        server.stop()


def _measured(server: loading.Cluster, rows: int, there: int, folder: Path) -> None:
    place = loading.filled(server, there)
    file = folder / "people.csv"
    with place.application.app_context():
        with psycopg.connect(place.admin_url, autocommit=True) as connection:
            secret = _leader(connection)
            _write(file, residents(rows, seed=7), _sectors(connection))
        bare = _beside(server, place.admin_url)
        through = _through_policy(secret, file)
    with psycopg.connect(place.admin_url, autocommit=True) as connection:
        made = _keep_rows(connection, folder)
    barely = _barely(bare, folder)
    print(f"{'recorded':32}{made:10,}")
    for name, seconds in through.items():
        print(f"{name:32}{seconds:10.2f} s{rows / seconds:12,.0f} rows a second")
    print(f"{'bare COPY of the same rows':32}{barely:10.2f} s{made / barely:12,.0f} rows a second")
    print(f"{'load : COPY':32}{through['load'] / barely:10.1f}")
    print(f"{'check and load : COPY':32}{(through['check'] + through['load']) / barely:10.1f}")
    print(f"{'most memory':32}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MiB")


def _beside(server: loading.Cluster, admin_url: str) -> str:
    """A second database as the load is about to find its own."""
    db.engine.dispose()
    name = admin_url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}_bare" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}_bare" TEMPLATE "{name}"'.encode())
    return server.admin_url(f"{name}_bare")


def _write(file: Path, people: Iterator[Invented], sectors: Sequence[str]) -> None:
    """The people as a file, all of them where the council is certain."""
    chance = random.Random(11)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for person in people:
            postcode = chance.choice(sectors) + chance.choice(LETTERS) + chance.choice(LETTERS)
            writer.writerow((person.given, person.family, person.line, postcode, "0" + person.telephone[3:],
                             person.born.strftime("%d/%m/%Y")))


def _sectors(connection: psycopg.Connection) -> list[str]:
    """Those that lie in the council's area alone."""
    found = connection.execute("SELECT s.sector FROM sector s JOIN organisation o ON o.gss = s.district_gss AND o.slug = %s "
                               "WHERE NOT s.straddles ORDER BY 1", (loading.borough_of(connection),)).fetchall()
    return [row[0] for row in found]


def _leader(connection: psycopg.Connection) -> str:
    person, hat, secret = new_key(), new_key(), new_secret()
    council = connection.execute("SELECT id FROM organisation WHERE slug = %s", (loading.borough_of(connection),)).fetchone()
    assert council is not None
    connection.execute("INSERT INTO person (id, username, name) VALUES (%s, 'bench-leader', 'A team leader')", (person,))
    connection.execute("INSERT INTO hat (id, person_id, organisation_id, role, valid_from) "
                       "VALUES (%s, %s, %s, 'team_leader', '2014-01-01')", (hat, person, council[0]))
    connection.execute(
        "INSERT INTO sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at) "
        "VALUES (%s, %s, %s, %s, 'token', now(), now(), 600, now() + interval '10 hours')",
        (new_key(), secret_hash(secret), person, hat))
    return secret


def _through_policy(secret: str, file: Path) -> dict[str, float]:
    """The seconds of bringing the file, checking it and loading it."""
    desk, found = gate().desk, dict[str, float]()

    def work() -> AbstractContextManager[Work]:
        return desk.work(secret, steps.NEEDS, purpose=Purpose.MATCH)

    began = monotonic()
    with work() as opened, file.open("rb") as content:
        ref = operations.arrive(opened, file.name, iter(lambda: content.read(1_000_000), b"")).ref
    found["bring"] = monotonic() - began
    begins: dict[str, Callable[[Work], ImportRun]] = {
        "check": lambda work: operations.check(work, ref, queued=False),
        "load": lambda work: operations.load(work, ref, "load", queued=False)}
    for name, begin in begins.items():
        began = monotonic()
        with work() as opened:
            run = begin(opened)
        assert run.nonce is not None
        steps.go_on(desk, run.id, run.nonce)
        found[name] = monotonic() - began
    return found


def _keep_rows(connection: psycopg.Connection, folder: Path) -> int:
    """Every row that the load made of residents, table by table, as COPY takes it. How many residents there are."""
    made = "SELECT resident_id FROM import_record"
    of = {"resident": f"id IN ({made})", "journal_entry": "event = 'resident.recorded'"}
    for table in TABLES:
        with (folder / table).open("wb") as out, connection.cursor().copy(
                f"COPY (SELECT {_columns(connection, table)} FROM {table} WHERE {of.get(table, f'resident_id IN ({made})')}) "
                "TO STDOUT (FORMAT binary)".encode()) as copy:
            for block in copy:
                out.write(block)
    found = connection.execute("SELECT count(*) FROM import_record").fetchone()
    assert found is not None and found[0] > 0, "something was recorded"
    return int(found[0])


def _columns(connection: psycopg.Connection, table: str) -> str:
    """Those that are not numbered by the table itself."""
    found = connection.execute(
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'NO'", (table,)).fetchone()
    assert found is not None
    return str(found[0])


def _barely(admin_url: str, folder: Path) -> float:
    """The seconds that COPY takes for those rows, with every index and foreign key, past the wall."""
    with psycopg.connect(admin_url) as connection:
        began = monotonic()
        for table in TABLES:
            with connection.cursor().copy(f"COPY {table} ({_columns(connection, table)}) FROM STDIN (FORMAT binary)".encode()) \
                    as copy, (folder / table).open("rb") as content:
                while block := content.read(1_000_000):
                    copy.write(block)
        connection.commit()
        return monotonic() - began


if __name__ == "__main__":
    main()
