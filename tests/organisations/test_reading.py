"""A partnership's files are read strictly: every problem is told with its file, line and mending."""

from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.organisations.files import key_lines
from app.organisations.reading import read_partnership
from app.services.partnership import read
from tests.organisations.folders import Edited
from tests.organisations.throwaway import SECOND

WRONG = [
    ("partnership.toml", 'nation = "wales"', 'nation = "whales"', "line 4, nation: “whales” is not a nation; did you "
     "mean “wales”?"),
    ("partnership.toml", 'nation = "wales"', 'nation = "wales"\nmotto = "on"', "line 5, motto: “motto” is not a key"),
    ("partnership.toml", 'name = "Fenmark Together"', "", "name: is missing; state it"),
    ("partnership.toml", '["en", "cy"]', "[]", "line 3, languages: is missing"),
    ("partnership.toml", "17:30:00", "08:30:00", "line 6, day_ends: 08:30:00 is not after 09:00:00"),
    ("partnership.toml", 'slug = "fenmark"', 'slug = "fenmark"\nslug = "again"', "line 2"),
    ("organisations/saltby.toml", 'tier = "borough"', 'tier = "district"', "line 5, tier: “district” is not a "
     "council's tier; use one of borough, county, unitary"),
    ("organisations/saltby.toml", 'slug = "saltby"', 'slug = "Saltby!"', "line 1, slug: “Saltby!” is not a slug"),
    ("organisations/saltby.toml", 'slug = "saltby"', 'slug = "saltbury"', "the file's name; call the file "
     "saltbury.toml"),
    ("organisations/saltby.toml", "accent = 2", "accent = 1", "line 7, accent: “1” is fenmark's already"),
    ("organisations/saltby.toml", "accent = 2", 'accent = "2"', "line 7, accent: “2” is not a whole number"),
    ("organisations/saltby.toml", "from = 1996-04-01", 'from = "1996-04-01"', "line 8, from: must be a date"),
    ("organisations/saltby.toml", "from = 1996-04-01", "from = 1996-04-01\nuntil = 1990-01-01", "line 9, until: "
     "1990-01-01 is not after 1996-04-01"),
    ("organisations/saltby.toml", '"records@saltby.example"', '"records"', "line 12, email: “records” is not an e"),
    ("organisations/saltby.toml", '"01632 970002"', '"12"', "line 17, number: “12” is not a telephone number"),
    ("organisations/saltby.toml", '"01632 970002"', '"+44 1632 970001"', "“+441632970001” is fenmark's already"),
    ("organisations/saltby.toml", "[[units]]", '[[units]]\nslug = "bins"\nname = "Twice"\n\n[[units]]',
     "“bins” is a unit already"),
    ("organisations/saltby.toml", "[information_officer]", "[informationofficer]", "information_officer: is missing"),
    ("organisations/tidewaste.toml", 'kind = "contractor"', 'kind = "contractor"\ntier = "county"', "only a council"),
    ("agreements/tidewaste.toml", '"saltby", "ouseham"', '"saltbury", "ouseham"', "line 4, councils: “saltbury” is not "
     "a council of this partnership; did you mean “saltby”?"),
    ("agreements/tidewaste.toml", 'partner = "tidewaste"', 'partner = "saltby"', "line 3, partner: “saltby” is not a "
     "partner"),
    ("agreements/tidewaste.toml", "[524, 528]", "[524, 529]", "line 7, services: “529” is not a service in "
     "services.csv; did you mean “528”?"),
    ("agreements/tidewaste.toml", "[524, 528]", "[524, 528, 524]", "“524” is stated twice"),
    ("agreements/tidewaste.toml", '"channels"', '"sensitive"', "line 8, groups: “sensitive” is not a field group that "
     "may be passed"),
    ("agreements/tidewaste.toml", '["deliver"]', '["plan"]', "line 6, purposes: “plan” is not a purpose"),
    ("agreements/tidewaste.toml", "disposal_days = 7", "disposal_days = -1", "line 11, disposal_days: is -1"),
    ("deliveries.csv", "tidewaste,saltby", "tidewste,saltby", "line 2, agreement: “tidewste” is not an agreement in "
     "agreements/; did you mean “tidewaste”?"),
    ("deliveries.csv", "tidewaste,saltby", "tidewaste,fenmark", "“fenmark” is not a council that is party to "
     "tidewaste"),
    ("deliveries.csv", "W07999001", "W07999009", "line 2, area: “W07999009” is not a council's code in areas.csv"),
    ("deliveries.csv", "AB1 2;", "AB12;", "line 3, area: “AB12” names no area"),
    ("deliveries.csv", "2026-04-01", "2036-04-01", "line 3, from: 2025-04-01 to 2036-04-01 is not within tidewaste"),
    ("deliveries.csv", "2025-04-01", "1/4/2025", "line 3, from: “1/4/2025” is not a date; write it as 2014-09-01"),
    ("wording/notice.toml", 'matter = "notice"', 'matter = "notices"', "line 1, matter: “notices” is not a matter; did "
     "you mean “notice”?"),
    ("wording/sharing.toml", 'version = "2"', 'version = "1"', "“1” is stated already"),
    ("wording/sharing.toml", "2025-04-01", "2023-04-01", "line 5, from: 2024-04-01 onwards runs into the next version"),
    ("wording/sharing.toml", "cy =", "fr =", "line 9, fr: “fr” is not one of the partnership's languages"),
    ("wording/news.toml", "en =", "cy =", "en: is missing"),
    ("wording/script.toml", "script?", "script? " + "word " * 75, "line 8, en: has 80 words; 75 at most are read"),
    ("areas.csv", ",fenmark,", ",fenland,", "“fenland” is not a council of this partnership; did you mean “fenmark”?"),
    ("areas.csv", ",saltby,", ",,", "put saltby as the member in that row"),
    ("areas.csv", "W07999003", "W0799900", "line 5, gss: “W0799900” is not a code"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), WRONG, ids=[f"{w[0]}-{n}" for n, w in enumerate(WRONG)])
