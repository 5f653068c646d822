"""What the policy's explanation says of a resident is what the guard and the wall let the hat see; and nobody learns
from it of a resident whom they may not know."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.disclosures.models import Disclosure
from app.journal.models import Entry, EntrySubject
from app.kernel.errors import Invalid
from app.kernel.ids import new_reference
from app.organisations.models import Agreement
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.models import PolicyVersion
from app.policy.purposes import Purpose
from app.policy.work import Desk
from app.requests.models import Assignment, Request, RequestResident
from app.residents.models import Resident
from app.rights.explaining import Decision, asked_of, decide
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

EXPLAIN = frozenset({Action.POLICY_EXPLAIN, Action.RESIDENT_SEE})
SEE = frozenset({Action.RESIDENT_SEE})
COLLECTIONS, STREETS, MISSED_BIN = "greenbins-collections", "greenbins-streets-2014", 524
HATS = [("adviser", Purpose.ENQUIRY, BOROUGH), ("adviser", Purpose.ENQUIRY, COUNTY),
        ("team_leader", Purpose.ENQUIRY, BOROUGH), ("team_leader", Purpose.ENQUIRY, COUNTY),
        ("service_officer", Purpose.DELIVER, BOROUGH), ("service_officer", Purpose.DELIVER, COUNTY),
        ("contractor", Purpose.DELIVER, BINS), ("information_officer", Purpose.RIGHTS, BOROUGH),
        ("information_officer", Purpose.RIGHTS, COUNTY)]


def question(organisation: str, role: str, purpose: str, group: str, resident: str | None = None,
             **more: object) -> dict[str, object]:
    return {"organisation": organisation, "role": role, "purpose": str(purpose), "group": str(group),
            "resident": resident, **more}


def told(desk: Desk, wearer: Wearer, needs: frozenset[Action], **values: object) -> Decision:
    with desk.work(wearer.secret, needs) as work:
        return decide(work, asked_of(values))


def request_of(world: World, resident: Resident, by: Wearer, *, responsible: str, agreement: str | None,
               lgsl: int = MISSED_BIN, ended: bool = False, closed: bool = False) -> None:
    contact = world.contact(by, ended=True)
    status = "closed" if closed else "assigned" if agreement else "passed"
    asked = Request(ref=new_reference(), lgsl=lgsl, taken_by_id=by.organisation_id, taken_in=contact.id,
                    responsible_id=world.organisations[responsible].id, intake=False, status=status,
                    taken_at=world.now, closed_at=world.now if closed else None)
    world.add(asked)
    world.add(RequestResident(request_id=asked.id, resident_id=resident.id))
    if agreement:
        under = world.session.scalars(select(Agreement).where(Agreement.slug == agreement)).one()
        world.add(Assignment(request_id=asked.id, organisation_id=under.partner_id, agreement_id=under.id,
                             assigned_at=world.now, ended_at=world.now if ended else None,
                             ended_as="completed" if ended else None))


def residents_of_all_kinds(world: World, chance: random.Random) -> list[Resident]:
    """A score of residents: where they live, what they chose, what stands on them and what was asked for them."""
    made = []
    adviser = world.wearer(BOROUGH, "adviser")
    for number in range(20):
        home = chance.choice([BOROUGH, BOROUGH, COUNTY, None])
        columns: dict[str, object] = {} if home else {"keeper_id": world.organisations[BOROUGH].id}
        if chance.random() < 0.2 and home:
            other = chance.choice([world.organisations[COUNTY].id, None])
            columns |= {"home_until": world.now.date() + timedelta(days=chance.choice([-2, 5])), "next_home_id": other}
        resident = world.resident(home, restricted=chance.random() < 0.15, protected=chance.random() < 0.25, **columns)
        if chance.random() < 0.5:
            world.choose(resident, "sharing", chance.choice(["given", "given", "refused"]), adviser)
        for organisation in (COUNTY, BINS):
            if chance.random() < 0.25:
                world.object(resident, organisation, adviser, active=chance.random() < 0.8)
        if number % 2:
            request_of(world, resident, adviser, responsible=chance.choice([BOROUGH, COUNTY]),
                       agreement=chance.choice([COLLECTIONS, COLLECTIONS, STREETS, None]),
                       ended=chance.random() < 0.2, closed=chance.random() < 0.2)
        made.append(resident)
    return made


def test_the_answer_is_yes_exactly_where_the_hat_sees_the_group(desk: Desk, world: World) -> None:
    chance = random.Random(1)
    residents = residents_of_all_kinds(world, chance)
    keepers = {world.organisations[slug].id: world.wearer(slug, "information_officer") for slug in (BOROUGH, COUNTY)}
    seen: set[tuple[str, str, str, Group]] = set()
    for role, purpose, organisation in HATS:
        wearer = world.wearer(organisation, role)
        world.contact(wearer)
        seen |= {(role, organisation, ref, group) for ref, group in sight(desk, wearer, purpose)}
    answers = {"yes": 0, "no": 0}
    for officer in keepers.values():
        with desk.work(officer.secret, EXPLAIN) as work:
            for resident in residents:
                if keepers[resident.keeper_id] is not officer:
                    continue
                for (role, purpose, organisation), group in [
                        (hat, group) for hat in HATS for group in chance.sample(sorted(RESIDENT_GROUPS), 3)]:
                    made = decide(work, asked_of(
                        question(organisation, role, purpose, group, resident.ref)))
                    sees = (role, organisation, resident.ref, group) in seen
                    assert (made.outcome == "yes") == sees, (role, organisation, group, resident.ref, made)
                    assert made.because and made.outcome != "not-told"
                    answers["yes" if sees else "no"] += 1
    assert min(answers.values()) > 80, answers


def sight(desk: Desk, wearer: Wearer, purpose: Purpose) -> set[tuple[str, Group]]:
    """What the guard, and the wall behind it, let a hat see."""
    with desk.work(wearer.secret, SEE, purpose=purpose) as work:
        return {(ref, group) for group in RESIDENT_GROUPS for ref in work.session.scalars(
            select(Resident.ref).where(work.reach.deciding("resident", Resident.__table__, group)))}


def test_each_outcome_is_told_with_its_reason(desk: Desk, world: World) -> None:
    officer = world.wearer(BOROUGH, "information_officer")
    resident = world.resident(BOROUGH)

    def ask(organisation: str, role: str, purpose: str, group: str, **more: object) -> Decision:
        return told(desk, officer, EXPLAIN, **question(organisation, role, purpose, group, resident.ref, **more))

    home = ask(BOROUGH, "adviser", "enquiry", "birth")
    assert home.outcome == "yes" and "the resident's home council is theirs" in home.because[0]
    assert "It ends with the contact: without an open one an adviser sees no record." in home.would_change
    other = ask(COUNTY, "adviser", "enquiry", "birth")
    assert other.outcome == "missing"
    assert "The resident would have to agree to sharing between the councils." in other.would_change
    assert ask(COUNTY, "adviser", "enquiry", "sensitive").outcome == "nothing-allows"
    world.choose(resident, "sharing", "given", officer)
    world.object(resident, COUNTY, officer)
    against = ask(COUNTY, "adviser", "enquiry", "birth")
    assert against.outcome == "forbidden"
    assert against.because[0] == "It is withheld because the resident objected to that organisation."
    yesterday = world.now - timedelta(days=1)
    before = ask(COUNTY, "adviser", "enquiry", "birth", on=yesterday)
    assert before.because == ("No policy was live at that moment: nobody could see anything.",)
    live = world.session.scalars(select(PolicyVersion)).one()
    world.add(PolicyVersion(number=0, content=live.content, fingerprint=live.fingerprint, reason="An earlier one",
                            published_at=yesterday, live_from=yesterday))
    earlier = ask(COUNTY, "adviser", "enquiry", "birth", on=yesterday)
    assert earlier.outcome == "missing"
    assert earlier.because[-1].startswith("The rules are those of then (version 0), and so are choices and objections.")


def test_a_moment_between_a_choice_and_its_withdrawal_has_its_own_answer(desk: Desk, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer"), world.resident(BOROUGH)
    world.choose(resident, "sharing", "given", officer)
    between = world._instant()
    world.choose(resident, "sharing", "withdrawn", officer)
    asked = question(COUNTY, "adviser", "enquiry", "name", resident.ref)
    assert told(desk, officer, EXPLAIN, **asked).outcome == "missing"
    assert told(desk, officer, EXPLAIN, **asked, on=between).outcome == "yes"
    assert told(desk, officer, EXPLAIN, **asked, on=world._instant() + timedelta(hours=1)).outcome == "missing"


def test_a_disclosure_holds_for_its_groups_until_it_ends(desk: Desk, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer"), world.resident(BOROUGH, restricted=True)
    world.add(Disclosure(resident_id=resident.id, organisation_id=officer.organisation_id, groups=["name"],
                         ground="court-order", requester="The court", authority="An order",
                         opened_by_id=officer.person_id, since=world.now - timedelta(hours=1),
                         until=world.now + timedelta(hours=1)))
    asked = question(BOROUGH, "adviser", "protect", "name", resident.ref)
    assert told(desk, officer, EXPLAIN, **asked).outcome == "yes"
    assert told(desk, officer, EXPLAIN, **asked | {"group": "birth"}).outcome == "missing"
    later = world.now + timedelta(hours=2)
    assert told(desk, officer, EXPLAIN, **asked, on=later).outcome == "missing"
    elsewhere = told(desk, officer, EXPLAIN, **asked | {"organisation": COUNTY})
    assert elsewhere.outcome == "missing" and any("not told here" in each for each in elsewhere.because)


def test_a_hidden_an_absent_and_a_mistyped_resident_have_the_same_answer(desk: Desk, world: World) -> None:
    hidden = world.resident(COUNTY, shared=True)
    officer = world.wearer(BOROUGH, "information_officer")
    administrator = world.wearer(COUNTY, "administrator")
    for asker, needs in ((officer, EXPLAIN), (administrator, frozenset({Action.POLICY_EXPLAIN}))):
        for group in ("name", "sensitive"):
            answers = {told(desk, asker, needs, **question(COUNTY, "adviser", "enquiry", group, ref))
                       for ref in (hidden.ref, new_reference(), "no reference")}
            assert len(answers) == 1 and answers.pop().outcome == "not-told"
    refused = world.session.scalars(select(EntrySubject.resident_id)).all()
    assert hidden.id not in refused


def test_without_a_resident_the_rules_answer(desk: Desk, world: World) -> None:
    asker = world.wearer(COUNTY, "administrator")
    needs = frozenset({Action.POLICY_EXPLAIN})
    could = told(desk, asker, needs, **question(COUNTY, "adviser", "enquiry", "name"))
    assert could.outcome == "missing" and could.because[0] == "It depends on the resident, and none is named."
    assert "It would be a yes for a resident whose home council is theirs." in could.would_change
    assert told(desk, asker, needs, **question(COUNTY, "adviser", "enquiry", "sensitive")).outcome == "nothing-allows"


def test_asking_is_journalled_without_values(desk: Desk, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer"), world.resident(BOROUGH)
    told(desk, officer, EXPLAIN, **question(BOROUGH, "adviser", "enquiry", "name", resident.ref))
    entry = world.session.scalars(select(Entry).where(Entry.event == "policy.explained")).one()
    assert entry.facts == {"organisation": BOROUGH, "role": "adviser", "purpose": "enquiry", "group": "name",
                           "action": "resident:see", "outcome": "yes"}
    assert world.session.scalars(select(EntrySubject.resident_id)).all() == [resident.id]


@pytest.mark.parametrize(("wrong", "field", "words"), [
    ({"organisation": "nowhere"}, "organisation", BOROUGH), ({"role": "advisor"}, "role", "team_leader"),
    ({"role": "contractor"}, "role", "its roles are"), ({"purpose": "gossip"}, "purpose", "enquiry"),
    ({"group": "shoes"}, "group", "address"), ({"group": "stub"}, "group", "birth"),
    ({"action": "desk:use"}, "action", "resident:see"), ({"unit": "moon"}, "unit", "no unit")])
def test_words_that_nobody_knows_are_refused_with_those_there_are(
        desk: Desk, world: World, wrong: dict[str, str], field: str, words: str) -> None:
    asker = world.wearer(COUNTY, "administrator")
    with pytest.raises(Invalid) as refused:
        told(desk, asker, frozenset({Action.POLICY_EXPLAIN}),
             **question(BOROUGH, "adviser", "enquiry", "name") | wrong)
    assert words in refused.value.errors[field][0]
