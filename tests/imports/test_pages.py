"""A team leader brings a file, says what its columns hold, has it checked and loaded, sees how far it is, and takes it back; nobody
else sees any of it."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.imports.showing import time_left
from app.kernel.addresses import Addresses
from app.policy.routes import gate
from app.shell.assets import ensure_built
from tests import serving
from tests.imports.files import csv_of
from tests.imports.loads import GIVEN, HEADINGS, Loads, person
from tests.world import BOROUGH, COUNTY, Wearer, World


@pytest.fixture
def application(database: Addresses) -> Iterator[Flask]:
    """Without a context around the test: requests would share what is kept for one of them, such as who is asking."""
    ensure_built(lambda line: None)
    with serving.before(database) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


class Browser:
    """Somebody signed in, with a worker at hand."""

    def __init__(self, application: Flask, world: World, wearer: Wearer) -> None:
        self.application, self.world, self.wearer, self.client = application, world, wearer, application.test_client()
        with self.client.session_transaction() as session:
            session["_user_id"] = wearer.secret

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, **form: object) -> TestResponse:
        return self.client.post(path, data=form)

    def bring(self, content: bytes, name: str = "people.csv", **form: object) -> TestResponse:
        return self.client.post("/imports", **in_parts(form | {"file": FileStorage(io.BytesIO(content), name)}))

    def worked(self, ref: str) -> str:
        """The page after a worker was at it."""
        with self.application.app_context():
            Loads(gate().desk, self.world, self.wearer).work(ref)
        return self.main(f"/imports/{ref}")

    def main(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text[-1500:]
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def in_parts(form: dict[str, object]) -> dict[str, object]:
    """A form with a file, made in memory, however large."""
    boundary, body = encode_multipart(form)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@pytest.fixture
def leader(application: Flask, world: World) -> Browser:
    return Browser(application, world, world.wearer(BOROUGH, "team_leader"))


def settled(page: str) -> dict[str, str]:
    """What a page's selects say."""
    found = {}
    for name, options in re.findall(r'<select class="govuk-select" id="(column-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_file_is_brought_settled_checked_loaded_and_taken_back(leader: Browser) -> None:
    content = csv_of(HEADINGS.replace("Family name", "Called"), person(1, **GIVEN | {"evidence": ""}),
                     person(2, postcode="x"), person(3))
    arrived = leader.bring(content)
    assert arrived.status_code == 303
    ref = arrived.location.rsplit("/", 1)[1]
    page = leader.get(f"/imports/{ref}").text
    said = settled(page)
    assert said["column-0"] == "given" and said["column-1"] == "" and "Givenaaab" in page
    refused = leader.send(f"/imports/{ref}/columns", **said, dates="day-first")
    assert refused.status_code == 422 and "which column holds the family name" in refused.text
    assert settled(refused.text) == said
    assert leader.send(f"/imports/{ref}/columns", **said | {"column-1": "family"}, dates="day-first").location == f"/imports/{ref}"
    assert "Being checked" in leader.main(f"/imports/{ref}")
    checked = leader.worked(ref)
    assert "Rows that are fine 2" in checked and "Rows handed back 1" in checked and "Postcode: “x” is not a postcode" in checked
    back = leader.get(f"/imports/{ref}/handed-back.csv")
    assert back.mimetype == "text/csv" and "attachment" in back.headers["Content-Disposition"] and "Givenaaac" in back.text
    assert "not asked" in leader.get(f"/imports/{ref}/left-out.csv").text
    assert leader.send(f"/imports/{ref}/load").status_code == 422
    assert leader.send(f"/imports/{ref}/load", with_matches="load").status_code == 303
    assert "0 rows of 3" in leader.main(f"/imports/{ref}")
    assert "Residents recorded 2" in leader.worked(ref)
    assert leader.send(f"/imports/{ref}/load", with_matches="load").status_code == 409
    assert leader.send(f"/imports/{ref}/take-back").status_code == 303
    assert "Records taken back 2" in leader.worked(ref)
    assert leader.send(f"/imports/{ref}/put-away").status_code == 303
    assert "Put away" in leader.main(f"/imports/{ref}") and ref in leader.main("/imports")
    again = leader.get(leader.bring(content).location).text
    assert settled(again)["column-1"] == "family", "what was said of the columns is remembered"


def test_a_step_is_stopped_gone_on_with_and_said_to_be_silent(leader: Browser) -> None:
    ref = leader.bring(csv_of(HEADINGS, *map(person, range(1, 4)))).location.rsplit("/", 1)[1]
    said = settled(leader.get(f"/imports/{ref}").text)
    leader.send(f"/imports/{ref}/columns", **said, dates="day-first")
    assert leader.send(f"/imports/{ref}/stop").status_code == 303
    stopped = leader.worked(ref)
    assert "Being checked: stopped" in stopped and "Go on" in stopped
    leader.send(f"/imports/{ref}/go-on")
    leader.world.session.connection().exec_driver_sql("UPDATE import_run SET seen_at = now() - interval '3 minutes'")
    leader.world.session.commit()
    assert "Nobody has worked on this for two minutes" in leader.main(f"/imports/{ref}")
    assert "Rows that are fine 3" in leader.worked(ref)
    assert leader.send(f"/imports/{ref}/stop").status_code == leader.send(f"/imports/{ref}/go-on").status_code == 409


def test_what_is_no_file_of_residents_is_told_beside_the_field(leader: Browser) -> None:
    for content, words in ((b"", "the file is empty"), (csv_of(person(1), person(2)), "seems to hold data"),
                           (b"\x89PNG\r\n\x1a\n", "column")):
        answer = leader.bring(content)
        assert answer.status_code == 422 and words in answer.text
    assert "Choose a file" in leader.send("/imports").text
    asked = leader.bring(csv_of(HEADINGS, person(1, given="Amélie"), encoding="cp1252"))
    page = leader.get(asked.location)
    assert "say in which letters it was saved" in page.text
    said = settled(page.text)
    assert leader.send(f"{asked.location}/columns", **said, dates="day-first").status_code == 422
    assert leader.send(f"{asked.location}/columns", **said, dates="day-first", encoding="cp1252").status_code == 303
    large = leader.bring(csv_of(HEADINGS, person(1)) + b",,\n" * 500_000)
    assert large.status_code == 303, "a file may be larger than any other form"
    much = in_parts({"junk": "x" * 2_000_000})
    assert leader.client.post("/imports/K4F-72M-9QX/stop", **much).status_code == 413
    assert leader.application.test_client().post("/imports", **much).status_code == 413, "for who is signed in"


def test_a_load_is_its_councils_alone_and_for_team_leaders(application: Flask, world: World, leader: Browser) -> None:
    ref = leader.bring(csv_of(HEADINGS, person(1))).location.rsplit("/", 1)[1]
    other = Browser(application, world, world.wearer(COUNTY, "team_leader"))
    for path in (f"/imports/{ref}", f"/imports/{ref}/handed-back.csv"):
        hidden, absent = other.get(path), other.get(path.replace(ref, "K4F-72M-9QX"))
        assert hidden.status_code == absent.status_code == 404
    assert ref not in other.get("/imports").text
    for role in ("adviser", "information_officer", "administrator", "auditor"):
        assert Browser(application, world, world.wearer(BOROUGH, role)).get("/imports").status_code == 403


def test_how_long_the_rest_may_take_is_said_in_words() -> None:
    assert time_left(timedelta(minutes=3), 4_210, 12_000) == "about 6 minutes left"
    assert time_left(timedelta(hours=1), 1_000, 3_016) == "about 2 hours and 1 minute left"
    assert time_left(timedelta(seconds=5), 900, 1_000) == "less than a minute left"
    assert time_left(timedelta(0), 0, 10) == time_left(timedelta(9), 10, 10) == ""
