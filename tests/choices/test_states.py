"""What was said, folded; and the difference that saying something makes."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from app.choices.effects import Party, Standing, effect
from app.choices.states import Objected, Said, answer_on, check_next, moment, objections, states
from app.kernel.errors import Conflict
from app.policy.groups import Group

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(matter: str, *answers: str) -> list[Said]:
    return [Said(matter, answer, "1", "telephone", NOW + timedelta(minutes=at)) for at, answer in enumerate(answers)]


def test_a_matter_nobody_asked_about_is_neither_given_nor_refused() -> None:
    now = states(said("news", "refused"))
    assert {matter: answer_on(now, matter) for matter in now} == {
        "sharing": "not-asked", "passing": "not-asked", "sensitive": "not-asked", "news": "refused",
        "surveys": "not-asked", "related-services": "not-asked"}


def test_the_last_answer_counts() -> None:
    assert answer_on(states(said("sharing", "refused", "given", "withdrawn")), "sharing") == "withdrawn"
    assert answer_on(states(said("sharing", "given", "withdrawn", "given")), "sharing") == "given"


@pytest.mark.parametrize(("before", "answer", "possible"), [
    ("not-asked", "withdrawn", False), ("refused", "withdrawn", False), ("given", "withdrawn", True),
    ("withdrawn", "withdrawn", True), ("withdrawn", "given", True), ("given", "refused", True),
    ("not-asked", "refused", True),
])
def test_only_what_was_given_is_withdrawn(before: str, answer: str, possible: bool) -> None:
    if possible:
        return check_next(before, answer)
    with pytest.raises(Conflict):
        check_next(before, answer)


def test_what_is_said_later_is_later_even_when_its_work_began_earlier() -> None:
    assert moment(NOW, None) == NOW
    assert moment(NOW, NOW) > NOW
    assert moment(NOW, NOW + timedelta(minutes=1)) > NOW + timedelta(minutes=1)


def test_an_objection_stands_until_it_is_taken_back() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    events = [Objected(one, True, "no", NOW), Objected(other, True, None, NOW), Objected(one, False, None, NOW)]
    assert set(objections(events)) == {other}


ALL = (Party("home", "Home", True, frozenset({Group.NAME})), Party("next", "Next", True, frozenset({Group.NAME})),
       Party("bins", "Bins", False, frozenset({Group.ADDRESS})))


def test_sharing_gives_the_other_council_sight_and_nobody_else() -> None:
    before = Standing("home", False)
    found = effect(before, before.with_sharing(True), ALL)
    assert [sight.organisation for sight in found.gains] == ["next"] and not found.loses
    assert effect(before.with_sharing(True), before, ALL).loses == found.gains
    assert effect(before, before, ALL).gains == ()


def test_outside_the_partnership_sharing_changes_nothing() -> None:
    before = Standing(None, False)
    assert not effect(before, before.with_sharing(True), ALL).gains


def test_an_objection_beats_sharing_and_requests_in_hand_and_never_the_home_council() -> None:
    shared = Standing("home", True)
    assert [sight.name for sight in effect(shared, shared.with_objection("next", True), ALL).loses] == ["Next"]
    bins = effect(shared, shared.with_objection("bins", True), ALL).loses
    assert [(sight.name, sight.only_requests) for sight in bins] == [("Bins", True)]
    assert not effect(shared, shared.with_objection("home", True), ALL).loses
    objected = Standing("home", False, frozenset({"next"}))
    assert not effect(objected, objected.with_sharing(True), ALL).gains
