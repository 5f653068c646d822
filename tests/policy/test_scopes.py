"""What a right is in SQL is written once: who writes it a second time is told which it was."""

import pytest
from sqlalchemy import ColumnElement, true

from app.policy import scopes
from app.policy.words import LiftWord, MaskWord, ScopeWord
from app.residents import scopes as of_residents


def anything(*_: object) -> ColumnElement[bool]:
    return true()


def test_a_right_a_mask_a_lift_and_whose_something_is_are_written_once() -> None:
    for register, words in ((scopes.scope("resident", ScopeWord.HOME), "home of resident"),
                            (scopes.mask("resident", MaskWord.PROTECTED), "^protected of resident"),
                            (scopes.lift("resident", LiftWord.HOME), "^home of resident"),
                            (scopes.of_council("resident"), "whose a resident is")):
        with pytest.raises(ValueError, match=f"{words} is written twice"):
            register(anything)
    assert scopes.LIFTS["resident", LiftWord.HOME] is of_residents.is_home


def test_whose_something_is_can_be_written_for_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "_of_councils", {})
    assert scopes.of_council("resident")(anything) is anything
