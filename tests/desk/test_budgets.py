"""How many keys and page loads a task of the desk takes, counted in a real browser: no more than were promised."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Frame, Page

from tests.shell.conftest import at_a_desk
from tests.world import BOROUGH, World


class Hands:
    """Somebody who types and never takes the mouse. A chord is as many keys as it has; a load is a page of the main frame."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.loads = page, 0, 0
        page.on("framenavigated", self._arrived)

    def _arrived(self, frame: Frame) -> None:
        self.loads += frame is self.page.main_frame

    def type(self, words: str) -> None:
        self.keys += len(words)
        self.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += key.count("+") + 1
            self.page.keyboard.press(key)

    def press_and_wait(self, key: str, where: str) -> None:
        with self.page.expect_navigation(url=where):
            self.press(key)


@pytest.fixture
def hands(application: Flask, world: World) -> Iterator[Hands]:
    wearer = world.wearer(BOROUGH, "adviser")
    world.contact(wearer)
    for family in ("Okafor", "Brookes"):
        world.resident(BOROUGH, family=family, postcode="TA1 1HE", telephone="+441632960001" if family == "Okafor" else None)
    with at_a_desk(application, wearer) as page:
        page.goto("/desk")
        yield Hands(page)


@pytest.mark.parametrize("words", ["okafor ta1 1he", "01632 960001"])
def test_one_person_is_found_with_eighteen_keys_and_one_load(hands: Hands, words: str) -> None:
    hands.page.keyboard.press("F2")
    hands.type(words)
    hands.press_and_wait("Enter", "**/people/*")
    assert (hands.keys <= 18, hands.loads) == (True, 1)
