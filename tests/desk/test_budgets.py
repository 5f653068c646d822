"""How many keys and page loads a task of the desk takes, counted in a real browser: no more than were promised, and no mouse."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import func, select

from app.choices.models import Choice
from app.contacts.models import Contact, ContactPerson
from app.requests.models import Request
from app.residents.models import Resident, ResidentAddress, ResidentName
from tests import clusters, serving
from tests.accessible import violations
from tests.shell.conftest import at_a_desk
from tests.world import BOROUGH, COUNTY, World

pytestmark = pytest.mark.browser


class Hands:
    """Somebody who types and never takes the mouse. A chord is as many keys as it has; a load is a page of the main frame."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.loads = page, 0, 0
        page.on("framenavigated", self._arrived)

    def _arrived(self, frame: Frame) -> None:
        self.loads += frame is self.page.main_frame

    def begin(self) -> None:
        """At an empty desk, ready to type."""
        self.page.goto("/desk")
        self.here("#wanted")
        self.keys = self.loads = 0

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

    def here(self, selector: str) -> None:
        """What is typed next goes here."""
        expect(self.page.locator(selector)).to_be_focused()

    def usable(self) -> None:
        """The page is as everybody can use it, with the focus where it is."""
        assert violations(self.page) == [], self.page.url

    def take_the_first(self, words: str, where: str) -> None:
        """Type, and open the first of what is offered."""
        self.type(words)
        expect(self.page.locator(".suggestions a").first).to_be_visible()
        self.press("ArrowDown")
        self.press_and_wait("Enter", where)

    def find(self, words: str) -> None:
        """Find one person and note that name and address are theirs."""
        self.type(words)
        self.press_and_wait("Enter", "**/people/*")
        self.verify()

    def verify(self) -> None:
        """Note that name and address are theirs."""
        self.here("input[name=matched][value=name]")
        self.press("Space", "Tab", "Space", "Enter")
        expect(self.page.locator("#contact-bar")).to_contain_text("Verified: name, address")
        self.here("#words")

    def ask_for_a_bin(self) -> None:
        """From the page of a resident to the request that is sent."""
        self.take_the_first("gard", "**/contacts/request?*")
        self.here("[name='details-how-many']")
        self.type("1")
        self.press("Tab", "Space")
        self.press_and_wait("Control+Enter", "**/sent")

    def record(self, family: str, given: str) -> None:
        """Somebody new with all there is to say, who is asked every choice."""
        self.type(f"{family} ta1 1he")
        self.press_and_wait("Enter", "**/find/*")
        self.here("a:has-text('Add a new resident')")
        self.press_and_wait("Enter", "**/people/new?*")
        self.here("#given")
        self.type(given)
        self.press("Tab", "Tab")
        self.type("12 Mill Lane")
        self.press("Tab", "Tab", "Tab", "Tab")
        self.type("07700 900123")
        # The second telephone, the e-mail address, then how they like to be reached: T for telephone.
        self.press("Tab", "Tab", "Tab", "t", "Tab", "Tab", "Tab", "Tab", "Tab", "Space", *["Tab", "Space"] * 4)
        self.press_and_wait("Control+Enter", "**/people/*")
        self.here("#words")

    def end(self) -> None:
        """End the contact as the bar proposes."""
        self.press("F8")
        self.press_and_wait("Enter", "**/desk")

    def within(self, keys: int, loads: int) -> None:
        assert self.keys <= keys and self.loads <= loads, f"{self.keys} keys and {self.loads} loads"


@pytest.fixture(scope="module")
def application(template: str) -> Iterator[Flask]:
    with clusters.copy(template) as at, serving.before(at) as made:
        yield made


@pytest.fixture(scope="module")
def world(application: Flask) -> Iterator[World]:
    with application.app_context(), World(application) as made:
        yield made


@pytest.fixture(scope="module")
def at_work(application: Flask, world: World) -> Iterator[Hands]:
    wearer = world.wearer(BOROUGH, "adviser")
    world.contact(wearer, line="borough-main", ended=True)
    for family, telephone in (("Okafor", "+441632960001"), ("Brookes", None), ("Hembrow", None), ("Bunkin", None)):
        resident = world.resident(BOROUGH, family=family, telephone=telephone)
        if family == "Hembrow":
            world.choose(resident, "sharing", "given", wearer)
    for given in ("Una", "Ira"):
        world.resident(BOROUGH, given=given, family="Winzer")
    world.resident(COUNTY, family="Okafor", postcode="TA6 3NA", lines=["3 Quay Street"], telephone="+441278555012")
    with at_a_desk(application, wearer) as page:
        yield Hands(page)


@pytest.fixture
def hands(at_work: Hands) -> Hands:
    at_work.begin()
    return at_work


@pytest.mark.parametrize("words", ["okafor ta1 1he", "01632 960001"])
def test_one_person_is_found_with_eighteen_keys_and_one_load(hands: Hands, words: str) -> None:
    hands.page.keyboard.press("F2")
    hands.type(words)
    hands.press_and_wait("Enter", "**/people/*")
    hands.within(keys=18, loads=1)
    hands.usable()
    hands.end()


