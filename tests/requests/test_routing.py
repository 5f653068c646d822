"""Where requests go: real places of the demonstration in a table, and what holds for any facts at all."""

import uuid
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.config import ROOT
from app.kernel.errors import Invalid, NotFound
from app.places.answers import ASK, FOUND, UNKNOWN
from app.places.answers import Answer as Place
from app.places.succession import Council
from app.policy.actions import Action
from app.policy.work import Desk
from app.requests.facts import routing_facts
from app.requests.routing import DUTY, PROVIDING, Decision, Member, RoutingQuestion, Terms, decide
from app.services.deciding import Answer, Delivered, Local, Override, Question, ServiceAt
from tests.world import BOROUGH, COUNTY, World

LOOKING = frozenset({Action.SERVICE_READ, Action.PLACE_LOOKUP})
ON = date(2014, 9, 1)


def test_real_places_go_where_the_councils_of_2014_would_send_them(desk: Desk, world: World) -> None:
    with desk.work(world.wearer(BOROUGH, "adviser").secret, LOOKING) as work:
        def at(lgsl: int, postcode: str, on: date | None = None, **answers: str) -> Decision:
            return decide(routing_facts(work, lgsl, postcode, on, answers=answers))

        bin_ = at(530, "ta1 1he")
        assert (bin_.outcome, bin_.responsible, bin_.provider, bin_.unit) == ("route", BOROUGH, "greenbins", "waste")
        assert bin_.will_see == ("name", "address", "channels", "needs")
        assert any("GreenBins" in why for why in bin_.because)
        assert any("TA1 1HE lies in the area of" in why for why in bin_.because)

        pothole = at(557, "TA1 1HE", where="road")
        assert (pothole.outcome, pothole.responsible, pothole.provider) == ("route", COUNTY, "roadmend")
        assert at(557, "TA1 1HE").question.key == "where"  # type: ignore[union-attr]
        assert at(557, "TA1 1HE", where="council-land").responsible == BOROUGH
        assert at(557, "TA1 1HE", where="private").outcome == "signpost"
        unknown = at(557, "TA1 1HE", where="unknown")
        assert (unknown.outcome, unknown.queue, unknown.responsible) == ("queue", DUTY, None)

        bridgwater = at(524, "TA6 3AA")
        assert bridgwater.outcome == "signpost"
        assert bridgwater.signpost.name == "Sedgemoor District Council"  # type: ignore[union-attr]
        assert bridgwater.signpost.homepage == "http://www.sedgemoor.gov.uk/"  # type: ignore[union-attr]
        meals = at(315, "TA6 3AA")
        assert (meals.outcome, meals.responsible, meals.provider) == ("route", COUNTY, "orchard-meals")

        for lgsl in (524, 557, 315, 230):
            bath = at(lgsl, "BA1 1AA")
            assert bath.outcome == "signpost"
            assert "Bath" in bath.signpost.name  # type: ignore[operator, union-attr]

        assert at(564, "TA1 3AA").responsible == BOROUGH, "an exception of the town centre beats the tier"
        assert at(564, "TA1 1HE", where="road").responsible == COUNTY
        assert at(580, "TA1 4DY").responsible == COUNTY, "an exception of one postcode"
        assert at(561, "TA1 3AA").responsible == COUNTY, "an exception that begins later does not hold yet"
        assert at(561, "TA1 3AA", date(2014, 12, 1)).because[0].startswith("Grit bins in the town")

        not_yet = at(4, "TA1 1HE")
        assert (not_yet.outcome, not_yet.queue) == ("queue", DUTY)
        assert "8 September 2014" in not_yet.because[-1]
        assert at(4, "TA1 1HE", date(2014, 9, 8)).responsible == COUNTY
        assert at(524, "SW1A 1AA").outcome == "queue"

        with pytest.raises(NotFound):
            at(99999, "TA1 1HE")
        for postcode in ("", "TA1", "TA1 1H£", "12345678"):
            with pytest.raises(Invalid):
                at(524, postcode)
        with pytest.raises(Invalid) as refused:
            at(557, "TA1 1HE", where="moon", colour="red")
        assert set(refused.value.errors["answers"]) == {"where", "colour"}


def test_a_postcode_on_a_boundary_asks_for_the_address_until_it_is_known(desk: Desk, world: World) -> None:
    with desk.work(world.wearer(BOROUGH, "adviser").secret, LOOKING) as work:
        straddling = _straddling()

        def at(lgsl: int, **answers: str) -> Decision:
            return decide(routing_facts(work, lgsl, straddling, answers=answers))

        asked = at(524)
        assert asked.outcome == "ask"
        assert asked.question is not None
        assert asked.question.key == "district"
        options = {option.words: option.key for option in asked.question.options}
        assert at(524, district=options["Taunton Deane Borough Council"]).responsible == BOROUGH
        other = next(words for words in options if "Taunton" not in words and "cannot" not in words)
        elsewhere = at(524, district=options[other])
        assert (elsewhere.outcome, elsewhere.signpost.name) == ("signpost", other)  # type: ignore[union-attr]
        assert at(524, district="unknown").queue == DUTY
        assert at(315).responsible == COUNTY, "what is certain on both sides needs no address"


