"""Nobody sees through a joining what they could not see before: every hat that has to do with either record looks at every
table, through the application and past the guard, before and after."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.contacts.models import ContactNote, ContactPerson
from app.disclosures.models import Disclosure
from app.kernel.errors import Conflict, NotPermitted
from app.policy import wall
from app.policy.actions import Action
from app.policy.protection import PROTECTED
from app.policy.purposes import Purpose
from app.policy.words import Role
from app.policy.work import Desk
from app.residents.models import Resident, ResidentBirth, ResidentChannel, ResidentNeed
from app.staff.models import Relation
from tests.doubles import born
from tests.duplicates.test_merging import join, part
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

Sight = dict[tuple[str, str, str], set[Any]]
Pair = tuple[Resident, Resident]
SEEING = (Action.RESIDENT_SEE, Action.RESIDENT_FIND, Action.REQUEST_SEE, Action.CONTACT_SEE, Action.CHOICE_SEE)
# What an answer is worked out from and none shows: who may find by a key may find both records, or neither (the facts that
# decide on it stand in both).
NEVER_SHOWN = {"resident_key"}
TABLES = sorted((model for model, marked in PROTECTED.items() if marked.kind != "journal"
                 and model.__tablename__ not in NEVER_SHOWN), key=lambda model: model.__tablename__)  # type: ignore[attr-defined]
# Every table in one statement: each statement costs the database a plan of its own.
PAST_THE_GUARD = " UNION ALL ".join(
    f"SELECT '{model.__tablename__}', array_agg({model.__mapper__.primary_key[0].name}) FROM {model.__tablename__}"  # type: ignore[attr-defined]
    for model in TABLES)


class Crowd:
    """Everybody who may have to do with one record and not with the other."""

    def __init__(self, world: World, pairs: Sequence[Pair]) -> None:
        self.world = world
        self.hats: dict[str, tuple[Wearer, Purpose | None]] = {}
        for council in (BOROUGH, COUNTY):
            for role in ("adviser", "team_leader", "service_officer", "information_officer"):
                worn = world.wearer(council, role)
                if role in ("adviser", "team_leader"):
                    world.contact(worn)
                self.hats[f"{role} of {council}"] = (worn, None)
        self.hats["contractor"] = (world.wearer(BINS, "contractor"), None)
        self.hats["other contractor"] = (world.wearer("roadmend", "contractor"), None)
        for n, (one, other) in enumerate(pairs):
            relative, told = world.adviser(BOROUGH), world.adviser(COUNTY)
            related, opened = (one, other) if n % 2 else (other, one)
            world.add(Relation(person_id=relative.person_id, resident_id=related.id),
                      Disclosure(resident_id=opened.id, organisation_id=told.organisation_id, person_id=told.person_id,
                                 groups=["name", "address", "channels", "birth", "needs"], ground="court-order",
                                 requester="a court", authority="an order", since=world.now,
                                 until=world.now + timedelta(hours=1), opened_by_id=told.person_id))
            self.hats[f"relative of {n}"] = (relative, None)
            self.hats[f"told of {n} by law"] = (told, Purpose.PROTECT)

    def sight(self, desk: Desk) -> Sight:
        """(hat, layer, table) -> keys of rows."""
        self.world.session.commit()
        found: Sight = {}
        for name, (worn, purpose) in self.hats.items():
            for table, keys in self._guarded(desk, worn, purpose):
                found[name, "application", table] = keys
            with desk.engine.connect() as connection, connection.begin() as transaction:
                wall.begin(connection, desk.prefix, worn.secret, None)
                for table, keys in connection.execute(text(PAST_THE_GUARD)):
                    found[name, "wall", table] = set(keys or ())
                transaction.rollback()
        return found

    def _guarded(self, desk: Desk, worn: Wearer, purpose: Purpose | None) -> Iterator[tuple[str, set[Any]]]:
        with desk.engine.connect() as connection, connection.begin() as transaction:
            begun = wall.begin(connection, desk.prefix, worn.secret, None)
            transaction.rollback()
        role = Role(begun.role)
        wanted = purpose or (Purpose.ENQUIRY if role in (Role.ADVISER, Role.TEAM_LEADER) else {
            Role.SERVICE_OFFICER: Purpose.DELIVER, Role.CONTRACTOR: Purpose.DELIVER}.get(role, Purpose.RIGHTS))
        needs = frozenset(each for each in SEEING if desk.shelf.shipped.allowed(role, begun.organisation, begun.unit, each, wanted))
        try:
            with desk.work(worn.secret, needs, purpose=purpose) as work:
                for model in TABLES:
                    column = model.__mapper__.primary_key[0]  # type: ignore[attr-defined]
                    yield model.__tablename__, set(work.session.scalars(select(column)))  # type: ignore[attr-defined]
        except (Conflict, NotPermitted) as refused:
            raise AssertionError(f"{begun.role} could not look at all") from refused


def two(world: World, family: str) -> Pair:
    """Two records of one person, who differ in everything that a record says."""
    one = born(world, world.resident(BOROUGH, family=family, telephone="+441632960001"))
    other = world.resident(BOROUGH, given="Chidozie", family=family, telephone="+441632960002", postcode="TA1 1AA",
                           lines=("3 Quay",))
    adviser = world.wearer(BOROUGH, "adviser")
    world.add(ResidentBirth(resident_id=other.id, born=date(1971, 3, 28)), ResidentNeed(resident_id=other.id, words="Braille"),
              ResidentChannel(resident_id=other.id, kind="email", value="chidi@example.org"))
    for each, partner in ((one, BINS), (other, None)):
        talk = world.contact(adviser, ended=True)
        world.add(ContactPerson(contact_id=talk.id, resident_id=each.id),
                  ContactNote(contact_id=talk.id, resident_id=each.id, words="Rang", at=world.now, hat_id=adviser.hat_id))
        world.request(BOROUGH, lgsl=524, resident=each, partner=partner)
    return one, other


def everyone(world: World) -> list[Pair]:
    """Pairs of which the two records differ in who may see them."""
    shared, refused, unasked, objecting = (two(world, family) for family in ("Okafor", "Achterberg", "Pratt", "Quick"))
    adviser = world.wearer(BOROUGH, "adviser")
    for record, said in ((shared[0], "given"), (shared[1], "given"), (refused[0], "given"), (refused[1], "refused"),
                         (unasked[1], "given"), (objecting[0], "given"), (objecting[1], "given")):
        world.choose(record, "sharing", said, adviser)
    world.session.execute(text("UPDATE resident SET protected = true WHERE id = :id"), {"id": refused[1].id})
    for record in (unasked[0], objecting[1]):
        world.object(record, BINS, adviser)
        world.object(record, COUNTY, adviser)
    return [shared, refused, unasked, objecting]


# The rows that say where they came from, and the record that they stand in.
MARKED = " UNION ALL ".join(f"SELECT '{name}', {key}, resident_id FROM {name} WHERE merged_from IS NOT NULL" for name, key in (
    ("resident_name", "id"), ("resident_address", "id"), ("resident_channel", "id"), ("resident_need", "id"),
    ("resident_change", "id"), ("resident_birth", "resident_id")))


def test_nobody_sees_more_of_either_record_and_a_marked_value_takes_both(
        desk: Desk, world: World, browser: Callable[[Wearer], FlaskClient]) -> None:
    pairs = everyone(world)
    crowd, leader = Crowd(world, pairs), browser(world.wearer(BOROUGH, "team_leader"))
    before = crowd.sight(desk)
    for pair in pairs:
        assert join(leader, *pair, birth="first").status_code == 303
    after = crowd.sight(desk)
    whose = {(table, key): next(pair for pair in pairs if resident in {each.id for each in pair})
             for table, key, resident in world.session.execute(text(MARKED))}
    whose |= {("resident_merge", key): next(pair for pair in pairs if survivor == pair[0].id)
              for key, survivor in world.session.execute(text("SELECT id, survivor_id FROM resident_merge"))}
    assert {table for table, _ in whose} > {"resident_name", "resident_address", "resident_channel", "resident_need"}
    wider, by_both = [], 0
    for (hat, layer, table), keys in after.items():
        for key in keys - before[hat, layer, table]:
            pair = whose.get((table, key))
            if pair and {each.id for each in pair} <= before[hat, layer, "resident"]:
                by_both += 1
            else:
                wider.append((hat, layer, table))
    assert wider == [], "a row that could not be seen before, or a marked one without the sight of both records"
    assert by_both > 100, "and those who see both see what was taken over"
    for pair in pairs:
        assert part(leader, *pair).status_code == 303
    known = {(table, key) for (_, _, table), keys in before.items() for key in keys}
    gone = crowd.sight(desk)
    assert {place: {key for key in keys if (place[2], key) in known} for place, keys in gone.items()} == before
