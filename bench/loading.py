"""Fills a database for a benchmark: the demonstration's partnership, a few staff, and invented residents, past the wall, as the
administrator. Nothing is measured here but the loading itself."""

import dataclasses
import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app
from app.kernel import addresses, config
from app.kernel.clock import monotonic
from app.kernel.embedded import Cluster
from app.kernel.ids import new_key, new_reference, new_secret, secret_hash
from app.policy.publishing import publish_the_first
from app.policy.roles import prepare
from app.policy.routes import gate
from app.services import partnership
from bench import copying
from bench.invented import Invented, residents
from bench.lives import Speaker

# So many people of a filled database are remembered at most, evenly taken, to be asked about.
REMEMBERED = 1_000_000


@dataclass(frozen=True)
class Place:
    """A filled database: the application on it, and the secret of an adviser of each council with a contact open."""

    application: Flask
    admin_url: str
    secrets: dict[str, str]
    contact_refs: dict[str, str]
    count: int
    people: list[Invented]
    seconds_to_load: float


def cluster() -> Cluster:
    """The benchmark's own server, with memory as ``docs/operating.md`` has it."""
    made = Cluster(config.ROOT / "var" / "bench-postgresql")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    made.start(fsync=False, shared_buffers=f"{memory // 4 or 1}GB", effective_cache_size=f"{memory // 2 or 1}GB", work_mem="16MB",
               maintenance_work_mem="1GB", max_wal_size="8GB", random_page_cost="1.1")
    print(f"PostgreSQL with {memory // 4 or 1} GB of shared buffers", flush=True)
    return made


def filled(server: Cluster, count: int, made: Callable[[int], Iterator[Invented]] = residents) -> Place:
    """A fresh database with so many residents, and how common their names are counted."""
    known = config.read("test", environ={})
    database = f"jc_bench_{count}"
    at = addresses.for_database(database, server.admin_url(), known.role_prefix, known.secret_key)
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())
    settings = dataclasses.replace(known, **{key: config.sqlalchemy_url(url) for key, url in at.settings().items()})
    prepare(settings.admin_url, settings.database_url, settings.owner_url, settings.role_prefix)
    application = create_app(settings)
    with application.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        _partnership(settings)
        admin_url = server.admin_url(database)
        with psycopg.connect(admin_url) as connection:
            secrets, refs, speakers = _staff(connection)
            lgsl = borough_service(connection)
        people: list[Invented] = []
        began = monotonic()
        copying.copy(admin_url, _remembering(_each_reference_once(made(count)), people, -(-count // REMEMBERED)), speakers, lgsl)
        seconds = monotonic() - began
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute("SELECT wall.measure_frequencies()")
            connection.execute("VACUUM ANALYZE")
        warmed(admin_url)
    # As the server does it (wsgi.py).
    gc.collect()
    gc.freeze()
    return Place(application, admin_url, secrets, refs, count, people, seconds)


def warmed(admin_url: str) -> None:
    """Read every table and index once, as a server has that has answered for a day."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute("SELECT pg_prewarm(oid::regclass) FROM pg_class WHERE relkind IN ('r', 'i') AND relpersistence = 'p'")


def _each_reference_once(people: Iterator[Invented]) -> Iterator[Invented]:
    """Of a million random references two may be the same."""
    taken = set[str]()
    for person in people:
        while person.ref in taken:
            person = dataclasses.replace(person, ref=new_reference())
        taken.add(person.ref)
        yield person


def _remembering(people: Iterator[Invented], into: list[Invented], one_in: int) -> Iterator[Invented]:
    for at, person in enumerate(people):
        if at % one_in == 0:
            into.append(person)
        yield person


def borough_of(connection: psycopg.Connection) -> str:
    """The slug of the member council of the lowest tier."""
    found = connection.execute("SELECT slug FROM organisation WHERE kind = 'council' AND tier = 'borough'").fetchone()
    assert found is not None
    return str(found[0])


def borough_service(connection: psycopg.Connection) -> int:
    """A live service of the borough that asks nothing that must be answered."""
    found = connection.execute("""
        SELECT s.lgsl FROM service s JOIN local_service l USING (lgsl) JOIN organisation o ON o.id = l.council_id
         WHERE o.tier = 'borough' AND s.ours AND s.tier = 'district/unitary'
           AND NOT EXISTS (SELECT 1 FROM service_field f WHERE f.lgsl = s.lgsl AND f.required)
           AND NOT EXISTS (SELECT 1 FROM service_question q WHERE q.lgsl = s.lgsl)
           AND l.live @> date '2014-09-01' ORDER BY s.lgsl LIMIT 1""").fetchone()
    assert found is not None, "every service of the demonstration asks something"
    return int(found[0])


def _partnership(settings: config.Settings) -> None:
    engine = create_engine(settings.owner_url)
    with Session(engine) as session, session.begin():
        partnership.load(session, partnership.read(settings.partnership))
        publish_the_first(session, gate().desk.shelf)
    engine.dispose()


def _staff(connection: psycopg.Connection) -> tuple[dict[str, str], dict[str, str], dict[bool, Speaker]]:
    secrets, refs, speakers = {}, {}, {}
    councils = connection.execute("SELECT slug, id, tier = 'borough' FROM organisation WHERE kind = 'council'").fetchall()
    for slug, organisation, borough in councils:
        person, hat, sign_in, secret, ref = new_key(), new_key(), new_key(), new_secret(), new_reference()
        connection.execute("INSERT INTO person (id, username, name) VALUES (%s, %s, 'An adviser')", (person, f"bench-{slug}"))
        connection.execute("INSERT INTO hat (id, person_id, organisation_id, role, valid_from) "
                           "VALUES (%s, %s, %s, 'adviser', '2014-01-01')", (hat, person, organisation))
        connection.execute(
            "INSERT INTO sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at) "
            "VALUES (%s, %s, %s, %s, 'token', now(), now(), 600, now() + %s)",
            (sign_in, secret_hash(secret), person, hat, timedelta(hours=8)))
        connection.execute(
            "INSERT INTO contact (id, ref, organisation_id, line, channel, person_id, hat_id, sign_in_id, in_browser, started_at) "
            "VALUES (%s, %s, %s, 'bench', 'telephone', %s, %s, %s, false, now())",
            (new_key(), ref, organisation, person, hat, sign_in))
        secrets[slug], refs[slug] = secret, ref
        speakers[borough] = Speaker(organisation, person, hat, sign_in)
    connection.commit()
    return secrets, refs, speakers
