"""A published policy binds every transaction that begins after it, in every process, and never changes; one that cannot be read
or is not what was published lets nobody see anything."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import NotReady
from app.policy.actions import Action
from app.policy.models import PolicyVersion
from app.policy.publishing import SHIPPED, live, live_at, publish
from app.policy.rules import PolicyFiles
from app.policy.work import Desk
from app.residents.models import Resident
from tests import clusters
from tests.world import BOROUGH, COUNTY, Wearer, World

SEE = frozenset({Action.RESIDENT_SEE})
ROOT = Path(__file__).parents[2]
FILES = PolicyFiles.read(SHIPPED).content


def narrowed(nobody_sees: str = "adviser,*,*,resident:see,name address channels birth needs history choices,enquiry,consented,") \
        -> dict[str, str]:
    """The shipped policy without what advisers see because a resident agreed to sharing."""
    lines = [line for line in FILES["grants.csv"].splitlines() if not line.startswith(nobody_sees)]
    assert len(lines) == len(FILES["grants.csv"].splitlines()) - 1
    return FILES | {"grants.csv": "\n".join(lines) + "\n"}


@pytest.fixture
def shared(world: World) -> Resident:
    """A resident of the borough who agreed to sharing."""
    made = world.resident(BOROUGH)
    world.choose(made, "sharing", "given", world.wearer(BOROUGH, "adviser"))
    return made


def sees(desk: Desk, wearer: Wearer) -> int:
    with desk.work(wearer.secret, SEE) as work:
        return len(work.session.scalars(select(Resident.ref)).all())


@contextmanager
def reading_elsewhere(application: Flask, wearer: Wearer) -> Iterator[subprocess.Popen[str]]:
    """Another process of the application that reads in a loop; each line says when a transaction began and what it saw."""
    settings = application.config["JC_SETTINGS"]
    known = {"DATABASE_URL": settings.database_url, "JC_OWNER_URL": settings.owner_url, "JC_ADMIN_URL": settings.admin_url,
             "JC_ROLE_PREFIX": settings.role_prefix, "READER": wearer.secret, "JC_ENVIRONMENT": "test"}
    with subprocess.Popen([sys.executable, "-m", "tests.policy.reader"], cwd=ROOT, env=clusters.environment(known), text=True,
                          stdout=subprocess.PIPE) as reader:
        try:
            yield reader
        finally:
            reader.kill()


def test_what_one_process_publishes_no_read_of_another_that_begins_later_ignores(
        application: Flask, desk: Desk, world: World, shared: Resident) -> None:
    adviser = world.adviser(COUNTY)
    with reading_elsewhere(application, adviser) as reader:
        assert reader.stdout is not None
        before = [reader.stdout.readline() for _ in range(30)]
        publish(world.session, desk.shelf, narrowed(), "Advisers see their own council's residents only")
        world.session.commit()
        committed = time.monotonic_ns()
        late: list[str] = []
        while len(late) < 40:
            began, seen = reader.stdout.readline().split()
            late += [seen] if int(began) > committed else []
    assert {line.split()[1] for line in before} == {"1"}, "it saw the resident before"
    assert set(late) == {"0"}
    assert sees(desk, adviser) == 0, "nor does the process that published it"


def test_a_version_may_begin_later_and_end_by_itself(desk: Desk, world: World, shared: Resident) -> None:
    adviser, now = world.adviser(COUNTY), world.now
    publish(world.session, desk.shelf, narrowed(), "From tomorrow on", live_from=now + timedelta(days=1))
    world.session.commit()
    assert sees(desk, adviser) == 1
    publish(world.session, desk.shelf, narrowed(), "At once, for three days", live_until=now + timedelta(days=3))
    world.session.commit()
    assert sees(desk, adviser) == 0
    world.add(PolicyVersion(number=4, content=narrowed(), fingerprint="no more", published_at=now, reason="It has ended",
                            live_from=now - timedelta(days=3), live_until=now - timedelta(seconds=1)))
    world.session.commit()
    assert sees(desk, adviser) == 0 and live(world.session).number == 3
    numbers = {days: live_at(world.session, world.session.scalar(text("SELECT now()")) + timedelta(days=days)).number
               for days in (0, 2, 4)}
    assert numbers == {0: 3, 2: 3, 4: 2}, "what was put in for tomorrow is live once the hasty one has ended"
    assert live_at(world.session, now - timedelta(days=9)) is None


def test_a_published_version_is_never_changed_nor_deleted(world: World) -> None:
    for statement in ("UPDATE policy_version SET reason = 'another'", "DELETE FROM policy_version",
                      "TRUNCATE policy_version CASCADE"):
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            world.session.execute(text(statement))
        world.session.rollback()


@pytest.mark.parametrize(("content", "fingerprint", "why"), [
    (FILES | {"grants.csv": FILES["grants.csv"].replace("adviser,", "advisor,", 1)}, "f" * 64, "Did you mean adviser"),
    ({}, "f" * 64, "cannot be read"), (narrowed(), "f" * 64, "its fingerprint is another"),
], ids=["an unknown word", "nothing", "another fingerprint"])
def test_a_version_that_cannot_be_trusted_lets_nobody_see_anything_and_readiness_says_why(
        client: FlaskClient, desk: Desk, world: World, shared: Resident, content: dict[str, str], fingerprint: str,
        why: str) -> None:
    adviser = world.adviser(BOROUGH)
    assert sees(desk, adviser) == 1 and client.get("/readyz").status_code == 200
    now = world.now
    world.add(PolicyVersion(number=2, content=content, fingerprint=fingerprint, published_at=now, live_from=now, reason="Spoilt"))
    world.session.commit()
    with pytest.raises(NotReady, match=why):
        sees(desk, adviser)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json["policy"] is False and why in answer.json["why"]


def test_a_policy_goes_out_to_files_and_comes_back_without_loss(application: Flask, world: World, tmp_path: Path) -> None:
    run = application.test_cli_runner().invoke
    assert "version 1 is written" in run(args=["policy", "export", str(tmp_path / "out")]).output
    for name, words in FILES.items():
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == words
    assert "nothing was changed" in run(args=["policy", "import", str(tmp_path / "out"), "--reason", "The same"]).output
    (tmp_path / "out" / "grants.csv").write_text(narrowed()["grants.csv"], encoding="utf-8")
    assert "stays" in run(args=["policy", "import", str(tmp_path / "out")]).output, "without a reason nothing is replaced"
    assert "version 2 is live" in run(args=["policy", "import", str(tmp_path / "out"), "--reason", "Less"]).output
    run(args=["policy", "export", str(tmp_path / "back"), "--number", "2"])
    for name in FILES:
        assert (tmp_path / "back" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert "There is no policy version 9" in run(args=["policy", "export", str(tmp_path / "x"), "--number", "9"]).output
