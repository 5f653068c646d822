"""The vocabulary hangs together: every word has a sentence, a place in the order and something it can be said of."""

from enum import StrEnum

import pytest

from app.policy.actions import ABOUT_RESIDENTS, Action, Kind
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.purposes import Purpose
from app.policy.words import (
    LIFTS,
    MUST_TAKE,
    NEVER_TAKES,
    OVER_RESIDENTS,
    SCOPES_OF,
    Basis,
    LiftWord,
    MaskWord,
    Role,
    ScopeWord,
)


@pytest.mark.parametrize("words", [Action, Group, Purpose, Role, ScopeWord, MaskWord, LiftWord, Basis])
def test_words_are_sorted_and_each_has_a_sentence_of_its_own(words: type[StrEnum]) -> None:
    assert list(words) == sorted(words)
    assert all(word.sentence for word in words)
    assert len({word.sentence for word in words}) == len(words)


def test_an_action_is_its_kind_and_verb() -> None:
    assert Action.OWN_STAFF_MANAGE == "own_staff:manage"
    assert [f"{action.kind}:{action.verb}" for action in Action] == list(Action)
    assert [action.name for action in Action] == [action.upper().replace(":", "_") for action in Action]
    assert {action.kind for action in Action} == set(Kind)


def test_looking_changes_nothing() -> None:
    looking = {str(action) for action in Action if not action.changes}
    assert looking == {
        "agreement:read", "choice:see", "contact:see", "desk:use", "disposal:see", "figures:read", "intake:see",
        "journal:audit", "journal:read", "objection:see", "organisation:read", "place:lookup", "policy:explain",
        "policy:read", "request:see", "resident:find", "resident:match", "resident:see", "service:read"}


def test_every_kind_has_groups_and_scopes() -> None:
    assert set(GROUPS_OF) == set(SCOPES_OF) == set(Kind)
    assert all(GROUPS_OF.values()) and all(SCOPES_OF.values())
    assert {scope for scopes in SCOPES_OF.values() for scope in scopes} == set(ScopeWord)
    assert {group for groups in GROUPS_OF.values() for group in groups} == set(Group)


def test_what_is_about_residents_is_reached_as_theirs_and_nothing_else_gives_their_groups() -> None:
    for kind in Kind:
        assert (SCOPES_OF[kind] <= OVER_RESIDENTS) == (kind in ABOUT_RESIDENTS), kind
        assert bool(GROUPS_OF[kind] & (RESIDENT_GROUPS | {Group.STUB, Group.JOB})) == (kind in ABOUT_RESIDENTS), kind


def test_what_a_mask_must_take_it_may_take() -> None:
    assert set(LIFTS) == set(MUST_TAKE) == set(NEVER_TAKES) == set(MaskWord)
    assert not any(MUST_TAKE[word] & NEVER_TAKES[word] for word in MaskWord)
