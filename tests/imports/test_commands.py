"""Loads from the command line; one process is killed in the middle of its work, and another goes on with nothing twice and
nothing lost."""

import csv
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from time import monotonic, sleep

from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from app.imports import operations
from app.imports.models import ImportRun
from app.kernel.addresses import Addresses
from app.staff.models import Person
from tests import clusters
from tests.imports.files import csv_of, workbook
from tests.imports.loads import HEADINGS, Loads, person
from tests.world import BOROUGH, COUNTY, World


def run(application: Flask, *words: str) -> Result:
    return application.test_cli_runner().invoke(args=["residents", "import", *words])


def username(loads: Loads) -> str:
    return loads.world.session.get_one(Person, loads.wearer.person_id).username


def test_a_file_is_checked_loaded_and_what_came_back_is_mended_and_loaded(application: Flask, loads: Loads, tmp_path: Path) -> None:
    file, back = tmp_path / "people.csv", tmp_path / "back.csv"
    file.write_bytes(csv_of(HEADINGS, person(1), person(2, telephone="+1+1", needs="@1+1"), person(3)))
    asked = (str(file), "--council", BOROUGH, "--by", username(loads), "--handed-back", str(back))
    dry = run(application, *asked, "--dry-run")
    assert dry.exit_code == 0 and "2 rows are fine; 0 with a slip mended; 1 handed back" in dry.output
    assert loads.counts()["resident"] == 0
    done = run(application, *asked)
    assert "2 residents recorded" in done.output and loads.counts()["resident"] == 2
    rows = list(csv.reader(back.read_text("utf-8-sig").splitlines()))
    assert rows[1][0] == "3" and "not a telephone number" in rows[1][1] and rows[1][2:4] == ["Givenaaac", "Familyaaac"]
    assert (rows[1][6], rows[1][9]) == ("'+1+1", "'@1+1") and len(rows) == 2
    back.write_text(back.read_text("utf-8-sig").replace("'+1+1", "'+441823000002").replace("'@1+1", ""), "utf-8")
    again = run(application, str(back), "--council", BOROUGH, "--by", username(loads), "--handed-back", str(back))
    assert "1 residents recorded" in again.output and "apostrophe" in again.output, again.output
    live = loads.world.session.scalar(text("SELECT count(*) FROM sign_in WHERE kind = 'job' AND revoked_at IS NULL"))
    assert (live, back.stat().st_mode & 0o777) == (0, 0o600), "no sign-in of a command outlives it"


def test_a_workbook_is_loaded_and_what_is_wrong_with_a_file_or_a_person_is_told(application: Flask, loads: Loads,
                                                                                tmp_path: Path) -> None:
    book, plain, dated = tmp_path / "people.xlsx", tmp_path / "people.csv", tmp_path / "dated.csv"
    book.write_bytes(workbook([["Name", "Address", "Postcode", "DOB", "Phone"],
                               ["Ama Owusu", "1 Mill Lane", "TA1 1HE", date(1971, 3, 27), 1823555012]]))
    plain.write_bytes(csv_of(HEADINGS, person(1, given="Amélie"), encoding="cp1252"))
    dated.write_bytes(csv_of(HEADINGS, person(1, born="27/3/1971"), person(2, born="3/27/1971")))
    who = ("--council", BOROUGH, "--by", username(loads))
    assert "1 residents recorded" in run(application, str(book), *who).output
    asked = run(application, str(plain), *who)
    assert asked.exit_code == 1 and "say in which letters it was saved" in asked.output
    assert "1 residents recorded" in run(application, str(plain), *who, "--encoding", "cp1252").output
    assert "dates of two styles" in run(application, str(dated), *who).output
    assert "no team leader" in run(application, str(book), "--council", COUNTY, "--by", username(loads)).output
    assert "name a file" in run(application, *who).output
    assert "We found nothing" in run(application, *who, "--resume", "K4F-72M-9QX").output


def test_a_load_that_is_killed_goes_on_with_nothing_twice_and_nothing_lost(
        application: Flask, database: Addresses, loads: Loads, world: World, tmp_path: Path) -> None:
    rows, file = 2_000, tmp_path / "people.csv"
    good = rows - rows // 100
    lines = [person(n, postcode="nowhere") if n % 100 == 7 else person(n) for n in range(rows)]
    file.write_bytes(csv_of(HEADINGS, *lines))
    who = ("--council", BOROUGH, "--by", username(loads), "--handed-back", str(tmp_path / "back.csv"))
    for enough in (500, 1_000):
        arguments = (str(file), *who) if enough == 500 else (*who, "--resume", _run(world).ref)
        _killed_when(database, world, arguments, "recorded", enough)
    at = _run(world)
    assert at.step == "loading" and 1_000 <= at.recorded < good, "it was killed in the middle"
    assert loads.counts()["resident"] == at.recorded, "what is told is what is there"
    gone_on = run(application, *who, "--resume", at.ref)
    assert gone_on.exit_code == 0 and f"{good:,} residents recorded" in gone_on.output
    assert loads.counts()["resident"] == loads.counts()["import_record"] == good
    twice = world.session.scalar(text(
        "SELECT count(*) FROM (SELECT given, family FROM resident_name GROUP BY given, family HAVING count(*) > 1) x"))
    back = list(csv.reader((tmp_path / "back.csv").read_text("utf-8-sig").splitlines()))[1:]
    assert twice == 0 and [int(row[0]) for row in back] == [n + 2 for n in range(7, rows, 100)]
    world.session.commit()
    loads.do(operations.take_back, at.ref)
    _killed_when(database, world, (*who, "--resume", at.ref), "taken_back", 500)
    half = _run(world)
    assert half.step == "undoing" and 500 <= half.taken_back < good and loads.counts()["resident"] == good - half.taken_back
    assert run(application, *who, "--resume", at.ref).exit_code == 0
    undone = _run(world)
    assert (undone.step, undone.taken_back, loads.counts()["resident"]) == ("undone", good, 0), "the whole load, and nothing twice"


def _run(world: World) -> ImportRun:
    world.session.expire_all()
    found = world.session.scalars(select(ImportRun)).one()
    world.session.commit()
    return found


def _killed_when(at: Addresses, world: World, arguments: tuple[str, ...], what: str, enough: int) -> None:
    """A process of its own, killed without a warning as soon as so many are recorded, or taken back."""
    settings = clusters.settings(at)
    known = {"JC_ENVIRONMENT": "test", "JC_DATABASE_URL": settings.database_url, "JC_OWNER_URL": settings.owner_url}
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "residents", "import", *arguments],
                               env=clusters.environment(known), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = monotonic() + 120
    while monotonic() < until and process.poll() is None:
        if (world.session.scalar(text(f"SELECT max({what}) FROM import_run")) or 0) >= enough:
            world.session.rollback()
            process.send_signal(signal.SIGKILL)
            break
        world.session.rollback()
        sleep(0.02)
    process.wait(timeout=30)
    assert process.stderr is not None
    assert process.returncode == -signal.SIGKILL, process.stderr.read().decode()[-2000:]
    process.stderr.close()
