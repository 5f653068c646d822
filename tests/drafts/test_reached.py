"""How many each hat reaches today is counted once a day for each version, told square by square, and never so that a number under
five could be learnt from it."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.drafts import counting, operations
from app.drafts.alike import Base, Counted, Request, Resident
from app.drafts.tally import Tally, tally
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.kernel.worker import caller
from app.policy import reached
from app.policy.actions import Action
from app.policy.figures import EVERYBODY, FEW, Figure, apart, whom
from app.policy.models import ReachCount, ReachFigure
from app.policy.plainly import Plain
from app.policy.publishing import SHIPPED
from app.policy.reading import read
from app.policy.rules import PolicyFiles, Vocabulary
from app.policy.situations import Sharing, State
from app.policy.work import Desk
from app.shell.assets import ensure_built
from tests.drafts.office import ALL, Office, without_births
from tests.drafts.test_impact_pages import main, worker
from tests.signed_in import Browser, signed_in
from tests.world import BINS, BOROUGH, COUNTY, World

WORDS = Vocabulary.of({"shire", "town", "bins"}, {"town": ["streets", "homes", "parks"]},
                      {"shire": "council", "town": "council", "bins": "contractor"})
SHARED = f"/policy/who?sharing=given&home={BOROUGH}&purpose=enquiry&role=adviser&organisation={COUNTY}&group="


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


def people(world: World) -> None:
    """Of the borough twenty who agreed, of whom three are protected, and two who refused; seven of the county."""
    by = world.adviser(BOROUGH)
    for n in range(20):
        world.choose(world.resident(BOROUGH, protected=n < 3), "sharing", "given", by)
    for council, answer in [(BOROUGH, "refused")] * 2 + [(COUNTY, "given")] * 7:
        world.choose(world.resident(council), "sharing", answer, by)


def why(browser: Browser, path: str) -> str:
    return main(browser, path).partition("How many it reaches today")[2].partition("Worked examples")[0]


def told(*, residents: dict[Resident, int] | None = None, requests: dict[Request, int] | None = None) -> Tally:
    counted = Counted(Counter(residents or {}), Counter(requests or {}))
    return tally(Plain(read(PolicyFiles.read(SHIPPED), WORDS), WORDS), counted)


def figure(found: Tally, role: str, organisation: str, group: str, those: str, unit: str = "-", kind: str = "resident") -> Figure:
    return next(each[those] for (wearer, _, of_kind, of_group), each in found.figures.items() if (
        str(wearer.role), wearer.organisation, wearer.unit, str(of_kind), str(of_group)) == (role, organisation, unit, kind, group))


def test_it_is_counted_by_the_worker_once_a_day_and_told_in_every_square(
        application: Flask, office: Office, world: World) -> None:
    people(world)
    for _ in range(6):
        world.request(COUNTY, BOROUGH, resident=world.resident(BOROUGH))
    author, county = signed_in(application, office.author), signed_in(application, office.county)
    assert "Not counted yet under policy version 1" in why(author, SHARED + "name")
    assert "Count them now" in main(author, "/policy/who")
    assert "not counted yet" in author.get("/policy/who.csv").text
    assert author.post("/policy/who/count?sharing=given").status_code == 303
    assert "It waits for a worker" in main(county, "/policy/who") and county.post("/policy/who/count").status_code == 409
    worker(application)
    said = main(author, SHARED + "name")
    assert "33 to 37 residents and 6 to 10 requests" in said and "Count them" not in said, "once a day is enough"
    assert author.post("/policy/who/count").status_code == 409
    assert "Of 20 residents of Taunton Deane Borough Council who agreed to sharing, and of fewer than 5 requests" in said
    assert "Somerset County Council 20 None, by any rule" in why(author, SHARED + "name")
    assert "Somerset County Council 16 to 20" in why(author, SHARED + "address"), "that three are protected is not told"
    assert "Somerset County Council Fewer than 5" in why(author, SHARED.replace("given", "refused") + "name")
    sheet = list(csv.reader(io.StringIO(author.get(f"/policy/who.csv?sharing=given&home={BOROUGH}").text)))
    rows = {row[0]: {heading.partition(" (")[0]: cell for heading, cell in zip(sheet[0], row, strict=True)} for row in sheet[1:]}
    county = {group: row[f"residents adviser of {COUNTY}"] for group, row in rows.items()}
    assert (county["name"], county["address"], county["sensitive"]) == ("20", "16 to 20", "none") and "(as at " in sheet[0][-1]


def test_what_a_hat_reaches_is_told_of_each_part_of_the_record(
        application: Flask, office: Office, desk: Desk, world: World) -> None:
    people(world)
    path = f"/policy/explain/what?organisation={COUNTY}&role=adviser"
    officer, author = signed_in(application, world.wearer(BOROUGH, "information_officer")), signed_in(application, office.author)
    assert "Nobody has had it counted yet" in main(officer, path) and "Have it counted" in main(author, path)
    with desk.work(office.author.secret, ALL) as work:
        begun = counting.begin(work, queued=False)
    counting.go_on(desk, *begun)
    for browser in (officer, author):
        said = main(browser, path)
        assert "Names to handle an enquiry 27 to 31" in said, "seven of one's own, twenty who agreed, and who is not told of"
    contractor = main(author, f"/policy/explain/what?organisation={BINS}&role=contractor")
    assert "Names to carry out a request Fewer than 5 Fewer than 5" in contractor
    assert "This hat reaches no resident’s data." in main(author, f"/policy/explain/what?organisation={COUNTY}&role=auditor")


def test_only_the_job_itself_is_told_and_only_who_runs_the_policy_may_ask(office: Office, desk: Desk, world: World) -> None:
    people(world)
    with pytest.raises(NotPermitted), desk.work(office.author.secret, frozenset({Action.POLICY_READ})) as work:
        counting.begin(work, queued=False)
    with desk.work(office.author.secret, ALL) as work:
        key, nonce = counting.begin(work, queued=False)
    for call in ("impact_residents(0, 99)", "impact_served()", "tell_reach_count(1, 1)", "end_reach_count(now(), '{}', '[]')"):
        with pytest.raises(DBAPIError, match="nothing is being worked out here"), desk.engine.connect() as connection:
            connection.execute(text("SELECT set_config('role', :role, true), set_config('jc.secret', :secret, true)"),
                               {"role": f"{desk.prefix}_office", "secret": office.author.secret})
            connection.execute(text(f"SELECT wall.{call}")).all()
    with pytest.raises(Conflict, match="being counted"), desk.work(office.author.secret, ALL) as work:
        counting.begin(work, queued=False)
    counting.go_on(desk, key, "a wrong word")
    counting.go_on(desk, key, nonce)
    counting.go_on(desk, key, nonce)
    assert world.session.scalars(select(ReachCount.state)).all() == ["done"]
    with pytest.raises(Conflict, match="counted today"), desk.work(office.author.secret, ALL) as work:
        counting.begin(work, queued=False)
    with pytest.raises(NotFound), desk.work(office.author.secret, ALL) as work:
        work.session.connection().execute(text("DELETE FROM reach_figure"))
    kept = " ".join(str(each) for each in world.session.scalars(select(ReachFigure.told)).all())
    numbers = {int(number) for pair in re.findall(r"\[[^\[\]]*\]", kept) for number in re.findall(r"\d+", pair)}
    assert numbers and min(numbers) >= 5, "what is kept holds no small number either"


def test_it_is_counted_again_every_day_and_for_every_version(application: Flask, office: Office, desk: Desk, world: World) -> None:
    call = caller(application.config["JC_SETTINGS"])
    with application.app_context():
        assert counting.count_what_is_due(call) == 0, "nobody ever asked for it"
        with desk.work(office.author.secret, ALL) as work:
            begun = counting.begin(work, queued=False)
        counting.go_on(desk, *begun)
        assert counting.count_what_is_due(call) == 0, "it was counted today"
        world.session.execute(text("UPDATE reach_count SET day = day - 1"))
        world.session.commit()
        assert counting.count_what_is_due(call) == 1
        ref = office.begun(without_births)
        office.hand_in(ref)
        office.approve(ref, office.county, office.borough)
        assert office(office.author, operations.publish, ref, None) == 2
        with desk.work(office.county.secret, ALL) as work:
            assert reached.counting(work).state is reached.State.MISSING, "what was counted for another version is not told"
        assert counting.count_what_is_due(call) == 1
        with desk.work(office.county.secret, ALL) as work:
            assert reached.counting(work).today
        world.session.execute(text("UPDATE reach_count SET day = day - 1"))
        world.session.execute(text("UPDATE hat SET valid_until = current_date WHERE id = :hat"), {"hat": office.author.hat_id})
        world.session.commit()
        assert counting.count_what_is_due(call) == 0, "the hat of whoever asked is worn no longer"


def test_no_two_numbers_told_of_the_same_people_differ_by_less_than_five() -> None:
    given = Base("town", "town", Sharing.GIVEN)
    protected, objected = replace(given, states=frozenset({State.PROTECTED})), replace(given, objected=frozenset({"shire"}))
    found = told(residents={Resident(given): 17, Resident(protected): 3, Resident(objected): 6,
                            Resident(Base("shire", "shire", Sharing.REFUSED)): 4})
    those = whom("town", Sharing.GIVEN)
    assert figure(found, "adviser", "town", "name", those) == Figure(26, 26)
    assert figure(found, "adviser", "shire", "name", those) == Figure(20, 20), "six objected, which may be told"
    assert figure(found, "adviser", "shire", "address", those) == Figure(16, 20)
    assert figure(found, "adviser", "shire", "name", whom("shire", Sharing.REFUSED)) == FEW
    assert figure(found, "adviser", "shire", "name", EVERYBODY) == Figure(20, 24)
    assert figure(found, "adviser", "shire", "name", whom(None, Sharing.GIVEN)) == FEW, "nobody is told as few are"


def test_numbers_that_are_close_are_told_so_that_none_is_left_alone_to_be_meant() -> None:
    assert apart([20, 20, 17, 15, 4, 0]) == {
        20: Figure(20, 20), 17: Figure(16, 20), 15: Figure(15, 15), 4: FEW, 0: FEW}
    assert apart([8, 6]) == {8: Figure(5, 8), 6: Figure(5, 8)} and apart([8]) == {8: Figure(8, 8)}
    assert apart([9, 5]) == {9: Figure(9, 9), 5: Figure(5, 9)} and apart([10, 5]) == {10: Figure(10, 10), 5: Figure(5, 5)}


def test_units_whose_numbers_would_tell_anothers_are_withheld_together() -> None:
    def asked(unit: str) -> Request:
        return Request("town", "town", unit, False, False, None, None, False, frozenset(), frozenset(), None, None)

    found = told(requests={asked("streets"): 20, asked("homes"): 9, asked("parks"): 3, asked("-"): 11})
    names = {unit: figure(found, "service_officer", "town", "name", "-", unit, "request")
             for unit in ("-", "streets", "homes", "parks")}
    assert names == {"-": Figure(43, 43), "streets": Figure(20, 20), "homes": Figure(5, None), "parks": FEW}
    assert str(names["homes"]) == "5 or more" and names["parks"].of("request") == "fewer than 5 requests"
