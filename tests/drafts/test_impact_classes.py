"""Classes are judged one by one, without a database: what a unit's line adds, whose choice counts, what the law opens."""

from dataclasses import replace

import pytest

from app.drafts.alike import Base, Counted, Opening, Request, Resident
from app.drafts.impact import Barred, Found, Line, barred, weigh
from app.policy.groups import Group
from app.policy.publishing import SHIPPED
from app.policy.reading import read
from app.policy.rules import PolicyFiles, Vocabulary
from app.policy.situations import Sharing, State

WORDS = Vocabulary.of({"shire", "town", "bins"}, {"town": ["streets", "homes"]},
                      {"shire": "council", "town": "council", "bins": "contractor"})
FILES = PolicyFiles.read(SHIPPED)
SERVED = "service_officer,*,*,resident:see,name address channels needs,deliver,served,"
TOWN, OTHER = Base("town", "town", Sharing.REFUSED), Base("shire", "shire", Sharing.REFUSED)
NOTHING = Request("town", "town", "-", False, True, None, None, False, frozenset(), frozenset(), None, None)


def weighed(old: str, new: str, *residents: tuple[Resident, int], requests: tuple[tuple[Request, int], ...] = ()) -> Found:
    assert FILES.grants.count(old) == 1
    counted = Counted()
    counted.residents.update(dict(residents))
    counted.requests.update(dict(requests))
    after = replace(FILES, grants=FILES.grants.replace(old, new))
    return weigh(read(FILES, WORDS), read(after, WORDS), WORDS, counted)


def reasons(found: Found, in_force: frozenset[str] = frozenset({"bins"})) -> set[Barred]:
    return {why for line, whom in found.items() for each in whom for why in barred(line, each, WORDS, in_force)}


def test_a_unit_has_a_line_of_its_own_only_where_it_says_more() -> None:
    streets = Resident(TOWN, frozenset({("town", "streets")})), 7
    both = weighed(SERVED, SERVED.replace("needs", "needs birth"), streets)
    assert [(line.wearer, sum(whom.values())) for line, whom in both.items()] == [(("town", "service_officer", "-"), 7)]
    one = weighed(SERVED, SERVED + "allow,public_task,-,service departments,2027-03-31\n" + SERVED.replace(
        "officer,*,*", "officer,town,streets").replace("name address channels needs", "birth"), streets)
    assert [(line.wearer[2], line.group) for line in one] == [("streets", Group.BIRTH)]


def test_nothing_is_said_of_what_a_mask_withholds_before_and_after() -> None:
    wider = SERVED.replace("needs", "needs birth")
    hidden = Resident(replace(TOWN, states=frozenset({State.RESTRICTED})), frozenset({("town", "-")}))
    assert weighed(SERVED, wider, (hidden, 9)) == {}


@pytest.mark.parametrize(("permission", "why"), [("given", set()), ("refused", {Barred.NO_CHOICE}), (None, {Barred.NO_CHOICE})])
def test_of_a_caller_who_is_not_known_counts_what_they_permitted(permission: str | None, why: set[Barred]) -> None:
    answering = "service_officer,*,*,request:see,stub job name address channels needs,deliver,responsible,"
    asked = replace(NOTHING, taken_by="shire", permission=permission)
    found = weighed(answering, answering.replace("needs", "needs birth"), requests=((asked, 3),))
    assert reasons(found) == why and [(line.wearer[0], sum(whom.values())) for line, whom in found.items()] == [("town", 3)]


def test_where_the_law_alone_opens_a_record_no_choice_counts() -> None:
    law = "service_officer,*,*,resident:see,*,protect,disclosed,"
    opened = frozenset({Opening("town", frozenset({"service_officer/-"}), frozenset({Group.NAME}))})
    less = FILES.grants.replace(law, law.replace("resident:see,*", "resident:see,address"))
    counted = Counted()
    counted.residents[Resident(OTHER, opened=opened)] = 5
    found = weigh(read(replace(FILES, grants=less), WORDS), read(FILES, WORDS), WORDS, counted)
    assert [(line.wearer, line.group) for line in found] == [(("town", "service_officer", "-"), Group.NAME)]
    assert reasons(found) == set()


def test_a_partner_without_an_agreement_in_force_gains_nothing_and_may_lose() -> None:
    jobs = "contractor,*,*,resident:see,name address channels needs,deliver,assigned,"
    running = Resident(OTHER, jobs=frozenset({("bins", "-"), ("bins", "needs")}), passing="given")
    found = weighed(jobs, jobs.replace(" needs", ""), (running, 6))
    assert [(line.group, line.gains) for line in found] == [(Group.NEEDS, False)] and reasons(found, frozenset()) == set()
    line, whom = next(iter(found.items()))
    gain = Line(line.wearer, line.purpose, line.action, line.kind, line.group, True)
    assert [barred(gain, each, WORDS, frozenset()) for each in whom] == [{Barred.NO_AGREEMENT}]
    assert [barred(gain, each, WORDS, frozenset({"bins"})) for each in whom] == [set()]
