"""Examples are read strictly, answered by the policy, and show which rules nobody would miss."""

from dataclasses import replace
from itertools import product

import pytest

from app.policy.actions import Action
from app.policy.examples import EXAMPLES, HEADER, RULES, Example, answer, read, run
from app.policy.groups import Group
from app.policy.matrix import expected
from app.policy.plainly import Plain
from app.policy.purposes import Purpose
from app.policy.reading import read as read_policy
from app.policy.rulebook import Rulebook
from app.policy.rules import Vocabulary
from app.policy.sheets import PolicyRefused
from app.policy.situations import HOLDS, Facts, Sharing, Whose
from app.policy.trying import coverage, lines
from app.policy.words import SCOPES_OF, Role, decides
from tests.policy.papers import SHIPPED, WORDS, line, with_lines

KINDS = Vocabulary.of(WORDS.organisations, WORDS.units,
                      {"northshire": "council", "eastford": "council", "swiftfix": "contractor"})
USUAL = {"name": "An adviser reads a name", "rule": "R1", "role": "adviser", "purpose": "enquiry", "actions": "resident:see",
         "groups": "name", "home": "own", "answer": "yes"}


def written(*rows: dict[str, str]) -> str:
    return "\n".join([",".join(HEADER), *(",".join((USUAL | row).get(column, "") for column in HEADER) for row in rows)])


def one(**cells: str) -> Example:
    example, = read(written(cells), KINDS)
    return example


@pytest.fixture(scope="module")
def told() -> tuple[Example, ...]:
    return read(SHIPPED.examples, KINDS)


def test_the_shipped_policy_answers_every_example_through_casbin(told: tuple[Example, ...]) -> None:
    rulebook = Rulebook(read_policy(SHIPPED, KINDS), KINDS, "")
    assert [str(outcome) for outcome in run(rulebook, told) if not outcome.right] == []
    assert len(told) >= 45 and {f"R{number}" for number in range(1, 19)} <= {example.rule for example in told} <= RULES
    assert {example.answer for example in told} == {True, False}


def test_no_line_and_no_cell_of_the_shipped_policy_goes_untried_and_each_would_be_missed(told: tuple[Example, ...]) -> None:
    plain = Plain(read_policy(SHIPPED, KINDS), KINDS)
    found = coverage(plain, told)
    assert [str(line) for line in found.unmissed] == [] == list(found.untouched_cells) == list(found.untouched)
    assert len(found.lines) == len(list(lines(plain))) > 120
    assert len(expected(SHIPPED.matrix)) > 100


def test_what_no_example_tells_of_is_named(told: tuple[Example, ...]) -> None:
    plain = Plain(read_policy(SHIPPED, KINDS), KINDS)
    without = [example for example in told if example.purpose is not Purpose.MATCH]
    found = coverage(plain, without)
    assert {line.rule.purpose for line in found.untouched} == {Purpose.MATCH}
    assert {cell.purpose for cell in found.untouched_cells} == {Purpose.MATCH}
    weak = [one(name="a", actions="resident:see", groups="name", home="own", sharing="given")]
    touched = [tried for tried in coverage(plain, weak).lines if tried.touched_by]
    assert [(tried.line.number, len(tried.missed_by)) for tried in touched] == [(touched[0].line.number, 1)]


def test_a_rule_that_two_lines_give_would_not_be_missed() -> None:
    plain = Plain(read_policy(with_lines(line(group="birth"), line(group="birth", organisation="northshire")), KINDS), KINDS)
    found = coverage(plain, [one(groups="birth")])
    assert [line.number for line in found.unmissed if line.file == "grants.csv" and line.number in (3, 4)] == [4]
    other = coverage(plain, [one(groups="birth", organisation="northshire")])
    assert {tried.line.number for tried in other.lines if tried.touched_by} == {3, 4} and len(other.unmissed) == len(other.lines)


def test_an_example_for_every_organisation_fails_where_one_of_them_is_answered_otherwise() -> None:
    rulebook = Rulebook.build(with_lines(line(organisation="northshire")), WORDS.organisations, dict(WORDS.units))
    outcome, = run(rulebook, [one(groups="birth")])
    assert not outcome.right and [case.organisation for case in outcome.otherwise] == ["eastford"]
    assert "expects yes, and the policy answers no (adviser of eastford: resident:see birth)" in str(outcome)
    assert run(rulebook, [one(groups="birth", organisation="northshire")])[0].right
    unit = Rulebook.build(with_lines(line(organisation="northshire", unit="care")), WORDS.organisations, dict(WORDS.units))
    asked = one(groups="birth", organisation="northshire")
    assert not run(unit, [asked])[0].right and run(unit, [replace(asked, unit="care")])[0].right