def test_what_is_wrong_is_told_with_its_place_and_mending(folder: Edited, file: str, old: str, new: str,
                                                          told: str) -> None:
    problems = folder.replace(file, old, new).refusal()
    assert any(problem.startswith(file) and told in problem for problem in problems), problems


def test_all_problems_are_told_in_one_go_in_the_order_of_files_and_lines(folder: Edited) -> None:
    folder.replace("agreements/tidewaste.toml", "[524, 528]", "[529]").replace("partnership.toml", "wales", "whales")
    folder.append("deliveries.csv", "unknown,saltby,524,W07999001,all,,\nanother,saltby,524,W07999001,all,,\n")
    files = [problem.split(",")[0] for problem in folder.refusal()]
    assert files == sorted(files)
    assert files.count("deliveries.csv") >= 2 and {"agreements/tidewaste.toml", "partnership.toml"} <= set(files)


def test_a_file_that_nobody_reads_is_told_with_the_name_it_may_have_meant(folder: Edited) -> None:
    assert folder.write("excpetions.csv", "").refusal() == [
        "excpetions.csv: “excpetions.csv” is not a file that is read; did you mean “exceptions.csv”?"]


def test_a_missing_file_and_a_missing_wording_are_told(folder: Edited) -> None:
    (folder.path / "needs.csv").unlink()
    (folder.path / "wording" / "notice.toml").unlink()
    assert folder.refusal() == ["needs.csv: there is no such file; add it",
                                "wording: holds no notice.toml; every matter is asked in set words"]


def test_a_second_delivery_in_the_same_area_and_days_is_refused_and_a_later_one_is_taken(folder: Edited) -> None:
    folder.append("deliveries.csv", "tidewaste,ouseham,524,AB1 2,the quays,2026-04-01,\n")
    assert len(read(folder.path).agreements.deliveries) == 5
    folder.append("deliveries.csv", "tidewaste,ouseham,524,AB1 2,the quays,2026-03-31,2026-04-02\n")
    assert folder.refusal() == ["deliveries.csv, line 5, area: who delivers 524 in AB1 2 is stated on line 3 for "
                                "2025-04-01 to 2026-04-01; end one before the other begins"]


def test_a_version_without_an_end_holds_until_the_next_begins() -> None:
    found = {(w.version, w.language): w.valid.words() for w in read(SECOND).who.wordings if w.matter == "sharing"}
    assert found == {("1", "en"): "2024-04-01 to 2025-04-01", ("1", "cy"): "2024-04-01 to 2025-04-01",
                     ("2", "en"): "2025-04-01 onwards"}


def test_who_there_is_can_be_read_without_the_rest(folder: Edited) -> None:
    (folder.path / "services.csv").unlink()
    found = read_partnership(folder.path)
    assert found.name == "Fenmark Together"
    assert {o.slug: [unit.slug for unit in o.units] for o in found.organisations} == {
        "fenmark": ["roads"], "ouseham": ["bins"], "saltby": ["bins"], "tidewaste": []}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no such folder"):
        read(tmp_path / "nowhere")


def test_a_file_that_is_not_utf8_is_told_with_its_line(folder: Edited) -> None:
    (folder.path / "services.csv").write_bytes(b"service,name,tier,description,words\n1,Caf\xe9,all,,\n")
    assert any(p == "services.csv, line 2: is not UTF-8; save the file as UTF-8" for p in folder.refusal())


def test_the_fingerprint_tells_any_change_of_any_file(folder: Edited) -> None:
    before = read(folder.path).fingerprint
    assert read(SECOND).fingerprint == before
    assert read(folder.append("partnership.toml", "# a remark\n").path).fingerprint != before


def test_lines_of_keys_are_found_in_tables_arrays_and_after_long_texts() -> None:
    text = 'a = """\nb = 1\n"""\nc = 2\n[[t]]\nx = 1\n[t.y]\nz = 2\n[[t]]\nx = 3\n[u]\nv = 1\n'
    lines = key_lines(text)
    assert lines[("a",)] == 1 and lines[("c",)] == 4 and ("b",) not in lines
    assert lines[("t", 0, "x")] == 6 and lines[("t", 0, "y", "z")] == 8 and lines[("t", 1, "x")] == 10
    assert lines[("u", "v")] == 12
