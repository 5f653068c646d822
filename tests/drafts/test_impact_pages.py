"""What a draft would change is asked for on its page, worked out by the real worker, read there, and told so that everybody can
read it; the look-ups of the last months are replayed on it."""

import re

from flask import Flask
from sqlalchemy import select, text

from app import queued_deeds
from app.drafts.models import Draft, DraftStep
from app.kernel.worker import made
from app.policy.actions import Action
from app.policy.work import Desk
from app.residents.models import Resident
from app.residents.values import shown
from tests.drafts.office import SHARED, Office, without_births
from tests.drafts.test_impact import line
from tests.signed_in import Browser, signed_in
from tests.world import BOROUGH, COUNTY, World


def main(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text[-1500:]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def worker(application: Flask) -> None:
    queue = made(application.config["JC_SETTINGS"], (), queued_deeds(), application)
    queue.run_worker(wait=False, concurrency=1, install_signal_handlers=False)


def people(world: World) -> None:
    by = world.adviser(BOROUGH)
    for council, answer in [(BOROUGH, "given")] * 7 + [(COUNTY, "given")] * 12 + [(BOROUGH, "refused")] * 6:
        world.choose(world.resident(council), "sharing", answer, by)


def test_it_is_asked_for_worked_out_by_a_worker_and_read_before_it_is_approved(
        application: Flask, office: Office, world: World) -> None:
    people(world)
    ref = office.begun(without_births)
    author, county = signed_in(application, office.author), signed_in(application, office.county)
    page = f"/policy/drafts/{ref}/impact"
    assert "Not worked out yet" in main(author, f"/policy/drafts/{ref}")
    assert "Work it out" in main(county, page)
    assert county.post(page).status_code == 303
    assert "It waits for a worker" in main(author, page) and author.post(page).status_code == 409
    worker(application)
    said = main(author, page)
    assert "Nothing stands in the way" in said and "Nobody would see more of anybody." in said
    assert ("Advisers of Somerset County Council would no longer see the date of birth of 7 residents, to handle an enquiry: "
            "residents of another council who agreed to sharing between the councils.") in said
    assert "I have read" not in said, "it waits for nobody's approval yet"
    office.hand_in(ref)
    version = world.session.scalars(select(Draft.version).where(Draft.ref == ref)).one()
    refused = county.post(f"/policy/drafts/{ref}/approve", data={"version": version})
    assert refused.status_code == 409 and "Read first what this draft would change" in refused.text
    assert "read it before you approve" in main(county, f"/policy/drafts/{ref}")
    assert "I have read what this would change" in main(county, page)
    assert county.post(f"{page}/read").status_code == 303 and county.post(f"{page}/read").status_code == 303
    assert "You have said that you read this." in main(county, page)
    assert county.post(f"/policy/drafts/{ref}/approve", data={"version": version}).status_code == 303
    assert "Read what the draft would change" in main(county, f"/policy/drafts/{ref}")
    assert len(world.session.scalars(select(DraftStep.id).where(DraftStep.act == "read")).all()) == 1
    auditor, contractor = world.wearer(COUNTY, "auditor"), world.wearer(COUNTY, "information_officer")
    assert [signed_in(application, who).get(page).status_code for who in (auditor, contractor)] == [403, 403]


def test_the_look_ups_of_the_last_months_are_replayed(application: Flask, office: Office, desk: Desk, world: World) -> None:
    by = world.adviser(BOROUGH)
    shared = [world.resident(BOROUGH) for _ in range(6)]
    for resident in shared:
        world.choose(resident, "sharing", "given", by)
    adviser = world.adviser(COUNTY)
    for resident in shared:
        with desk.work(adviser.secret, frozenset({Action.RESIDENT_SEE})) as work:
            shown(work, work.session.scalars(select(Resident).where(Resident.id == resident.id)).one())
    with desk.work(by.secret, frozenset({Action.RESIDENT_SEE})) as work:
        shown(work, work.session.scalars(select(Resident).where(Resident.id == shared[0].id)).one())
    browser = signed_in(application, office.author)
    less = office.begun(line(SHARED, SHARED.replace(" birth", "")))
    none = office.begun(lambda content: content | {"grants.csv": "".join(
        f"{each}\n" for each in content["grants.csv"].splitlines() if not each.startswith(SHARED))})
    office.weigh(less)
    office.weigh(none)
    said = main(browser, f"/policy/drafts/{less}/impact")
    assert "0 would now be refused, 6 would show less, and fewer than 5 would be as they were." in said
    assert "Advisers of Somerset County Council Saw the record 0 6 0" in said
    said = main(browser, f"/policy/drafts/{none}/impact")
    assert "6 would now be refused, 0 would show less" in said and "They were decided under version 1." in said
    world.session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER ALL"))
    world.session.execute(text("UPDATE journal_entry SET at = at - interval '91 days'"))
    world.session.commit()
    again = office.begun(line(SHARED, SHARED.replace(" birth", "")))
    office.weigh(again)
    assert "Nobody looked at a record, and nobody was refused." in main(browser, f"/policy/drafts/{again}/impact")
