"""The queue of each council: which pairs stand in it, who sees them, and what ends that."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app import periodic_deeds
from app.duplicates.models import DuplicateAnswer, DuplicatePair, MatchDue
from app.duplicates.operations import compare_each
from app.duplicates.resembling import MOST_BEARERS
from app.journal.models import Entry
from app.matching.weighing import FOLDER, SHIPPED
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk
from tests.doubles import TELEPHONE, born, twice
from tests.imports.loads import Loads, person
from tests.world import BOROUGH, COUNTY, Wearer, World

Browsing = Callable[[Wearer], FlaskClient]


def pairs(desk: Desk, leader: Wearer) -> int:
    with desk.work(leader.secret, frozenset({Action.RESIDENT_MATCH}), purpose=Purpose.MATCH) as work:
        return work.session.scalar(select(func.count()).select_from(DuplicatePair)) or 0


def wanted(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(MatchDue)) or 0


def test_two_records_of_one_person_are_put_to_their_council_and_to_no_other(
        desk: Desk, world: World, browser: Browsing, compare: Callable[[], int]) -> None:
    one, other = twice(world, BOROUGH)
    born(world, world.resident(BOROUGH, given="Sue", family="Pratt", postcode="TA1 1AA", lines=("3 Quay",)))
    leader, county = world.wearer(BOROUGH, "team_leader"), world.wearer(COUNTY, "team_leader")
    assert compare() == 3 and compare() == 0, "each record once, and then nothing is due"
    page = browser(leader).get("/quality").text
    assert one.ref in page and other.ref in page and "Pratt" not in page
    assert pairs(desk, leader) == 1 and pairs(desk, county) == 0
    hidden, absent = browser(county).get("/quality"), browser(world.wearer(COUNTY, "team_leader")).get("/quality")
    assert one.ref not in hidden.text and hidden.status_code == absent.status_code == 200
    for ref, second in ((one.ref, other.ref), (other.ref, one.ref)):
        assert browser(county).get(f"/people/{ref}/same-person/{second}").status_code == 404
        seen = browser(leader).get(f"/people/{ref}/same-person/{second}")
        assert seen.status_code == 200 and "Chidi Okafor" in seen.text


def test_a_pair_across_councils_stands_in_a_queue_only_while_that_council_may_see_both(
        desk: Desk, world: World, compare: Callable[[], int]) -> None:
    one, other = twice(world, BOROUGH, COUNTY)
    borough, county = world.wearer(BOROUGH, "team_leader"), world.wearer(COUNTY, "team_leader")
    compare()
    assert (pairs(desk, borough), pairs(desk, county)) == (0, 0), "nothing is shared yet"
    world.choose(one, "sharing", "given", world.wearer(BOROUGH, "adviser"))
    assert wanted(world) == 2, "sharing makes the record due for both councils"
    compare()
    assert (pairs(desk, borough), pairs(desk, county)) == (0, 1), "the county sees both, the borough its own alone"
    world.choose(other, "sharing", "given", world.wearer(COUNTY, "adviser"))
    compare()
    assert (pairs(desk, borough), pairs(desk, county)) == (1, 1)
    world.choose(one, "sharing", "withdrawn", world.wearer(BOROUGH, "adviser"))
    assert (pairs(desk, borough), pairs(desk, county)) == (1, 0), "out of sight at once, with no job between"
    with desk.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("SELECT * FROM wall.begin(:s, NULL)"), {"s": county.secret})
        connection.execute(text("SELECT set_config('jc.secret', :s, true), set_config('role', :r, true)"),
                           {"s": county.secret, "r": f"{desk.prefix}_council"})
        assert connection.scalar(text("SELECT count(*) FROM duplicate_pair")) == 0, "the wall alone says the same"
        transaction.rollback()


def test_an_objection_or_restriction_takes_a_pair_out_of_sight_at_once(
        desk: Desk, world: World, compare: Callable[[], int]) -> None:
    one, _ = twice(world, BOROUGH, COUNTY)
    county, adviser = world.wearer(COUNTY, "team_leader"), world.wearer(BOROUGH, "adviser")
    world.choose(one, "sharing", "given", adviser)
    compare()
    assert pairs(desk, county) == 1
    world.object(one, COUNTY, adviser)
    assert pairs(desk, county) == 0
    world.object(one, COUNTY, adviser, active=False)
    assert pairs(desk, county) == 1
    world.session.execute(text("UPDATE resident SET restricted = true WHERE id = :id"), {"id": one.id})
    world.session.commit()
    assert pairs(desk, county) == 0


def test_two_people_told_apart_are_not_put_to_anybody_again_until_somebody_looks_again(
        desk: Desk, world: World, browser: Browsing, compare: Callable[[], int]) -> None:
    one, other = twice(world, BOROUGH)
    leader = world.wearer(BOROUGH, "team_leader")
    compare()
    here = f"/people/{one.ref}/same-person/{other.ref}"
    assert browser(leader).post(f"{here}/answer", data={"answer": "perhaps"}).status_code == 422
    told = browser(leader).post(f"{here}/answer", data={"answer": "not-same"})
    assert told.status_code == 303 and told.location == "/quality?done=not-same"
    assert pairs(desk, leader) == 0
    world.session.execute(text("UPDATE resident SET version = version + 1"))
    world.session.commit()
    assert compare() == 2 and pairs(desk, leader) == 0, "what was said outranks the weight"
    assert "two people" in browser(leader).get(here).text
    browser(leader).post(f"{here}/answer", data={"answer": "look-again"})
    assert pairs(desk, leader) == 1
    assert set(world.session.scalars(select(DuplicateAnswer.answer))) == {"not-same", "look-again"}


def test_the_rule_of_a_council_works_in_a_sign_in_of_its_own_and_for_matching_alone(
        world: World, compare: Callable[[], int]) -> None:
    twice(world, BOROUGH)
    compare()
    found = world.session.execute(text("""
        SELECT p.name, h.role, s.kind, e.purpose FROM journal_entry e JOIN person p ON p.id = e.person_id
          JOIN hat h ON h.id = e.hat_id JOIN sign_in s ON s.person_id = p.id WHERE e.event = 'pair.found'""")).all()
    assert [tuple(row) for row in found] == [("The matching rule", "team_leader", "job", "match")]
    assert world.session.scalar(select(Entry.facts).where(Entry.event == "pair.found")) == {"pairs": 1}


def test_a_change_and_every_night_make_a_record_due_again(world: World, compare: Callable[[], int]) -> None:
    one, _ = twice(world, BOROUGH)
    compare()
    assert wanted(world) == 0
    world.session.execute(text("UPDATE resident SET version = version + 1 WHERE id = :id"), {"id": one.id})
    world.session.commit()
    assert wanted(world) == 1
    world.session.execute(text("SELECT wall.match_everything()"))
    world.session.commit()
    assert wanted(world) == 2


def test_a_pair_that_is_alike_no_longer_leaves_the_queue(
        desk: Desk, world: World, compare: Callable[[], int]) -> None:
    _, other = twice(world, BOROUGH)
    leader = world.wearer(BOROUGH, "team_leader")
    compare()
    assert pairs(desk, leader) == 1
    for table in ("resident_name", "resident_channel", "resident_birth", "resident_key"):
        world.session.execute(text(f"DELETE FROM {table} WHERE resident_id = :id"), {"id": other.id})
    world.session.execute(text("UPDATE resident SET version = version + 1 WHERE id = :id"), {"id": other.id})
    world.session.commit()
    compare()
    assert pairs(desk, leader) == 0


def kept(world: World) -> dict[tuple[object, object], tuple[float, str, str]]:
    """What the queues hold, by pair."""
    return {(row.first_id, row.second_id): (row.bits, row.verdict, row.model)
            for row in world.session.execute(select(DuplicatePair.__table__))}


def test_records_compared_together_come_to_the_same_pairs_as_one_by_one(
        desk: Desk, world: World) -> None:
    leader, rights = world.wearer(BOROUGH, "team_leader"), frozenset({Action.RESIDENT_MATCH, Action.RESIDENT_PAIR})
    records = [*twice(world, BOROUGH), *twice(world, BOROUGH, COUNTY, shared=True), born(world, world.resident(
        BOROUGH, given="Sue", family="Pratt", postcode="TA1 1AA", lines=("3 Quay",))), world.resident(BOROUGH, given="Chidi")]
    ids = [record.id for record in records]

    def compared(*groups: list[uuid.UUID]) -> dict[tuple[object, object], tuple[float, str, str]]:
        world.session.execute(text("DELETE FROM duplicate_pair"))
        world.session.commit()
        for group in groups:
            with desk.work(leader.secret, rights, purpose=Purpose.MATCH) as work:
                compare_each(work, group)
        world.session.rollback()
        return kept(world)

    together = compared(ids)
    assert together and together == compared(*([each] for each in ids)) == compared(ids[:3], ids[3:])


def test_a_telephone_that_hundreds_have_hides_nobody(world: World, compare: Callable[[], int]) -> None:
    """Where there is none, some write down the council's own."""
    pair = tuple(sorted(each.id for each in twice(world, BOROUGH)))
    compare()
    assert set(kept(world)) == {pair}
    for number in range(MOST_BEARERS):
        world.resident(BOROUGH, given=f"Ada{number}", family=f"Canary{number}", telephone=TELEPHONE, postcode="TA2 6ZZ",
                       lines=(f"{number} Far Lane",))
    world.session.execute(text("UPDATE resident SET version = version + 1 WHERE id = ANY (:ids)"), {"ids": list(pair)})
    world.session.commit()
    compare()
    world.session.rollback()
    assert pair in kept(world)


