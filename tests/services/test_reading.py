"""The catalogue's files are read strictly, and the demonstration's catalogue makes a real desk."""

from collections import Counter
from datetime import date

import pytest

from app.services.partnership import TenantFacts, read
from tests.organisations.folders import Edited
from tests.organisations.throwaway import SOMERSET

WRONG = [
    ("services.csv", "524,Missed", "0,Missed", "line 2, service: is 0; it must be 1 or more"),
    ("services.csv", "528,Bulky", "524,Bulky", "line 3, service: 524 is already on line 2"),
    ("services.csv", "county/unitary", "county", "line 4, tier: “county” is not a tier; did you mean “county/"),
    ("services.csv", "rubbish refuse", "rubbish, refuse", "line 2: has 6 cells; it must have 5"),
    ("services.csv", "description,words", "descripton,words", "line 1, heading: “descripton” is not a column that is "
     "read here; did you mean “description”?"),
    ("services.csv", "Missed bin", '"Missed bin', "cannot be read"),
    ("needs.csv", "524,name", "525,name", "line 2, service: “525” is not a service in services.csv; did you mean"),
    ("needs.csv", "524,name", "524,names", "line 2, group: “names” is not a field group that a service may need; did "
     "you mean “name”?"),
    ("needs.csv", "524,address", "524,name", "line 3, group: “name” is a need of 524 already"),
    ("needs.csv", "name,yes", "name,y", "line 2, required: “y” is unknown; write yes or no"),
    ("needs.csv", "To know who asked.", "", "line 2, why: is missing; state it"),
    ("fields.csv", "Refuse;Food", "Refuse", "line 2, choices: a choice has two or more"),
    ("fields.csv", "text,,", "text,a;b,", "line 3, choices: a choice has two or more"),
    ("fields.csv", ",text,", ",texts,", "line 3, kind: “texts” is not a kind of field; did you mean “text”?"),
    ("fields.csv", "557,where", "524,bin", "line 3, name: “bin” is a field of 524 already"),
    ("fields.csv", "557,where", "557,Where?", "line 3, name: “Where?” is not a name"),
    ("questions.csv", "tier:borough", "tier:district", "line 3, decides: “district” is not a tier; write tier:county"),
    ("questions.csv", "council:saltby", "council:salt", "line 4, decides: “salt” is not a council of this partnership; "
     "did you mean “saltby”?"),
    ("questions.csv", "signpost", "signpst", "line 5, decides: “signpst” is not something an answer can settle; did "
     "you mean “signpost”?"),
    ("questions.csv", "where,,harbour", "where,,road", "line 4, answer: “road” is an answer to “where” already"),
    ("questions.csv", "where,,park", "where,Where?,park", "line 3, words: “where” is worded on line 2 already"),
    ("questions.csv", "Where is the hole?", "", "line 2, words: is missing"),
    ("local.csv", "557,fenmark,roads", "557,fenmark,road", "line 4, unit: “road” is not a unit of fenmark; did you "
     "mean “roads”?"),
    ("local.csv", "524,ouseham,bins", "524,fenmark,roads", "line 3, council: fenmark never answers for 524, which is "
     "district/unitary"),
    ("local.csv", "524,ouseham", "524,saltby", "line 3, live_from: 524 at saltby is stated on line 2 for 2024-04-01 "
     "onwards"),
    ("local.csv", "28 days", "28 weeks", "line 5, target: “28 weeks” is not a target; write it as 5 working days"),
    ("local.csv", "legal-obligation", "legitimate-interests", "line 4, lawful_basis: “legitimate-interests” is not a "
     "lawful basis"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), WRONG, ids=[f"{w[0]}-{n}" for n, w in enumerate(WRONG)])
def test_what_is_wrong_is_told_with_its_place_and_mending(folder: Edited, file: str, old: str, new: str,
                                                          told: str) -> None:
    problems = folder.replace(file, old, new).refusal()
    assert any(problem.startswith(file) and told in problem for problem in problems), problems


