"""What a council withholds of its own residents is written by its own administrators and agreed to by its own information officer:
alone where it only takes away, beside the usual approvals where a line goes or other rules change; the database holds to it."""

from json import dumps

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.drafts import narrowing, operations
from app.drafts.models import Draft, DraftStep
from app.kernel.errors import Conflict, Invalid, NotFound
from app.policy.actions import Action
from app.policy.models import PolicyVersion
from app.policy.publishing import publish
from app.policy.work import Desk, Work
from tests.drafts.office import ALL, FILES, Office, put
from tests.signed_in import signed_in
from tests.world import BOROUGH, COUNTY, Wearer, World

NEEDS = "needs,*,contractor,they do the work without it,information governance,2027-03-31"
OURS, THEIRS = f"{COUNTY},{NEEDS}", f"{BOROUGH},{NEEDS}"
AGREE = frozenset({Action.POLICY_AGREE})


def adding(*lines: str):
    def change(content: dict[str, str]) -> dict[str, str]:
        for line in lines:
            content = narrowing.with_line(content, line)
        return content
    return change


def answers(desk: Desk, who: Wearer, ref: str, why: str | None = None) -> None:
    with desk.work(who.secret, AGREE) as work:
        draft = operations.draft_of(work, ref)
        narrowing.answer(work, draft, draft.version, why)


def live(world: World) -> tuple[int, str]:
    world.session.expire_all()
    row = world.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc())).first()
    assert row is not None
    return row.number, row.content["narrowings.csv"]


def laid(office: Office, *lines: str) -> None:
    """The policy that is live withholds already."""
    publish(office.world.session, office.desk.shelf, adding(*lines)(dict(FILES)), "a test")
    office.world.session.commit()


def test_what_only_adds_lines_of_one_council_is_its_own_officers_to_approve_alone(office: Office, desk: Desk, world: World) -> None:
    ours, theirs = (world.wearer(council, "information_officer") for council in (COUNTY, BOROUGH))
    ref = office.begun(adding(OURS))
    office.hand_in(ref)
    with pytest.raises(Conflict, match="officer of Somerset County Council has not agreed"):
        office(office.author, operations.publish, ref, None)
    office.approve(ref, office.county, office.borough)
    with pytest.raises(Conflict, match="has not agreed"):
        office(office.author, operations.publish, ref, None)
    with pytest.raises(Conflict, match="does not wait for your answer"):
        answers(desk, theirs, ref)
    answers(desk, ours, ref)
    assert office(office.author, operations.publish, ref, None) == 2 and OURS in live(world)[1]
    acts = set(world.session.execute(select(DraftStep.act, DraftStep.person_id).where(DraftStep.act == "agreed")).all())
    assert acts == {("agreed", ours.person_id)}


def test_its_word_holds_for_the_text_as_it_stands_and_a_return_says_why(office: Office, desk: Desk, world: World) -> None:
    officer = world.wearer(COUNTY, "information_officer")
    ref = office.begun(adding(OURS))
    office.hand_in(ref)
    answers(desk, officer, ref)
    office(office.county, operations.edit, ref, adding(OURS.replace("needs,", "birth,")))
    office.hand_in(ref)
    with pytest.raises(Conflict, match="has not agreed"):
        office(office.author, operations.publish, ref, None)
    answers(desk, officer, ref, "Carers ask for it")
    assert office.state(ref) == "open"
    office.hand_in(ref)
    answers(desk, officer, ref)
    assert office(office.author, operations.publish, ref, None) == 2


def test_nobody_writes_what_another_council_withholds(office: Office) -> None:
    ref = office.begun()
    with pytest.raises(Invalid) as refused:
        office(office.author, operations.edit, ref, adding(OURS, THEIRS))
    assert f"narrowings.csv, line 4: only administrators of {BOROUGH}" in str(refused.value.errors)
    laid(office, THEIRS)
    other = office.begun()
    with pytest.raises(Invalid) as refused:
        office(office.author, operations.edit, other, lambda content: content | {"narrowings.csv": narrowing.HEADER})
    assert "Put the line back" in str(refused.value.errors)
    office(office.borough, operations.edit, other, lambda content: content | {"narrowings.csv": narrowing.HEADER})


def test_a_line_that_goes_takes_its_officers_word_and_every_approval(office: Office, desk: Desk, world: World) -> None:
    laid(office, OURS)
    officer = world.wearer(COUNTY, "information_officer")
    ref = office.begun(put("narrowings.csv", f"{OURS}\n", ""))
    with pytest.raises(Conflict, match="would no longer be withheld from contractors' staff"):
        office(office.author, operations.tighten, ref)
    office.hand_in(ref)
    answers(desk, officer, ref)
    with pytest.raises(Conflict, match="An approval is missing of"):
        office(office.author, operations.publish, ref, None)
    draft = world.session.scalars(select(Draft).where(Draft.ref == ref)).one()
    world.session.execute(text("UPDATE policy_draft SET councils = councils[1:1] WHERE id = :draft"), {"draft": draft.id})
    world.session.commit()
    office.approve(ref, office.county)
    with pytest.raises(Conflict, match="changed or published something|missing"):
        office(office.author, operations.publish, ref, None)
    office.approve(ref, office.borough)
    assert office(office.author, operations.publish, ref, None) == 3 and OURS not in live(world)[1]


