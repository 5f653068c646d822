"""Two worlds that differ by one hidden resident, and outsiders who do the same in both: no byte of any answer differs.

JC_PROOF_SCRIPTS says how many scripts are run; each is drawn anew and goes through every address there is. A script
that failed is run again by its number alone: JC_PROOF_SCRIPT.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from app.kernel.database import db
from app.policy.routes import REGISTERED, gate
from app.policy.words import Role
from app.shell.assets import ensure_built
from tests import clusters
from tests.proof.neighbourhood import HIDDEN_HOW, Place, furnish, hide, outsiders
from tests.proof.outsiders import NOBODY, Script
from tests.proof.side_by_side import Differs, Pair, Side, chance
from tests.world import BOROUGH, COUNTY

# What the module lays down is laid down once.
pytestmark = pytest.mark.xdist_group("paired worlds")
SCRIPTS = int(os.environ.get("JC_PROOF_SCRIPTS", "4"))
ONLY = os.environ.get("JC_PROOF_SCRIPT")
BEGAN = 1_788_000_000_000_000_000


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@dataclass(frozen=True)
class Ground:
    """The application, the name of a database with the neighbourhood in it, and what that is."""

    application: Flask
    database: str
    place: Place


@pytest.fixture(scope="module")
def ground(template: str) -> Iterator[Ground]:
    with clusters.copy(template) as at:
        application = create_app(clusters.settings(at))
        with chance("the neighbourhood", BEGAN):
            place = furnish(application)
        with application.app_context():
            db.engine.dispose()
        yield Ground(application, urlsplit(at.database_url).path.removeprefix("/"), place)


@contextmanager
def worlds(ground: Ground, number: int, how: str | None = None, prepare: str | None = None) -> Iterator[Script]:
    """The script of that number, in two worlds of which only the second has somebody whom its outsiders may not see."""
    how, council = how or HIDDEN_HOW[number % len(HIDDEN_HOW)], (COUNTY, BOROUGH)[number % 2]
    with clusters.copy(ground.database) as first, clusters.copy(ground.database) as second:
        for at in (first, second) if prepare else ():
            with psycopg.connect(at.admin_url) as connection:
                connection.execute(prepare)
        one, two = Side(ground.application, first, 1), Side(ground.application, second, 2)
        with chance(f"hidden in script {number}", BEGAN), ground.application.app_context():
            hidden = hide(clusters.settings(second), ground.place, council, how)
        try:
            yield Script(Pair(one, two, f"{number}: {how} at {council}"), ground.application,
                         seen_from_outside(ground.place, council, hidden), outsiders(ground.place, council), number // 7)
        finally:
            one.close()
            two.close()


def seen_from_outside(place: Place, council: str, hidden: dict[str, str]) -> Place:
    """What the scripts know: at the door nobody of the resident's own council signs in, for its people may know."""
    return replace(place, hidden=hidden, logins={name: hat for name, hat in place.logins.items() if hat[0] != council})


def hand(script: Script, number: int) -> set[tuple[str, str]]:
    """Half of all addresses; the script before or after has the other half."""
    deck = sorted(script.rules)
    random.Random(number // 2).shuffle(deck)
    return set(deck[number % 2::2])


def test_outsiders_see_not_one_byte_of_a_hidden_resident_on_any_address(ground: Ground, record_property) -> None:
    visited, roles, calls, began = Counter(), Counter(), 0, time.monotonic()
    numbers = [int(ONLY)] if ONLY else range(max(SCRIPTS, 2))
    for number in numbers:
        with worlds(ground, number) as script:
            script.run(hand(script, number))
            visited += script.visited
            roles += script.asked_by
            calls += len(script.pair.asked)
    every, well = set(script.rules), {(endpoint, method) for endpoint, method, good in visited if good}
    figures = {"scripts": len(numbers), "calls": calls, "addresses": len(every), "answered well": len(well),
               "seconds": round(time.monotonic() - began)}
    record_property("paired worlds", figures)
    print(f"\npaired worlds: {figures}; asked by {dict(roles)}; never answered well: {sorted(every - well)}")
    if not ONLY:
        assert {(endpoint, method) for endpoint, method, _ in visited} >= every >= set(REGISTERED), "addresses left out"
        assert set(roles) == {*map(str, Role), NOBODY}
        # Where nothing but refusals comes back, nothing is compared.
        assert len(well) > 0.8 * len(every)


# The comparison shows what it is there for, with a fault planted in an application or a database of the test's own.

LOOKING = {("residents_api.search", "POST"), ("desk.found", "GET"), ("desk.find", "POST")}


def told_of(ground: Ground, how: str, addresses: set[tuple[str, str]], prepare: str | None = None) -> str:
    """What is reported when outsiders go to these addresses again and again."""
    with worlds(ground, 0, how, prepare) as script, pytest.raises(Differs) as told:
        for _ in range(25):
            script.run(addresses)
    return str(told.value)


def test_a_resident_who_is_not_hidden_is_reported_with_where_the_answers_part(ground: Ground) -> None:
    told = told_of(ground, "shared", LOOKING)
    assert "from byte" in told and "with the resident" in told


def test_a_page_that_counts_past_the_wall_is_reported(ground: Ground) -> None:
    application, honest = ground.application, ground.application.view_functions["rights.find_resident"]

    def counting(**path: Any) -> str:
        with gate().desk.engine.connect() as asked:
            at = urlsplit(clusters.server())._replace(path=f"/{asked.scalar(text('SELECT current_database()'))}")
        with psycopg.connect(urlunsplit(at)) as connection:
            count, = connection.execute("SELECT count(*) FROM resident").fetchone()
        return honest(**path).replace("</main>", f"<p>One of {count} records</p></main>")

    application.view_functions["rights.find_resident"] = counting
    try:
        told = told_of(ground, "refused", {("rights.find_resident", "GET")})
    finally:
        application.view_functions["rights.find_resident"] = honest
    assert "/residents" in told


def test_a_number_that_no_two_residents_may_have_is_reported(ground: Ground) -> None:
    told = told_of(ground, "refused", {("residents_api.record", "POST")},
                   "CREATE UNIQUE INDEX ON resident_channel (value) WHERE kind = 'email'")
    assert "POST /api/v1/residents" in told and "status: " in told