def _straddling() -> str:
    """A postcode of a sector that lies in the borough and in a neighbour of the same county."""
    sides: dict[str, set[tuple[str, str]]] = {}
    for line in (ROOT / "tenants" / "somerset" / "sectors.csv").read_text().splitlines():
        sector, *side = line.split(",")
        if line.endswith(",yes"):
            sides.setdefault(sector, set()).add((side[0], side[1]))
    return next(sector + "AA" for sector, found in sides.items()
                if any(district == "E07000190" for district, _ in found) and {county for _, county in found} == {
                    "E10000027"})


TIERS = ("county", "borough", "unitary")
MEMBERS = {"upper": Member("upper", "Upper Council"), "lower": Member("lower", "Lower Council")}
council = st.sampled_from([
    Council("E10000001", "Upper Council", "county", member="upper"),
    Council("E07000001", "Lower Council", "borough", member="lower"),
    Council("E07000002", "Next District", "borough", homepage="https://next.example/"),
    Council("E06000001", "Far Unitary", "unitary", homepage="https://far.example/"),
    Council("E10000002", "Far County", "county")])
councils = st.lists(council, unique=True, max_size=4).map(tuple)
slug = st.sampled_from(["upper", "lower", "gone"])
day = st.none() | st.sampled_from([date(2014, 1, 1), ON, date(2014, 9, 2), date(2015, 1, 1)])
AGREEMENTS = [uuid.UUID(int=n) for n in range(3)]
answer = st.builds(Answer, key=st.sampled_from("ab"), words=st.just("Words"),
                   decides=st.sampled_from(["tier", "council", "signpost", "queue", "open"]),
                   tier=st.none() | st.sampled_from(TIERS), council=st.none() | slug, because=st.just("As answered."))
question = st.builds(Question, key=st.sampled_from(["one", "two"]), words=st.just("Which?"),
                     answers=st.lists(answer, min_size=1, max_size=3).map(tuple))
service = st.builds(
    ServiceAt, lgsl=st.just(1), name=st.just("Bins"), tier=st.sampled_from([*PROVIDING, "all"]),
    groups=st.lists(st.sampled_from(["name", "address", "channels"]), unique=True).map(tuple),
    questions=st.lists(question, max_size=2).map(tuple),
    exceptions=st.lists(st.builds(Override, council=slug, area_kind=st.just("sector"), area=st.just("AB1 2"),
                                  reason=st.just("An exception.")), max_size=2).map(tuple),
    local=st.lists(st.builds(Local, council=slug, unit=st.just("unit"), target_amount=st.just(1),
                             target_unit=st.just("days"), begins=day, ends=day), max_size=3).map(tuple),
    deliveries=st.lists(st.builds(Delivered, council=slug, partner=st.sampled_from("pq"),
                                  agreement_id=st.sampled_from(AGREEMENTS), area_words=st.just("here")),
                        max_size=3).map(tuple))
terms = st.builds(Terms, agreement_id=st.sampled_from(AGREEMENTS), title=st.just("Terms"),
                  partner=st.sampled_from("pq"), partner_name=st.just("Partner"), councils=st.frozensets(slug),
                  groups=st.frozensets(st.sampled_from(["name", "address"])))
place = st.builds(Place, postcode=st.just("AB1 2CD"), on=st.just(ON), outcome=st.sampled_from([FOUND, ASK, UNKNOWN]),
                  councils=councils, candidates=councils)
asked = st.builds(RoutingQuestion, service=service, place=place, on=st.just(ON), members=st.just(MEMBERS),
                  terms=st.lists(terms, max_size=3).map(tuple), objected=st.frozensets(st.sampled_from("pq")),
                  answers=st.dictionaries(st.sampled_from(["one", "two", "district"]),
                                          st.sampled_from(["a", "b", "unknown"])),
                  passing_refused=st.booleans())


@settings(max_examples=400)
@given(asked)
def test_any_facts_give_one_outcome_with_a_reason_and_a_council_that_covers(facts: RoutingQuestion) -> None:
    decision = decide(facts)
    assert decision == decide(facts)
    assert decision.because
    assert all(decision.because)
    assert decision.outcome in ("route", "ask", "signpost", "queue")
    assert (decision.question is not None) == (decision.outcome == "ask")
    assert (decision.signpost is not None) == (decision.outcome == "signpost")
    assert (decision.queue is not None) == (decision.outcome == "queue")
    assert (decision.responsible is not None) == (decision.outcome == "route")
    if decision.responsible is not None:
        assert decision.responsible in {council.member for council in facts.place.councils}
        assert facts.service.provision(decision.responsible, ON) is not None


@settings(max_examples=400)
@given(asked)
def test_a_partner_is_given_nothing_without_agreement_against_objection_or_beyond_need(facts: RoutingQuestion) -> None:
    decision = decide(facts)
    assert (decision.provider is None) == (decision.agreement_id is None)
    assert set(decision.will_see) <= set(facts.service.groups)
    if decision.provider is not None:
        held = [terms for terms in facts.terms if terms.agreement_id == decision.agreement_id
                and terms.partner == decision.provider and decision.responsible in terms.councils]
        assert held
        assert not facts.passing_refused
        assert decision.provider not in facts.objected
        assert set(decision.will_see) <= held[-1].groups
