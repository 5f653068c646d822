"""Two policies are told apart in sentences: what was added, removed or changed, and nothing where they say the same."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.comparing import About, How, differences
from app.policy.examples import read as read_examples
from app.policy.reading import read
from app.policy.rules import Tables
from tests.policy.papers import GOOD, SHIPPED, SMALL, WORDS, line, with_lines

SMALLEST = read(SMALL, WORDS)
WHOLE = read(SHIPPED, WORDS)


def changes(*lines: str, roles: str = "role,includes\n") -> list[str]:
    return [str(change) for change in differences(SMALLEST, read(with_lines(*lines, roles=roles), WORDS))]


def test_what_was_added_and_what_was_removed_is_said_with_those_words() -> None:
    added, = changes(line(scope="consented"))
    assert added.startswith("added rule: Advisers may see residents' records, namely the date of birth, where the resident agreed")
    removed, = differences(read(with_lines(line(scope="consented")), WORDS), SMALLEST)
    assert (removed.how, removed.about, removed.after) == (How.REMOVED, About.RULE, "")
    assert str(removed) == added.replace("added", "removed", 1)
    included, = changes(roles="role,includes\nteam_leader,adviser\n")
    assert included == "added inheritance: Team leaders may do whatever advisers may."


def test_a_group_more_or_less_is_a_change_that_names_it() -> None:
    more, = changes(line(group="birth needs"))
    assert more.startswith("changed rule (added the date of birth and needs in how a service is delivered):\n  removed: Advisers")
    assert "\n  added: Advisers may see residents' records, namely addresses, the date of birth, names and needs" in more
    other = replace(SMALL, grants=SMALL.grants.replace("name address,", "name needs,"))
    change, = differences(SMALLEST, read(other, WORDS))
    assert (change.gained, change.lost) == (("needs in how a service is delivered",), ("addresses",))
    later, = differences(SMALLEST, read(replace(SMALL, grants=SMALL.grants.replace("2027-03-31", "2028-03-31", 1)), WORDS))
    assert (later.how, later.gained, later.lost) == (How.CHANGED, (), ()) and "31 March 2028" in later.after


def test_how_a_rule_is_cut_into_lines_and_in_which_order_they_stand_makes_no_difference() -> None:
    first, second = GOOD.replace("name address", "address"), GOOD.replace("name address", "name")
    cut = replace(SMALL, grants=SMALL.grants.replace(GOOD, f"{first}\n# a note\n{second}"))
    assert differences(SMALLEST, read(cut, WORDS)) == ()


def test_masks_and_lifts_are_told_by_what_they_take_and_spare() -> None:
    def after(old: str, new: str) -> list[tuple[How, About, tuple[str, ...], tuple[str, ...]]]:
        assert SHIPPED.masks.count(old) == 1
        tables = read(replace(SHIPPED, masks=SHIPPED.masks.replace(old, new)), WORDS)
        return sorted((each.how, each.about, each.gained, each.lost) for each in differences(WHOLE, tables))

    assert after("objection,takes,consented assigned,", "objection,takes,consented assigned taken,") == [
        (How.CHANGED, About.MASK, ("taken",), ())]
    assert after("lifts,home taken,-,team_leader", "lifts,home,-,team_leader") == [(How.CHANGED, About.LIFT, (), ("taken",))]
    assert after("lifts,home taken,-,team_leader,*", "lifts,home taken,-,team_leader,enquiry") == [
        (How.ADDED, About.LIFT, (), ()), (How.REMOVED, About.LIFT, (), ())]
    assert after("kept,-,information_officer,rights,keeper,information governance,2027-03-31",
                 "kept,-,information_officer,rights,keeper,information governance,2028-03-31") == [
        (How.CHANGED, About.LIFT, (), ())]


def test_examples_are_told_by_their_names() -> None:
    told = read_examples(SHIPPED.examples, WORDS)
    changed = (*told[1:-1], replace(told[-1], answer=not told[-1].answer))
    found = differences(WHOLE, WHOLE, told, changed)
    assert sorted((change.how, change.about) for change in found) == [
        (How.CHANGED, About.EXAMPLE), (How.REMOVED, About.EXAMPLE)]
    assert any(told[0].name in change.before for change in found)
    assert differences(WHOLE, WHOLE, told, tuple(replace(each, line=0) for each in reversed(told))) == ()


@settings(max_examples=25)
@given(st.sets(st.integers(0, len(WHOLE.grants) - 1), max_size=5))
def test_there_and_back_is_the_same_with_added_and_removed_exchanged(gone: set[int]) -> None:
    fewer = replace(WHOLE, grants=tuple(grant for place, grant in enumerate(WHOLE.grants) if place not in gone))
    there, back = differences(WHOLE, fewer), differences(fewer, WHOLE)
    assert bool(there) == bool(gone) and differences(fewer, fewer) == ()
    assert [(each.before, each.after, each.gained, each.lost) for each in there] == [
        (each.after, each.before, each.lost, each.gained) for each in back]
    assert isinstance(fewer, Tables)
