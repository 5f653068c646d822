"""The wall alone, table by table: one resident whom only their own council may see, with a row in every protected table,
and everybody else in plain SQL. What reads nothing must also change nothing: row security has a policy for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.choices.models import Choice, Objection
from app.contacts.models import ContactNote, ContactPerson
from app.disclosures.models import Disclosure
from app.duplicates.models import DuplicateAnswer, DuplicatePair, ResidentMerge
from app.imports.models import ImportEvidence, ImportRecord
from app.journal.models import Entry, EntrySubject
from app.policy import wall
from app.policy.protection import PROTECTED
from app.policy.work import Desk
from app.requests.models import IntakeKept, RequestNote
from app.residents.models import (
    Resident,
    ResidentBirth,
    ResidentChange,
    ResidentIdentity,
    ResidentNeed,
    ResidentPreference,
    ResidentSensitive,
)
from app.staff.models import Relation
from tests.proof.hidden import load
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

# Somebody of each audience that is not the resident's own council, nor doing a job for them.
OTHERS = {"council": (COUNTY, "adviser"), "rights": (COUNTY, "information_officer"), "partner": ("roadmend", "contractor"),
          "office": (COUNTY, "administrator")}
TABLES = sorted({model.__tablename__ for model in PROTECTED} | {"disclosure", "relation"})  # type: ignore[attr-defined]


@pytest.fixture
def hidden(world: World) -> Resident:
    """A resident of the borough who refused sharing, with a row wherever there can be one."""
    adviser = world.wearer(BOROUGH, "adviser")
    resident, talk = world.resident(BOROUGH, telephone="+441632960001"), world.contact(adviser, ended=True)
    world.choose(resident, "sharing", "refused", adviser)
    request = world.request(BOROUGH, resident=resident, partner=BINS, talk=talk)
    intake = world.request(BOROUGH, talk=talk, intake=True, permission="given", intake_home_id=adviser.organisation_id)
    mine, at = {"resident_id": resident.id}, {"at": world.now, "hat_id": adviser.hat_id}
    run = load(world, BOROUGH, adviser, "people.csv", "loaded")
    news = Choice(**mine, matter="news", answer="given", wording_version="1", channel="telephone", **at)
    world.add(
        ResidentPreference(**mine, channel="telephone", language="en"), ResidentBirth(**mine, born=date(1971, 3, 27)),
        ResidentNeed(**mine, words="Large print"), ResidentIdentity(**mine, matched=["name"], **at),
        ResidentSensitive(**mine, detail="a detail"), ResidentChange(**mine, grp="name", version=2, before=[], after=[], **at),
        Objection(**mine, organisation_id=adviser.organisation_id, active=True, **at),
        news, ImportRecord(**mine, run_id=run.id, line=2),
        ContactPerson(**mine, contact_id=talk.id), ContactNote(**mine, contact_id=talk.id, words="Rang about a bin", **at),
        RequestNote(request_id=request.id, words="Gate", organisation_id=adviser.organisation_id, **at),
        IntakeKept(request_id=intake.id, **at), Relation(**mine, person_id=adviser.person_id),
        Disclosure(**mine, organisation_id=adviser.organisation_id, groups=["name"], ground="court-order", requester="a court",
                   authority="an order", since=world.now, until=world.now + timedelta(hours=1), opened_by_id=adviser.person_id))
    world.add(ImportEvidence(**mine, choice_id=news.id, run_id=run.id, reference="Form 7"))
    first, second = sorted((resident.id, world.resident(BOROUGH).id))
    pair = {"first_id": first, "second_id": second, "council_id": adviser.organisation_id}
    world.add(DuplicatePair(**pair, bits=12.5, verdict="link", model="1", found_at=world.now),
              DuplicateAnswer(**pair, answer="not-same", **at),
              ResidentMerge(survivor_id=first, other_id=second, council_id=adviser.organisation_id, reason="One person",
                            fingerprint="f", version=2, **at))
    entry = Entry(at=world.now, event="resident.seen", person_id=adviser.person_id, hat_id=adviser.hat_id,
                  organisation_id=adviser.organisation_id, facts={})
    world.add(entry)
    world.add(EntrySubject(entry_id=entry.id, resident_id=resident.id, groups=["name"], scopes=["home"]))
    empty = [name for name in TABLES if not world.session.scalar(text(f"SELECT count(*) FROM {name}"))]
    assert empty == [], "no row of the hidden resident to be hidden"
    return resident


@contextmanager
def behind_the_wall(desk: Desk, wearer: Wearer) -> Iterator[Connection]:
    with desk.engine.connect() as connection, connection.begin() as transaction:
        wall.begin(connection, desk.prefix, wearer.secret, None)
        yield connection
        transaction.rollback()


def come_of(connection: Connection, statement: str) -> int | str:
    """How many rows a statement found or touched; what PostgreSQL said if it was not let do so."""
    try:
        with connection.begin_nested():
            return connection.execute(text(statement)).rowcount
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", error))


@pytest.mark.parametrize("audience", OTHERS)
def test_plain_sql_finds_no_row_of_a_hidden_resident(desk: Desk, world: World, hidden: Resident, audience: str) -> None:
    with behind_the_wall(desk, world.wearer(*OTHERS[audience])) as connection:
        found = {name: come_of(connection, f"SELECT * FROM {name}") for name in TABLES}
    assert {name: count for name, count in found.items() if count not in (0, "42501")} == {}


@pytest.mark.parametrize("audience", OTHERS)
def test_plain_sql_that_reads_nothing_changes_no_row_of_a_hidden_resident(
        desk: Desk, world: World, hidden: Resident, audience: str) -> None:
    """An UPDATE or DELETE without a WHERE asks no reading policy."""
    changeable = world.session.execute(text("""
        SELECT table_name, min(column_name) FROM information_schema.column_privileges
         WHERE grantee = :role AND privilege_type = 'UPDATE' AND table_name = ANY (:tables) GROUP BY 1"""),
        {"role": f"{desk.prefix}_{audience}", "tables": TABLES}).all()
    with behind_the_wall(desk, world.wearer(*OTHERS[audience])) as connection:
        touched = {f"UPDATE {name}": come_of(connection, f"UPDATE {name} SET {column} = NULL") for name, column in changeable}
        touched |= {f"DELETE {name}": come_of(connection, f"DELETE FROM {name}") for name in TABLES}
    assert {what: count for what, count in touched.items() if count not in (0, "42501")} == {}
    assert (len(changeable) > 8) == (audience == "council"), "the statements that may be made at all"
