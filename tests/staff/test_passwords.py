"""Which passwords are good enough, how they are kept, and that nobody's takes the same work as somebody's."""

import argon2
import pytest

from app.staff.passwords import MOST, hasher, matches, nobodys_hash, problems
from tests import clusters
from tests.staff.conftest import PASSWORD

KNOWN = ["ada.marsh", "Ada Marsh", "Somerset County Council"]
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "12 characters or more"),
        ("", "12 characters or more"),
        ("x" * (MOST + 1), "1000 characters at most"),
        (" " * 20, "other than spaces"),
        ("Password1234", "many people use"),
        ("aaaaaaaaaaaaaaa", "repeats itself"),
        ("qwertyuiop[]", "keys of the keyboard"),
        ("ada marsh ada.marsh", "has your name"),
        ("Somerset2014!!", "has your name"),
        ("SOMERSET COUNTY COUNCIL", "has your name"),
        ("abcdefghijklmnop", "counts up or down"),
    ],
)
def test_a_password_that_is_easy_is_refused_in_plain_words(password: str, said: str) -> None:
    found = problems(password, KNOWN)
    assert said in " ".join(found)
    assert not password.strip() or password not in " ".join(found)


@pytest.mark.parametrize("password", [
    PASSWORD, "all lower case and long", "ünïcödé lantern gravel tickle", "8371 lantern 5520 gravel", "x7!fQ2#zR9@m",
    "lantern " * 100,
])
def test_there_is_no_rule_about_which_characters_are_in_it(password: str) -> None:
    assert problems(password, KNOWN) == [] or password.startswith("lantern lantern")


def test_only_the_password_that_was_kept_matches() -> None:
    kept = CHEAP.hash(PASSWORD)
    assert matches(CHEAP, kept, PASSWORD)
    assert not matches(CHEAP, kept, PASSWORD + " ")
    assert not matches(CHEAP, "no hash at all", PASSWORD)
    assert not matches(CHEAP, None, "")


def test_a_comparison_with_nobodys_password_is_the_same_work() -> None:
    settings = clusters.config.read("test", environ={})
    maker = hasher(settings)
    somebodys, nobodys = maker.hash(PASSWORD), nobodys_hash(maker)
    assert argon2.extract_parameters(somebodys) == argon2.extract_parameters(nobodys)
    with pytest.raises(argon2.exceptions.VerifyMismatchError):  # it was computed to the end, and differed
        maker.verify(nobodys, PASSWORD)
