"""What a line at each weight would do: counted from the council's own queue, and from what it may see now."""

from collections.abc import Callable

from flask.testing import FlaskClient

from app.duplicates.thresholds import at_or_above, steps
from tests.doubles import twice
from tests.world import BOROUGH, COUNTY, Wearer, World


def test_each_line_says_how_many_pairs_weigh_as_much_or_more() -> None:
    found = steps([0.5, 2.0, 2.9, 12.0])
    assert [(step.bits, step.to, step.pairs, step.share) for step in found] == [
        (0, 0, 4, 100.0), (1, 2, 3, 75.0), (3, 12, 1, 25.0)]
    assert [(step.bits, step.to) for step in steps([0.5, 12.0], lines=(10,))] == [(0, 0), (1, 9), (10, 12)], "a line stands out"
    assert at_or_above([0.5, 10.0, 12.0], 10) == 2 and steps([]) == []


def test_the_page_counts_the_pairs_of_one_council_and_a_withdrawal_leaves_its_count_at_once(
        world: World, browser: Callable[[Wearer], FlaskClient], compare: Callable[[], int]) -> None:
    one, _ = twice(world, BOROUGH, COUNTY)
    twice(world, COUNTY)
    adviser, county = world.wearer(BOROUGH, "adviser"), browser(world.wearer(COUNTY, "team_leader"))
    world.choose(one, "sharing", "given", adviser)
    compare()
    with_shared = county.get("/quality/thresholds").text
    assert "has 6 pairs" in with_shared and "Pairs at or above each weight" in with_shared
    assert "has no pairs" in browser(world.wearer(BOROUGH, "team_leader")).get("/quality/thresholds").text
    world.choose(one, "sharing", "withdrawn", adviser)
    assert "has 3 pairs" in county.get("/quality/thresholds").text
