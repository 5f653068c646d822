"""Publishers' files through the real command: what is taken, what is handed back, what is refused and how."""

import csv
import dataclasses
import sys
from datetime import date

import brotli
import msgpack
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.places.imports import edition_of
from app.places.models import Authority, Place, Sector
from app.places.package import DISTRIBUTION, NEEDED, PackagedPostcodes, installed_package

HEADING = ("Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,"
           "Admin_county_code,Admin_district_code,Admin_ward_code")
SHORT = "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC"
TAUNTON = '"TA1 1AA",10,322267,125484,"E92000001","E19000002","E18000010","E10000027","E07000190","E05006872"'
BATH = '"BA1 1AA",10,375000,164000,"E92000001","E19000002","E18000010","","E06000022","E05001935"'
ONSPD = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osgrdind"
LIVE = "TA1 1AA,TA1  1AA,TA1 1AA,198001,,E10000027,E58001399,E07000190,1"
ENDED = "TA1 9ZZ,TA1  9ZZ,TA1 9ZZ,198001,199606,E99999999,E99999999,E06000022,1"
JERSEY = "JE1 1AA,JE1  1AA,JE1 1AA,198001,,L99999999,L99999999,L99999999,9"

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
def stored(engine):
    """The rows of the table as they are now, by postcode and edition."""
    def rows():
        with Session(engine) as session:
            return {(p.postcode, p.edition): (p.county_gss, p.district_gss, p.quality, p.introduced, p.ended)
                    for p in session.scalars(select(Place))}
    return rows


