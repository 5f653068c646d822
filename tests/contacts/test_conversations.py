"""A conversation: opened on a line, with somebody or with nobody, ended; and what may be kept of it."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.contacts import operations, queries
from app.contacts.frame import NEEDS, contact_bar
from app.contacts.models import Contact, ContactNote, ContactPerson
from app.journal.models import Entry, EntrySubject
from app.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk, Work
from app.residents.models import ResidentIdentity
from tests.world import BOROUGH, COUNTY, Wearer, World

OPENING = frozenset({Action.CONTACT_OPEN, Action.CONTACT_SEE, Action.CONTACT_CHANGE, Action.RESIDENT_SEE})
ENDING = frozenset({Action.CONTACT_END, Action.CONTACT_SEE, Action.CONTACT_CHANGE, Action.RESIDENT_SEE})
VERIFYING = frozenset({Action.CONTACT_CHANGE, Action.CONTACT_SEE, Action.RESIDENT_SEE, Action.RESIDENT_CHANGE})


def working(desk: Desk, wearer: Wearer, needs: frozenset[Action]) -> AbstractContextManager[Work]:
    return desk.work(wearer.secret, needs, purpose=Purpose.ENQUIRY)


def opened(desk: Desk, wearer: Wearer, line: str = "borough-main", person: str | None = None) -> str:
    with working(desk, wearer, OPENING) as work:
        return operations.open_contact(work, "telephone", line, person).ref


def test_an_adviser_opens_one_contact_at_a_time(desk: Desk, world: World) -> None:
    adviser = world.wearer(BOROUGH, "adviser")
    line = next(line.slug for line in lines(desk, adviser) if line.organisation_id == adviser.organisation_id)
    ref = opened(desk, adviser, line)
    with pytest.raises(Conflict) as refused:
        opened(desk, adviser, line)
    assert refused.value.kind == "contact-open"
    with working(desk, adviser, ENDING) as work:
        assert work.contact_id is not None
        operations.end_contact(work, "answered", True)
    assert opened(desk, adviser, line) != ref
    assert world.session.scalars(select(Entry.event).where(Entry.person_id == adviser.person_id).order_by(
        Entry.event)).all() == ["contact.ended", "contact.opened", "contact.opened"]


def lines(desk: Desk, wearer: Wearer) -> list[queries.Line]:
    with working(desk, wearer, OPENING) as work:
        return queries.lines(work)


def test_an_unknown_channel_or_line_and_a_line_without_a_hat_are_refused_in_words(desk: Desk, world: World) -> None:
    adviser = world.wearer(BOROUGH, "adviser")
    with working(desk, adviser, OPENING) as work:
        with pytest.raises(Invalid) as refused:
            operations.open_contact(work, "telegraph", BOROUGH)
        assert "telegraph" in refused.value.errors["channel"][0]
        with pytest.raises(Invalid) as refused:
            operations.open_contact(work, "counter", "nowhere")
        assert "county-main" in refused.value.errors["line"][0]
        with pytest.raises(Invalid) as refused:
            operations.open_contact(work, "telephone", "county-main")
        assert "no hat" in refused.value.errors["line"][0]
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_line_decides_the_hat_of_a_joint_adviser_until_the_contact_ends(desk: Desk, world: World) -> None:
    borough = world.wearer(BOROUGH, "adviser")
    world.wearer(COUNTY, "adviser", person=borough.person_id)
    of_the_county = world.resident(COUNTY, postcode="TA6 3AA")
    opened(desk, borough, "county-main")
    with working(desk, borough, ENDING) as work:
        assert work.actor.organisation == COUNTY
        operations.set_person(work, of_the_county.ref)
        operations.end_contact(work, "resolved", True, "Asked about school meals.")
    with working(desk, borough, OPENING) as work:
        assert work.actor.organisation == BOROUGH
        with pytest.raises(NotFound):
            queries.resident(work, of_the_county.ref)
    assert world.session.scalar(select(ContactNote.words)) == "Asked about school meals."


def test_a_hat_of_another_role_does_not_answer_the_line(desk: Desk, world: World) -> None:
    borough = world.wearer(BOROUGH, "adviser")
    world.wearer(COUNTY, "service_officer", person=borough.person_id)
    with pytest.raises(Invalid):
        opened(desk, borough, "county-main")


def test_a_person_is_named_once_and_only_if_visible(desk: Desk, world: World) -> None:
    adviser = world.wearer(BOROUGH, "adviser")
    own, other, hidden = world.resident(BOROUGH), world.resident(BOROUGH), world.resident(COUNTY)
    for ref in (hidden.ref, "000-000-000", "K4F", ""):
        with pytest.raises(NotFound):
            opened(desk, adviser, BOROUGH, ref)
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 0
    opened(desk, adviser, BOROUGH, own.ref)
    with working(desk, adviser, OPENING) as work:
        assert operations.set_person(work, own.ref.lower().replace("-", " ")).id == own.id
        with pytest.raises(Conflict) as refused:
            operations.set_person(work, other.ref)
        assert refused.value.kind == "contact-has-person"
        with pytest.raises(NotFound):
            operations.set_person(work, hidden.ref)
    assert world.session.scalars(select(ContactPerson.resident_id)).all() == [own.id]
    assert set(world.session.scalars(select(EntrySubject.resident_id))) == {own.id}


def test_an_anonymous_contact_keeps_no_words(desk: Desk, world: World) -> None:
    adviser = world.wearer(BOROUGH, "adviser")
    opened(desk, adviser, BOROUGH)
    with working(desk, adviser, ENDING) as work:
        with pytest.raises(Invalid) as refused:
            operations.end_contact(work, "answered", True, "Mr Okafor asked about his bin")
        assert list(refused.value.errors) == ["note"]
        operations.end_contact(work, "answered", True, "   ", topic=524)
    ended = world.session.scalars(select(Contact)).one()
    assert (ended.outcome, ended.topic_lgsl, ended.resolved_at_first_contact) == ("answered", 524, True)
    assert world.session.scalar(select(func.count()).select_from(ContactNote)) == 0
    assert not any("Okafor" in str(facts) for facts in world.session.scalars(select(Entry.facts)))


def test_words_about_a_resident_who_is_hidden_meanwhile_are_not_kept(desk: Desk, world: World) -> None:
    borough, county = world.adviser(BOROUGH), world.wearer(COUNTY, "adviser")
    shared = world.resident(BOROUGH)
    world.choose(shared, "sharing", "given", borough)
    opened(desk, county, COUNTY, shared.ref)
    world.choose(shared, "sharing", "withdrawn", borough)
    with working(desk, county, ENDING) as work:
        with pytest.raises(Invalid):
            operations.end_contact(work, "resolved", True, "About the bin")
        operations.end_contact(work, "resolved", True)
    assert world.session.scalar(select(func.count()).select_from(ContactNote)) == 0


def test_a_promise_needs_words_and_a_day_to_come(desk: Desk, world: World) -> None:
    adviser, own = world.wearer(BOROUGH, "adviser"), world.resident(BOROUGH)
    opened(desk, adviser, BOROUGH, own.ref)
    with working(desk, adviser, ENDING) as work:
        with pytest.raises(Invalid) as refused:
            operations.end_contact(work, "call-back", False, None, work.today)
        assert list(refused.value.errors) == ["note"]
        with pytest.raises(Invalid) as refused:
            operations.end_contact(work, "call-back", False, "Ring back", work.today - timedelta(days=1))
        assert list(refused.value.errors) == ["promised_by"]
        with pytest.raises(Invalid) as refused:
            operations.end_contact(work, "gone", False)
        assert list(refused.value.errors) == ["outcome"]
        operations.end_contact(work, "call-back", False, "Ring back", work.today + timedelta(days=1))
    note = world.session.scalars(select(ContactNote)).one()
    assert (note.words, note.resident_id) == ("Ring back", own.id)


def test_the_check_of_a_caller_stands_on_the_record_at_home_alone(desk: Desk, world: World) -> None:
    borough, county, own = world.wearer(BOROUGH, "adviser"), world.wearer(COUNTY, "adviser"), world.resident(BOROUGH)
    world.choose(own, "sharing", "given", borough)
    opened(desk, borough, BOROUGH, own.ref)
    opened(desk, county, COUNTY, own.ref)
    with working(desk, borough, VERIFYING) as work:
        with pytest.raises(Invalid):
            operations.verify(work, own.ref, ["shoe size"])
        assert operations.verify(work, own.ref, ["birth", "name"]) == ["name", "birth"]
    with working(desk, county, VERIFYING) as work:
        assert operations.verify(work, own.ref, ["address"]) == ["address"]
    checks = world.session.scalars(select(ResidentIdentity)).all()
    assert [(check.matched, check.hat_id) for check in checks] == [(["name", "birth"], borough.hat_id)]
    with desk.work(county.secret, frozenset(NEEDS)) as work:
        bar = contact_bar(work)
    assert bar is not None
    assert (bar.person_words, bar.verified_words, bar.sharing_words) == ("Chidi Okafor", "address", "yes")


def test_the_bar_shows_nobody_for_an_anonymous_contact_and_is_not_there_without_one(desk: Desk, world: World) -> None:
    adviser = world.wearer(BOROUGH, "adviser")
    with desk.work(adviser.secret, frozenset({Action.CONTACT_SEE})) as work:
        assert contact_bar(work) is None
    ref = opened(desk, adviser, "borough-main")
    with desk.work(adviser.secret, frozenset(NEEDS)) as work:
        bar = contact_bar(work)
    assert bar is not None
    assert (bar.ref, bar.person_words, bar.resident_href, bar.channel_words) == (ref, None, None, "Telephone")
    assert bar.end_href == f"/contacts/{ref}/end"


def test_only_who_has_a_contact_may_end_it(desk: Desk, world: World) -> None:
    adviser, colleague = world.wearer(BOROUGH, "adviser"), world.wearer(BOROUGH, "adviser")
    stranger = world.wearer(COUNTY, "adviser")
    ref = opened(desk, adviser, BOROUGH)
    with working(desk, colleague, ENDING) as work, pytest.raises(NotPermitted):
        queries.own(work, ref)
    with working(desk, stranger, ENDING) as work, pytest.raises(NotFound):
        queries.own(work, ref)
