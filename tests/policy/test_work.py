"""What a unit of work may, by what it declared: needs, wishes that fall away outside a conversation, needs that a hat may lack."""

import pytest

from app.kernel.errors import Conflict, NotReady
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.words import Role
from app.policy.work import PURPOSE_OF, Desk
from app.residents import questions
from tests.world import BOROUGH, World

SEE, TALKS, DRAFT = Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.POLICY_DRAFT


def test_wishes_join_the_needs_in_a_conversation_and_fall_away_without_one(desk: Desk, world: World) -> None:
    needs, wishes = frozenset({TALKS}), frozenset({SEE, TALKS})
    with desk.work(world.adviser(BOROUGH).secret, needs, wishes=wishes) as work:
        assert work.reach.needs == {SEE, TALKS}
    with desk.work(world.adviser(BOROUGH).secret, frozenset(), wishes=wishes, also=needs) as work:
        assert work.reach.needs == {SEE, TALKS}, "what is wished for twice is still wished for"
    with desk.work(world.wearer(BOROUGH, "adviser").secret, needs, wishes=wishes) as work:
        assert work.reach.needs == {TALKS}


def test_what_a_hat_has_not_is_dropped_where_it_was_only_wished_for(desk: Desk, world: World) -> None:
    also = frozenset({SEE, TALKS, DRAFT})
    with desk.work(world.adviser(BOROUGH).secret, frozenset(), also=also) as work:
        assert work.reach.needs == {SEE, TALKS}
        assert (work.may(SEE), work.may(DRAFT)) == (True, False)
    with desk.work(world.wearer(BOROUGH, "administrator").secret, frozenset(), also=also) as work:
        assert work.reach.needs == {DRAFT}
        assert (work.may(SEE), work.may(DRAFT)) == (False, True)
    with pytest.raises(Conflict), desk.work(world.wearer(BOROUGH, "adviser").secret, frozenset(), also=also):
        raise AssertionError("a record of a resident is used for a conversation")


@pytest.mark.parametrize("fingerprint", ["0" * 64, "f" * 64])
def test_a_policy_that_is_not_what_was_published_opens_nothing(desk: Desk, world: World, fingerprint: str) -> None:
    with pytest.raises(NotReady, match="is not what was published"):
        desk.shelf.live(world.session.connection(), 1, fingerprint)


def test_every_role_works_for_what_it_is_there_for(desk: Desk, world: World) -> None:
    assert set(PURPOSE_OF) == set(Role)
    with desk.work(world.adviser(BOROUGH).secret, frozenset()) as work:
        assert work.purpose is Purpose.ENQUIRY
    with desk.work(world.wearer(BOROUGH, "administrator").secret, frozenset(), purpose=Purpose.PLAN) as work:
        assert work.purpose is Purpose.PLAN


def test_what_is_nobodys_record_is_written_without_a_claim(desk: Desk, world: World) -> None:
    with desk.work(world.adviser(BOROUGH).secret, frozenset()) as work:
        token = questions.keep(work, "Okafor TA1")
        assert questions.asked(work, token) == questions.Question("Okafor TA1")
