"""Worked examples of the promises: a sentence each, asked of both oracles, which must give the answer written here.

Unless a sentence says otherwise: the resident lives in Applewick, which keeps the record; hillshire is the county and
marlbrook another borough; the request was taken by hillshire, applewick is responsible, and it has the copy of all four
contact groups for a service that needs all four; the partner is the contractor cleanstreets under a whole agreement.
"""

from dataclasses import replace

import pytest

from .examples import CONTACTS, FLOORS, REQUESTS
from .floor import audience, floor
from .generate import NOW
from .oracle import request_parts
from .scene import (
    ADVISER,
    ALL,
    AWAY,
    CLOSED,
    CONSENTED,
    COPY,
    COUNTY,
    COUNTY_HOME,
    DAY,
    GIVEN,
    HATS,
    HOME,
    HOUR,
    INFORMATION,
    INTAKE,
    JOB,
    LEADER,
    OFFICER,
    OTHER,
    PASSED,
    PROTECTED,
    RESTRICTED,
    STREETS,
    TODAY,
    WHOLE,
    WORKER,
    Ask,
    asks,
    first_answer,
    objection,
    opened,
    related,
    said,
    scene,
    second_answer,
)
from .second import Second

# Rule, sentence, hat, purpose, what is seen ("nothing": there is no such record), then resident, request, passed.
RECORDS = asks(
    "resident",
    ("R1", "the home council's adviser sees everything but the sensitive", ADVISER, "enquiry", HOME),
    ("R1", "a council that is not home sees nothing", COUNTY, "enquiry", "nothing"),
    ("R1", "a county resident is hidden from the borough", ADVISER, "enquiry", "nothing", COUNTY_HOME),
    ("R1", "a joint adviser wearing the borough's hat sees the borough's resident", "applewick-joint", "enquiry", HOME),
    ("R1", "the same person wearing the county's hat does not", "hillshire-joint", "enquiry", "nothing"),
    ("R1", "a resident with no home is shown to nobody", ADVISER, "enquiry", "nothing", {"home": None, **GIVEN}),
    ("R1", "a purpose without a rule shows nothing to the home council", ADVISER, "plan", "nothing"),
    ("R1", "an adviser may not look for duplicates", ADVISER, "match", "nothing"),
    ("R1", "the home council's team leader sees what an adviser sees", LEADER, "enquiry", HOME),
    ("R1", "a team leader compares duplicates by four groups", LEADER, "match", "name address channels birth"),
    ("R2", "sharing given opens the record to the county, without identity", COUNTY, "enquiry", CONSENTED, GIVEN),
    ("R2", "and to every other member council", OTHER, "enquiry", CONSENTED, GIVEN),
    ("R2", "sharing refused is nothing", COUNTY, "enquiry", "nothing", {"sharing": said("refused")}),
    ("R2", "given after a refusal counts", COUNTY, "enquiry", CONSENTED, {"sharing": said("refused", "given")}),
    ("R2", "refused after a permission counts", COUNTY, "enquiry", "nothing", {"sharing": said("given", "refused")}),
    ("R2", "sharing opens duplicates to the other council's team leader", "hillshire-leader", "match",
     "name address channels birth", GIVEN),
    ("R2", "sharing opens nothing to a contractor", WORKER, "deliver", "nothing", GIVEN),
    ("R2", "sharing opens nothing to another council's officer", "hillshire-officer", "deliver", "nothing", GIVEN),
    ("R7", "withdrawn sharing closes the record", COUNTY, "enquiry", "nothing",
     {"sharing": said("given", "withdrawn")}),
    ("R7", "sharing given again opens it", COUNTY, "enquiry", CONSENTED,
     {"sharing": said("given", "withdrawn", "given")}),
    ("R3", "a contractor with the job in hand sees four groups", WORKER, "deliver", COPY, {}, JOB, PASSED),
    ("R3", "without the job it sees nothing", WORKER, "deliver", "nothing", {}, JOB),
    ("R3", "another contractor's job shows nothing", "kerbside-worker", "deliver", "nothing", {}, JOB, PASSED),
    ("R3", "the right is gone when the request closes, the assignment still running", WORKER, "deliver", "nothing",
     {}, CLOSED, PASSED),
    ("R3", "a request that closes in an hour is open until then", WORKER, "deliver", COPY, {},
     {**CLOSED, "closed_at": NOW + HOUR}, PASSED),
    ("R3", "one that closes this instant is closed", WORKER, "deliver", "nothing", {},
     {**CLOSED, "closed_at": NOW}, PASSED),
    ("R3", "a refused job shows nothing", WORKER, "deliver", "nothing", {}, JOB, {**PASSED, "until": NOW - HOUR}),
    ("R3", "a job withdrawn this instant shows nothing", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "until": NOW}),
    ("R3", "an agreement that ended on the day shows nothing", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "agreement": "cleanstreets-over"}),
    ("R3", "an agreement that begins tomorrow shows nothing", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "agreement": "cleanstreets-not-begun"}),
    ("R3", "an agreement that does not name the service shows nothing", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "agreement": "cleanstreets-other-service"}),
    ("R3", "an agreement that does not name the purpose shows nothing", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "agreement": "cleanstreets-other-purpose"}),
    ("R3", "another partner's agreement is no agreement", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "agreement": "kerbside-whole"}),
    ("R3", "nor does one's own agreement give another's job", WORKER, "deliver", "nothing", {}, JOB,
     {**PASSED, "organisation": "kerbside"}),
    ("R3", "only what the agreement names", WORKER, "deliver", "name channels", {}, JOB,
     {**PASSED, "agreement": "cleanstreets-part"}),
    ("R11", "only what the service needs", WORKER, "deliver", "address", {}, {**JOB, "lgsl": 539}, PASSED),
    ("R11", "only what both name: the address the service needs is not in the agreement", WORKER, "deliver", "nothing",
     {}, {**JOB, "lgsl": 539}, {**PASSED, "agreement": "cleanstreets-part"}),
    ("R11", "a birth date goes to no contractor, needed and agreed though it be", WORKER, "deliver", COPY,
     {}, {**JOB, "lgsl": 95}, PASSED),
    ("R11", "a service that needs nobody shows nobody", WORKER, "deliver", "nothing", {}, {**JOB, "lgsl": 47}, PASSED),
    ("R3", "a voluntary body sees by its own job", "hearthlink-worker", "deliver", COPY, {}, JOB,
     {"organisation": "hearthlink", "agreement": "hearthlink-whole"}),
    ("R3", "a public body acting as a contractor sees by its job", "homes-trust-worker", "deliver", COPY, {}, JOB,
     {"organisation": "homes-trust", "agreement": "homes-trust-whole"}),
    ("R3", "an intake that nobody has linked shows no record", WORKER, "deliver", "nothing", {}, INTAKE, PASSED),
    ("R3", "an officer sees home residents with an open request of the service", OFFICER, "deliver", COPY, {}, JOB),
    ("R3", "without a request the officer sees none", OFFICER, "deliver", "nothing"),
    ("R3", "once it is closed the officer sees none", OFFICER, "deliver", "nothing", {}, CLOSED),
    ("R3", "an officer of streets sees the requests of streets", STREETS, "deliver", COPY, {},
     {**JOB, "unit": "streets"}),
    ("R3", "an officer of housing does not", "applewick-housing", "deliver", "nothing", {}, {**JOB, "unit": "streets"}),
    ("R3", "nor does a unit see what belongs to no unit", STREETS, "deliver", "nothing", {}, JOB),
    ("R3", "the home's officer does not see by a request another council answers for", OFFICER, "deliver", "nothing",
     {}, {**JOB, "responsible": "hillshire"}),
    ("R3", "the responsible council's officer sees the request, not the record", "hillshire-officer", "deliver",
     "nothing", {}, {**JOB, "responsible": "hillshire"}),
    ("R4", "a disclosure opens the groups it names", COUNTY, "protect", "name birth",
     opened("hillshire", "name birth")),
    ("R4", "and only for its own purpose", COUNTY, "enquiry", "nothing", opened("hillshire", "name birth")),
    ("R4", "and only to the organisation it names", OTHER, "protect", "nothing", opened("hillshire", "name")),
    ("R4", "a contractor named sees what is named", WORKER, "protect", "address", opened("cleanstreets", "address")),
    ("R4", "a disclosure that is over opens nothing", COUNTY, "protect", "nothing",
     opened("hillshire", "name", NOW - DAY, NOW)),
    ("R4", "one that begins this instant is open", COUNTY, "protect", "name",
     opened("hillshire", "name", NOW, NOW + DAY)),
    ("R4", "one that has not begun opens nothing", COUNTY, "protect", "nothing",
     opened("hillshire", "name", NOW + HOUR, NOW + DAY)),
    ("R4", "a disclosure to a person is that person's", COUNTY, "protect", "name",
     opened("hillshire", "name", person="p-hillshire-adviser")),
    ("R4", "and not a colleague's", "hillshire-resting", "protect", "nothing",
     opened("hillshire", "name", person="p-hillshire-adviser")),
    ("R4", "nor under a hat of another council", "applewick-joint", "protect", "nothing",
     {"home": "marlbrook"} | opened("hillshire", "name", person="p-joint")),
    ("R4", "the law opens even the sensitive, where it is named", COUNTY, "protect", "sensitive",
     opened("hillshire", "sensitive")),
    ("R5", "an objection to the county beats consent", COUNTY, "enquiry", "nothing", GIVEN | objection("hillshire")),
    ("R5", "and leaves the other council's consent", OTHER, "enquiry", CONSENTED, GIVEN | objection("hillshire")),
    ("R5", "an objection taken back no longer counts", COUNTY, "enquiry", CONSENTED,
     GIVEN | objection("hillshire", NOW - HOUR)),
    ("R5", "an objection to the contractor beats its job", WORKER, "deliver", "nothing", objection("cleanstreets"),
     JOB, PASSED),
    ("R5", "an objection to the home council does not hide its own resident", ADVISER, "enquiry", HOME,
     objection("applewick")),
    ("R5", "nor its officer's", OFFICER, "deliver", COPY, objection("applewick"), JOB),
    ("R5", "the law beats an objection", COUNTY, "protect", "name",
     opened("hillshire", "name") | objection("hillshire")),
    ("R5", "a protected address is hidden from the home's adviser", ADVISER, "enquiry",
     "name birth needs history choices identity", PROTECTED),
    ("R5", "the home's team leader has the lift", LEADER, "enquiry", HOME, PROTECTED),
    ("R5", "another council's team leader has not", "hillshire-leader", "enquiry", "name birth needs history choices",
     PROTECTED | GIVEN),
    ("R5", "a protected address is hidden from the contractor", WORKER, "deliver", "name needs", PROTECTED, JOB,
     PASSED),
    ("R4", "but not from whom the law names: the law alone beats it", COUNTY, "protect", "name address",
     PROTECTED | opened("hillshire", "name address")),
    ("R6", "a protected resident seen by the address alone is not there", WORKER, "deliver", "nothing",
     PROTECTED, {**JOB, "lgsl": 539}, PASSED),
    ("R22", "a restricted record is closed to the home's adviser", ADVISER, "enquiry", "nothing", RESTRICTED),
    ("R22", "and to a consented council", COUNTY, "enquiry", "nothing", RESTRICTED | GIVEN),
    ("R22", "and to the job in hand", WORKER, "deliver", "nothing", RESTRICTED, JOB, PASSED),
    ("R22", "and to the officer", OFFICER, "deliver", "nothing", RESTRICTED, JOB),
    ("R22", "and to matching", LEADER, "match", "nothing", RESTRICTED),
    ("R22", "not to the information officer", INFORMATION, "rights", ALL, RESTRICTED),
    ("R22", "nor to the law", COUNTY, "protect", "name", RESTRICTED | opened("hillshire", "name")),
    ("R9", "an adviser does not see the adviser's own record", ADVISER, "enquiry", "nothing", related(ADVISER)),
    ("R9", "a colleague does", "applewick-resting", "enquiry", HOME, related(ADVISER)),
    ("R9", "an information officer does not see a relation's record", INFORMATION, "rights", "nothing",
     related(INFORMATION)),
    ("R9", "a person's second hat does not help", "applewick-streets-too", "deliver", "nothing", related(ADVISER),
     {**JOB, "unit": "streets"}),
    ("R9", "not even the law shows somebody their own record", ADVISER, "protect", "nothing",
     related(ADVISER) | opened("applewick", "name")),
    *[(f"R9 {purpose}", f"the {role} sees no resident for {purpose}", f"applewick-{role}", purpose, "nothing",
       opened("applewick", "name"), JOB, PASSED)
      for role in ("administrator", "auditor", "manager") for purpose in ("enquiry", "protect", "rights", "plan")],
    ("R9", "a partner's manager sees no resident", "cleanstreets-manager", "deliver", "nothing", {}, JOB, PASSED),
    ("R9", "not by a disclosure to the partner either", "cleanstreets-manager", "protect", "nothing",
     opened("cleanstreets", "name")),
    ("R12", "the keeper's information officer sees the sensitive", INFORMATION, "rights", ALL),
    ("R12", "an adviser does not, whatever was chosen", ADVISER, "enquiry", HOME, {"sensitive_choice": "given"}),
    ("R12", "no officer does", OFFICER, "deliver", COPY, {"sensitive_choice": "given"}, JOB),
    ("R12", "another council's information officer sees nothing", "hillshire-information", "rights", "nothing", GIVEN),
    ("R12", "nor does the information officer for another purpose", INFORMATION, "enquiry", "nothing"),
    ("R13", "needs that change the service reach those who deliver it", WORKER, "deliver", COPY, {}, JOB, PASSED),
    ("R14", "after moving away the old home sees nothing", ADVISER, "enquiry", "nothing", AWAY),
    ("R14", "nor does a council that had been given sharing", COUNTY, "enquiry", "nothing", AWAY | GIVEN),
    ("R14", "the keeper still answers for it", INFORMATION, "rights", ALL, AWAY),
    ("R14", "the keeper has the lift though nobody is home", INFORMATION, "rights", ALL, AWAY | PROTECTED),
    ("R14", "on the day of the move the new home sees", COUNTY, "enquiry", HOME,
     {"home_until": TODAY, "next_home": "hillshire"}),
    ("R14", "and the old one does not", ADVISER, "enquiry", "nothing", {"home_until": TODAY, "next_home": "hillshire"}),
    ("R14", "on the day before, the old one does", ADVISER, "enquiry", HOME,
     {"home_until": TODAY + DAY, "next_home": "hillshire"}),
    ("R14", "and the new one does not", COUNTY, "enquiry", "nothing",
     {"home_until": TODAY + DAY, "next_home": "hillshire"}),
    ("R14", "a job in hand goes on after the move", WORKER, "deliver", COPY, AWAY, JOB, PASSED),
    *[("R1", f"an enquiry is not for {hat}", hat, "enquiry", "nothing", GIVEN, JOB, PASSED)
      for hat in (OFFICER, "hillshire-officer", INFORMATION, "hillshire-information", WORKER, "applewick-manager")],
    ("R1", "matching is not for officers", OFFICER, "match", "nothing"),
    ("R2", "nor for another council's adviser", COUNTY, "match", "nothing", GIVEN),
    ("R2", "a team leader delivers nothing", "hillshire-leader", "deliver", "nothing", GIVEN, JOB),
    *[("R16", f"news and marketing show nobody to {hat}", hat, "inform", "nothing", GIVEN, JOB, PASSED)
      for hat in (ADVISER, COUNTY, WORKER, INFORMATION)],
)

