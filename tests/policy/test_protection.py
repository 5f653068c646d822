"""What the group column of a table may say to somebody, by the groups granted: a key that tells of two groups takes both."""

from app.policy.groups import Group
from app.policy.protection import PROTECTED
from app.residents.models import ResidentKey

NAME, ADDRESS, BIRTH, CHANNELS = (frozenset({group}) for group in (Group.NAME, Group.ADDRESS, Group.BIRTH, Group.CHANNELS))


def words(granted: frozenset[Group], beside: frozenset[Group] = frozenset()) -> set[str]:
    return {word for word, _ in PROTECTED[ResidentKey].group_words([granted], [beside])}


def test_a_key_of_two_groups_takes_both() -> None:
    assert words(NAME) == {"name"} and words(CHANNELS) == {"channels"} and words(frozenset()) == set()
    assert words(NAME | ADDRESS) == {"name", "address", "address+name"}
    assert words(NAME | ADDRESS | BIRTH) == {"name", "address", "birth", "address+name", "birth+name"}


def test_one_of_two_is_enough_where_the_other_is_granted_beside() -> None:
    assert words(NAME, ADDRESS) == {"name", "address+name"} and words(ADDRESS, NAME) == {"address", "address+name"}
    assert words(CHANNELS, NAME | ADDRESS) == {"channels"}, "both beside is neither here"


def test_each_word_says_which_groups_it_takes() -> None:
    said = dict(PROTECTED[ResidentKey].group_words([NAME, ADDRESS], []))
    assert said == {"name": (Group.NAME,), "address": (Group.ADDRESS,), "address+name": (Group.ADDRESS, Group.NAME)}