def test_a_simple_question_is_answered_with_no_details_recorded(hands: Hands, world: World) -> None:
    before = world.session.scalar(select(func.count()).select_from(ContactPerson))
    hands.take_the_first("opening", "**/answers/*")
    hands.here("button:has-text('Answered, no details recorded')")
    hands.press_and_wait("Enter", "**/desk")
    hands.within(keys=14, loads=2)
    world.session.rollback()
    last = world.session.scalars(select(Contact).order_by(Contact.started_at.desc()).limit(1)).one()
    assert (last.outcome, last.topic_lgsl) == ("answered", 534)
    assert world.session.scalar(select(func.count()).select_from(ContactPerson)) == before


def bins(world: World) -> int:
    """How many asked for one."""
    world.session.rollback()
    return world.session.scalar(select(func.count()).where(Request.lgsl == 530)) or 0


def test_a_known_resident_asks_for_a_bin(hands: Hands, world: World) -> None:
    before = bins(world)
    hands.find("okafor ta1 1he")
    hands.ask_for_a_bin()
    hands.end()
    hands.within(keys=38, loads=4)
    assert bins(world) == before + 1


def test_the_second_of_two_people_who_fit_asks_for_a_bin(hands: Hands, world: World) -> None:
    before = bins(world)
    hands.type("winzer ta1 1he")
    hands.press_and_wait("Enter", "**/find/*")
    hands.here("tbody a >> nth=0")
    hands.usable()
    hands.press("Tab")
    hands.press_and_wait("Enter", "**/people/*")
    hands.verify()
    hands.ask_for_a_bin()
    hands.end()
    hands.within(keys=41, loads=5)
    assert bins(world) == before + 1


def test_a_resident_of_the_county_rings_the_borough(hands: Hands, world: World) -> None:
    hands.type("okafor ta6 3na")
    hands.press_and_wait("Enter", "**/find/*")
    hands.here("#words")
    hands.usable()
    hands.take_the_first("poth", "**/intake/new?*")
    hands.here("[name='answers-where'] >> nth=0")
    hands.press("Space", "Tab")
    hands.type("outside no 4")
    hands.press("Tab", "Space", "Tab", "Space", "Tab", "Tab")
    hands.type("01278555012")
    hands.press("Tab", "Tab", "Space")
    hands.press_and_wait("Control+Enter", "**/sent")
    hands.end()
    hands.within(keys=62, loads=4)
    world.session.rollback()
    taken = world.session.scalars(select(Request).where(Request.intake)).one()
    assert (taken.permission, taken.responsible_id) == ("given", world.organisations[COUNTY].id)


def test_a_new_resident_with_choices(hands: Hands, world: World) -> None:
    hands.record("marsh", "Ada")
    hands.end()
    hands.within(keys=75, loads=4)
    world.session.rollback()
    made = world.session.scalars(select(Resident).order_by(Resident.created_at.desc()).limit(1)).one()
    assert world.session.scalar(select(func.count()).where(Choice.resident_id == made.id, Choice.answer == "given")) == 5


def test_a_new_resident_with_choices_asks_for_a_bin(hands: Hands, world: World) -> None:
    before = bins(world)
    hands.record("quick", "Eve")
    hands.ask_for_a_bin()
    hands.end()
    hands.within(keys=90, loads=6)
    assert bins(world) == before + 1


def test_a_change_of_address(hands: Hands, world: World) -> None:
    hands.find("bunkin ta1 1he")
    hands.take_the_first("move", "**/edit?only=address")
    hands.here("#postcode")
    hands.usable()
    hands.type("ta1 1jt")
    hands.press("Tab")
    hands.type("9 Quay Street")
    hands.press_and_wait("Control+Enter", "**/people/*?done=changed")
    hands.end()
    hands.within(keys=50, loads=5)
    world.session.rollback()
    lines = [each.lines for each in world.session.scalars(select(ResidentAddress).join(
        ResidentName, ResidentName.resident_id == ResidentAddress.resident_id).where(
        ResidentName.family == "Bunkin").order_by(ResidentAddress.since))]
    assert lines == [["12 Mill Lane"], ["9 Quay Street"]]


def test_withdrawing_a_permission_takes_no_more_than_giving_it(hands: Hands, world: World) -> None:
    spent = {}
    for who, answer in (("brookes", "Space"), ("hembrow", "ArrowDown")):
        hands.begin()
        hands.find(f"{who} ta1 1he")
        hands.take_the_first("cons", "**/choices/change?*")
        hands.here("[name=answer] >> nth=0")
        hands.press(answer)
        hands.press_and_wait("Control+Enter", "**/preview")
        hands.here("button:has-text('Confirm')")
        hands.usable()
        hands.press_and_wait("Enter", "**/choices?done=said")
        hands.end()
        hands.within(keys=38, loads=5)
        spent[who] = (hands.keys, hands.loads)
    assert spent["hembrow"] <= spent["brookes"]
    world.session.rollback()
    assert set(world.session.scalars(select(Choice.answer).where(Choice.matter == "sharing"))) >= {"given", "withdrawn"}
