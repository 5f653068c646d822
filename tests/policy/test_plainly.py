"""What is worked out from the rules themselves is what Casbin says, for every question that can be put."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.actions import Action
from app.policy.plainly import Plain, hats, without
from app.policy.purposes import Purpose
from app.policy.reading import written_model
from app.policy.rulebook import Rulebook
from app.policy.rules import EVERY, Grant, Inheritance, Tables, Vocabulary
from app.policy.words import Role
from tests.policy.papers import WORDS
from tests.policy.test_rulebook import ACTIONS, ORGANISATIONS, PURPOSES, ROLES, UNITS, VOCABULARY, some_grants, some_inheritances


@settings(max_examples=30)
@given(some_grants, some_inheritances, st.data())
def test_the_plain_answer_is_casbins(grants: list[Grant], pairs: set[Inheritance], data: st.DataObject) -> None:
    tables = Tables(written_model(), tuple(sorted(pairs, key=repr)), tuple(grants), ())
    plain, rulebook = Plain(tables, VOCABULARY), Rulebook(tables, VOCABULARY, "")
    for _ in range(12):
        role, organisation, unit, action, purpose = (
            data.draw(st.sampled_from(words)) for words in (ROLES, ORGANISATIONS, UNITS, ACTIONS, PURPOSES))
        assert plain.allowed(role, organisation, unit, action, purpose) == rulebook.allowed(
            role, organisation, unit, action, purpose)


def test_of_the_shipped_policy_it_says_all_that_casbin_says(shipped: Rulebook) -> None:
    plain = Plain(shipped.tables, shipped.vocabulary)
    asked = {(heir, grant.action, Purpose(grant.purpose)) for grant in shipped.grants()
             for heir in shipped.heirs()[grant.role]}
    for role, action, purpose in sorted(asked):
        answer = plain.allowed(role, "northshire", "care", action, purpose)
        assert answer and answer == shipped.allowed(role, "northshire", "care", action, purpose)
    others = [(role, action, purpose) for role in Role for action in Action for purpose in Purpose]
    assert not any(plain.allowed(role, "northshire", "care", action, purpose) for role, action, purpose in others
                   if (role, action, purpose) not in asked)


def test_some_hats_stand_for_all_there_are(shipped: Rulebook) -> None:
    grant = shipped.grants()[0]
    assert hats(WORDS, [grant]) == [("eastford", "-")]
    assert hats(Vocabulary(), [grant]) == [("-", "-")]
    assert hats(WORDS, [grant], "northshire", "care") == [("northshire", "care")]
    assert EVERY == grant.organisation


def test_a_policy_without_a_line_is_without_all_that_the_line_said(shipped: Rulebook) -> None:
    grant = shipped.grants()[0]
    rest = without(shipped.tables, grant)
    assert {gone.group for gone in set(shipped.grants()) - set(rest.grants)} == {"name", "address", "channels", "birth"}
    protected = next(mask for mask in shipped.masks() if len(mask.lifts) == 2)
    left = next(mask for mask in without(shipped.tables, protected.lifts[0]).masks if mask.word is protected.word)
    assert left.lifts == protected.lifts[1:] and left.scopes == protected.scopes
    assert protected.word not in {mask.word for mask in without(shipped.tables, protected).masks}
    assert without(shipped.tables, shipped.tables.inheritances[0]).inheritances == ()