def file_of(folder, *lines, name="ta.csv"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("heading", [[], [HEADING], [SHORT], [SHORT, HEADING]])
def test_code_point_is_read_with_and_without_its_heading(flask_places, stored, tmp_path, heading):
    flask_places("import", "--kind", "codepoint", "--edition", "2014-08", file_of(tmp_path, *heading, TAUNTON, BATH))
    assert stored() == {
        ("TA1 1AA", date(2014, 8, 1)): ("E10000027", "E07000190", 10, None, None),
        ("BA1 1AA", date(2014, 8, 1)): (None, "E06000022", 10, None, None),
    }


def test_a_second_run_changes_nothing_and_says_so(flask_places, stored, tmp_path):
    path = file_of(tmp_path, TAUNTON, BATH)
    first = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", path)
    assert "2 postcodes read, 2 added" in first.output
    before = stored()
    second = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", path)
    assert "2 postcodes read, nothing changed" in second.output
    assert stored() == before


def test_what_a_later_file_of_the_edition_says_otherwise_is_changed_and_counted(flask_places, stored, tmp_path):
    flask_places("import", "--kind", "codepoint", "--edition", "2014-08", file_of(tmp_path, TAUNTON, BATH))
    mended = file_of(tmp_path, TAUNTON.replace("E07000190", "E07000191"))
    done = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", mended)
    assert "1 postcodes read, 1 changed" in done.output
    assert stored()["TA1 1AA", date(2014, 8, 1)][1] == "E07000191" and len(stored()) == 2


@pytest.mark.parametrize("inside", [".", "CSV", "Data/CSV"])
def test_a_directory_of_areas_is_read_whole_as_the_publisher_packs_it(flask_places, stored, tmp_path, inside):
    folder = tmp_path / "codepo_gb" / inside
    folder.mkdir(parents=True)
    file_of(folder, TAUNTON, name="ta.csv")
    file_of(folder, BATH, name="ba.csv")
    flask_places("import", "--kind", "codepoint", "--edition", "2014-08", tmp_path / "codepo_gb")
    assert len(stored()) == 2


def test_the_ons_directory_keeps_the_postcodes_that_ended_and_knows_no_code_that_means_none(
        flask_places, stored, tmp_path):
    flask_places("import", "--kind", "onspd", "--edition", "2020-02", file_of(tmp_path, ONSPD, LIVE, ENDED, JERSEY))
    began = date(1980, 1, 1)
    assert stored() == {
        ("TA1 1AA", date(2020, 2, 1)): ("E10000027", "E07000190", 1, began, None),
        ("TA1 9ZZ", date(2020, 2, 1)): (None, "E06000022", 1, began, date(1996, 6, 1)),
        ("JE1 1AA", date(2020, 2, 1)): (None, None, 9, began, None),
    }


def test_the_ons_directory_is_read_under_the_names_of_its_newer_editions(flask_places, stored, tmp_path):
    heading = "pcd7,pcd8,pcds,dointr,doterm,cty25cd,ced25cd,lad25cd,gridind"
    flask_places("import", "--kind", "onspd", "--edition", "2025-11", file_of(tmp_path, heading, LIVE))
    assert stored()["TA1 1AA", date(2025, 11, 1)][:3] == ("E10000027", "E07000190", 1)


def test_bad_rows_are_handed_back_with_their_reason_and_text_while_the_rest_is_taken(flask_places, stored, tmp_path):
    bad = [TAUNTON.replace("TA1 1AA", "XX1 1AA"), TAUNTON.replace("E07000190", "00HE"), TAUNTON + ",more",
           TAUNTON.replace('"TA1 1AA"', '"TA1 1AB'), TAUNTON.replace(",10,", ",ten,"),
           TAUNTON.replace("E07000190", "E07000191")]
    done = flask_places("import", "--kind", "codepoint", "--edition", "2014-08",
                        file_of(tmp_path, TAUNTON, *bad, TAUNTON, BATH))
    assert "2 postcodes read, 2 added" in done.output and "6 rows could not be taken" in done.output
    assert "1 rows say again" in done.output
    with (tmp_path / "handed-back-codepoint-2014-08.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["text"] for row in rows} == set(bad)
    reasons = {int(row["line"]): row["reason"] for row in rows}
    assert "“XX1 1AA” is not a postcode" in reasons[2] and "“00HE” is not a code" in reasons[3]
    assert "11 columns instead of 10" in reasons[4] and "instead of 10" in reasons[5] and "“ten”" in reasons[6]
    assert "stated otherwise in ta.csv on line 1" in reasons[7]
    assert stored()["TA1 1AA", date(2014, 8, 1)][1] == "E07000190"


def test_ten_bad_rows_among_many_are_handed_back_where_told(flask_places, stored, tmp_path):
    letters = "ABDEFGHJLN"
    good = [TAUNTON.replace("TA1 1AA", f"TA{n} {d}{a}{b}") for n in range(1, 25) for d in range(10) for a in letters
            for b in letters]
    bad = [f"row {n} is none" for n in range(10)]
    done = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", "--handed-back", "back.csv",
                        file_of(tmp_path, *good[:100], *bad, *good[100:]))
    assert "24,000 postcodes read, 24,000 added" in done.output and "10 rows could not be taken: they are in back.csv" \
        in done.output
    assert len(stored()) == 24_000


@pytest.mark.parametrize(("content", "words"), [
    (b"", "ta.csv, line 1: the file is empty"),
    (HEADING.encode() + b"\n", "the file is empty"),
    ((HEADING.replace(",Admin_district_code", "") + "\n").encode(), "line 1: there is no column admin_district_code"),
    (b"TA1 1AA,10,322267\n", "line 1: has 3 columns where Code-Point Open has 10"),
    (TAUNTON.encode("utf-16"), "ta.csv, line 1: not in UTF-8"),
    ((TAUNTON + "\n").encode() + "TA1 1AB,10,Café\n".encode("latin-1"), "ta.csv, line 2: not in UTF-8"),
    (TAUNTON.encode() + b"\n\0\0\n", "line 2: holds characters of no text file"),
    (b"name,age\nA,1\n", "line 1: there is no column postcode or pc"),
    ((HEADING + "\n" + TAUNTON.replace("TA1 1AA", "nowhere")).encode(), "line 2: “nowhere” is not a postcode"),
    ((TAUNTON + "\n" + "none\n" * 300).encode(), "This is not a file of Code-Point Open"),
])
def test_a_file_that_is_not_what_it_is_said_to_be_is_refused_with_its_line_and_nothing_is_kept(
        flask_places, stored, tmp_path, content, words):
    path = tmp_path / "ta.csv"
    path.write_bytes(content)
    refused = flask_places("import", "--kind", "codepoint", "--edition", "2014-08", path, fails=True)
    assert words in refused.output and "Traceback" not in refused.output
    assert stored() == {}


@pytest.mark.parametrize(("arguments", "words"), [
    (["--kind", "codepoint", "--edition", "2014-08", "nothing.csv"], "there is no such file"),
    (["--kind", "codepoint", "--edition", "2014-08"], "name the file"),
    (["--kind", "codepoint", "."], "state the edition"),
    (["--kind", "codepoint", "--edition", "August", "."], "there is no such file, nor a directory"),
    (["--kind", "package", "."], "leave the file out"),
])
def test_a_command_that_lacks_something_says_what(flask_places, arguments, words):
    assert words in flask_places("import", *arguments, fails=True).output


@pytest.mark.parametrize(("text", "day"), [("2014-08", date(2014, 8, 1)), ("2014-08-15", date(2014, 8, 15)),
                                          ("2014-13", None), ("2014-02-30", None), ("August 2014", None)])
def test_an_edition_is_a_year_and_month(text, day):
    if day:
        assert edition_of(text) == day
    else:
        with pytest.raises(Invalid, match="is not an edition"):
            edition_of(text)


def test_the_demonstration_is_laid_from_the_partnerships_folder_and_again_without_change(
        flask_places, engine, tmp_path, demonstration_folder):
    first = flask_places("demonstration", "--from", demonstration_folder)
    assert "Councils: 22 added. Postcode sectors: 231 added." in first.output
    assert "Councils: nothing changed. Postcode sectors: nothing changed." in flask_places(
        "demonstration", "--from", demonstration_folder).output
    areas = demonstration_folder / "areas.csv"
    kept = [line for line in areas.read_text(encoding="utf-8").splitlines(True) if not line.startswith("E06000025")]
    areas.write_text("".join(kept).replace("Wiltshire Council", "Wiltshire"), encoding="utf-8")
    assert "Councils: 1 changed, 1 removed." in flask_places("authorities", areas).output
    with Session(engine) as session:
        assert session.get(Authority, "E06000054").name == "Wiltshire"
        assert session.get(Authority, "E06000025") is None
        assert session.get(Sector, ("TA1 1", "E07000190")).straddles is False


@pytest.mark.parametrize("missing", NEEDED)
def test_without_the_extra_the_command_says_how_to_install_it(flask_places, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    refused = flask_places("import", "--kind", "package", fails=True)
    assert f"the package {DISTRIBUTION} is not installed (no {missing})" in refused.output and ".[postcodes]" in refused.output


def test_the_package_says_what_the_councils_of_today_are():
    package = installed_package()
    rows = {row.postcode: row.district_gss for row in dataclasses.replace(package, only="T").rows(lambda _: None)}
    assert len(rows) > 50_000
    assert rows["TA1 1HE"] == "E06000066"


def test_the_files_of_the_package_are_read(tmp_path):
    data = {"pcd": ["TA1 1AA", "TA101AA", "nowhere", "TA1 1AB"],
            "laua": ["E06000066", "L99999999", "E06000066", float("nan")]}
    (tmp_path / "postcodes_T.msgpack.br").write_bytes(brotli.compress(msgpack.packb({"columns": [], "data": data})))
    package = PackagedPostcodes(tmp_path)
    read = [(row.postcode, row.district_gss) for row in package.rows(lambda _: None)]
    assert read == [("TA1 1AA", "E06000066"), ("TA10 1AA", None), ("TA1 1AB", None)]
    assert [(bad.line, bad.text) for bad in package.handed_back] == [(3, "nowhere,E06000066")]
    assert package.said("postcodes_T.msgpack.br", {1}) == {1: "TA1 1AA,E06000066"}
