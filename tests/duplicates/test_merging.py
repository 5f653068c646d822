"""Joining two records of one person and parting them again: nothing is lost that was not named, nobody sees more by it,
and parting gives back exactly what was."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.contacts.models import ContactNote, ContactPerson
from app.duplicates.models import ResidentMerge
from app.policy.work import Desk
from app.residents.models import Resident, ResidentAddress, ResidentBirth, ResidentChannel, ResidentName, ResidentNeed
from tests.doubles import born, twice
from tests.world import BOROUGH, COUNTY, Wearer, World

Browsing = Callable[[Wearer], FlaskClient]
ASKED = "to handle an enquiry"
REASON = "Rang and confirmed both addresses"
# Everything that a record is made of, but for what is kept of each change.
TABLES = ("resident_name", "resident_address", "resident_channel", "resident_birth", "resident_need", "resident_key", "choice",
          "objection", "contact_person", "contact_note", "request_resident", "relation", "resident_preference",
          "resident_identity", "resident_sensitive")


def held_of(world: World, resident: Resident) -> dict[str, Any]:
    """Every row of a record, and what its own row says, but for its version."""
    world.session.commit()
    found: dict[str, Any] = {}
    for table in TABLES:
        rows = world.session.execute(text(f"SELECT * FROM {table} WHERE resident_id = :id"), {"id": resident.id})
        left_out = {"id"} if table == "resident_key" else set()
        found[table] = sorted(str({k: v for k, v in row._mapping.items() if k not in left_out}) for row in rows)
    row = world.session.execute(text("SELECT * FROM resident WHERE id = :id"), {"id": resident.id}).one()
    found["resident"] = {k: v for k, v in row._mapping.items() if k != "version"}
    world.session.commit()
    return found


def join(browser: FlaskClient, one: Resident, other: Resident, **chosen: str) -> Any:
    """Look at the preview, agree to it, and say why."""
    here = f"/people/{one.ref}/same-person/{other.ref}"
    ways = {"name": "add", "birth": "keep", "address": "add", "telephone": "add", "email": "add", "need": "add"} | chosen
    seen = browser.get(f"{here}/merge", query_string=ways)
    assert seen.status_code == 200, seen.text
    fingerprint = seen.text.partition('name="fingerprint" value="')[2].partition('"')[0]
    return browser.post(f"{here}/merge", data=ways | {"fingerprint": fingerprint, "reason": REASON})


def part(browser: FlaskClient, one: Resident, other: Resident) -> Any:
    return browser.post(f"/people/{one.ref}/same-person/{other.ref}/part")


@pytest.fixture
def two(world: World) -> tuple[Resident, Resident]:
    """Two records that differ in everything, each with a request and a contact."""
    one = born(world, world.resident(BOROUGH, telephone="+441632960001"))
    other = world.resident(BOROUGH, given="Chidozie", family="Okafor", telephone="+441632960002", postcode="TA1 1AA",
                           lines=("3 Quay Street",))
    world.add(ResidentBirth(resident_id=other.id, born=date(1971, 3, 28)),
              ResidentNeed(resident_id=other.id, words="Large print"),
              ResidentChannel(resident_id=other.id, kind="email", value="chidi@example.org"))
    adviser = world.wearer(BOROUGH, "adviser")
    for each in (one, other):
        talk = world.contact(adviser, ended=True)
        world.add(ContactPerson(contact_id=talk.id, resident_id=each.id),
                  ContactNote(contact_id=talk.id, resident_id=each.id, words=f"Noted of {each.ref}", at=world.now,
                              hat_id=adviser.hat_id))
        world.request(BOROUGH, resident=each)
    return one, other


def test_the_preview_names_every_value_that_is_kept_or_set_aside(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    leader = browser(world.wearer(BOROUGH, "team_leader"))
    here = f"/people/{one.ref}/same-person/{other.ref}"
    assert leader.get(f"{here}/merge").status_code == 422, "what becomes of each is chosen"
    ways = {"name": "keep", "birth": "first", "address": "keep", "telephone": "first", "email": "keep", "need": "keep"}
    page = leader.get(f"{here}/merge", query_string=ways).text
    for value in ("Chidi Okafor", "Chidozie Okafor", "27 March 1971", "28 March 1971", "12 Mill Lane", "3 Quay Street",
                  "01632 960001", "01632 960002", "chidi@example.org", "Large print", "1 request", "1 contact"):
        assert value in page, value
    assert world.session.scalars(select(ResidentMerge)).all() == []


def test_side_by_side_it_is_said_of_each_detail_whether_the_two_agree(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    page = browser(world.wearer(BOROUGH, "team_leader")).get(f"/people/{one.ref}/same-person/{other.ref}").text
    said = {title: next(word for word in ("The same", "Different", "Only in one") if word in row)
            for row in page.split("<tr")[1:] for title in ("Names", "Date of birth", "Telephones", "E-mail addresses")
            if f">{title}<" in row}
    assert said == {"Names": "Different", "Date of birth": "Different", "Telephones": "Different",
                    "E-mail addresses": "Only in one"}


def test_what_was_joined_is_found_and_seen_as_one_and_parts_into_exactly_what_it_was(
        desk: Desk, world: World, browser: Browsing, two: tuple[Resident, Resident], client: FlaskClient) -> None:
    one, other = two
    before = held_of(world, one), held_of(world, other)
    leader, adviser = browser(world.wearer(BOROUGH, "team_leader")), world.adviser(BOROUGH)
    assert join(leader, one, other, birth="first", telephone="first").status_code == 303
    assert held_of(world, other) == before[1] | {"resident": before[1]["resident"] | {
        "merged_into": one.id, "merged_at": held_of(world, other)["resident"]["merged_at"]}}, "nothing of it is touched"
    desk_of = browser(adviser)
    page = desk_of.get(f"/people/{other.ref}")
    assert page.status_code == 200 and one.ref in page.text and "Large print" in page.text
    history = desk_of.get(f"/people/{one.ref}/history").text
    assert f"Noted of {one.ref}" in history and f"Noted of {other.ref}" in history
    assert history.count("/requests/") >= 2
    for asked in ("01632 960002", "01632 960001", f"{other.ref}"):
        found = client.post("/api/v1/residents/search", json={"q": asked}, headers=adviser.headers | {
            "Contact": world.session.scalar(text("SELECT ref FROM contact WHERE person_id = :p AND ended_at IS NULL"),
                                            {"p": adviser.person_id})})
        assert [hit["ref"] for hit in found.get_json()["items"]] == [one.ref], asked
    assert part(leader, one, other).status_code == 303
    assert (held_of(world, one), held_of(world, other)) == before
    assert browser(adviser).get(f"/people/{other.ref}/history").text.count(f"Noted of {one.ref}") == 0


def test_the_journals_of_both_are_read_as_one_and_apart_again_after_parting(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    leader, adviser = browser(world.wearer(BOROUGH, "team_leader")), browser(world.adviser(BOROUGH))
    officer = world.wearer(BOROUGH, "information_officer")
    assert adviser.get(f"/people/{other.ref}/history").status_code == 200

    def told(of: Resident) -> str:
        answer = browser(officer).get(f"/people/{of.ref}/journal")
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())

    assert ASKED not in told(one) and ASKED in told(other)
    assert join(leader, one, other).status_code == 303
    assert ASKED in told(one) and "Joined the record and another" in told(one), "what was done to either is read with both"
    assert part(leader, one, other).status_code == 303
    assert ASKED not in told(one) and "Parted records that were joined" in told(other)


def test_what_happened_since_stays_with_the_record_on_which_it_happened(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    leader, adviser = browser(world.wearer(BOROUGH, "team_leader")), world.adviser(BOROUGH)
    join(leader, one, other)
    form = {"given": "Chidi", "family": "Okafor", "line1": "12 Mill Lane", "postcode": "TA1 1HE"}
    page = browser(adviser).get(f"/people/{one.ref}/edit").text
    assert "01632 960002" in page
    answer = browser(adviser).post(f"/people/{one.ref}/edit", data=_form_of(page) | form | {"telephone3": "01632 960003"})
    assert answer.status_code == 303, answer.text
    part(leader, one, other)
    numbers = set(world.session.scalars(select(ResidentChannel.value).where(ResidentChannel.resident_id == one.id)))
    assert numbers == {"+441632960001", "+441632960003"}
    assert set(world.session.scalars(select(ResidentName.given).where(ResidentName.resident_id == one.id))) == {"Chidi"}
    assert set(world.session.scalars(select(ResidentAddress.postcode).where(
        ResidentAddress.resident_id == one.id))) == {"TA1 1HE"}


def _form_of(page: str) -> dict[str, str]:
    return {name: value for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', page)
            if name not in ("csrf_token", "another")}


def test_a_preview_that_is_no_longer_so_is_refused_and_nothing_is_joined(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    leader = browser(world.wearer(BOROUGH, "team_leader"))
    here = f"/people/{one.ref}/same-person/{other.ref}"
    ways = {"name": "add", "birth": "keep", "address": "add", "telephone": "add", "email": "add", "need": "add"}
    seen = leader.get(f"{here}/merge", query_string=ways).text
    fingerprint = seen.partition('name="fingerprint" value="')[2].partition('"')[0]
    without = leader.post(f"{here}/merge", data=ways | {"fingerprint": fingerprint})
    assert without.status_code == 422 and "how you know" in without.text and fingerprint in without.text
    world.choose(other, "news", "refused", world.wearer(BOROUGH, "adviser"))
    stale = leader.post(f"{here}/merge", data=ways | {"fingerprint": fingerprint, "reason": REASON})
    assert stale.status_code == 409 and "nothing was joined" in stale.text
    assert world.session.scalars(select(ResidentMerge)).all() == []


@pytest.mark.parametrize(("ours", "theirs", "shared"), [
    ("given", "given", True), ("given", "refused", False), ("given", None, False), ("refused", "given", False),
    ("given", "withdrawn", False)])
def test_of_two_answers_the_strictest_holds_until_something_is_said_anew(
        world: World, browser: Browsing, two: tuple[Resident, Resident], ours: str | None, theirs: str | None,
        shared: bool) -> None:
    one, other = two
    adviser = world.wearer(BOROUGH, "adviser")
    for resident, said in ((one, ours), (other, theirs)):
        if said == "withdrawn":
            world.choose(resident, "sharing", "given", adviser)
        if said:
            world.choose(resident, "sharing", said, adviser)
    before = [held_of(world, each)["resident"]["shared"] for each in two]
    leader, talking = browser(world.wearer(BOROUGH, "team_leader")), browser(world.adviser(BOROUGH))
    assert join(leader, one, other).status_code == 303
    assert [held_of(world, each)["resident"]["shared"] for each in two] == [shared, shared]
    assert ("yes, both councils" in talking.get(f"/people/{one.ref}").text) == shared
    world.choose(one, "sharing", "given", adviser)
    assert [held_of(world, each)["resident"]["shared"] for each in two] == [True, True], "said anew, of the person"
    assert "yes, both councils" in talking.get(f"/people/{one.ref}").text
    part(leader, one, other)
    assert [held_of(world, each)["resident"]["shared"] for each in two] == [True, before[1]]


def test_objections_protection_and_relations_are_those_of_both_while_they_are_joined(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, other = two
    adviser, relative = world.wearer(BOROUGH, "adviser"), world.adviser(BOROUGH)
    world.object(one, "greenbins", adviser)
    world.object(other, COUNTY, adviser)
    world.session.execute(text("UPDATE resident SET protected = true WHERE id = :id"), {"id": other.id})
    world.session.execute(text("INSERT INTO relation (person_id, resident_id) VALUES (:p, :r)"),
                          {"p": relative.person_id, "r": other.id})
    world.session.commit()
    before = held_of(world, one), held_of(world, other)
    leader = browser(world.wearer(BOROUGH, "team_leader"))
    assert join(leader, one, other).status_code == 303
    for each in two:
        facts = held_of(world, each)["resident"]
        assert facts["protected"] and len(facts["objected_to"]) == 2
    assert protecting(world) == [("resident.protected-by-joining", one.id, ["address", "channels"], ["home"])]
    assert browser(relative).get(f"/people/{one.ref}").status_code == 404
    part(leader, one, other)
    assert protecting(world)[1:] == [("resident.protection-ended-by-parting", one.id, ["address", "channels"], ["home"])]
    assert (held_of(world, one), held_of(world, other)) == before
    assert browser(relative).get(f"/people/{one.ref}").status_code == 200


def protecting(world: World) -> list[tuple[Any, ...]]:
    """What the journal says of protection that came and went."""
    world.session.commit()
    return [tuple(row) for row in world.session.execute(text(
        "SELECT e.event, s.resident_id, s.groups, s.scopes FROM journal_entry e JOIN journal_subject s ON s.entry_id = e.id"
        " WHERE e.event LIKE 'resident.protect%' ORDER BY e.at, e.id, s.resident_id"))]


def test_who_is_still_joined_to_a_protected_record_stays_protected_and_nobody_else_does(
        world: World, browser: Browsing, two: tuple[Resident, Resident]) -> None:
    one, first = two
    second, third = (world.resident(BOROUGH, given=given, family="Okafor", lines=("5 Fore Street",)) for given in ("Dora", "Eli"))
    for each in (first, second):
        world.session.execute(text("UPDATE resident SET protected = true WHERE id = :id"), {"id": each.id})
    world.session.commit()
    leader = browser(world.wearer(BOROUGH, "team_leader"))
    for each in (first, second, third):
        assert join(leader, one, each).status_code == 303

    def protected(*records: Resident) -> list[bool]:
        return [held_of(world, each)["resident"]["protected"] for each in records]

    assert protected(one, first, second, third) == [True] * 4
    assert part(leader, one, first).status_code == 303
    assert protected(one, first, second, third) == [True] * 4, "of the second, which is protected of itself"
    assert part(leader, one, second).status_code == 303
    assert protected(one, first, second, third) == [False, True, True, False]
    told = {(event, key) for event, key, *_ in protecting(world)}
    assert told == {(event, each.id) for each in (one, third) for event in (
        "resident.protected-by-joining", "resident.protection-ended-by-parting")}


def test_records_of_two_councils_are_joined_only_when_both_have_said_that_it_is_one_person(
        world: World, browser: Browsing) -> None:
    one, other = twice(world, BOROUGH, COUNTY)
    borough, county = world.wearer(BOROUGH, "team_leader"), world.wearer(COUNTY, "team_leader")
    world.choose(other, "sharing", "given", world.wearer(COUNTY, "adviser"))
    here = f"/people/{one.ref}/same-person/{other.ref}"
    assert "agree to sharing" in browser(borough).get(here).text
    assert browser(county).get(here).status_code == 404, "the county may not see the borough's record"
    world.choose(one, "sharing", "given", world.wearer(BOROUGH, "adviser"))
    assert "waits for the other council" in browser(borough).get(here).text
    assert browser(borough).get(f"{here}/merge").status_code == 409
    browser(borough).post(f"{here}/answer", data={"answer": "same"})
    assert "waits for the other council" in browser(borough).get(here).text, "one’s own word is not the other’s"
    assert browser(county).post(f"/people/{other.ref}/same-person/{one.ref}/answer", data={"answer": "same"}).status_code == 303
    assert join(browser(borough), one, other).status_code == 303
    assert browser(county).get(f"/people/{other.ref}/same-person/{one.ref}").status_code == 200
    assert part(browser(county), one, other).status_code == 409, "what was taken over stands in the borough's record"
    assert part(browser(borough), one, other).status_code == 303
    assert held_of(world, other)["resident"]["merged_into"] is None


def test_nobody_joins_records_past_the_guard(desk: Desk, world: World) -> None:
    """The database's own function asks once more who speaks, whose records these are, and whether they may be joined."""
    one, other = twice(world, BOROUGH)
    hidden = world.resident(COUNTY)
    leader, adviser = world.wearer(BOROUGH, "team_leader"), world.wearer(BOROUGH, "adviser")
    for wearer, first, second in ((adviser, one, other), (leader, one, hidden), (leader, hidden, one)):
        merge = ResidentMerge(survivor_id=first.id, other_id=second.id, council_id=wearer.organisation_id, at=world.now,
                              hat_id=wearer.hat_id, reason=REASON, fingerprint="f", version=1)
        world.session.add(merge)
        world.session.flush()
        world.session.execute(text("UPDATE resident_merge SET at = now() WHERE id = :id"), {"id": merge.id})
        world.session.execute(text("SELECT set_config('jc.secret', :s, true)"), {"s": wearer.secret})
        with pytest.raises(Exception, match="nothing to join"):
            world.session.execute(text("SELECT wall.join_records(:id)"), {"id": merge.id})
        world.session.rollback()
