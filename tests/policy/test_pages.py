"""The policy as administrators read it: the table, its squares, the sentences, the file for a spreadsheet."""

import csv
import io
import re

import pytest
from flask import Flask

from app.policy.matrix import draw, said_by
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.sentences import by_line, grant_sentence
from app.policy.views import of_records
from app.policy.words import ScopeWord
from app.shell.assets import ensure_built
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, COUNTY, World


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


def test_only_administrators_read_the_policy(application: Flask, world: World) -> None:
    for organisation, role in [(BOROUGH, "adviser"), (BOROUGH, "information_officer"), (BINS, "contractor"),
                               (BINS, "partner_manager"), (COUNTY, "auditor")]:
        browser = signed_in(application, world.wearer(organisation, role))
        for path in ("/policy", "/policy/rules", "/policy/matrix.csv"):
            assert browser.get(path).status_code == 403, (role, path)


def test_every_square_says_what_casbin_says_and_opens_its_sentences(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    rulebook = gate().desk.shelf.shipped
    for purpose in (Purpose.ENQUIRY, Purpose.DELIVER, Purpose.RIGHTS):
        page = browser.get(f"/policy?purpose={purpose}").text
        assert page.count('scope="row"') and page.count('scope="colgroup"') and "<caption" in page
        assert 'role="region" tabindex="0"' in page
        drawn = of_records(draw(said_by(rulebook, BOROUGH, None, (purpose,)), purpose))
        assert all(scope is not ScopeWord.ANY for _, scope in drawn.columns) and len(drawn.rows) > 3
        words = [square.word for _, squares in drawn.rows for square in squares]
        shown = re.findall(r'aria-hidden="true">.</span> ([^<]+)<span class="govuk-visually-hidden">:', page)
        assert shown == words
    opened = browser.get("/policy?purpose=enquiry&role=team_leader&scope=consented&group=needs").text
    why = opened[opened.index('id="why"'):]
    assert "Advisers may see residents&#39; records" in why and "where the resident agreed to sharing" in why
    assert "Where the resident objected to that organisation, we withhold" in why
    never = browser.get("/policy?purpose=enquiry&role=adviser&scope=consented&group=identity").text
    assert "No line of the policy allows this" in never
    assert 'id="why"' not in browser.get("/policy?purpose=enquiry&role=adviser&scope=moon&group=name").text


def test_unknown_purposes_and_organisations_are_refused_in_words(application: Flask, world: World) -> None:
    browser = signed_in(application, world.wearer(COUNTY, "administrator"))
    assert browser.get("/policy?purpose=gossip").status_code == 422
    assert browser.get("/policy?organisation=nowhere").status_code == 422
    assert "policy:read" in browser.get("/policy/matrix.csv?purpose=run").text
    assert "No resident&#39;s data" in browser.get("/policy?purpose=run").text
    assert "Nothing is allowed for this purpose" in browser.get("/policy?purpose=inform").text


def test_the_file_for_a_spreadsheet_holds_the_same_squares(application: Flask, world: World) -> None:
    answer = signed_in(application, world.wearer(COUNTY, "administrator")).get("/policy/matrix.csv?purpose=match")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="policy-1-match.csv"'
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == ["group", "team_leader@consented", "team_leader@home"] and len(rows) == 7


def test_every_rule_and_mask_is_on_the_page_of_rules(application: Flask, world: World) -> None:
    page = signed_in(application, world.wearer(COUNTY, "administrator")).get("/policy/rules").text
    rulebook = gate().desk.shelf.shipped
    lines = by_line(rulebook.grants())
    assert f"{len(lines)} rules." in page
    for line in lines:
        assert grant_sentence(*line).replace("'", "&#39;") in page
    assert "Team leaders may do whatever advisers may." in page
    assert page.count("we withhold") == len(rulebook.masks())
    assert rulebook.fingerprint in page
