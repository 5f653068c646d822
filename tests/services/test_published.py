"""The published list is read to its end, bad rows are handed back, and importing twice is importing once."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.services import queries
from app.services.models import Service
from app.services.partnership import load, read
from app.services.published import disagreements, merge_published, read_published
from tests.organisations.folders import Edited

HEADING = "LGSL,Description,Providing Tier\n"
GOOD = HEADING + "524,Find out  about the bin day,district/unitary\n437,Find out about lending,county/unitary\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of two services."""
    path = tmp_path / "list.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_bad_rows_are_handed_back_and_the_rest_is_taken(listed: Path) -> None:
    bad = "x,Name,all\n437,Again,all\n7,,all\n8,Name,county\n9,Name\n\n10,Last,all\n"
    listed.write_text(GOOD + bad, encoding="utf-8")
    found = read_published(listed)
    assert [service.lgsl for service in found.services] == [524, 437, 10]
    assert found.services[0].name == "Find out about the bin day"
    assert [(row.line, row.reason.split(";")[0]) for row in found.handed_back] == [
        (4, "“x” is not a service's code"), (5, "437 was on line 3 already, which was taken"),
        (6, "the description is empty"), (7, "“county” is not a tier"), (8, "has 2 cells")]
    assert found.handed_back[0].row == "x,Name,all"


@pytest.mark.parametrize(("content", "told"), [
    (b"LGSL;Description;Providing Tier\n", "line 1: the heading is"), (b"", "line 1: the heading is"),
    (b"LGSL,Description,Providing Tier\n1,\xe9,all\n", "not UTF-8")])
def test_a_file_that_is_no_such_list_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=told):
        read_published(path)
    with pytest.raises(Invalid, match="cannot be opened"):
        read_published(tmp_path / "nowhere.csv")


def test_importing_twice_changes_nothing(session: Session, listed: Path) -> None:
    services = read_published(listed).services
    assert merge_published(session, services).words() == "added 2 services"
    session.commit()
    assert merge_published(session, services).nothing


@pytest.mark.parametrize("list_first", [True, False])
def test_the_partnerships_own_words_hold_whichever_comes_first(session: Session, listed: Path, folder: Edited,
                                                               list_first: bool) -> None:
    steps = [lambda: merge_published(session, read_published(listed).services),
             lambda: load(session, read(folder.path))]
    for step in steps if list_first else reversed(steps):
        step()
        session.commit()
    assert all(step().nothing for step in steps)
    names = {row.lgsl: (row.name, row.published_name) for row in session.scalars(select(Service))}
    assert names[524] == ("Missed bin", "Find out about the bin day")
    assert names[437] == ("Find out about lending", "Find out about lending")
    assert names[528] == ("Bulky waste", None)


def test_a_service_taken_out_of_the_catalogue_keeps_its_row_and_is_offered_only_if_published(
        session: Session, listed: Path, folder: Edited) -> None:
    merge_published(session, read_published(listed).services)
    load(session, read(folder.path))
    session.commit()
    folder.write("services.csv", "service,name,tier,description,words\n557,Pothole,county/unitary,A hole.,\n")
    for file in ("needs.csv", "local.csv", "deliveries.csv"):
        lines = (folder.path / file).read_text(encoding="utf-8").splitlines()
        folder.write(file, "\n".join(line for line in lines if "524" not in line and "528" not in line) + "\n")
    folder.write("fields.csv", "service,name,label,kind,choices,required,why\n")
    folder.replace("agreements/tidewaste.toml", "[524, 528]", "[557]")
    load(session, read(folder.path))
    session.commit()
    assert queries.service(session, 524).name == "Find out about the bin day"
    assert queries.service(session, 528).name == "Bulky waste"
    assert [service.lgsl for service in queries.catalogue(session)] == [437, 524, 557]
    assert queries.search(session, "bulky") == []


def test_a_tier_that_differs_from_the_list_is_told_and_holds(session: Session, listed: Path, folder: Edited) -> None:
    load(session, read(folder.path))
    listed.write_text(HEADING + "524,Bins,county/unitary\n", encoding="utf-8")
    merge_published(session, read_published(listed).services)
    session.commit()
    assert [(row.lgsl, row.tier, row.published_tier) for row in disagreements(session)] == [
        (524, "district/unitary", "county/unitary")]
