"""Questions about the catalogue, and the facts from which it is decided who answers."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.organisations.areas import areas_of
from app.organisations.queries import organisation
from app.services import queries

SHOWN = date(2014, 9, 1)
TAUNTON = ("E07000190", "E10000027")


@pytest.fixture
def session(engine: Engine, demonstration: None) -> Iterator[Session]:
    """A session that only asks."""
    with Session(engine) as opened:
        yield opened


def test_a_service_comes_with_what_it_asks_in_order_and_why(session: Session) -> None:
    missed = queries.service(session, 524)
    assert missed.name == "Missed bin"
    assert [field.name for field in missed.fields] == ["bin", "due", "out-by-seven"]
    assert [(need.group, need.required) for need in missed.needs] == [
        ("name", True), ("address", True), ("channels", False), ("needs", False)]
    assert [row.related_lgsl for row in missed.related] == [533, 526]
    assert queries.needed_groups(session, 570) == {}
    with pytest.raises(NotFound):
        queries.service(session, 999_999)


def test_questions_keep_the_order_of_their_answers(session: Session) -> None:
    [question] = queries.service(session, 557).questions
    assert [answer.key for answer in question.answers] == ["road", "council-land", "trunk", "private", "unknown"]
    assert {answer.decides for answer in question.answers} == {"open", "tier", "signpost", "queue"}


def test_search_and_catalogue_answer_with_services(session: Session) -> None:
    assert [service.lgsl for service in queries.search(session, "garden waste")][0] == 530
    assert len(queries.search(session, "bin", limit=3)) == 3
    first = queries.catalogue(session, limit=2)
    assert [service.lgsl for service in first] == [3, 4]
    assert [service.lgsl for service in queries.catalogue(session, after=4, limit=1)] == [9]


def test_a_service_is_provided_from_its_first_day_to_the_day_before_its_last(session: Session) -> None:
    borough = organisation(session, "taunton-deane").id
    alarm = {day: queries.local(session, 313, borough, day) for day in (date(2014, 11, 2), date(2014, 11, 3))}
    assert alarm[date(2014, 11, 2)] is None and alarm[date(2014, 11, 3)] is not None
    assert queries.local(session, 333, borough, date(2014, 7, 31)) is not None
    assert queries.local(session, 333, borough, date(2014, 8, 1)) is None


def test_exceptions_hold_at_their_place_and_in_their_days(session: Session) -> None:
    def reasons(lgsl: int, postcode: str, on: date = SHOWN) -> list[str]:
        return [found.area for found in queries.exceptions(session, lgsl, areas_of(postcode, TAUNTON), on)]

    assert reasons(564, "TA1 3AA") == ["TA1 3"]
    assert reasons(564, "TA1 4AA") == []
    assert reasons(580, "TA1 4DY") == ["TA1 4DY"]
    assert reasons(536, "TA21 8AA") == [] and reasons(536, "TA21 8AA", date(2014, 3, 31)) == ["TA21 8"]
    assert reasons(561, "TA1 1AA") == [] and reasons(561, "TA1 1AA", date(2014, 11, 1)) == ["TA1 1"]


def test_the_facts_of_a_decision_are_plain_and_whole(session: Session) -> None:
    bin_ = queries.service_at(session, 530, areas_of("TA1 1AA", TAUNTON), SHOWN)
    assert bin_.tier == "district/unitary" and bin_.questions == () and bin_.exceptions == ()
    assert bin_.groups == ("name", "address", "channels", "needs")
    provider = bin_.provider("taunton-deane")
    assert provider is not None and provider.partner == "greenbins" and bin_.provider("somerset") is None
    provision = bin_.provision("taunton-deane", SHOWN)
    assert provision is not None
    assert (provision.unit, provision.target_amount, provision.target_unit) == ("waste", 10, "working-days")
    light = queries.service_at(session, 564, areas_of("TA1 3AA", TAUNTON), SHOWN)
    assert [(found.council, found.area) for found in light.exceptions] == [("taunton-deane", "TA1 3")]
    answer = light.questions[0].answered("housing")
    assert answer is not None and (answer.decides, answer.tier) == ("tier", "borough")
    assert light.questions[0].answered("nonsense") is None


def test_a_service_not_yet_live_says_from_when(session: Session) -> None:
    alarm = queries.service_at(session, 313, areas_of("TA1 1AA", TAUNTON), SHOWN)
    assert alarm.provision("taunton-deane", SHOWN) is None
    assert [local.begins for local in alarm.local] == [date(2014, 11, 3)]
