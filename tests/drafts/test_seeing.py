"""The table of who sees whom says what the guard does, opens what decides each square, and makes worked examples of them."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.drafts.models import Draft
from app.policy import seeing
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS
from app.policy.plainly import Plain
from app.policy.purposes import Purpose
from app.policy.seeing import Sight, Situation
from app.policy.situations import Sharing
from app.policy.words import Role
from app.policy.work import Desk
from app.residents.models import Resident
from app.shell.assets import ensure_built
from tests.drafts.office import Office
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, World


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@pytest.mark.parametrize("sharing", [Sharing.GIVEN, Sharing.REFUSED, Sharing.WITHDRAWN, Sharing.NOT_ASKED])
def test_a_square_says_what_the_guard_lets_that_hat_see(desk: Desk, world: World, sharing: Sharing) -> None:
    resident = world.resident(BOROUGH)
    answers = {Sharing.NOT_ASKED: [], Sharing.WITHDRAWN: ["given", "withdrawn"]}.get(sharing, [str(sharing)])
    for answer in answers:
        world.choose(resident, "sharing", answer, world.wearer(BOROUGH, "adviser"))
    situation = Situation(Purpose.ENQUIRY, sharing, BOROUGH)
    plain, shelf = Plain(desk.shelf.shipped.tables, desk.shelf.vocabulary), set[Sight]()
    for organisation, role in ((BOROUGH, Role.ADVISER), (COUNTY, Role.ADVISER), (COUNTY, Role.TEAM_LEADER)):
        viewer = world.wearer(organisation, str(role))
        world.contact(viewer)
        with desk.work(viewer.secret, frozenset({Action.RESIDENT_SEE})) as work:
            seen = work.session.scalars(select(Resident.id)).all() == [resident.id]
            shown, asked = work.reach.shown("resident")
            row = work.session.connection().execute(asked, {**work.session.values, "keys": [resident.id]}).one() if seen else ()
            groups = {group for group, so in zip(shown, row[1:], strict=False) if so}
        for group in RESIDENT_GROUPS:
            square = seeing.sight(plain, situation, role, organisation, group)
            shelf.add(square)
            assert (square is Sight.ALL) == (group in groups), (organisation, role, group)
    assert Sight.ALL in shelf and (sharing is Sharing.GIVEN) == (Sight.ASK not in shelf)


def test_the_table_is_drawn_for_a_choice_a_place_and_a_purpose(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    refused = browser.get(f"/policy/who?sharing=refused&home={BOROUGH}&purpose=enquiry").text
    assert "who refused sharing" in refused and "if they agree" in refused
    sheet = list(csv.reader(io.StringIO(browser.get(f"/policy/who.csv?sharing=refused&home={BOROUGH}").text)))
    rows = {row[0]: dict(zip(sheet[0][1:], row[1:], strict=True)) for row in sheet[1:]}
    assert set(rows) == {str(group) for group in RESIDENT_GROUPS}
    assert (rows["name"][f"adviser of {BOROUGH}"], rows["name"][f"adviser of {COUNTY}"]) == ("sees", "if they agree")
    assert all(row.get(f"adviser of {COUNTY}") != "sees" for row in rows.values()), "nothing of who refused"
    jobs = list(csv.reader(io.StringIO(browser.get(f"/policy/who.csv?sharing=refused&home={BOROUGH}&purpose=deliver").text)))
    assert any("for a job" in row for row in jobs[1:]) and any(BINS in heading for heading in jobs[0])
    for query in ("sharing=perhaps", "home=nowhere", "purpose=gossip", f"home={BINS}"):
        assert browser.get(f"/policy/who?{query}").status_code == 422, query


def test_a_square_opens_what_decides_it_and_the_examples_that_cover_it(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    where = f"/policy/who?sharing=refused&home={BOROUGH}&purpose=enquiry&role=adviser&organisation={COUNTY}&group=name"
    why = browser.get(where).text.partition('id="why"')[2]
    assert "They do not see it now" in why and "The resident would have to agree to sharing" in why
    assert "A refusal is the end of it: no" in why.partition("Worked examples")[2], "an example expects it"
    assert "none is being written" in why, "without a draft there is nothing to add an example to"
    assert 'id="why"' not in browser.get(where.replace("group=name", "group=moon")).text


def test_a_square_becomes_an_example_of_a_draft_and_comes_out_as_it_stands(
        application: Flask, world: World, office: Office) -> None:
    ref, browser = office.begun(), signed_in(application, office.author)
    where = f"/policy/who?sharing=withdrawn&home={BOROUGH}&purpose=enquiry&role=adviser&organisation={COUNTY}&group=birth"
    assert ref in browser.get(where).text
    bare = browser.post(where, data={"draft": "", "name": "", "rule": "R99"})
    assert bare.status_code == 422 and bare.text.count("govuk-error-message") == 3
    named = {"draft": ref, "rule": "R5", "name": "Who took the yes back, with a comma, is as who never said it"}
    assert browser.post(where, data=named).status_code == 303
    world.session.expire_all()
    content = world.session.scalars(select(Draft.content).where(Draft.ref == ref)).one()
    assert content["examples.csv"].rstrip().endswith(
        '"Who took the yes back, with a comma, is as who never said it",R5,adviser,,,enquiry,resident:see,birth,other,,withdrawn,'
        ',,,none,none,,no')
    page = browser.get(f"/policy/drafts/{ref}/tests").text
    assert "is as who never said it" in page and "come out otherwise" not in page
    assert browser.post(where, data=named).status_code == 303
    assert "has the same name" in browser.get(f"/policy/drafts/{ref}/tests").text


def test_every_example_is_listed_and_what_would_be_missed_with_each_line(application: Flask, world: World, desk: Desk) -> None:
    page = signed_in(application, world.wearer(COUNTY, "administrator")).get("/policy/tests").text
    assert "all come out as people expect" in page
    assert "Every rule, every mask and every cell of the table is tried by an example." in page
    assert "None: nobody would notice" not in page
    assert len(re.findall(r"As expected", page)) > 150


def test_only_who_may_read_the_policy_reads_its_examples(application: Flask, world: World) -> None:
    for organisation, role in ((BOROUGH, "adviser"), (BINS, "contractor"), (COUNTY, "auditor")):
        browser = signed_in(application, world.wearer(organisation, role))
        for path in ("/policy/who", "/policy/who.csv", "/policy/tests"):
            assert browser.get(path).status_code == 403, (role, path)
