"""``python -m bench.impact``: how long it takes to work out what a draft of the policy would change, over every resident, hat,
field group and purpose: a draft that touches every way of looking, and one that touches a single rule.

Beside what ``bench.loading`` fills a database with there are open requests, some in a partner's hands, some disclosures, and the
look-ups of ninety days.
"""

import argparse
import statistics
from datetime import timedelta

import psycopg
from sqlalchemy import select

from app.drafts import operations, weighing
from app.drafts.models import PolicyImpact
from app.drafts.pieces import MAY_ASK, NEEDS
from app.kernel.clock import monotonic
from app.kernel.ids import new_key, new_secret, secret_hash
from app.policy.routes import gate
from bench import loading, reporting
from bench.loading import Place

ONE_RULE = ("adviser,*,*,resident:see,name address channels birth needs history choices,enquiry,consented,",
            "adviser,*,*,resident:see,name address channels needs history choices,enquiry,consented,")
# One in so many requests is open, of those one in so many runs with a partner; one in so many residents was looked up.
OPEN, RUNNING, LOOKED_UP = 4, 3, 2
LONGEST = 60.0


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.impact", description=__doc__)
    options.add_argument("--residents", type=int, nargs="+", default=[100_000], help="how many (default 100000)")
    options.add_argument("--times", type=int, default=3, help="how often each is done (default 3)")
    given = options.parse_args()
    print(reporting.machine())
    server = loading.cluster()
    try:
        figures = [figure for many in given.residents for figure in _of_size(loading.filled(server, many), many, given.times)]
    finally:
        server.stop()
    reporting.keep("impact", figures)


def _of_size(place: Place, residents: int, times: int) -> list[dict[str, object]]:
    with psycopg.connect(place.admin_url) as connection:
        secret = _administrator(connection)
        _work_in_hand(connection)
        _look_ups(connection)
    with psycopg.connect(place.admin_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    with place.application.app_context():
        return [measured(secret, what, old, new, residents, times) for what, old, new in (
            ("one rule", *ONE_RULE), ("every way of looking", ",2027-03-31", ",2027-03-31"))]


def measured(secret: str, what: str, old: str, new: str, residents: int, times: int) -> dict[str, object]:
    """Seconds to work out one draft, from the asking to the end."""
    desk, took, classes = gate().desk, [], 0
    for _ in range(times):
        with desk.work(secret, NEEDS | MAY_ASK) as work:
            draft = operations.begin(work, "Measured", "To measure it")
            draft.content = draft.content | {"grants.csv": draft.content["grants.csv"].replace(old, new) if old != new else
                                             _every_way(draft.content["grants.csv"])}
            draft.fingerprint = operations._fingerprint(draft.content)
            impact, nonce = weighing.begin(work, draft, queued=False)
        began = monotonic()
        weighing.go_on(desk, impact, nonce)
        took.append(monotonic() - began)
        with desk.work(secret, NEEDS) as work:
            found = work.session.scalars(select(PolicyImpact).where(PolicyImpact.id == impact)).one()
            assert found.state == "done", "it was not worked out to its end"
            classes = found.result["classes"]
    seconds = statistics.median(took)
    print(f"{residents:10,} residents, {what}: {seconds:7.2f} s, {classes:,} classes"
          f"{'' if seconds <= LONGEST else f', longer than {LONGEST:.0f} s'}")
    return {"residents": residents, "what": what, "seconds": seconds, "classes": classes, "took": took}


def _every_way(grants: str) -> str:
    """Without a group of each rule that has several: everybody sees something less."""
    lines = [line.split(",") for line in grants.splitlines()]
    return "".join(",".join([*cells[:4], " ".join(cells[4].split()[:-1]), *cells[5:]] if len(cells) > 5 and " " in cells[4]
                            else cells) + "\n" for cells in lines)


def _administrator(connection: psycopg.Connection) -> str:
    person, hat, secret = new_key(), new_key(), new_secret()
    connection.execute("INSERT INTO person (id, username, name) VALUES (%s, 'bench-administrator', 'An administrator')", (person,))
    connection.execute("INSERT INTO hat (id, person_id, organisation_id, role, valid_from) SELECT %s, %s, id, 'administrator', "
                       "'2014-01-01' FROM organisation WHERE kind = 'council' ORDER BY slug LIMIT 1", (hat, person))
    connection.execute(
        "INSERT INTO sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at) "
        "VALUES (%s, %s, %s, %s, 'token', now(), now(), 600, now() + %s)",
        (new_key(), secret_hash(secret), person, hat, timedelta(hours=8)))
    connection.commit()
    return secret


def _work_in_hand(connection: psycopg.Connection) -> None:
    connection.execute(f"""
        UPDATE request SET closed_at = NULL, status = 'queued' WHERE id IN (SELECT id FROM (
            SELECT id, row_number() OVER (ORDER BY id) AS n FROM request) numbered WHERE n % {OPEN} = 0)""".encode())
    connection.execute(f"""
        INSERT INTO assignment (id, request_id, organisation_id, agreement_id, assigned_at)
        SELECT gen_random_uuid(), q.id, g.partner_id, g.id, now()
          FROM (SELECT id, lgsl, row_number() OVER (ORDER BY id) AS n FROM request WHERE closed_at IS NULL) q
          CROSS JOIN LATERAL (SELECT a.* FROM agreement a ORDER BY a.slug LIMIT 1) g WHERE q.n % {RUNNING} = 0""".encode())
    connection.execute("""
        INSERT INTO disclosure (id, resident_id, organisation_id, groups, ground, requester, authority, since, until, opened_by_id)
        SELECT gen_random_uuid(), r.id, o.id, '{name,address}', 'court-order', 'A court', 'An order', now(),
               now() + interval '9 days', (SELECT id FROM person LIMIT 1)
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM resident) r
          JOIN LATERAL (SELECT id FROM organisation ORDER BY slug LIMIT 1) o ON true WHERE r.n % 2000 = 0""")
    connection.commit()


def _look_ups(connection: psycopg.Connection) -> None:
    connection.execute(f"""
        WITH looked AS (
            SELECT gen_random_uuid() AS id, r.id AS resident_id, r.home_id, now() - random() * interval '89 days' AS at
              FROM (SELECT id, home_id, row_number() OVER (ORDER BY id) AS n FROM resident) r WHERE r.n % {LOOKED_UP} = 0),
        entries AS (
            INSERT INTO journal_entry (id, at, event, person_id, hat_id, organisation_id, purpose, policy_version, facts)
            SELECT l.id, l.at, 'resident.seen', h.person_id, h.id, l.home_id, 'enquiry', 1, '{{}}'
              FROM looked l JOIN hat h ON h.organisation_id = l.home_id AND h.role = 'adviser')
        INSERT INTO journal_subject (entry_id, resident_id, groups, scopes)
        SELECT id, resident_id, '["address", "birth", "channels", "name"]', '["home"]' FROM looked""".encode())
    connection.commit()


if __name__ == "__main__":
    main()
