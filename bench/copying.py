"""Copies invented people into the tables of a database, a batch in a transaction, as many batches at a time as there are
processors: what takes the time is to make the keys of a million records."""

import json
import multiprocessing
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count, islice

import psycopg

from app.kernel.ids import new_key
from bench import lives
from bench.invented import Invented
from bench.lives import Speaker, rows

BATCH = 20_000
# So many people have conversations, requests and whatever else a search does not read; of further ones there is the record alone.
WITH_LIVES = 2_000_000
# These are made once all is there.
INDEXES = ("ix_resident_key_council", "ix_resident_key_shared", "ix_resident_key_resident_id")


def copy(admin_url: str, people: Iterator[Invented], speakers: Mapping[bool, Speaker], lgsl: int) -> None:
    """These people and their lives; ``speakers`` by whether the council is the borough."""
    with psycopg.connect(admin_url) as connection:
        definitions = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY (%s)", (list(INDEXES),)).fetchall()
        for name in INDEXES:
            connection.execute(f"DROP INDEX {name}".encode())
    workers = os.cpu_count() or 1
    under_way = set[Future[None]]()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for at in count(step=BATCH):
            if not (batch := list(islice(people, BATCH))):
                break
            under_way.add(pool.submit(_copy, admin_url, batch, speakers, lgsl if at < WITH_LIVES else None))
            if len(under_way) > 2 * workers:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                _raised(done)
        _raised(under_way)
    with psycopg.connect(admin_url) as connection:
        for (definition,) in definitions:
            connection.execute(definition.encode())


def _raised(copied: set[Future[None]]) -> None:
    for each in copied:
        each.result()


def _copy(admin_url: str, people: Sequence[Invented], speakers: Mapping[bool, Speaker], lgsl: int | None) -> None:
    """One batch, with lives where there is something to ask for; again where a reference was drawn that another batch drew."""
    while True:
        try:
            with psycopg.connect(admin_url) as connection:
                # What triggers would derive from choices is given with the rows.
                connection.execute("SET LOCAL session_replication_role = replica")
                _records(connection, people, speakers)
                if lgsl is not None:
                    lives.copy(connection, people, speakers, lgsl)
            return
        except psycopg.errors.UniqueViolation as drawn_twice:
            if drawn_twice.diag.constraint_name not in ("uq_contact_ref", "uq_request_ref"):
                raise


def _records(connection: psycopg.Connection, people: Sequence[Invented], speakers: Mapping[bool, Speaker]) -> None:
    def home(person: Invented) -> uuid.UUID:
        return speakers[person.borough].organisation

    rows(connection, "resident (id, ref, home_id, keeper_id, shared, objected_to, version, created_at)",
         ((p.id, p.ref, home(p), home(p), p.shared, [], 1, "2014-09-01") for p in people))
    rows(connection, "resident_name (id, resident_id, kind, given, family, position)",
         ((new_key(), p.id, "usual", p.given, p.family, 0) for p in people))
    rows(connection, "resident_address (id, resident_id, lines, postcode, since)",
         ((new_key(), p.id, json.dumps(p.line.split("\n")), p.postcode, "2010-01-01") for p in people))
    rows(connection, "resident_channel (id, resident_id, kind, value, position)",
         ((new_key(), p.id, "telephone", number, at) for p in people for at, number in enumerate(p.telephones)))
    rows(connection, "resident_birth (resident_id, born)", ((p.id, p.born) for p in people if p.born))
    rows(connection, "resident_key (id, resident_id, council_id, shared, grp, key)",
         ((new_key(), p.id, home(p), p.shared, group, key) for p in people for group, key in p.keys()))
