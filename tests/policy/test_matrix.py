"""The shipped policy gives exactly what people expect of it, and the comparison would tell if it did not."""

import csv
import io
from dataclasses import replace

import pytest

from app.policy.actions import ABOUT_RESIDENTS, Action, Kind
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.matrix import Cell, Matrix, as_csv, as_text, differences, draw, expected, said_by
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.rulebook import Rulebook
from app.policy.sentences import by_line, rule_sentence
from app.policy.sheets import PolicyRefused
from app.policy.words import ADVISING, PARTNER_ROLES, Role, ScopeWord
from app.policy.words import WITHOUT_RESIDENTS as ROLES_WITHOUT_RESIDENTS
from tests.policy.papers import SHIPPED


@pytest.fixture(scope="module")
def wanted() -> Matrix:
    return expected(SHIPPED.matrix)


@pytest.fixture(scope="module")
def said(shipped: Rulebook) -> Matrix:
    return said_by(shipped, "northshire", "roads")


def _built(grants: str) -> Rulebook:
    return Rulebook.build(replace(SHIPPED, grants=grants), {"northshire"})


def test_the_policy_gives_what_people_expect_no_less_and_no_more(wanted: Matrix, said: Matrix) -> None:
    assert differences(wanted, said) == ()
    assert wanted == said


def test_the_policy_is_the_same_for_every_organisation_and_unit(shipped: Rulebook, said: Matrix) -> None:
    purposes = (Purpose.ENQUIRY, Purpose.RIGHTS)
    there = said_by(shipped, "eastford", None, purposes)
    assert there == {cell: groups for cell, groups in said.items() if cell.purpose in purposes}


def test_raw_casbin_says_the_same_as_the_table_in_every_cell_about_residents(
        shipped: Rulebook, wanted: Matrix) -> None:
    for role in (Role.ADVISER, Role.CONTRACTOR, Role.ADMINISTRATOR):
        for purpose in (Purpose.ENQUIRY, Purpose.DELIVER):
            for scope in (ScopeWord.HOME, ScopeWord.CONSENTED, ScopeWord.ASSIGNED):
                for group in sorted(RESIDENT_GROUPS):
                    raw = shipped.enforce(role, "northshire", None, Action.RESIDENT_SEE, group, purpose, scope)
                    cell = Cell(role, purpose, scope, Action.RESIDENT_SEE)
                    assert raw == (group in wanted.get(cell, frozenset())), (cell, group)


def test_an_extra_line_shows_as_more_than_is_expected(wanted: Matrix) -> None:
    extra = "adviser,*,*,resident:see,identity,enquiry,consented,allow,public_task,-,customer services,2027-03-31\n"
    found = differences(wanted, said_by(_built(SHIPPED.grants + extra), "northshire"))
    assert found == (
        "adviser, enquiry, consented, resident:see: the policy gives identity, which matrix.csv does not expect.",
        "team_leader, enquiry, consented, resident:see: the policy gives identity, which matrix.csv does not expect.")


def test_every_line_of_the_policy_is_missed_when_it_is_gone(shipped: Rulebook, wanted: Matrix) -> None:
    lines = by_line(shipped.grants())
    assert len(lines) > 100
    for line in lines:
        action, purpose = line[0].action, Purpose(line[0].purpose)
        left = tuple(grant for grant in shipped.grants() if grant.action is action and grant not in line)
        without = Rulebook(replace(shipped.tables, grants=left), shipped.vocabulary, "")
        less = {Cell(role, purpose, scope, action): groups for role in Role
                for scope, groups in without.allowed(role, "northshire", None, action, purpose).items()}
        there = {cell: groups for cell, groups in wanted.items() if (cell.action, cell.purpose) == (action, purpose)}
        found = differences(there, less)
        assert found and all("does not give" in each for each in found), rule_sentence(*line)


