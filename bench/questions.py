"""The questions of an adviser's day, each twice: through the whole road (sign-in, policy, guard, wall, journal) as the application
asks it, and as the plainest SQL of the same answer by psycopg, as the administrator, with no policy at all."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from app.policy.actions import Action
from app.policy.routes import gate
from app.policy.work import Work
from app.residents import probes, queries
from app.residents.clues import read
from app.residents.finding import search
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


def _telephone(person: Invented) -> str:
    return "0" + person.telephone.removeprefix("+44")


def _surname_and_postcode(person: Invented) -> str:
    return f"{person.family} {person.postcode}"


def _misspelt_and_postcode(person: Invented) -> str:
    return f"{misspelt(person)} {person.postcode}"


def _misspelt_and_district(person: Invented) -> str:
    return f"{misspelt(person)} {person.postcode.partition(' ')[0]}"


def misspelt(person: Invented) -> str:
    """The surname with two letters in the middle changed about."""
    middle = max(len(person.family) // 2, 1)
    letters = list(person.family)
    letters[middle - 1], letters[middle] = letters[middle], letters[middle - 1]
    return "".join(letters)


def _finding(words: str, typed: Callable[[Invented], str], *, tolerant: bool = False) -> "Question":
    """What is typed in the box, and bare: the same keys asked for, and the same rows of what was found."""

    def through_policy(work: Work, person: Invented) -> int:
        return len(search(work, read(typed(person), work.today)))

    def bare(connection: psycopg.Connection, person: Invented) -> int:
        clues = read(typed(person), person.born)
        found = _bare_find(connection, probes.pointed(clues) or probes.named(clues))
        return found + (_bare_find(connection, probes.tolerant(clues)) if tolerant else 0)

    return Question(words, through_policy, SEARCHING, bare)


def _open_record(work: Work, person: Invented) -> int:
    return len(shown(work, queries.one(work, person.ref)))


def _bare_record(connection: psycopg.Connection, person: Invented) -> int:
    found = connection.execute("SELECT id FROM resident WHERE ref = %s", (person.ref,)).fetchall()
    for table in ("resident_name", "resident_address", "resident_channel", "resident_preference", "resident_birth",
                  "resident_need", "resident_identity", "choice", "objection"):
        found += connection.execute(f"SELECT * FROM {table} WHERE resident_id = %s".encode(), (person.id,)).fetchall()
    return len(found)


def _bare_find(connection: psycopg.Connection, wanted: list[str]) -> int:
    rows = connection.execute("SELECT resident_id FROM resident_key WHERE key = ANY (%s) LIMIT %s",
                              (wanted, queries.AT_MOST)).fetchall()
    ids = {row[0] for row in rows}
    for table in ("resident_name", "resident_address", "resident_channel", "resident_birth"):
        connection.execute(f"SELECT * FROM {table} WHERE resident_id = ANY (%s)".encode(), (list(ids),)).fetchall()
    return len(ids)


QUESTIONS = (
    _finding("find by telephone", _telephone),
    _finding("find by surname and postcode", _surname_and_postcode),
    _finding("find by a misspelt surname and postcode", _misspelt_and_postcode),
    _finding("find by a misspelt surname and half a postcode", _misspelt_and_district, tolerant=True),
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

