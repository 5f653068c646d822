"""An explanation agrees with the answer, names the line that decides, and what it says would change the answer does."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.actions import Action
from app.policy.explain import Explanation, Hat, Outcome, Question, explain
from app.policy.groups import GROUPS_OF, Group
from app.policy.purposes import Purpose
from app.policy.rulebook import Rulebook
from app.policy.words import SCOPES_OF, MaskWord, Role, ScopeWord
from tests.policy.papers import SHIPPED, WORDS, line, with_lines

HOME, CONSENTED, KEPT = ScopeWord.HOME, ScopeWord.CONSENTED, ScopeWord.KEPT


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.build(SHIPPED, WORDS.organisations, WORDS.units)


def _ask(book: Rulebook, group: Group = Group.NAME, *holding: ScopeWord, role: Role = Role.ADVISER,
         purpose: Purpose = Purpose.ENQUIRY, action: Action = Action.RESIDENT_SEE,
         biting: tuple[MaskWord, ...] = (), unit: str | None = None) -> Explanation:
    hat = Hat(role, "northshire", unit)
    return explain(book, Question(hat, action, group, purpose, frozenset(holding), frozenset(biting)))


def test_a_yes_names_the_line_that_decides_and_what_it_stands_on(book: Rulebook) -> None:
    told = _ask(book, Group.NAME, HOME)
    assert told.outcome is Outcome.YES
    sentence, = told.because
    assert sentence.startswith("Advisers may see residents' records, namely names,")
    assert "where the resident's home council is theirs" in sentence
    assert "home" in told.would_change[0]


def test_a_team_leader_has_a_yes_through_the_advisers_line(book: Rulebook) -> None:
    told = _ask(book, Group.NAME, HOME, role=Role.TEAM_LEADER)
    assert [grant.role for grant in told.deciding] == [Role.ADVISER]


def test_without_a_choice_the_choice_is_what_is_missing(book: Rulebook) -> None:
    told = _ask(book, Group.NAME)
    assert told.outcome is Outcome.MISSING
    assert "The resident would have to agree to sharing between the councils." in told.would_change


def test_a_contractor_without_a_job_misses_the_job(book: Rulebook) -> None:
    told = _ask(book, Group.ADDRESS, role=Role.CONTRACTOR, purpose=Purpose.DELIVER)
    assert told.outcome is Outcome.MISSING
    assert told.would_change == (
        "The request would have to be assigned to this organisation and open, under an agreement in force.",)


def test_what_only_the_home_council_has_is_allowed_by_nothing_and_the_near_misses_are_told(book: Rulebook) -> None:
    told = _ask(book, Group.IDENTITY, CONSENTED)
    assert told.outcome is Outcome.NOTHING_ALLOWS
    assert {(miss.grant.scope, miss.column) for miss in told.near} == {(HOME, "scope"), (CONSENTED, "group")}
    assert any(each.endswith("But this is not a resident of this council.") for each in told.because)


def test_another_purpose_is_a_near_miss_and_would_change_it(book: Rulebook) -> None:
    told = _ask(book, Group.NAME, KEPT, role=Role.INFORMATION_OFFICER)
    assert told.outcome is Outcome.NOTHING_ALLOWS
    assert [miss.column for miss in told.near] == ["purpose"]
    assert "The purpose would have to be to answer for the resident's rights." in told.would_change


def test_nothing_comes_near_for_an_administrator(book: Rulebook) -> None:
    told = _ask(book, Group.NAME, HOME, role=Role.ADMINISTRATOR, purpose=Purpose.RUN)
    assert told.outcome is Outcome.NOTHING_ALLOWS
    assert told.because == ("No line of the policy comes near to allowing it.",)


def test_an_objection_forbids_and_says_what_it_overrides(book: Rulebook) -> None:
    told = _ask(book, Group.NAME, CONSENTED, biting=(MaskWord.OBJECTION,))
    assert told.outcome is Outcome.FORBIDDEN
    assert told.because[0] == "It is withheld because the resident objected to that organisation."
    assert told.because[1].startswith("It overrides: Advisers may see")
    assert "The resident would have to withdraw the objection." in told.would_change


def test_an_objection_takes_nothing_from_the_home_council(book: Rulebook) -> None:
    assert _ask(book, Group.NAME, HOME, CONSENTED, biting=(MaskWord.OBJECTION,)).outcome is Outcome.YES


def test_protection_withholds_the_address_and_not_the_name(book: Rulebook) -> None:
    assert _ask(book, Group.ADDRESS, HOME, biting=(MaskWord.PROTECTED,)).outcome is Outcome.FORBIDDEN
    assert _ask(book, Group.NAME, HOME, biting=(MaskWord.PROTECTED,)).outcome is Outcome.YES


def test_a_disclosure_beats_an_objection_and_not_ones_own_record(book: Rulebook) -> None:
    through = (Group.NAME, ScopeWord.DISCLOSED)
    masks = (MaskWord.OBJECTION, MaskWord.PROTECTED, MaskWord.RESTRICTED)
    assert _ask(book, *through, purpose=Purpose.PROTECT, biting=masks).outcome is Outcome.YES
    own = _ask(book, *through, purpose=Purpose.PROTECT, biting=(MaskWord.OWN_RECORD,))
    assert own.outcome is Outcome.FORBIDDEN


def test_a_forbidding_line_is_told_and_what_would_be_allowed_without_it_is_not_promised() -> None:
    book = Rulebook.build(with_lines(
        line(scope="consented"), line(scope="consented", organisation="northshire", effect="deny")),
        WORDS.organisations, WORDS.units)
    told = _ask(book, Group.BIRTH, CONSENTED)
    assert told.outcome is Outcome.FORBIDDEN
    assert told.because[0].startswith("Advisers of northshire must not see residents' records")
    assert told.would_change == ()


def test_a_hat_without_the_unit_is_told_of_the_unit() -> None:
    book = Rulebook.build(with_lines(line(organisation="northshire", unit="care")), WORDS.organisations, WORDS.units)
    assert _ask(book, Group.BIRTH, HOME, unit="care").outcome is Outcome.YES
    near = {(miss.column, miss.failed) for miss in _ask(book, Group.BIRTH, HOME).near}
    assert ("unit", "the hat carries no unit.") in near


@settings(max_examples=150)
@given(st.data())
def test_the_outcome_is_yes_exactly_where_something_is_left_after_the_masks(
        book: Rulebook, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(Action))
    question = Question(
        Hat(data.draw(st.sampled_from(Role)), "northshire"), action,
        data.draw(st.sampled_from(sorted(GROUPS_OF[action.kind]))), data.draw(st.sampled_from(Purpose)),
        data.draw(st.frozensets(st.sampled_from(sorted(SCOPES_OF[action.kind])))),
        data.draw(st.frozensets(st.sampled_from(MaskWord), max_size=2)))
    told = explain(book, question)
    left = [scope for scope in question.holding
            if book.enforce(question.hat.role, "northshire", None, action, question.group, question.purpose, scope)
            and not any(mask.takes(scope, question.group) for mask in book.masks() if mask.word in question.biting)]
    assert (told.outcome is Outcome.YES) == bool(left)
    assert told.because
    assert all(grant.action is action and grant.scope in question.holding for grant in told.deciding)
    if told.outcome is Outcome.FORBIDDEN:
        assert question.biting


def test_each_scope_that_is_said_to_be_missing_would_bring_a_yes(book: Rulebook) -> None:
    tried = 0
    for role, purpose in ((Role.ADVISER, Purpose.ENQUIRY), (Role.SERVICE_OFFICER, Purpose.DELIVER),
                          (Role.VOLUNTARY, Purpose.DELIVER), (Role.ADVISER, Purpose.PROTECT)):
        for group in sorted(GROUPS_OF[Action.RESIDENT_SEE.kind]):
            told = _ask(book, group, role=role, purpose=purpose)
            if told.outcome is Outcome.MISSING:
                tried += 1
                assert any(_ask(book, group, scope, role=role, purpose=purpose).outcome is Outcome.YES
                           for scope in ScopeWord)
                assert told.would_change
    assert tried > 10


def test_two_masks_at_once_are_both_told_and_neither_alone_would_do(book: Rulebook) -> None:
    for pair in combinations((MaskWord.OBJECTION, MaskWord.RESTRICTED, MaskWord.OWN_RECORD), 2):
        told = _ask(book, Group.NAME, CONSENTED, biting=pair)
        assert len([each for each in told.because if each.startswith("It is withheld")]) == 2
        assert not [each for each in told.would_change if "would have to end" in each or "withdraw" in each]