def test_new_weights_weigh_anew_what_is_in_a_queue(
        application: Flask, world: World, compare: Callable[[], int], tmp_path: Path) -> None:
    pair = tuple(sorted(each.id for each in twice(world, BOROUGH)))
    compare()
    (bits, _, model), file = kept(world)[pair], tmp_path / "other.toml"
    assert (model, wanted(world)) == (SHIPPED, 0)
    file.write_text((FOLDER / f"{SHIPPED}.toml").read_text().replace(f'"{SHIPPED}"', '"other"').replace(
        "exact = { m = 0.77", "exact = { m = 0.47").replace("nickname = { m = 0.06", "nickname = { m = 0.36"))
    said = application.test_cli_runner().invoke(args=["matching", "accept", str(file)])
    assert said.exit_code == 0 and "queues of duplicates: 1 records" in said.output
    assert wanted(world) == 1 and compare() == 1
    world.session.rollback()
    assert kept(world)[pair][0] < bits and kept(world)[pair][2] == "other"


def test_an_adviser_has_no_queue(world: World, browser: Browsing) -> None:
    one, other = twice(world, BOROUGH)
    adviser = world.adviser(BOROUGH)
    assert browser(adviser).get("/quality").status_code == 403
    assert browser(adviser).get(f"/people/{one.ref}/same-person/{other.ref}").status_code == 403