OUT_OF_CONTACT = [replace(ask, in_contact=False) for ask in asks(
    "resident",
    ("R1", "without a contact of one's own the home council's adviser sees nobody", ADVISER, "enquiry", "nothing"),
    ("R2", "nor the consented council's", COUNTY, "enquiry", "nothing", GIVEN),
    ("R1", "a team leader needs none to look for duplicates", LEADER, "match", "name address channels birth"),
    ("R3", "a contractor needs none", WORKER, "deliver", COPY, {}, JOB, PASSED),
)]

EXAMPLES = RECORDS + OUT_OF_CONTACT + REQUESTS + CONTACTS + FLOORS


@pytest.mark.parametrize("ask", EXAMPLES, ids=lambda ask: f"{ask.rule}: {ask.sentence} ({ask.about})")
def test_example(ask: Ask) -> None:
    expected = None if ask.expected == "nothing" else set(ask.expected.split())
    world = scene(ask)
    assert first_answer(ask, world) == expected
    assert second_answer(ask, world) == expected


def test_somebody_elses_open_contact_is_not_ones_own():
    world, hat = scene(Ask("R1", "the taker", COUNTY, "enquiry", "stub", request=JOB)), HATS[COUNTY]
    theirs = replace(world.contact["k-own"], key="k-colleague", hat="hillshire-leader")
    world = replace(world, contacts=(*world.contacts, theirs))
    for contact, parts in ((world.contact["k-own"], {"stub"}), (theirs, set())):
        assert request_parts(world, hat, "enquiry", world.requests[0], contact) == parts
        assert Second(world).requests(hat, "enquiry", contact).get("q-000001", set()) == parts


