"""Who speaks is remembered for one transaction, and the memory cannot be written, brought along or lengthened by anybody."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from app.policy import wall
from app.policy.work import Desk
from tests.world import BOROUGH, COUNTY, Wearer, World

KEPT = ("SELECT current_setting('jc.speaker') AS speaker, current_setting('jc.seal') AS seal,"
        " current_setting('jc.contact') AS contact")
SEEN = "SELECT count(*) FROM resident"


@contextmanager
def speaking(desk: Desk, wearer: Wearer) -> Iterator[Connection]:
    with desk.engine.connect() as connection, connection.begin():
        wall.begin(connection, desk.prefix, wearer.secret, None)
        yield connection


def wear(connection: Connection, desk: Desk, **settings: str) -> None:
    """What somebody can do who got hold of the application's connection: put on an audience, and set what they like."""
    for name, value in ({"role": f"{desk.prefix}_council"} | {"contact": ""} | settings).items():
        connection.execute(text("SELECT set_config(:n, :v, true)"), {"n": name if name == "role" else f"jc.{name}", "v": value})


@contextmanager
def under_a_role(desk: Desk, **settings: str) -> Iterator[Connection]:
    with desk.engine.connect() as connection, connection.begin():
        wear(connection, desk, **settings)
        yield connection


def test_it_is_remembered_in_the_transaction_and_forgotten_after_it(desk: Desk, world: World) -> None:
    world.resident(BOROUGH)
    adviser = world.adviser(BOROUGH)
    with desk.engine.connect() as connection:
        with connection.begin():
            wall.begin(connection, desk.prefix, adviser.secret, None)
            assert str(adviser.person_id) in connection.scalar(text(KEPT))
            assert connection.scalar(text(SEEN)) == 1
            world.session.execute(text("UPDATE sign_in SET revoked_at = now()"))
            world.session.commit()
            assert connection.scalar(text(SEEN)) == 1, "it decides until the transaction ends"
            kept = connection.execute(text(KEPT)).one()
        with connection.begin():
            wear(connection, desk, secret=adviser.secret, contact=kept.contact, speaker=kept.speaker, seal=kept.seal)
            assert connection.scalar(text(SEEN)) == 0, "and no longer"


def test_what_somebody_writes_themselves_speaks_for_nobody(desk: Desk, world: World) -> None:
    world.resident(BOROUGH)
    borough, county = world.adviser(BOROUGH), world.adviser(COUNTY)
    with speaking(desk, borough) as connection:
        kept = connection.execute(text(KEPT)).one()
    for secret in ("", county.secret):
        for seal in (kept.seal, "", "0" * 64):
            with under_a_role(desk, secret=secret, contact=kept.contact, speaker=kept.speaker,
                              seal=seal) as connection:
                assert connection.scalar(text(SEEN)) == 0
                assert connection.scalar(text("SELECT (wall.speaker()).organisation_id")) == (
                    county.organisation_id if secret else None)


def test_another_speaker_in_place_of_the_one_remembered_is_worked_out_anew(desk: Desk, world: World) -> None:
    world.resident(BOROUGH)
    borough, county = world.adviser(BOROUGH), world.adviser(COUNTY)
    with speaking(desk, county) as connection:
        assert connection.scalar(text(SEEN)) == 0
        said = connection.scalar(text(KEPT)).replace(str(county.organisation_id), str(borough.organisation_id))
        connection.execute(text("SELECT set_config('jc.speaker', :s, true)"), {"s": said})
        assert connection.scalar(text(SEEN)) == 0, "the seal is of other words"
        connection.execute(text("SELECT set_config('jc.secret', :s, true)"), {"s": borough.secret})
        assert connection.scalar(text(SEEN)) == 1, "who has a secret speaks by it"


def test_who_speaks_for_nobody_sees_not_even_what_is_shared(desk: Desk, world: World) -> None:
    world.resident(BOROUGH, shared=True)
    with speaking(desk, world.adviser(COUNTY)) as connection:
        assert connection.scalar(text(SEEN)) == 1
    with under_a_role(desk, secret="") as connection:
        assert connection.scalar(text(SEEN)) == 0


def test_a_unit_of_whatever_name_moves_no_word_of_who_speaks(desk: Desk, world: World) -> None:
    world.resident(BOROUGH)
    adviser = world.adviser(BOROUGH)
    world.session.execute(text("UPDATE hat SET unit = :u WHERE person_id = :p"),
                          {"u": 'waste, "office",partner,(x)', "p": adviser.person_id})
    world.session.commit()
    with speaking(desk, adviser) as connection:
        assert connection.scalar(text(SEEN)) == 1
        assert connection.scalar(text("SELECT wall.org('council')")) == adviser.organisation_id
        assert connection.scalar(text("SELECT wall.person('council')")) == adviser.person_id
        assert connection.scalar(text("SELECT wall.org('partner')")) is None


@pytest.mark.parametrize("audience", ["web", "council", "partner", "rights", "office", "signin", "job"])
@pytest.mark.parametrize("statement", ["SELECT key FROM wall.seal", "SELECT wall.sealed('x')", "SELECT wall.secrecy()",
                                       "SELECT wall.said()"])
def test_nobody_reads_the_key_or_seals_anything(desk: Desk, world: World, audience: str, statement: str) -> None:
    with under_a_role(desk, role=f"{desk.prefix}_{audience}") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text(statement))
