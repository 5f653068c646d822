"""What years of use leave beside the records: preferences, choices, needs, checks of who was calling, conversations with what was
noted, and closed requests. By COPY like the records, so that no table of a benchmark is empty."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from app.kernel.ids import new_key, new_reference
from bench.invented import Invented

Row = tuple[object, ...]
THEN = "2014-05-06 10:00+01"
# One in so many residents has one.
NEED, CHECKED, RANG, ASKED = 10, 5, 3, 5


@dataclass(frozen=True, slots=True)
class Speaker:
    """The adviser of a council who wrote all that down."""

    organisation: uuid.UUID
    person: uuid.UUID
    hat: uuid.UUID
    sign_in: uuid.UUID


def copy(connection: psycopg.Connection, people: Sequence[Invented], speakers: Mapping[bool, Speaker], lgsl: int) -> None:
    """The lives of these people; ``speakers`` by whether the council is the borough."""
    def hat(person: Invented) -> uuid.UUID:
        return speakers[person.borough].hat

    rows(connection, "resident_preference (resident_id, channel, language)", ((p.id, "telephone", "en") for p in people))
    rows(connection, "choice (id, resident_id, matter, answer, wording_version, channel, at, hat_id)",
         ((new_key(), p.id, "sharing", "given" if p.shared else "refused", "1", "telephone", THEN, hat(p)) for p in people))
    rows(connection, "objection (id, resident_id, organisation_id, active, at, hat_id)",
         ((new_key(), p.id, speakers[not p.borough].organisation, False, THEN, hat(p)) for p in people[::50]))
    rows(connection, "resident_need (id, resident_id, words)", ((new_key(), p.id, "Large print") for p in people[::NEED]))
    rows(connection, "resident_identity (id, resident_id, matched, at, hat_id)",
         ((new_key(), p.id, '["name", "postcode"]', THEN, hat(p)) for p in people[::CHECKED]))
    _conversations(connection, [(p, speakers[p.borough], new_key()) for p in people[::RANG]])
    _requests(connection, [(p, speakers[p.borough], new_key()) for p in people[::ASKED]], lgsl)


def _conversations(connection: psycopg.Connection, held: list[tuple[Invented, Speaker, uuid.UUID]]) -> None:
    rows(connection, "contact (id, ref, organisation_id, line, channel, person_id, hat_id, sign_in_id, in_browser, started_at, "
         "ended_at, outcome, resolved_at_first_contact)",
         ((key, new_reference(), by.organisation, "bench", "telephone", by.person, by.hat, by.sign_in, False, THEN, THEN,
           "resolved", True) for _, by, key in held))
    rows(connection, "contact_person (contact_id, resident_id)", ((key, p.id) for p, _, key in held))
    rows(connection, "contact_note (id, contact_id, resident_id, words, at, hat_id)",
         ((new_key(), key, p.id, "Asked when the bins are emptied", THEN, by.hat) for p, by, key in held))


def _requests(connection: psycopg.Connection, asked: list[tuple[Invented, Speaker, uuid.UUID]], lgsl: int) -> None:
    rows(connection, "request (id, ref, lgsl, taken_by_id, taken_in, responsible_id, intake, status, outcome, taken_at, closed_at, "
         "version)",
         ((key, new_reference(), lgsl, by.organisation, new_key(), by.organisation, False, "closed", "done", THEN, THEN, 1)
          for _, by, key in asked))
    rows(connection, "request_resident (request_id, resident_id)", ((key, p.id) for p, _, key in asked))
    rows(connection, "request_job (request_id, postcode, answers, details, because)",
         ((key, p.postcode, "{}", "{}", "[]") for p, _, key in asked))
    rows(connection, "request_step (id, request_id, status, organisation_id, at)",
         ((new_key(), key, "closed", by.organisation, THEN) for _, by, key in asked))


def rows(connection: psycopg.Connection, into: str, given: Iterable[Row]) -> None:
    """Copy rows into ``table (columns)``."""
    with connection.cursor().copy(f"COPY {into} FROM STDIN".encode()) as writing:
        for row in given:
            writing.write_row(row)