def test_casbin_and_the_rules_themselves_answer_the_examples_alike(told: tuple[Example, ...]) -> None:
    rulebook = Rulebook(read_policy(SHIPPED, KINDS), KINDS, "")
    plain = Plain(rulebook.tables, KINDS)
    cases = [case for example in told for case in example.cases(plain)]
    assert [case for case in cases if answer(plain, case) != answer(rulebook, case)] == []
    assert len(cases) > 500


SPOILT = [
    ({"name": ""}, "name", "sentence"),
    ({"rule": "R99"}, "rule", "R1 to R23"),
    ({"role": "advisor"}, "role", "Did you mean adviser?"),
    ({"organisation": "westmere"}, "organisation", "Leave it empty"),
    ({"unit": "care"} | {"organisation": "eastford"}, "unit", "without one"),
    ({"purpose": "enquire"}, "purpose", "Did you mean enquiry?"),
    ({"actions": "resident:sea"}, "actions", "Did you mean resident:see?"),
    ({"actions": "resident:see resident:see"}, "actions", "Take one"),
    ({"groups": "nam"}, "groups", "Did you mean name?"),
    ({"groups": "stub"}, "groups", "It has address"),
    ({"groups": ""}, "groups", "Use one of"),
    ({"home": ""}, "home", "own, other, none"),
    ({"home": "mine"}, "home", "none, other, own"),
    ({"home": "none"}, "keeper", "own or other"),
    ({"sharing": "yes"}, "sharing", "given"),
    ({"objection": "perhaps"}, "objection", "yes or no"),
    ({"state": "hidden"}, "state", "plain"),
    ({"matter": "token"}, "matter", "Did you mean taken?"),
    ({"job": "begun"}, "job", "open"),
    ({"job": "open"}, "job", "Leave it empty"),
    ({"role": "contractor"}, "home", "other or none"),
    ({"disclosure": "yes"}, "disclosure", "ended"),
    ({"contact": "yes"}, "contact", "open contact"),
    ({"answer": ""}, "answer", "yes or no"),
]


@pytest.mark.parametrize(("cells", "column", "mend"), SPOILT)
def test_a_spoilt_example_is_refused_with_its_place_and_a_mend(cells: dict[str, str], column: str, mend: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read(written(cells), KINDS)
    assert {(fault.file, fault.line) for fault in refused.value.faults} == {(EXAMPLES, 2)}
    assert any(fault.column == column and mend in fault.mend for fault in refused.value.faults), refused.value.faults


def test_two_examples_of_one_name_are_refused_and_no_file_is_no_example() -> None:
    with pytest.raises(PolicyRefused, match="line 2 has the same name"):
        read(written({}, {}), KINDS)
    assert read("", KINDS) == () == read(",".join(HEADER), KINDS)


def test_a_star_means_every_group_of_each_action_and_an_empty_cell_the_usual() -> None:
    wide = one(actions="resident:see request:see", groups="*")
    assert {case.group for case in wide.cases(Plain(read_policy(SHIPPED, KINDS), KINDS)) if case.action is Action.REQUEST_SEE} > {
        Group.STUB, Group.JOB}
    assert one().facts == Facts(Whose.OWN, Whose.OWN, Sharing.NOT_ASKED)
    assert one(home="none", keeper="own").facts.keeper is Whose.OWN
    assert one(contact="none").facts.contact is False


def test_the_table_of_what_holds_knows_every_right_that_the_vocabulary_allows_and_no_other() -> None:
    meant = {(decides(kind, scope) or "any", scope) for kind, scopes in SCOPES_OF.items() for scope in scopes}
    assert HOLDS.keys() <= meant
    assert {scope.value for _, scope in meant - HOLDS.keys()} == {"disclosed"}


def test_an_adviser_without_a_conversation_does_nothing_to_a_resident_whatever_the_purpose() -> None:
    idle = one(contact="none")
    plain = Plain(read_policy(SHIPPED, KINDS), KINDS)
    assert not any(answer(plain, case).yes for case in idle.cases(plain))
    for role, purpose in product((Role.ADVISER, Role.TEAM_LEADER), (Purpose.PROTECT, Purpose.MATCH)):
        asked = replace(idle, role=role, purpose=purpose)
        assert [case.holding for case in asked.cases(plain)] == [
            case.holding for case in replace(asked, facts=replace(idle.facts, contact=True)).cases(plain)]
