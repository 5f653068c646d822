"""Who reads what of the journal: the keeper's information officer, the own organisation's auditor, and nobody else."""

import pytest
from sqlalchemy import select

from app.journal import queries
from app.journal.models import Entry, EntrySubject
from app.journal.record import Subject, record
from app.journal.words import EVENT_WORDS, event_words
from app.kernel.errors import Invalid, NotPermitted
from app.policy.actions import Action
from app.policy.work import Desk
from app.staff.models import Relation
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

READ, AUDIT, SEE = Action.JOURNAL_READ, Action.JOURNAL_AUDIT, Action.RESIDENT_SEE


def act(desk: Desk, wearer: Wearer, event: str, *residents: object) -> None:
    with desk.work(wearer.secret, frozenset()) as work:
        record(work, event, [Subject(each.id, ["name"], ["home"]) for each in residents])  # type: ignore[attr-defined]


def events(desk: Desk, wearer: Wearer, need: Action) -> list[str]:
    with desk.work(wearer.secret, frozenset({need})) as work:
        return sorted(work.session.scalars(select(Entry.event)))


def subjects(desk: Desk, wearer: Wearer, need: Action) -> set[object]:
    with desk.work(wearer.secret, frozenset({need})) as work:
        return set(work.session.scalars(select(EntrySubject.resident_id)))


def test_the_keeper_reads_what_was_done_to_its_residents_and_by_its_staff(desk: Desk, world: World) -> None:
    of_borough, of_county = world.resident(BOROUGH), world.resident(COUNTY, shared=True)
    borough, county = world.wearer(BOROUGH, "adviser"), world.wearer(COUNTY, "adviser")
    act(desk, county, "county.own", of_county)
    act(desk, county, "county.nobody")
    act(desk, county, "county.of-borough", of_borough)
    act(desk, county, "county.both", of_borough, of_county)
    act(desk, borough, "borough.of-county", of_county)
    act(desk, world.wearer(BINS, "contractor"), "bins.of-borough", of_borough)
    officer = world.wearer(BOROUGH, "information_officer")
    for need in (READ, AUDIT):
        assert events(desk, officer, need) == [
            "bins.of-borough", "borough.of-county", "county.both", "county.of-borough"]
        assert subjects(desk, officer, need) == {of_borough.id}, "whose record the other council keeps is not named"
    auditor = world.wearer(COUNTY, "auditor")
    assert events(desk, auditor, AUDIT) == ["county.both", "county.nobody", "county.of-borough", "county.own"]


def test_an_auditor_is_told_of_no_resident(desk: Desk, world: World) -> None:
    act(desk, world.wearer(COUNTY, "adviser"), "resident.seen", world.resident(COUNTY))
    with pytest.raises(Exception, match="permission denied|not found|see here"):
        subjects(desk, world.wearer(COUNTY, "auditor"), AUDIT)


def test_an_officer_does_not_read_of_their_own_record(desk: Desk, world: World) -> None:
    own, officer = world.resident(BOROUGH), world.wearer(BOROUGH, "information_officer")
    world.add(Relation(person_id=officer.person_id, resident_id=own.id))
    act(desk, world.wearer(COUNTY, "adviser"), "county.seen", own)
    assert events(desk, officer, READ) == [] and subjects(desk, officer, READ) == set()


@pytest.mark.parametrize(("organisation", "role"), [
    (BOROUGH, "adviser"), (BOROUGH, "team_leader"), (BOROUGH, "service_officer"), (BOROUGH, "administrator"),
    (BOROUGH, "service_manager"), (BINS, "contractor"), (BINS, "partner_manager")])
def test_nobody_else_may_ask(desk: Desk, world: World, organisation: str, role: str) -> None:
    wearer = world.wearer(organisation, role)
    for need in (READ, AUDIT):
        with pytest.raises(NotPermitted):
            events(desk, wearer, need)


def test_without_a_need_of_the_journal_nothing_of_it_is_read(desk: Desk, world: World) -> None:
    officer = world.wearer(BOROUGH, "information_officer")
    act(desk, officer, "own.act")
    assert events(desk, officer, SEE) == []


def test_pages_follow_one_another_without_a_gap_or_a_double(desk: Desk, world: World) -> None:
    officer, resident = world.wearer(BOROUGH, "information_officer"), world.resident(BOROUGH)
    for number in range(7):
        act(desk, officer, f"step.{number}", resident)
    with desk.work(officer.secret, frozenset({READ, SEE})) as work:
        found, after = [], None
        for _ in range(4):
            told, after = queries.about(work, {resident.id: resident.ref}, after=after, limit=2)
            found += [each.event for each in told]
        assert after is None and found == [f"step.{number}" for number in reversed(range(7))]
        with pytest.raises(Invalid):
            queries.entries(work, after="nonsense")


def test_entries_are_filtered_by_event_and_day(desk: Desk, world: World) -> None:
    officer = world.wearer(BOROUGH, "information_officer")
    act(desk, officer, "one.event")
    act(desk, officer, "other.event")
    with desk.work(officer.secret, frozenset({AUDIT})) as work:
        assert [each.event for each in queries.entries(work, event="one.event")[0]] == ["one.event"]
        assert len(queries.entries(work, day=work.today)[0]) == 2
        assert queries.entries(work, day=work.on)[0] == []


def test_every_event_has_words_or_shows_itself() -> None:
    assert event_words("resident.seen") == "Saw the record"
    assert event_words("something.new") == "something.new"
    assert all(words[0].isupper() for words in EVENT_WORDS.values())