@pytest.mark.parametrize(("line", "column", "problem"), [
    ("advisor,enquiry,home,resident:see,name", "roles", "'advisor'"),
    ("adviser,enquire,home,resident:see,name", "purpose", "'enquire'"),
    ("adviser,enquiry,homme,resident:see,name", "scope", "'homme'"),
    ("adviser,enquiry,home,resident:sea,name", "actions", "'resident:sea'"),
    ("adviser,enquiry,home,resident:see,*", "groups", "'*'"),
    ("adviser,enquiry,home,resident:see,stub", "groups", "no group stub"),
    ("adviser,enquiry,home,resident:see,", "groups", "nothing is written"),
    ("adviser,enquiry,home,resident:see resident:see,name\nadviser,enquiry,home,resident:see,name", "", "already says"),
])
def test_a_spoilt_table_is_refused(line: str, column: str, problem: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        expected(f"roles,purpose,scope,actions,groups\n{line}\n")
    assert any(fault.column == column and problem in fault.problem and fault.file == "matrix.csv"
               for fault in refused.value.faults), refused.value.faults


def test_no_role_but_the_information_officer_is_given_sensitive_without_a_disclosure(said: Matrix) -> None:
    given = {(cell.role, cell.scope) for cell, groups in said.items() if Group.SENSITIVE in groups}
    assert {role for role, scope in given if scope is not ScopeWord.DISCLOSED} == {Role.INFORMATION_OFFICER}


def test_who_runs_the_partnership_reaches_no_resident(said: Matrix) -> None:
    for cell in said:
        if cell.role in ROLES_WITHOUT_RESIDENTS or cell.purpose in WITHOUT_RESIDENTS:
            assert cell.action.kind not in ABOUT_RESIDENTS, cell
            assert cell.action is not Action.JOURNAL_READ, cell


def test_partners_reach_residents_through_their_jobs_and_disclosures_only(said: Matrix) -> None:
    through = {cell.scope for cell in said if cell.role in PARTNER_ROLES and cell.action.kind in ABOUT_RESIDENTS}
    assert through == {ScopeWord.ASSIGNED, ScopeWord.PAST, ScopeWord.DISCLOSED}
    past = {cell: groups for cell, groups in said.items() if cell.scope is ScopeWord.PAST}
    assert past and all(groups == {Group.STUB} for groups in past.values())


def test_the_other_council_changes_neither_identity_nor_name_nor_birth(said: Matrix) -> None:
    changed = {group for cell, groups in said.items() for group in groups
               if cell.role in ADVISING and cell.scope is ScopeWord.CONSENTED and cell.action.changes
               and cell.action is not Action.RESIDENT_PAIR}  # which changes no record
    assert changed == {Group.ADDRESS, Group.CHANNELS, Group.NEEDS, Group.CHOICES}


def test_team_leaders_have_what_advisers_have_and_compare_and_bring_in_records(said: Matrix) -> None:
    of_leaders = {cell[1:]: groups for cell, groups in said.items() if cell.role is Role.TEAM_LEADER}
    of_advisers = {cell[1:]: groups for cell, groups in said.items() if cell.role is Role.ADVISER}
    whole = RESIDENT_GROUPS - {Group.SENSITIVE, Group.IDENTITY}
    assert {place: groups for place, groups in of_leaders.items() if place not in of_advisers} == {
        (Purpose.MATCH, ScopeWord.HOME, action): whole for action in (Action.RESIDENT_SEE, Action.RESIDENT_MERGE)} | {
        (Purpose.MATCH, scope, action): groups for scope in (ScopeWord.HOME, ScopeWord.CONSENTED) for action, groups in (
            (Action.RESIDENT_MATCH, {Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH}),
            (Action.RESIDENT_PAIR, {Group.NAME}))} | {
        (Purpose.MATCH, ScopeWord.HOME, Action.RESIDENT_IMPORT): {
            Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS, Group.CHOICES}}
    assert of_advisers.items() <= of_leaders.items()


def test_every_action_is_granted_to_somebody(said: Matrix) -> None:
    assert {cell.action for cell in said} == set(Action)


def test_the_drawn_table_has_a_square_for_each_group_role_and_scope(said: Matrix) -> None:
    drawn = draw(said, Purpose.DELIVER)
    assert (Role.CONTRACTOR, ScopeWord.ASSIGNED) in drawn.columns
    squares = {(group, *column): square for group, row in drawn.rows
               for column, square in zip(drawn.columns, row, strict=True)}
    assert squares[Group.NAME, Role.CONTRACTOR, ScopeWord.ASSIGNED].word == "sees"
    assert squares[Group.JOB, Role.CONTRACTOR, ScopeWord.ASSIGNED].word == "sees, changes"
    assert squares[Group.NAME, Role.CONTRACTOR, ScopeWord.PAST].word == "never"
    assert squares[Group.NAME, Role.SERVICE_OFFICER, ScopeWord.HOME].word == "changes"
    assert squares[Group.STUB, Role.SERVICE_OFFICER, ScopeWord.INTAKE].actions == (
        Action.INTAKE_LINK, Action.INTAKE_SEE)
    given = {(group, cell.role, cell.scope, cell.action) for cell, groups in said.items() for group in groups
             if cell.purpose is Purpose.DELIVER}
    assert given == {(*place, action) for place, square in squares.items() for action in square.actions}


def test_the_table_is_written_for_a_terminal_and_for_a_spreadsheet(said: Matrix) -> None:
    drawn = draw(said, Purpose.MATCH)
    assert as_text(drawn) == (
        "To find duplicate records (match)\n\n"
        "team_leader  @consented     @home\n"
        "address      sees           sees, changes\n"
        "birth        sees           sees, changes\n"
        "channels     sees           sees, changes\n"
        "choices      never          sees, changes\n"
        "history      never          sees, changes\n"
        "name         sees, changes  sees, changes\n"
        "needs        never          sees, changes")
    header, *rows = csv.reader(io.StringIO(as_csv(drawn)))
    assert header == ["group", "team_leader@consented", "team_leader@home"]
    assert rows[0] == ["address", "resident:match", "resident:import resident:match resident:merge resident:see"]


def test_a_purpose_that_nobody_has_says_so(said: Matrix) -> None:
    assert "Nothing is allowed" in as_text(draw(said, Purpose.INFORM))


def test_the_desk_is_no_way_to_a_resident(said: Matrix) -> None:
    assert {groups for cell, groups in said.items() if cell.action.kind in (Kind.DESK, Kind.PLACE, Kind.SERVICE)} == {
        frozenset({Group.NONE})}