def test_what_mixes_them_with_other_rules_takes_both(office: Office, desk: Desk, world: World) -> None:
    later = put("grants.csv", "internal audit,2027-03-31", "internal audit,2027-06-30")
    ref = office.begun(lambda content: adding(OURS)(later(content)))
    office.hand_in(ref)
    answers(desk, world.wearer(COUNTY, "information_officer"), ref)
    with pytest.raises(Conflict, match="An approval is missing of"):
        office(office.author, operations.publish, ref, None)
    office.approve(ref, office.county, office.borough)
    assert office(office.author, operations.publish, ref, None) == 2


def test_at_once_a_council_withholds_of_its_own_residents_and_its_officer_ratifies(
        office: Office, desk: Desk, world: World) -> None:
    ref = office.begun(adding(OURS))
    assert office(office.author, operations.tighten, ref) == 2
    office.weigh(ref)
    answers(desk, world.wearer(COUNTY, "information_officer"), ref)
    assert office(office.author, operations.publish, ref, None) == 3 and OURS in live(world)[1]


def test_the_database_alone_holds_to_it(office: Office, desk: Desk, world: World) -> None:
    """Whatever the application says: here somebody past it wrote another council's line, and forged a word."""
    ref = office.begun(adding(OURS))
    draft = world.session.scalars(select(Draft).where(Draft.ref == ref)).one()
    world.session.execute(text("UPDATE policy_draft SET content = :content WHERE id = :draft"),
                          {"draft": draft.id, "content": dumps(adding(THEIRS)(dict(draft.content)))})
    world.session.commit()

    def tried(who: Wearer, at_once: bool) -> None:
        with desk.work(who.secret, ALL) as work:
            work.session.connection().execute(text("SELECT wall.publish_draft(:draft, :at_once)"),
                                              {"draft": draft.id, "at_once": at_once})

    world.session.execute(text("UPDATE policy_draft SET councils = ARRAY[organisation_id] WHERE id = :draft"), {"draft": draft.id})
    world.session.commit()
    with pytest.raises(DBAPIError, match="its own officer"):
        tried(office.author, True)

    def forged(work: Work) -> None:
        work.session.add(DraftStep(draft_id=draft.id, at=work.now, person_id=office.county.person_id, act="agreed",
                                   organisation_id=office.county.organisation_id, fingerprint=draft.fingerprint))
        work.session.flush()

    with pytest.raises((DBAPIError, NotFound)), desk.work(office.author.secret, ALL) as work:
        forged(work)
    trick = "# a note\x0b" + THEIRS
    world.session.execute(text("UPDATE policy_draft SET content = :content WHERE id = :draft"),
                          {"draft": draft.id, "content": dumps(FILES | {
                              "narrowings.csv": f"{narrowing.HEADER}\n{trick}\n"})})
    world.session.commit()
    asked = text("SELECT council FROM wall.narrowing_lines((SELECT content FROM policy_draft WHERE id = :draft))")
    assert set(world.session.scalars(asked, {"draft": draft.id})) == {BOROUGH}, "a line ends there where it ends for the reader"


def test_it_is_written_on_a_page_and_agreed_to_on_another(application: Flask, office: Office, world: World) -> None:
    ref, officer = office.begun(), world.wearer(COUNTY, "information_officer")
    author, browser = signed_in(application, office.author), signed_in(application, officer)
    page = f"/policy/drafts/{ref}/narrowings"
    said = (f"Of its own residents, {COUNTY} withholds needs in how a service is delivered from contractors' staff, because they do"
            " the work without it; information governance answers for this and reviews it by 31 March 2027.")
    other = author.post(page, data={"version": "1", "sentence": said.replace(COUNTY, BOROUGH)})
    assert other.status_code == 422 and f"Only administrators of {BOROUGH}" in other.text
    assert author.post(page, data={"version": "1", "groups": "birth", "roles": "voluntary"}).status_code == 422
    assert author.post(page, data={"version": "1", "sentence": said}).status_code == 303
    parts = {"version": "2", "groups": ["birth", "identity"], "organisations": "*", "roles": ["voluntary"], "reason": "no need",
             "owner": "information governance", "review": "2027-03-31"}
    assert author.post(page, data=parts).status_code == 303
    shown = author.get(page).text.replace("&#39;", "'")
    assert said in shown and "the date of birth and how and how well the caller was verified" in shown and "Take out" in shown
    assert author.post(f"{page}/4/out", data={"version": "3"}).status_code == 303
    assert "the date of birth and how" not in author.get(page).text
    assert "Nothing waits for you." in browser.get("/policy/withheld").text
    assert browser.get(f"/policy/withheld/{ref}").status_code == 200
    office.hand_in(ref)
    assert "No other approval is needed" in author.get(f"/policy/drafts/{ref}").text
    assert f"/policy/withheld/{ref}" in browser.get("/policy/withheld").text
    version = world.session.scalars(select(Draft.version).where(Draft.ref == ref)).one()
    asked = browser.get(f"/policy/withheld/{ref}").text
    assert "your word is enough" in asked and "I have read this, and agree" in asked
    assert browser.post(f"/policy/withheld/{ref}/return", data={"version": version, "why": ""}).status_code == 422
    assert browser.post(f"/policy/withheld/{ref}/agree", data={"version": version}).status_code == 303
    theirs = signed_in(application, world.wearer(BOROUGH, "information_officer"))
    assert theirs.get(f"/policy/withheld/{ref}").status_code == 404
    assert signed_in(application, office.county).get("/policy/withheld").status_code == 403
    assert "Every approval is given." in author.get(f"/policy/drafts/{ref}").text
    assert office(office.author, operations.publish, ref, None) == 2
    assert said in browser.get("/policy/withheld").text.replace("&#39;", "'")
    assert said in author.get("/policy/rules").text.replace("&#39;", "'")
