"""New weights are proposed from what reviewers decided and may see, change nothing by themselves, and hold once somebody accepts
them."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from app.duplicates.models import NOT_SAME, DuplicateAnswer, DuplicatePair, ResidentMerge
from app.journal.models import Entry
from app.matching import yardstick
from app.matching.calibrating import counts, proposed, rewritten
from app.matching.weighing import FOLDER, LEVELS, SHIPPED, Comparison, Level, shipped, written
from app.matching.yardstick import MISSING
from app.residents.models import Resident, ResidentName
from app.staff.models import Person
from tests.residents.test_api import Program
from tests.world import BOROUGH, COUNTY, Wearer, World

TEXT = (FOLDER / f"{SHIPPED}.toml").read_text(encoding="utf-8")
SAME_NAME = {Comparison.FORENAME: Level.EXACT, Comparison.SURNAME: Level.EXACT}
SHORT_NAME = {Comparison.FORENAME: Level.NICKNAME, Comparison.SURNAME: Level.EXACT}
JOINED = 21


def run(application: Flask, *words: str) -> Result:
    return application.test_cli_runner().invoke(args=["matching", *words])


def test_few_decisions_move_little_and_many_move_much() -> None:
    before = shipped().of[Comparison.FORENAME][Level.NICKNAME].m
    few, many = (proposed(shipped(), [SAME_NAME, SHORT_NAME] * times)[Comparison.FORENAME] for times in (5, 500))
    assert before < few[Level.NICKNAME] < before + 0.03 and 0.35 < many[Level.NICKNAME] < 0.5
    assert all(sum(shares.values()) == pytest.approx(1) and min(shares.values()) > 0 for shares in (few, many))
    assert proposed(shipped(), [SAME_NAME])[Comparison.BIRTH] == {
        level: weight.m for level, weight in shipped().of[Comparison.BIRTH].items()}, "nothing was said of it"


def test_what_nobody_decided_says_less_than_what_was_decided() -> None:
    modelled = {Comparison.FORENAME: {level: float(level is Level.OTHER) for level in LEVELS[Comparison.FORENAME]}}
    found = proposed(shipped(), [SAME_NAME] * 100, modelled)[Comparison.FORENAME]
    assert found[Level.EXACT] > 0.7 and 0.1 < found[Level.OTHER] < 0.2


def test_a_proposed_file_says_all_that_the_one_before_said_but_for_what_was_learned() -> None:
    shares = proposed(shipped(), [SHORT_NAME] * 100)
    made = rewritten(TEXT, shares, "2027-01-31", "From 100 pairs.")
    new = written(Path("2027-01-31.toml"), made)
    assert (new.version, new.note.strip(), new.lines) == ("2027-01-31", "From 100 pairs.", shipped().lines)
    assert new.of[Comparison.FORENAME][Level.NICKNAME].m == shares[Comparison.FORENAME][Level.NICKNAME]
    assert [each.u for each in new.of[Comparison.BIRTH].values()] == [each.u for each in shipped().of[Comparison.BIRTH].values()]
    assert [row for row in made.splitlines() if row.startswith("#")] == [row for row in TEXT.splitlines() if row.startswith("#")]


@pytest.fixture
def leader(world: World) -> Wearer:
    return world.wearer(BOROUGH, "team_leader")


def username(world: World, wearer: Wearer) -> str:
    return world.session.get_one(Person, wearer.person_id).username


def decided(world: World, leader: Wearer) -> None:
    """Pairs of the borough that were joined, one that was told apart, one that waits, and one that only the county sees."""
    for number in range(JOINED):
        join(world, leader, BOROUGH, f"Rareman{'abcdefghijklmnopqrstuvwxyz'[number]}")
    join(world, leader, COUNTY, "Hidden")
    apart, waiting = ([world.resident(BOROUGH, given=given, family=family) for given in ("Anna", "Otto")]
                      for family in ("Apart", "Waiting"))
    first, second = sorted(each.id for each in apart)
    world.add(DuplicateAnswer(first_id=first, second_id=second, council_id=leader.organisation_id, answer=NOT_SAME, at=world.now,
                              hat_id=leader.hat_id))
    first, second = sorted(each.id for each in waiting)
    world.add(DuplicatePair(council_id=leader.organisation_id, first_id=first, second_id=second, bits=3.0, verdict="review",
                            model=SHIPPED, found_at=world.now))


def join(world: World, leader: Wearer, council: str, family: str) -> None:
    survivor, other = (world.resident(council, given=given, family=family) for given in ("Robert", "Bob"))
    # What was taken over at the joining would agree of itself.
    world.add(ResidentName(resident_id=survivor.id, kind="known_as", given="Bob", family=family, position=1, merged_from=other.id),
              ResidentMerge(survivor_id=survivor.id, other_id=other.id, council_id=survivor.home_id, hat_id=leader.hat_id,
                            at=world.now, reason="Rang", fingerprint="x", version=1))
    world.session.get_one(Resident, other.id).merged_into = survivor.id
    world.session.commit()


def test_a_file_is_proposed_from_what_a_leader_may_see_and_holds_once_it_is_accepted(
        application: Flask, world: World, leader: Wearer, tmp_path: Path) -> None:
    decided(world, leader)
    asked = ("calibrate", "--council", BOROUGH, "--by", username(world, leader), "--out", str(tmp_path), "--decisions-only")
    done = run(application, *asked)
    assert done.exit_code == 0, done.output
    assert f"{JOINED} pairs were found to be one person's, 1 two people's; 1 wait" in done.output, "none of the county's own"
    assert "forename, nickname" in done.output and "Of the queue 0 pairs would be judged otherwise" in done.output
    (file,) = tmp_path.glob("*.toml")
    assert "Rareman" not in done.output + file.read_text() and "Rareman" not in str(facts(world, "matching.calibrated"))
    assert facts(world, "matching.calibrated") == [{"same": JOINED, "apart": 1, "looked-at": 2 * JOINED + 4}]

    adviser = Program(application.test_client(), world, world.wearer(BOROUGH, "adviser", kind="token"))
    assert model_of(adviser) == SHIPPED, "what was proposed changes nothing"
    accepted = run(application, "accept", str(file))
    assert accepted.exit_code == 0 and f"{file.stem} from now on; before it was {SHIPPED}" in accepted.output
    assert facts(world, "matching.accepted") == [{"version": file.stem, "before": SHIPPED}]
    assert model_of(adviser) == file.stem
    assert run(application, *asked).exit_code == 0 and len(list(tmp_path.glob("*.toml"))) == 2, "another file of the same day"
    assert run(application, "accept", str(FOLDER / f"{SHIPPED}.toml")).exit_code == 0 and model_of(adviser) == SHIPPED


def facts(world: World, event: str) -> list[dict[str, object]]:
    return list(world.session.scalars(select(Entry.facts).where(Entry.event == event)))


def model_of(adviser: Program) -> str:
    (found,) = {each["model"] for each in adviser("POST", "/residents/search", {"q": "robert raremana"}).json["items"]}
    return str(found)


def test_what_cannot_be_proposed_or_accepted_is_refused_in_words(
        application: Flask, world: World, leader: Wearer, tmp_path: Path) -> None:
    asked = ("calibrate", "--council", BOROUGH, "--out", str(tmp_path))
    few = run(application, *asked, "--by", username(world, leader), "--decisions-only")
    assert few.exit_code == 1 and "0 pairs were found to be one person's; from 20 on they say something" in few.output
    adviser = world.wearer(BOROUGH, "adviser")
    nobody = run(application, *asked, "--by", username(world, adviser), "--decisions-only")
    assert nobody.exit_code == 1 and "is no team leader of" in nobody.output
    other, broken = tmp_path / f"{SHIPPED}.toml", tmp_path / "broken.toml"
    other.write_text(TEXT.replace("exact = { m = 0.77", "exact = { m = 0.76", 1).replace(
        "nickname = { m = 0.06", "nickname = { m = 0.07"))
    broken.write_text(TEXT.replace(f'"{SHIPPED}"', '"broken"').replace("m = 0.77", "m = 0.78"))
    for file, words in ((other, f"There are other weights called {SHIPPED}"), (broken, "its m add up to 1.010")):
        refused = run(application, "accept", str(file))
        assert refused.exit_code == 1 and words in refused.output, refused.output
    assert world.session.scalar(text("SELECT count(*) FROM match_weights")) == 0


def test_without_splink_one_line_says_how_to_get_it(
        application: Flask, world: World, leader: Wearer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yardstick, "find_spec", lambda name: None)
    asked = run(application, "calibrate", "--council", BOROUGH, "--by", username(world, leader))
    assert asked.exit_code == 1 and asked.output == f"Error: {MISSING}\n"


def test_levels_are_counted_for_those_alone_of_whom_both_records_say_something() -> None:
    assert counts([SAME_NAME, SHORT_NAME])[Comparison.FORENAME] == Counter({Level.EXACT: 1, Level.NICKNAME: 1})
    assert not counts([SAME_NAME])[Comparison.BIRTH]
