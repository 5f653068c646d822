"""The questions of an adviser's day, each twice: through the whole road (sign-in, policy, guard, wall, journal) as the application
asks it, and as the plainest SQL of the same answer by psycopg, as the administrator, with no policy at all."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from app.policy.actions import Action
from app.policy.routes import gate
from app.policy.work import Work
from app.residents import keys, queries
from app.residents.clues import read
from app.residents.finding import search
from app.residents.folding import name
from app.residents.values import shown
from bench.invented import Invented
from bench.loading import Place

SEARCHING = frozenset({Action.RESIDENT_FIND, Action.RESIDENT_SEE})
SEEING = frozenset({Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.REQUEST_SEE, Action.CHOICE_SEE})


@dataclass(frozen=True)
class Question:
    """What is asked, of whom it is asked, and how each side answers. Each side returns how much it found."""

    words: str
    through_policy: Callable[[Work, Invented], int]
    needs: frozenset[Action]
    bare: Callable[[psycopg.Connection, Invented], int]


def _by_telephone(work: Work, person: Invented) -> int:
    return len(search(work, read("0" + person.telephone.removeprefix("+44"), work.today)))


def _bare_telephone(connection: psycopg.Connection, person: Invented) -> int:
    return _bare_find(connection, [[keys.telephone(person.telephone)]])


def _by_surname_and_postcode(work: Work, person: Invented) -> int:
    return len(search(work, read(f"{person.family} {person.postcode}", work.today)))


def _bare_surname_and_postcode(connection: psycopg.Connection, person: Invented) -> int:
    return _bare_find(connection, [[keys.whole_postcode(person.postcode)], [f"s:{name(person.family).replace(' ', '')}"]])


def misspelt(person: Invented) -> str:
    """The surname with two letters in the middle changed about."""
    middle = max(len(person.family) // 2, 1)
    letters = list(person.family)
    letters[middle - 1], letters[middle] = letters[middle], letters[middle - 1]
    return "".join(letters)


def _by_misspelt(work: Work, person: Invented) -> int:
    return len(search(work, read(f"{misspelt(person)} {person.postcode}", work.today)))


def _bare_misspelt(connection: psycopg.Connection, person: Invented) -> int:
    slips = [f"s:{slip}" for slip in keys.slips(name(misspelt(person)).replace(" ", ""))]
    return _bare_find(connection, [[keys.whole_postcode(person.postcode)], slips])


def _open_record(work: Work, person: Invented) -> int:
    return len(shown(work, queries.one(work, person.ref)))


def _bare_record(connection: psycopg.Connection, person: Invented) -> int:
    found = connection.execute("SELECT id FROM resident WHERE ref = %s", (person.ref,)).fetchall()
    for table in ("resident_name", "resident_address", "resident_channel", "resident_preference", "resident_birth",
                  "resident_need", "resident_identity", "choice", "objection"):
        found += connection.execute(f"SELECT * FROM {table} WHERE resident_id = %s".encode(), (person.id,)).fetchall()
    return len(found)


def _bare_find(connection: psycopg.Connection, lists: list[list[str]]) -> int:
    ids: set[object] | None = None
    for texts in lists:
        more = "" if ids is None else " AND resident_id = ANY (%(ids)s)"
        rows = connection.execute(f"SELECT resident_id FROM resident_key WHERE key = ANY (%(keys)s) AND council_id = ANY ("
                                  f"SELECT id FROM organisation WHERE kind = 'council'){more}".encode(),
                                  {"keys": texts, "ids": list(ids or ())}).fetchall()
        ids = {row[0] for row in rows}
    for table in ("resident_name", "resident_address", "resident_channel", "resident_birth"):
        connection.execute(f"SELECT * FROM {table} WHERE resident_id = ANY (%s)".encode(), (list(ids or ()),)).fetchall()
    return len(ids or ())


QUESTIONS = (
    Question("find by telephone", _by_telephone, SEARCHING, _bare_telephone),
    Question("find by surname and postcode", _by_surname_and_postcode, SEARCHING, _bare_surname_and_postcode),
    Question("find by a misspelt surname and postcode", _by_misspelt, SEARCHING, _bare_misspelt),
    Question("open a record", _open_record, SEEING, _bare_record),
)


def ask_through_policy(place: Place, council: str, question: Question, person: Invented) -> int:
    """One unit of work, journal and commit included."""
    with gate().desk.work(place.secrets[council], question.needs, contact_ref=place.contact_refs[council]) as work:
        return question.through_policy(work, person)


def ask_barely(connection: psycopg.Connection, question: Question, person: Invented) -> int:
    """One transaction of bare SQL."""
    with connection.transaction():
        return question.bare(connection, person)


def asked_about(place: Place, borough: bool, count: int, seed: int = 7) -> Iterator[Invented]:
    """People whose record the asking council may see: its own."""
    own = [person for person in place.people if person.borough == borough]
    yield from random.Random(seed).sample(own, min(count, len(own)))