def test_exceptions_and_related_services_are_checked_as_strictly(folder: Edited) -> None:
    folder.write("exceptions.csv", "service,area,council,reason,from,until\n"
                 "557,W07999001,saltby,Agreed.,2024-04-01,\n"
                 "557,W07999001,fenmark,Agreed.,2025-04-01,\n"
                 "558,W07999001,saltbury,,,\n")
    folder.write("related.csv", "service,related,why\n524,524,Itself.\n")
    assert folder.refusal() == [
        "exceptions.csv, line 3, area: who answers for 557 in W07999001 is stated on line 2 for 2024-04-01 onwards; "
        "end one before the other begins",
        "exceptions.csv, line 4, council: “saltbury” is not a council of this partnership; did you mean “saltby”?",
        "exceptions.csv, line 4, from: is missing; state it",
        "exceptions.csv, line 4, reason: is missing; state it",
        "exceptions.csv, line 4, service: “558” is not a service in services.csv; did you mean “557”?",
        "related.csv, line 2, related: 524 is the service itself; take the row out"]


def test_an_exception_lets_another_tier_answer(folder: Edited) -> None:
    folder.append("local.csv", "524,fenmark,roads,2 working days,public-task,,2024-04-01,\n")
    assert "fenmark never answers for 524" in folder.refusal()[0]
    folder.write("exceptions.csv", "service,area,council,reason,from,until\n524,AB1 2,fenmark,Agreed.,2024-04-01,\n")
    assert len(read(folder.path).catalogue.exceptions) == 1


def test_a_sector_must_be_known_where_the_partnership_states_its_sectors(folder: Edited) -> None:
    folder.write("sectors.csv", "sector,district_gss,county_gss,straddles\nAB1 2,W07999002,W10999001,no\n")
    assert folder.refusal() == ["deliveries.csv, line 3, area: “AB1 3” is not a sector in sectors.csv; did you mean "
                                "“AB1 2”?"]


@pytest.fixture(scope="module")
def demonstration() -> TenantFacts:
    """The demonstration's files."""
    return read(SOMERSET)


def test_the_demonstration_is_whole(demonstration: TenantFacts) -> None:
    assert demonstration.who.partnership.as_at == date(2014, 9, 1)
    assert set(demonstration.who.councils) == {"somerset", "taunton-deane"}
    kinds = Counter(o.kind for o in demonstration.who.organisations)
    assert kinds == {"council": 2, "contractor": 2, "voluntary": 1, "public": 1}
    assert len(demonstration.catalogue.services) >= 60


def test_every_service_can_be_provided_and_nothing_is_asked_without_a_reason(demonstration: TenantFacts) -> None:
    catalogue = demonstration.catalogue
    provided = {local.lgsl for local in catalogue.local}
    assert provided == {service.lgsl for service in catalogue.services}
    assert all(entry.why.endswith(".") for entry in (*catalogue.needs, *catalogue.fields))
    assert all(service.description.endswith(".") and service.words for service in catalogue.services)


def test_a_service_of_all_councils_asks_which_or_is_provided_by_each(demonstration: TenantFacts) -> None:
    catalogue = demonstration.catalogue
    asked = {question.lgsl for question in catalogue.questions}
    for service in catalogue.services:
        if service.tier == "all" and service.lgsl not in asked:
            assert {local.council for local in catalogue.local if local.lgsl == service.lgsl} == {
                "somerset", "taunton-deane"}


def test_a_tier_that_a_question_leads_to_provides_the_service(demonstration: TenantFacts) -> None:
    catalogue = demonstration.catalogue
    provided = {(local.lgsl, local.council) for local in catalogue.local}
    slugs = {"county": "somerset", "borough": "taunton-deane"}
    for question in catalogue.questions:
        for answer in question.answers:
            if answer.tier:
                assert (question.lgsl, slugs[answer.tier]) in provided, (question.lgsl, answer.key)


def test_an_agreement_ends_another_begins_and_one_is_still_to_come(demonstration: TenantFacts) -> None:
    spans = {a.slug: a.valid for a in demonstration.agreements.agreements}
    shown = date(2014, 9, 1)
    assert spans["greenbins-streets"].ends == spans["greenbins-streets-2014"].begins == date(2014, 4, 1)
    assert spans["orchard-carers"].begins > shown
