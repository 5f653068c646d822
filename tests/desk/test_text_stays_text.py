"""Whatever was typed about a resident or a request is text on every page that shows it, and never markup."""

import pytest
from flask import Flask

from app.contacts.models import ContactNote, ContactPerson
from app.requests.models import RequestNote
from app.residents.models import Resident, ResidentNeed
from tests.signed_in import signed_in
from tests.world import BINS, BOROUGH, World

SCRIPT = "<script>alert({})</script>"
ESCAPED = "&lt;script&gt;alert({})&lt;/script&gt;"


@pytest.fixture
def typed(world: World) -> tuple[Resident, str]:
    """A resident all of whose words are scripts, each with a number of its own; and the reference of their request."""
    adviser = world.wearer(BOROUGH, "adviser")
    talk = world.contact(adviser, ended=True)
    resident = world.resident(BOROUGH, given=SCRIPT.format(1), family="Okafor", lines=[SCRIPT.format(2)])
    world.add(ResidentNeed(resident_id=resident.id, words=SCRIPT.format(3)),
              ContactPerson(resident_id=resident.id, contact_id=talk.id),
              ContactNote(resident_id=resident.id, contact_id=talk.id, words=SCRIPT.format(4), at=world.now, hat_id=adviser.hat_id))
    copy = {"name": [{"given": SCRIPT.format(5), "family": "Okafor"}],
            "address": [{"lines": [SCRIPT.format(6)], "postcode": "TA1 1HE"}]}
    request = world.request(BOROUGH, resident=resident, partner=BINS, copy=copy, talk=talk)
    world.add(RequestNote(request_id=request.id, words=SCRIPT.format(7), organisation_id=adviser.organisation_id, at=world.now,
                          hat_id=adviser.hat_id))
    return resident, request.ref


@pytest.mark.parametrize(("role", "page", "numbers"), [
    ("adviser", "/people/{resident}", (1, 2, 3, 4)), ("adviser", "/people/{resident}/history", (4,)),
    ("adviser", "/people/{resident}/edit", (1, 2, 3)), ("service_officer", "/requests/{request}", (5, 6, 7)),
    ("contractor", "/jobs/{request}", (5, 6, 7))])
def test_words_about_a_resident_are_never_markup(application: Flask, world: World, typed: tuple[Resident, str], role: str,
                                                 page: str, numbers: tuple[int, ...]) -> None:
    wearer = world.wearer(BINS if role == "contractor" else BOROUGH, role)
    if role == "adviser":
        world.contact(wearer)
    answer = signed_in(application, wearer).get(page.format(resident=typed[0].ref, request=typed[1]))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert [number for number in range(1, 8) if ESCAPED.format(number) in answer.text] == list(numbers)