def test_a_floor_asked_for_nobody_in_particular_shows_no_disclosure_to_somebody():
    for named, seen in ((None, {"r-000001"}), ("p-marlbrook-adviser", set())):
        world = scene(Ask("R4", "", COUNTY, "council", "", opened("marlbrook", "name", person=named)))
        assert floor(world, "council", "marlbrook").residents == Second(world).floor("council", "marlbrook")[0] == seen
        assert floor(world, "council", "hillshire").residents == Second(world).floor("council", "hillshire")[0] == set()


def test_every_role_stands_on_the_floor_of_its_audience():
    expected = {"adviser": "council", "team_leader": "council", "service_officer": "council", "contractor": "partner",
                "voluntary": "partner", "information_officer": "rights", "partner_manager": "office",
                "administrator": "office", "auditor": "office", "service_manager": "office"}
    assert {hat.role: audience(hat) for hat in HATS.values()} == expected


def test_the_examples_are_many_and_reach_every_promise_about_seeing():
    assert len(EXAMPLES) >= 60
    rules = {ask.rule.split()[0] for ask in EXAMPLES}
    assert rules >= {f"R{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 22)}
    assert any(ask.expected == "nothing" for ask in EXAMPLES) and any(ask.expected == WHOLE for ask in EXAMPLES)
