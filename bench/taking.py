"""Taking a request at first contact, beside the bare inserts of the same rows."""

from collections.abc import Callable
from typing import Any

import psycopg

from app.kernel.ids import new_key, new_reference
from app.policy.actions import Action
from app.policy.routes import gate
from app.requests.taking import Taking, take
from bench.invented import Invented
from bench.loading import Place, borough_of, borough_service
from bench.questions import asked_about

NEEDS = frozenset({Action.REQUEST_TAKE, Action.REQUEST_SEE, Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.PLACE_LOOKUP,
                   Action.SERVICE_READ})


def compare(place: Place, connection: psycopg.Connection, times: int, spent: Callable[[Callable[[], object]], float]) -> Any:
    """Both ways, turn about; the line of the table is printed by the caller's ``told``."""
    from bench.__main__ import told

    council, lgsl = borough_of(connection), borough_service(connection)
    people = list(asked_about(place, borough=True, count=times, seed=23))
    _take(place, council, lgsl, people[0])
    policy, bare = [], []
    for person in people:
        policy.append(spent(lambda person=person: _take(place, council, lgsl, person)))  # type: ignore[misc]
        bare.append(spent(lambda person=person: _insert(connection, place, council, lgsl, person)))  # type: ignore[misc]
    return told("take a request", policy, bare)


def _take(place: Place, council: str, lgsl: int, person: Invented) -> None:
    with gate().desk.work(place.secrets[council], NEEDS, contact_ref=place.contact_refs[council]) as work:
        take(work, Taking(lgsl, "TA1 1HE", resident=person.ref))


def _insert(connection: psycopg.Connection, place: Place, council: str, lgsl: int, person: Invented) -> None:
    with connection.transaction():
        request = new_key()
        organisation = connection.execute("SELECT id FROM organisation WHERE slug = %s", (council,)).fetchone()
        contact = connection.execute("SELECT id FROM contact WHERE ref = %s", (place.contact_refs[council],)).fetchone()
        assert organisation and contact
        connection.execute(
            "INSERT INTO request (id, ref, lgsl, taken_by_id, taken_in, responsible_id, intake, status, taken_at, version) "
            "VALUES (%s, %s, %s, %s, %s, %s, false, 'passed', now(), 1)",
            (request, new_reference(), lgsl, organisation[0], contact[0], organisation[0]))
        connection.execute("INSERT INTO request_job (request_id, postcode, answers, details, because) "
                           "VALUES (%s, 'TA1 1HE', '{}', '{}', '[]')", (request,))
        for group in ("name", "address", "channels"):
            connection.execute("INSERT INTO request_copy (request_id, grp, value) VALUES (%s, %s, '{}')", (request, group))
        connection.execute("INSERT INTO request_resident (request_id, resident_id) VALUES (%s, %s)", (request, person.id))