def test_a_household_with_one_telephone_is_not_one_person(
        desk: Desk, world: World, compare: Callable[[], int]) -> None:
    leader = world.wearer(BOROUGH, "team_leader")
    for given, day in (("Chidi", date(1971, 3, 27)), ("Ngozi", date(1974, 11, 5)), ("Adaeze", date(2001, 6, 30)),
                        ("Emeka", date(2003, 9, 18))):
        born(world, world.resident(BOROUGH, given=given, telephone=TELEPHONE), day)
    born(world, world.resident(BOROUGH, given="Sue", family="Pratt", telephone=TELEPHONE, lines=("Warden, 1 Quay",)),
         date(1950, 1, 2))
    assert compare() == 5 and pairs(desk, leader) == 0, "one family name, address and telephone, and four people"


def test_what_comes_in_from_a_file_is_compared_like_what_is_recorded_at_a_desk(
        desk: Desk, world: World, compare: Callable[[], int]) -> None:
    loads = Loads.of(desk, world)
    loads.loaded(person(1))
    loads.loaded(person(1, email="other@example.org"), with_matches="load")
    assert wanted(world) == 2 and compare() == 2
    assert pairs(desk, loads.wearer) == 1


def test_the_worker_compares_every_minute_and_everything_every_night(world: World, compare: Callable[[], int]) -> None:
    deeds = {deed.name: deed for deed in periodic_deeds()}
    assert deeds["duplicates.compare"].cron == "* * * * *" and deeds["duplicates.everything"].cron.endswith("2 * * *")
    twice(world, BOROUGH)
    compare()
    world.session.execute(text(deeds["duplicates.everything"].sql))
    world.session.commit()
    assert wanted(world) == 2 and compare() == 2
