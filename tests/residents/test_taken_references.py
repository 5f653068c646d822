"""A reference that was drawn by chance and is somebody's already costs nobody anything: the work is done again with another."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.imports import recording
from app.journal.models import Entry
from app.kernel.database import again_if_taken
from app.kernel.ids import new_reference
from app.residents import operations
from app.residents.models import Resident
from tests.imports.loads import Loads, person
from tests.residents.test_api import Program, recorded
from tests.world import BOROUGH, COUNTY, World


def draws(*first: str) -> Iterator[str]:
    yield from first
    while True:
        yield new_reference()


def test_a_call_is_done_again_with_another_reference(client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden, adviser = world.resident(COUNTY), world.wearer(BOROUGH, "adviser", kind="token")
    drawn = draws(hidden.ref)
    monkeypatch.setattr(operations, "new_reference", lambda: next(drawn))
    made = recorded(Program(client, world, adviser))
    assert made.status_code == 201 and made.json is not None and made.json["ref"] != hidden.ref
    world.session.expire_all()
    assert len(world.session.scalars(select(Resident)).all()) == 2
    assert world.session.scalars(select(Entry.event)).all().count("resident.recorded") == 1


def test_a_load_goes_on_with_another_reference(application: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    loads, hidden = Loads.of(application.extensions["jc_gate"].desk, world), world.resident(COUNTY)
    drawn = draws(new_reference(), hidden.ref)
    monkeypatch.setattr(recording, "new_reference", lambda: next(drawn))
    run = loads.loaded(*(person(n) for n in range(5)))
    assert run.recorded == 5 and loads.counts()["resident"] == loads.counts()["import_record"] + 1 == 6


def test_only_a_reference_is_drawn_again(world: World) -> None:
    tried = []

    def twice_named() -> None:
        tried.append(1)
        world.session.rollback()
        organisation = world.organisations[BOROUGH]
        world.session.execute(organisation.__table__.insert().values(id=organisation.id))

    with pytest.raises(IntegrityError):
        again_if_taken(twice_named)
    assert len(tried) == 1
