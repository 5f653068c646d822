"""What a reach takes over of what is granted: it depends on the purpose, on the needs and on whether a conversation is open."""

from app.policy.actions import Action, Kind
from app.policy.purposes import Purpose
from app.policy.reach import Wearer, compile_reach
from app.policy.rulebook import Rulebook
from app.policy.words import Role, ScopeWord

ADVISER = Wearer(Role.ADVISER, "northshire", "-")
NEEDS = frozenset({Action.CONTACT_SEE, Action.REQUEST_SEE})


def test_who_talks_to_nobody_reads_the_conversations_that_were_held_and_of_requests_no_less(shipped: Rulebook) -> None:
    silent, talking = (compile_reach(shipped, ADVISER, Purpose.ENQUIRY, NEEDS, talking=open_now).reading
                       for open_now in (False, True))
    assert set(silent[Kind.CONTACT]) == {ScopeWord.TAKEN} < set(talking[Kind.CONTACT])
    assert silent[Kind.CONTACT][ScopeWord.TAKEN] == talking[Kind.CONTACT][ScopeWord.TAKEN]
    assert silent[Kind.REQUEST] == talking[Kind.REQUEST]


def test_without_a_need_nothing_is_reached(shipped: Rulebook) -> None:
    nothing = compile_reach(shipped, ADVISER, Purpose.ENQUIRY, frozenset())
    assert nothing.reading == {} == nothing.writing
    assert set(compile_reach(shipped, ADVISER, Purpose.ENQUIRY, frozenset({Action.CONTACT_SEE})).reading) == {Kind.CONTACT}
