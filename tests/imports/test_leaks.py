"""Whether the other council has a record of somebody in a file changes nothing of what a load says: not its counts, not its
reasons, not its pages; and a load's job can do no more than whoever asked for it."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.duplicates.models import DuplicateAnswer, DuplicatePair
from app.imports import operations, queries, safekeeping, showing, steps
from app.imports.models import ImportEvidence, ImportLikeness, ImportPart, ImportRecord, ImportRun
from app.kernel.errors import NotFound, NotPermitted, NotSignedIn
from app.kernel.ids import new_key
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Work
from app.residents.models import Resident, ResidentBirth, ResidentKey, ResidentName, ResidentSensitive
from tests.imports.loads import GIVEN, HEADINGS, Loads, entries_read, person
from tests.world import BOROUGH, COUNTY, Wearer, World


def hide(world: World, n: int, **columns: Any) -> Resident:
    """Somebody of the other council who is word for word the person of row ``n``."""
    cells = dict(zip(HEADINGS.split(","), person(n).split(","), strict=True))
    made = world.resident(COUNTY, given=cells["First name"], family=cells["Family name"], lines=[cells["Address line 1"]],
                          telephone="+44" + cells["Telephone"][1:].replace(" ", ""), **columns)
    world.add(ResidentBirth(resident_id=made.id, born=date(1971, 3, 27)))
    return made


def said_of(loads: Loads, ref: str) -> tuple[Any, ...]:
    """Everything that the pages of a load say, without what differs between any two."""
    with loads.desk.work(loads.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
        run = queries.one(work, ref)
        shown = showing.shown(work, run)
        counts = {name: getattr(shown, name) for name in shown.__slots__ if name not in ("ref", "created_at", "time_left")}
        return counts, showing.first_faults(work, run), showing.likely_there(work, run), list(queries.handed_back(work, run))


def test_a_hidden_record_changes_nothing_of_what_a_check_and_a_load_say(loads: Loads) -> None:
    lines = [person(n, **GIVEN) for n in range(1, 40)]
    before = loads.arrive(*lines)
    loads.check(before)
    absent = said_of(loads, before)
    hidden = [hide(loads.world, n) for n in range(1, 30)]
    restricted = hide(loads.world, 30, restricted=True)
    assert len({row.id for row in (*hidden, restricted)}) == 30
    after = loads.arrive(*lines)
    loads.check(after)
    assert said_of(loads, after) == absent and absent[0]["likely"] == 0
    loads.load(after)
    assert loads.run(after).recorded == 39
    shared = hide(loads.world, 50)
    loads.world.choose(shared, "sharing", "given", loads.world.wearer(COUNTY, "adviser"))
    seen = loads.arrive(person(50))
    assert loads.check(seen).likely == 1, "what is shared is told"
    loads.world.choose(shared, "sharing", "withdrawn", loads.world.wearer(COUNTY, "adviser"))
    assert said_of(loads, seen)[2] == [], "and is told no more when it is no longer shared"


def test_no_entry_of_an_index_is_read_of_what_is_hidden(loads: Loads) -> None:
    """What is read decides on the time taken."""
    ref = loads.arrive(*(person(n) for n in range(1, 20)))
    before = entries_read(loads, ref)
    for n in range(1, 20):
        hide(loads.world, n)
    assert entries_read(loads, ref) == before
    shared = hide(loads.world, 1)
    loads.world.choose(shared, "sharing", "given", loads.world.wearer(COUNTY, "adviser"))
    assert entries_read(loads, ref) > before


@pytest.mark.parametrize("change", [
    lambda world, wearer: world.session.execute(text("UPDATE hat SET valid_until = '2015-01-01' WHERE id = :id"),
                                                {"id": wearer.hat_id}),
    lambda world, wearer: world.session.execute(text("UPDATE person SET ended_at = now() WHERE id = :id"),
                                                {"id": wearer.person_id}),
    lambda world, wearer: world.session.execute(text("UPDATE sign_in SET revoked_at = now() WHERE person_id = :id"),
                                                {"id": wearer.person_id})], ids=["hat", "person", "sign-ins"])
def test_a_load_stops_with_the_right_of_whoever_asked_for_it(loads: Loads, change: Callable[[World, Wearer], Any]) -> None:
    ref = loads.arrive(person(1))
    loads.check(ref)
    loads.do(operations.load, ref, "load")
    change(loads.world, loads.wearer)
    loads.world.session.commit()
    assert loads.work(ref).step == "loading" and loads.counts()["resident"] == 0


def test_the_secret_of_a_job_is_its_steps_alone_and_ends_with_it(loads: Loads) -> None:
    ref = loads.arrive(person(1))
    loads.do(operations.check, ref)
    run = loads.run(ref)
    assert run.nonce is not None
    secret = safekeeping.secret_of(queries.data_key(), run.id, run.nonce)
    assert safekeeping.secret_of(queries.data_key(), uuid.uuid4(), run.nonce) != secret
    with pytest.raises(NotPermitted), loads.desk.work(secret, frozenset({Action.POLICY_READ}), purpose=Purpose.RUN):
        raise AssertionError("it has no more than the hat")
    loads.work(ref)
    with pytest.raises(NotSignedIn), loads.desk.work(secret, steps.NEEDS, purpose=Purpose.MATCH):
        raise AssertionError("it ended with the step")
    loads.do(operations.load, ref, "load")
    queued = loads.world.session.execute(text("SELECT task_name, args->>'run' FROM jobs.procrastinate_jobs")).all()
    assert set(map(tuple, queued)) == {("imports.go_on", str(run.id))} and secret not in str(queued)


def test_no_other_council_and_no_other_audience_reaches_a_load_past_the_guard(loads: Loads) -> None:
    run = loads.loaded(person(1, **GIVEN))
    waiting = loads.arrive(person(2))
    county, officer = Loads.of(loads.desk, loads.world, COUNTY), loads.world.wearer(BOROUGH, "information_officer")
    for model in (ImportRun, ImportPart, ImportRecord, ImportLikeness, ImportEvidence):
        with loads.desk.work(county.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
            assert work.session.connection().execute(select(model)).all() == []
    with pytest.raises(NotFound):
        county.do(operations.put_away, waiting)
    for call in ("wall.begin_import_job(:run, 'h', 'n', true)", "wall.take_back_import(:run, 9)"):
        with pytest.raises(NotFound), loads.desk.work(county.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
            work.session.connection().execute(text(f"SELECT {call}"), {"run": run.id})
    for call in ("wall.revive_imports('1 second')", "wall.forget_imports('1 second')"):
        with pytest.raises(NotFound), loads.desk.work(county.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
            work.session.connection().execute(text(f"SELECT {call}"))
    with pytest.raises(NotPermitted), loads.desk.work(officer.secret, steps.NEEDS, purpose=Purpose.MATCH):
        raise AssertionError("no information officer brings in residents")
    assert loads.run(waiting).step == "columns" and loads.counts()["resident"] == 1


def test_what_is_written_for_a_load_is_checked_row_by_row(loads: Loads) -> None:
    hidden = loads.world.resident(COUNTY)
    run = loads.run(loads.arrive(person(1)))

    def attempt(needs: frozenset[Action], *rows: Any) -> None:
        with loads.desk.work(loads.wearer.secret, needs, purpose=Purpose.MATCH) as work:
            _add(work, *rows)

    with pytest.raises(NotFound):
        attempt(steps.NEEDS, ImportRecord(resident_id=hidden.id, run_id=run.id, line=1))
    with pytest.raises(NotFound):
        attempt(steps.NEEDS, ResidentName(resident_id=hidden.id, kind="usual", given="A", family="B"))
    with pytest.raises(NotPermitted):
        attempt(frozenset({Action.RESIDENT_MATCH}), ResidentName(resident_id=hidden.id, kind="usual", given="A", family="B"))
    county = loads.world.organisations[COUNTY].id
    with pytest.raises((NotFound, DBAPIError)):
        attempt(steps.NEEDS, Resident(ref="K4F-72M-9QX", home_id=county, keeper_id=county, shared=False, objected_to=[],
                                      restricted=False, protected=False, created_at=loads.world.now))


def test_many_rows_at_once_are_checked_as_one_is(loads: Loads) -> None:
    """One row of another's among a hundred of one's own undoes them all."""
    own, hidden = loads.world.resident(BOROUGH), loads.world.resident(COUNTY)
    county = loads.world.organisations[COUNTY].id

    def attempt(needs: frozenset[Action], model: type, rows: list[dict[str, Any]]) -> None:
        with loads.desk.work(loads.wearer.secret, needs, purpose=Purpose.MATCH) as work:
            work.session.add_many(model, rows)

    def name(key: uuid.UUID) -> dict[str, Any]:
        return {"id": new_key(), "resident_id": key, "kind": "usual", "given": "A", "family": "B", "position": 0}

    def key(grp: str) -> dict[str, Any]:
        return {"id": new_key(), "resident_id": own.id, "council_id": own.home_id, "grp": grp, "key": "f:a b"}

    before = loads.counts()
    with pytest.raises(NotFound):
        attempt(steps.NEEDS, ResidentName, [*(name(own.id) for _ in range(100)), name(hidden.id)])
    with pytest.raises(NotPermitted):
        attempt(frozenset({Action.RESIDENT_MATCH}), ResidentName, [name(own.id)])
    with pytest.raises(NotPermitted):
        attempt(steps.NEEDS, ResidentSensitive, [{"id": new_key(), "resident_id": own.id, "detail": "x"}])
    with pytest.raises(NotFound):
        attempt(steps.NEEDS, Resident, [{"id": new_key(), "ref": "K4F-72M-9QX", "home_id": county, "keeper_id": county,
                                         "version": 1, "created_at": loads.world.now}])
    # The wall lets by what hangs on a record of one's own; the guard knows of what each row tells.
    for grp in ("identity", "birth+name+address", "nothing"):
        with pytest.raises(NotFound):
            attempt(steps.NEEDS, ResidentKey, [key("name"), key(grp)])
    with pytest.raises(NotFound):
        attempt(steps.NEEDS, ResidentName, [name(own.id) | {"merged_from": None}, name(own.id) | {"merged_from": hidden.id}])
    assert loads.counts() == before
    attempt(steps.NEEDS, ResidentKey, [key("name"), key("birth+name")])
    attempt(steps.NEEDS, ResidentName, [name(own.id), name(own.id)])
    assert loads.counts()["resident_name"] == before["resident_name"] + 2


def _add(work: Work, *rows: Any) -> None:
    work.session.add_all(rows)
    work.session.flush()


def test_what_is_kept_is_sealed_bound_to_its_place_and_forgotten_in_time(loads: Loads) -> None:
    ref = loads.arrive(person(1), person(2, postcode="x"))
    loads.check(ref)
    session, key = loads.world.session, queries.data_key()
    sealed = session.scalars(select(ImportPart.sealed)).one()
    kept = b"".join(bytes(row) for row in session.scalars(text("SELECT sealed FROM import_handed_back"))) + sealed
    assert b"Givenaaa" not in kept and b"Mill Lane" not in kept
    run = loads.run(ref)
    assert b"Givenaaab" in safekeeping.unseal(key, sealed, run.id, "part 0")
    with pytest.raises(Exception, match="^$"):
        safekeeping.unseal(key, sealed, run.id, "part 1")
    assert session.scalar(text("SELECT wall.forget_imports('30 days')")) == 0
    session.execute(text("UPDATE import_run SET seen_at = now() - interval '31 days'"))
    assert session.scalar(text("SELECT wall.forget_imports('30 days')")) == 1
    left = [session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("import_part", "import_handed_back")]
    session.commit()
    assert left == [0, 0] and loads.run(ref).step == "over"


def test_what_the_other_councils_queue_holds_does_not_keep_a_record_from_being_taken_back(loads: Loads) -> None:
    """A record that stays, with nothing to be seen on it, would tell that somebody hidden is likely to be the same."""
    hidden = hide(loads.world, 1)
    run = loads.loaded(person(1, **GIVEN), person(2, **GIVEN))
    mine = loads.world.session.scalar(text("SELECT resident_id FROM import_record WHERE line = 2"))
    first, second = sorted((hidden.id, mine))
    county = loads.world.wearer(COUNTY, "team_leader")
    loads.world.add(DuplicatePair(council_id=county.organisation_id, first_id=first, second_id=second, bits=9.0,
                                  verdict="link", model="1", found_at=loads.world.now),
                    DuplicateAnswer(council_id=county.organisation_id, first_id=first, second_id=second, answer="not-same",
                                    at=loads.world.now, hat_id=county.hat_id))
    assert loads.take_back(run.ref).taken_back == 2
    assert loads.counts()["resident"] == 1 and loads.world.session.scalar(text("SELECT count(*) FROM duplicate_pair")) == 0


def test_a_step_that_a_worker_left_is_put_to_the_queue_again_five_times(loads: Loads) -> None:
    ref = loads.arrive(person(1))
    loads.do(operations.check, ref)
    session = loads.world.session
    assert session.scalar(text("SELECT wall.revive_imports('2 minutes')")) == 0
    revived = 0
    for _ in range(7):
        session.execute(text("UPDATE import_run SET seen_at = now() - interval '3 minutes'"))
        session.execute(text("SET LOCAL search_path = jobs, public"))
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        revived += session.scalar(text("SELECT wall.revive_imports('2 minutes')")) or 0
        session.commit()
    assert revived == 5 and session.scalar(text("SELECT count(*) FROM jobs.procrastinate_jobs")) == 6
    session.commit()
    assert loads.work(ref).step == "checked" and loads.run(ref).attempts == 0
