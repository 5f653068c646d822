"""Questions about organisations, lines, agreements, deliveries and wordings on a date."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound, NotReady
from app.organisations import queries
from app.organisations.areas import Area, areas_of

SHOWN = date(2014, 9, 1)


@pytest.fixture
def session(engine: Engine, demonstration: None) -> Iterator[Session]:
    """A session that only asks."""
    with Session(engine) as opened:
        yield opened


def partners(session: Session, lgsl: int, postcode: str, gss: tuple[str, ...], on: date = SHOWN) -> list[str]:
    return [found.partner.slug for found in queries.deliveries(session, lgsl, areas_of(postcode, gss), on)]


TAUNTON = ("E07000190", "E10000027")


def test_facts_are_read_at_the_partnerships_own_date(session: Session) -> None:
    assert queries.facts_date(session, date(2026, 5, 4)) == SHOWN


def test_councils_are_those_that_exist_that_day(session: Session) -> None:
    assert [council.slug for council in queries.councils(session, SHOWN)] == ["somerset", "taunton-deane"]
    assert [council.slug for council in queries.councils(session, date(2019, 4, 1))] == ["somerset"]
    assert queries.councils(session, date(2023, 4, 1)) == []


def test_organisations_can_be_asked_for_by_kind(session: Session) -> None:
    found = queries.organisations(session, SHOWN, "contractor", "voluntary", "public")
    assert [organisation.slug for organisation in found] == ["greenbins", "roadmend", "orchard-meals", "levels-homes"]


def test_a_line_knows_whose_it_is_and_stops_ringing_with_its_council(session: Session) -> None:
    assert queries.line(session, "borough-main", SHOWN).organisation.slug == "taunton-deane"
    assert len(queries.lines(session, SHOWN)) == 6
    with pytest.raises(NotFound):
        queries.line(session, "borough-main", date(2019, 4, 1))
    with pytest.raises(NotFound):
        queries.organisation(session, "nobody")


def test_agreements_are_in_force_from_their_first_day_to_the_day_before_their_last(session: Session) -> None:
    greenbins = queries.organisation(session, "greenbins")
    slugs = {day: [agreement.slug for agreement in queries.agreements_in_force(session, day, greenbins.id)]
             for day in (date(2014, 3, 31), date(2014, 4, 1))}
    assert slugs == {date(2014, 3, 31): ["greenbins-collections", "greenbins-streets"],
                     date(2014, 4, 1): ["greenbins-collections", "greenbins-streets-2014"]}


def test_an_agreement_counts_only_for_its_services_its_councils_and_its_days(session: Session) -> None:
    county, borough = (queries.organisation(session, slug).id for slug in ("somerset", "taunton-deane"))
    orchard = queries.organisation(session, "orchard-meals").id
    assert [a.slug for a in queries.agreements_for(session, orchard, county, 315, SHOWN)] == ["orchard-meals"]
    assert queries.agreements_for(session, orchard, borough, 315, SHOWN) == []
    assert queries.agreements_for(session, orchard, county, 225, SHOWN) == []
    [to_come] = queries.agreements_for(session, orchard, county, 225, date(2014, 10, 1))
    assert to_come.slug == "orchard-carers"


def test_a_place_has_names_from_the_narrowest_to_the_widest() -> None:
    assert areas_of("TA1 1HE", TAUNTON) == (
        Area("postcode", "TA1 1HE"), Area("sector", "TA1 1"), Area("gss", "E07000190"), Area("gss", "E10000027"))
    assert areas_of(None, ()) == ()


def test_who_delivers_depends_on_the_place_and_the_day(session: Session) -> None:
    assert partners(session, 530, "TA21 8AA", TAUNTON) == ["greenbins"]
    assert partners(session, 530, "TA6 3AA", ("E07000188", "E10000027")) == []
    assert partners(session, 584, "TA2 6AA", TAUNTON) == ["greenbins"]
    assert partners(session, 584, "TA2 6AA", TAUNTON, date(2014, 3, 31)) == []
    assert partners(session, 315, "TA6 3AA", ("E07000188", "E10000027")) == ["orchard-meals"]
    assert partners(session, 313, "TA1 1AA", TAUNTON) == []
    assert queries.deliveries(session, 530, (), SHOWN) == []


def test_the_wording_read_out_is_that_of_the_day_and_an_old_one_can_be_found_again(session: Session) -> None:
    assert queries.wording(session, "sharing", SHOWN).version == "2014-1"
    assert queries.wording(session, "sharing", date(2013, 1, 1)).version == "2012-1"
    assert queries.wording(session, "sharing", SHOWN, "cy").language == "en"
    assert queries.wording_version(session, "sharing", "2012-1", "en") is not None
    with pytest.raises(NotReady, match="No wording for sharing"):
        queries.wording(session, "sharing", date(2001, 1, 1))


def test_the_words_that_a_policy_may_name_are_the_slugs_of_organisations_and_units(session: Session) -> None:
    words = queries.known_words(session)
    assert words["greenbins"] == ["rounds", "streets"] and "highways" in words["somerset"]
    assert len(words) == 6


def test_without_a_partnership_nothing_is_answered(empty: Engine) -> None:
    with Session(empty) as session, pytest.raises(NotReady, match="flask partnership load"):
        queries.partnership(session)
