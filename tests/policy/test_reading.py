"""Each way of spoiling a policy is refused, with the file, the line, the column and a mend."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.policy.reading import read
from app.policy.rules import EVERY, PolicyFiles, Vocabulary
from app.policy.sheets import PolicyRefused
from app.policy.words import Role
from tests.policy.papers import GOOD, SHIPPED, SMALL, WORDS, faults_of, line, line_of, masks_with, with_lines

OFFICER = {"role": "service_officer", "purpose": "deliver"}
JOB = {"role": "contractor", "purpose": "deliver", "scope": "assigned"}

# Name, cells of the spoilt line (line 3 of grants.csv), the column that is named, a word of the mend.
SPOILT = [
    ("an unknown role", {"role": "adviserr"}, "role", "Did you mean adviser?"),
    ("a role in capitals", {"role": "Adviser"}, "role", "Did you mean adviser?"),
    ("every role", {"role": "*"}, "role", "Use one of"),
    ("no role", {"role": ""}, "role", "Use one of"),
    ("an unknown organisation", {"organisation": "northshir"}, "organisation", "Did you mean northshire?"),
    ("an unknown unit", {"organisation": "northshire", "unit": "road"}, "unit", "Did you mean roads?"),
    ("another organisation's unit", {"organisation": "eastford", "unit": "roads"}, "unit", "none to name"),
    ("a unit written as none", {"unit": "-"}, "unit", "Write *"),
    ("an unknown action", {"action": "resident:sea"}, "action", "Did you mean resident:see?"),
    ("every action", {"action": "*"}, "action", "Use one of"),
    ("an unknown group", {"group": "adress"}, "group", "Did you mean address?"),
    ("no group", {"group": ""}, "group", "Use one of"),
    ("a group named twice", {"group": "birth birth"}, "group", "Take one"),
    ("every group and another", {"group": "* birth"}, "group", "Use one of"),
    ("equality answers", {"group": "equality"}, "group", "Take equality out"),
    ("an unknown purpose", {"purpose": "enquire"}, "purpose", "Did you mean enquiry?"),
    ("an unknown scope", {"scope": "homme"}, "scope", "Did you mean home?"),
    ("every scope", {"scope": "*"}, "scope", "Use one of"),
    ("a mistyped deny", {"effect": "dney"}, "effect", "Did you mean deny?"),
    ("no effect", {"effect": ""}, "effect", "Use one of"),
    ("an unknown basis", {"basis": "public task"}, "basis", "Did you mean public_task?"),
    ("no basis for a resident's data", {"basis": "-"}, "basis", "public_task"),
    ("an impossible agreement", {"agreement": "some day"}, "agreement", "in-force"),
    ("no owner", {"owner": "-"}, "owner", "who does"),
    ("no review", {"review": "-"}, "review", "2027-03-31"),
    ("a day that is none", {"review": "2027-02-30"}, "review", "2027-03-31"),
    ("a scope that says nothing about the kind", {"scope": "responsible"}, "scope", "consented"),
    ("a resident as public reference", {"scope": "any"}, "scope", "home"),
    ("a group that the kind has not", {"group": "stub"}, "group", "address"),
    ("sensitive for advisers", {"group": "sensitive"}, "group", "without sensitive"),
    ("every group for advisers", {"group": "*"}, "group", "without sensitive"),
    ("residents to run the partnership", {"purpose": "run"}, "purpose", "enquiry"),
    ("residents to plan", {"purpose": "plan"}, "purpose", "enquiry"),
    ("residents for every purpose", {"purpose": "*"}, "purpose", "enquiry"),
    ("residents for an administrator", {"role": "administrator", "purpose": "rights"}, "role", "Take resident:see"),
    ("residents for an auditor", {"role": "auditor"}, "role", "Take resident:see"),
    ("residents for a service manager", {"role": "service_manager"}, "role", "Take resident:see"),
    ("residents for a partner's manager", {"role": "partner_manager"}, "role", "Take resident:see"),
    ("the journal's values for an administrator",
     {"role": "administrator", "action": "journal:read", "group": "none", "scope": "kept"}, "role", "journal:read"),
    ("a partner beyond its job", JOB | {"scope": "consented", "agreement": "in-force"}, "scope", "assigned"),
    ("a job without an agreement", JOB, "agreement", "in-force"),
    ("a disclosure for an enquiry", {"scope": "disclosed"}, "purpose", "protect"),
    ("protect without a disclosure", {"purpose": "protect"}, "purpose", "disclosed"),
    ("the same rule twice", {"group": "name"}, "group", "Take one"),
    ("the opposite of another line", {"group": "name", "effect": "deny"}, "effect", "Take the allow out"),
]


@pytest.mark.parametrize(("cells", "column", "mend"), [each[1:] for each in SPOILT], ids=[each[0] for each in SPOILT])
def test_a_spoilt_line_is_refused_with_its_place_and_a_mend(cells: dict[str, str], column: str, mend: str) -> None:
    faults = faults_of(with_lines(line(**cells)))
    assert [(fault.file, fault.line) for fault in faults] == [("grants.csv", 3)] * len(faults)
    assert any(fault.column == column and mend in fault.mend for fault in faults), faults


def test_the_line_that_every_spoilt_one_is_made_from_is_taken() -> None:
    assert faults_of(with_lines(line())) == ()


def test_what_partners_and_officers_do_get_is_taken() -> None:
    job = line(**JOB, agreement="in-force")
    work = line(**OFFICER, scope="responsible", action="request:work", group="stub job", unit="roads")
    law = line(purpose="protect", scope="disclosed", group="*")
    assert faults_of(with_lines(job, work, law, line(role="information_officer", group="*"))) == ()


@pytest.mark.parametrize(("spoilt", "problem"), [
    (GOOD + ",more", "13 cells"),
    (GOOD.rpartition(",")[0], "11 cells"),
    ('adviser,"*,*,resident:see', "cannot be read"),
    ('adviser,"*"x,*,resident:see', "cannot be read"),
    ("p, adviser, resident:see", "3 cells"),
])
def test_a_line_of_the_wrong_shape_is_refused(spoilt: str, problem: str) -> None:
    fault, = faults_of(with_lines(spoilt))
    assert (fault.file, fault.line) == ("grants.csv", 3)
    assert problem in fault.problem


def test_a_stray_quotation_mark_does_not_swallow_the_deny_below_it() -> None:
    faults = faults_of(with_lines('adviser,"*,*', line(group="needs", effect="dney")))
    assert [fault.line for fault in faults] == [3, 4]


@pytest.mark.parametrize(("files", "file", "number", "problem"), [
    (replace(SMALL, grants=GOOD + "\n"), "grants.csv", 1, "the header is"),
    (replace(SMALL, grants=SMALL.grants.replace("role,organisation", "role,organization")), "grants.csv", 1, "header"),
    (replace(SMALL, grants=""), "grants.csv", 1, "empty"),
    (replace(SMALL, grants="# only a note\n"), "grants.csv", 1, "empty"),
    (replace(SMALL, grants=SMALL.grants.splitlines()[0]), "grants.csv", 1, "nothing is allowed"),
    (replace(SMALL, grants=SMALL.grants.replace("allow", "deny")), "grants.csv", 1, "nothing is allowed"),
    (replace(SMALL, roles=""), "roles.csv", 1, "empty"),
    (replace(SMALL, roles="role,includes\nteam_leader,advisor\n"), "roles.csv", 2, "'advisor'"),
    (replace(SMALL, roles="role,includes\nadviser,adviser\n"), "roles.csv", 2, "include itself"),
    (replace(SMALL, roles="role,includes\nteam_leader,adviser\nteam_leader,adviser\n"), "roles.csv", 3, "the same"),
    (replace(SMALL, roles="role,includes\nteam_leader,adviser\nadviser,team_leader\n"), "roles.csv", 3, "itself"),
    (replace(SMALL, roles="role,includes\nteam_leader,adviser\nadviser,contractor\n\ncontractor,team_leader\n"),
     "roles.csv", 5, "itself"),
    (replace(SMALL, masks=""), "masks.csv", 1, "empty"),
])
def test_a_spoilt_file_is_refused(files: PolicyFiles, file: str, number: int, problem: str) -> None:
    faults = faults_of(files)
    assert any((fault.file, fault.line) == (file, number) and problem in fault.problem for fault in faults), faults


@pytest.mark.parametrize(("roles", "cells", "heir"), [
    ("administrator,adviser", {}, "administrator"),
    ("contractor,service_officer", {**OFFICER, "scope": "served"}, "contractor"),
    ("adviser,information_officer", {"role": "information_officer", "group": "sensitive"}, "adviser"),
    ("team_leader,information_officer", {"role": "information_officer", "group": "*"}, "team_leader"),
])
def test_what_a_role_must_not_have_it_does_not_inherit_either(roles: str, cells: dict[str, str], heir: str) -> None:
    faults = faults_of(with_lines(line(**cells), roles=f"role,includes\n{roles}\n"))
    assert any(fault.line == 3 and fault.problem.startswith(heir) for fault in faults), faults


@pytest.mark.parametrize("roles", [
    "role,includes\nteam_leader,adviser\nadministrator,team_leader\n",
    "role,includes\nadministrator,team_leader\nteam_leader,adviser\n",
])
def test_nor_does_it_inherit_it_through_another_role_in_whatever_order_they_are_written(roles: str) -> None:
    faults = faults_of(with_lines(line(), roles=roles))
    assert any(fault.line == 3 and fault.problem.startswith("administrator") for fault in faults), faults


def test_a_deny_is_not_inherited_without_a_line_of_its_own() -> None:
    includes = "role,includes\nteam_leader,adviser\n"
    hidden = line(effect="deny", scope="consented")
    fault, = faults_of(with_lines(hidden, roles=includes))
    assert (fault.line, fault.column) == (3, "role")
    assert "team_leader" in fault.problem
    assert faults_of(with_lines(hidden, line(role="team_leader", effect="deny", scope="consented"),
                                roles=includes)) == ()


MASKS = [
    ("an unknown mask", "protected,takes", "protectd,takes", "protectd,", "mask"),
    ("neither takes nor lifts", "objection,takes", "objection,take", "objection,", "line"),
    ("a mask said twice", "objection,takes", "restricted,takes", None, "mask"),
    ("an objection against the home council", "takes,consented assigned,", "takes,consented assigned home,",
     "objection,", "scopes"),
    ("an objection that spares assignments", "takes,consented assigned,", "takes,consented,", "objection,", "scopes"),
    ("an objection to some groups only", "assigned,*,-,-,-", "assigned,name,-,-,-", "objection,", "groups"),
    ("an objection with a lift", "protected,lifts,kept responsible,-", "objection,lifts,kept responsible,-",
     "objection,lifts", "mask"),
    ("a protection that shows the address", "intake,address channels,", "intake,channels,", "protected,takes",
     "groups"),
    ("a protection of the stub", "intake,address channels,", "intake,address channels stub,", "protected,takes",
     "groups"),
    ("a restriction that takes disclosures", "responsible intake,*", "responsible intake disclosed,*",
     "restricted,takes", "scopes"),
    ("a restriction that leaves home", "restricted,takes,home kept", "restricted,takes,kept", "restricted,takes",
     "scopes"),
    ("a restriction lifted at home", "information_officer,rights,keeper,information governance,2027-03-31\n\nown",
     "information_officer,rights,home,information governance,2027-03-31\n\nown", "restricted,lifts", "where"),
    ("an unknown place", "team_leader,*,home,", "team_leader,*,hme,", "protected,lifts,home", "where"),
    ("a scope named twice", "takes,consented assigned,", "takes,consented assigned assigned,", "objection,", "scopes"),
    ("a lift of one group", "lifts,kept,-", "lifts,kept,name", "restricted,lifts", "groups"),
    ("one's own record through a disclosure", "intake disclosed,*", "intake,*", "own_record,", "scopes"),
    ("a mask taken from one role", "takes,consented assigned,*,-", "takes,consented assigned,*,adviser", "objection,",
     "role"),
]


@pytest.mark.parametrize(("old", "new", "begins", "column"), [each[1:] for each in MASKS],
                         ids=[each[0] for each in MASKS])
def test_a_spoilt_mask_is_refused(old: str, new: str, begins: str | None, column: str) -> None:
    files = masks_with(old, new)
    faults = faults_of(files)
    assert all(fault.file == "masks.csv" for fault in faults)
    assert any(fault.column == column and (begins is None or fault.line == line_of(files.masks, begins))
               for fault in faults), faults


@pytest.mark.parametrize("word", ["objection", "protected", "restricted", "own_record"])
def test_a_mask_that_is_left_out_is_missed(word: str) -> None:
    kept = "\n".join(each for each in SHIPPED.masks.splitlines() if not each.startswith(word))
    fault, = faults_of(replace(SMALL, masks=kept))
    assert f"what {word} takes" in fault.problem and fault.line == 1, "nothing stands there to be named"
    other, same = faults_of(replace(SMALL, masks=kept, roles="role,includes\nadvsier,adviser\n"))
    assert {other.file, same.file} == {"masks.csv", "roles.csv"} and fault in (other, same)


def test_a_grant_whose_line_is_spoilt_is_not_missed_besides() -> None:
    fault, = faults_of(replace(SMALL, grants=f"{SMALL.grants.splitlines()[0]}\n{line(effect='alow')}\n"))
    assert fault.column == "effect" and "alow" in fault.problem


def test_a_mask_whose_line_is_spoilt_is_not_missed_besides() -> None:
    fault, = faults_of(masks_with("objection,takes,consented assigned,", "objection,takes,consented asigned,"))
    assert fault.column == "scopes" and "asigned" in fault.problem


@pytest.mark.parametrize(("old", "new", "problem"), [
    ("[matchers]", "[matcher]", "no section"),
    ("g(r.role, p.role)", "eval(p.role)", "not the model"),
    ("g(r.role, p.role)", "g(r.role, p.role) || r.role == 'administrator'", "not the model"),
    ("some(where (p.eft == allow)) && !some(where (p.eft == deny))", "some(where (p.eft == allow))", "not the model"),
    ("e = some", "e2 = some", "no place"),
    ("g = _, _", "", "is missing"),
    ("g = _, _", "g = _, _\ng2 = _, _", "no place"),
    ("g = _, _", "g = _, _\ng = _, _", "no place"),
])
def test_any_other_model_is_refused(old: str, new: str, problem: str) -> None:
    faults = faults_of(replace(SMALL, model=SHIPPED.model.replace(old, new)))
    assert any(fault.file == "model.conf" and problem in fault.problem for fault in faults), faults


def test_everything_wrong_is_told_at_once_in_the_order_of_the_files() -> None:
    files = replace(with_lines(line(role="advisor", scope="homme"), line(effect="dney")), roles="role,includes\na,b\n",
                    masks=SHIPPED.masks.replace("objection,takes", "objection,gives"))
    with pytest.raises(PolicyRefused) as refused:
        read(files, WORDS)
    places = [(fault.file, fault.line, fault.column) for fault in refused.value.faults]
    assert {("grants.csv", 3, "role"), ("grants.csv", 3, "scope"), ("grants.csv", 4, "effect"),
            ("roles.csv", 2, "role"), ("roles.csv", 2, "includes")} < set(places)
    assert places == sorted(places)
    assert refused.value.errors["grants.csv:4"] == ["effect: 'dney' is not one of the words for effect."
                                                    " Did you mean deny?"]
    assert "grants.csv, line 4, effect" in refused.value.detail


def test_notes_blank_lines_and_spaces_say_nothing() -> None:
    spaced = SMALL.grants.replace(",", " , ").replace("\n", "\n\n# a note, with \"quotes\n")
    assert read(replace(SMALL, grants=spaced), WORDS).grants == read(SMALL, WORDS).grants


def test_a_line_with_several_groups_is_a_rule_for_each() -> None:
    name, address, *_ = read(SMALL, WORDS).grants
    assert (name.group, address.group) == ("name", "address")
    assert (name.line, address.line) == (2, 2)
    assert (name.role, name.organisation) == (Role.ADVISER, EVERY)


def test_a_unit_may_be_named_for_every_organisation_that_has_it() -> None:
    assert faults_of(with_lines(line(unit="care"))) == ()


def test_the_shipped_policy_names_no_organisation_and_needs_none() -> None:
    assert faults_of(SHIPPED, Vocabulary()) == ()


def test_a_missing_file_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="model.conf"):
        PolicyFiles.read(tmp_path)


def test_a_mark_that_spreadsheets_put_first_is_no_part_of_the_header(tmp_path: Path) -> None:
    for name, text in [("model.conf", SMALL.model), ("roles.csv", SMALL.roles), ("grants.csv", SMALL.grants),
                       ("masks.csv", SMALL.masks), ("matrix.csv", "")]:
        (tmp_path / name).write_text("\ufeff" + text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert read(PolicyFiles.read(tmp_path), WORDS) == read(SMALL, WORDS)


ADMINISTRATOR = {"role": "administrator", "group": "none", "purpose": "run", "scope": "any", "basis": "-"}


@pytest.mark.parametrize("lost", ["policy:read", "policy:draft", "policy:approve", "person:manage"])
@pytest.mark.parametrize("how", ["left out", "forbidden", "left to another role"])
def test_a_policy_that_no_administrator_could_maintain_is_refused(lost: str, how: str) -> None:
    given = next(each for each in SMALL.grants.splitlines() if lost in each)
    without = {"left out": "# nothing", "forbidden": f"{given}\n{given.replace(',allow,', ',deny,').replace('none,', '*,')}",
               "left to another role": given.replace("administrator", "auditor")}[how]
    fault, = faults_of(replace(SMALL, grants=SMALL.grants.replace(given, without)))
    assert (fault.file, fault.line) == ("grants.csv", 1)
    assert "no administrator could maintain" in fault.problem and lost in fault.mend


def test_it_is_enough_that_some_administrators_can() -> None:
    here = replace(SMALL, grants=SMALL.grants.replace("administrator,*", "administrator,northshire"))
    deny = line(**ADMINISTRATOR, action="policy:read", organisation="eastford", effect="deny")
    assert faults_of(here) == () and faults_of(with_lines(deny)) == ()
    parted = here.grants.replace("administrator,northshire,*,person", "administrator,eastford,*,person")
    assert parted != here.grants and "no administrator" in faults_of(replace(here, grants=parted))[0].problem
