"""A move told beforehand takes place when its day begins, and the worker settles what follows from it."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from app.kernel.clock import london_date
from app.residents.jobs import PERIODIC
from app.residents.models import Resident, ResidentChange
from tests.world import BOROUGH, COUNTY, World


def settle(application: Flask, world: World) -> int:
    """As the worker does it, with nothing but its own rights."""
    world.session.execute(text(f"SET LOCAL ROLE {application.config['JC_SETTINGS'].role_prefix}_job"))
    done = world.session.scalar(text(PERIODIC[0].sql))
    world.session.commit()
    return int(done)


def moving(world: World, days: int, to: str | None) -> Resident:
    return world.resident(BOROUGH, home_until=london_date(world.now) + timedelta(days=days),
                          next_home_id=world.organisations[to].id if to else None)


def test_the_new_home_keeps_the_record_once_the_day_has_come(application: Flask, world: World) -> None:
    moved, later = moving(world, 0, COUNTY), moving(world, 1, COUNTY)
    assert settle(application, world) == 1
    for resident in (moved, later):
        world.session.refresh(resident)
    county, borough = world.organisations[COUNTY].id, world.organisations[BOROUGH].id
    assert (moved.home_id, moved.keeper_id, moved.home_until, moved.next_home_id) == (county, county, None, None)
    assert (later.home_id, later.keeper_id, later.next_home_id) == (borough, borough, county)
    assert settle(application, world) == 0


def test_who_leaves_the_area_takes_back_what_was_given_and_the_last_home_keeps_the_record(
        application: Flask, world: World) -> None:
    left, adviser, mover = moving(world, -3, None), world.adviser(BOROUGH), world.adviser(BOROUGH)
    world.add(*(ResidentChange(resident_id=left.id, grp=grp, version=version, before=None, after=[], at=world.now, hat_id=hat)
                for grp, version, hat in (("address", 1, adviser.hat_id), ("address", 2, mover.hat_id),
                                          ("name", 3, adviser.hat_id))))
    for matter, answer in (("sharing", "given"), ("news", "given"), ("surveys", "refused")):
        world.choose(left, matter, answer, adviser)
    assert left.shared
    assert settle(application, world) == 1
    world.session.refresh(left)
    assert (left.home_id, left.keeper_id, left.shared) == (None, world.organisations[BOROUGH].id, False)
    said = world.session.execute(text("SELECT matter, answer, hat_id FROM choice ORDER BY at, matter")).all()
    assert said[3:] == [("news", "withdrawn", mover.hat_id), ("sharing", "withdrawn", mover.hat_id)], "as who wrote the move down"
