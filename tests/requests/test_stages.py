"""The table of steps: whatever is done in whatever order, a request stays in a state that makes sense."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Conflict, NotPermitted
from app.requests.models import OPEN_STATUSES, STATUSES
from app.requests.stages import IN_HAND, OPEN, TABLE, TERMINAL, WAITING, Side, Verb, possible, step

PATHS = st.lists(st.tuples(st.sampled_from(Verb), st.sampled_from(Side)), max_size=30)


@dataclass
class Life:
    """A request lived through: its state and whether a partner has it in hand."""

    status: str = "queued"
    running: bool = False

    def take(self, verb: Verb, side: Side) -> None:
        after = step(self.status, verb, side)
        if after.ends_as:
            assert self.running, "only what runs can end"
            self.running = False
        if verb is Verb.ASSIGN:
            assert not self.running, "never two at once"
            self.running = True
        self.status = after.status


@given(st.sampled_from(sorted(WAITING)), PATHS)
def test_no_path_leaves_a_closed_request_and_a_partner_holds_exactly_what_is_in_hand(
        begins: str, path: list[tuple[Verb, Side]]) -> None:
    life, ended = Life(begins), None
    for verb, side in path:
        try:
            life.take(verb, side)
        except (Conflict, NotPermitted):
            continue
        assert ended is None, f"{verb} left {ended}"
        assert life.status in STATUSES
        assert life.running == (life.status in IN_HAND)
        ended = life.status if life.status in TERMINAL else None


def test_every_state_is_known_and_every_open_one_can_be_left_by_the_council_responsible() -> None:
    assert OPEN | TERMINAL == set(STATUSES) and set(OPEN_STATUSES) == OPEN
    for status in OPEN:
        assert Verb.CLOSE in possible(status, Side.RESPONSIBLE)
    for status in TERMINAL:
        assert all(possible(status, side) == frozenset() for side in Side)


@pytest.mark.parametrize(("verb", "side", "allowed"), [
    (Verb.ACCEPT, Side.PARTNER, {"assigned"}),
    (Verb.START, Side.PARTNER, {"accepted"}),
    (Verb.REFUSE, Side.PARTNER, {"assigned", "accepted", "started"}),
    (Verb.COMPLETE, Side.PARTNER, {"accepted", "started"}),
    (Verb.PASS, Side.RESPONSIBLE, {"queued", "passed", "assigned", "accepted", "started"}),
    (Verb.CANCEL, Side.TAKER, {"queued", "passed", "assigned", "accepted"}),
    (Verb.CLOSE, Side.RESPONSIBLE, {"queued", "passed", "assigned", "accepted", "started", "completed"}),
])
def test_a_step_is_taken_from_its_states_and_from_no_other(verb: Verb, side: Side, allowed: set[str]) -> None:
    assert {status for status in STATUSES if verb in possible(status, side)} == allowed
    for status in set(STATUSES) - allowed:
        with pytest.raises(Conflict) as refused:
            step(status, verb, side)
        assert refused.value.facts == {"state": status} and f"“{status}”" in refused.value.detail


@pytest.mark.parametrize("verb", list(Verb))
def test_a_side_that_never_may_is_told_who_may(verb: Verb) -> None:
    for side in Side:
        if (verb, side) not in TABLE:
            with pytest.raises(NotPermitted, match="Only the"):
                step("queued", verb, side)
