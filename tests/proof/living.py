"""One resident's life lived in the application: what is said and done goes through the operations that pages and programs
use, as the hat that may do it. What the application has no operation for (a request being taken elsewhere, an agreement
ending, restriction, protection, a disclosure) is laid down past the wall, and time passes by moving what is dated nearer.
"""

import itertools
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.range import DateRange
from sqlalchemy import func, select

from app import periodic_deeds
from app.choices.models import Choice
from app.choices.operations import object_to, say, take_back
from app.contacts.models import ContactNote
from app.desk import queries as desk
from app.duplicates import held, merging
from app.duplicates import queries as duplicates
from app.journal.showing import basis_of, groups_shown
from app.kernel.errors import Failure
from app.kernel.ids import new_reference
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Work
from app.requests import working
from app.residents import queries
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChannel,
    ResidentIdentity,
    ResidentName,
    ResidentNeed,
    ResidentSensitive,
)
from app.rights import operations as rights
from tests.oracle.facts import Contact, Hat, Request, World
from tests.oracle.generate import ANSWERS
from tests.oracle.partnership import COUNCILS, PARTNERS
from tests.oracle.stateful import Life, Twin
from tests.proof.asking import Asked
from tests.proof.loading import add, key

SEEN_IN = {"name": ResidentName, "address": ResidentAddress, "channels": ResidentChannel, "birth": ResidentBirth,
           "needs": ResidentNeed, "history": ContactNote, "choices": Choice, "identity": ResidentIdentity,
           "sensitive": ResidentSensitive}
SAYING = {Action.CHOICE_RECORD, Action.CHOICE_SEE, Action.OBJECTION_SEE}
OBJECTING = {Action.OBJECTION_RECORD, Action.CHOICE_SEE, Action.OBJECTION_SEE}
MOVING = {Action.RESIDENT_SEE, Action.RESIDENT_CHANGE, Action.RESIDENT_MOVE}
JOINING = {Action.RESIDENT_MATCH, Action.RESIDENT_SEE, Action.RESIDENT_PAIR, Action.RESIDENT_MERGE}
FOLLOWING = {Action.RESIDENT_SEE, Action.REQUEST_SEE, Action.CONTACT_SEE}
READING = {Action.JOURNAL_READ, Action.RESIDENT_SEE, Action.CONTACT_SEE}
STEPPING = {Action.REQUEST_SEE, Action.RESIDENT_SEE}
# Who looks, and what for.
COUNCIL_EYES = (("adviser", "enquiry"), ("adviser", "protect"), ("officer", "deliver"), ("information", "rights"))
PARTNER_EYES = (("worker", "deliver"), ("worker", "protect"))
NUMBERS = itertools.count(1)
# What a record is made of, and what was said of it.
VALUES = ("resident_name", "resident_address", "resident_channel", "resident_birth", "resident_need", "resident_preference")
SAID = ("choice", "objection", "request_resident", "contact_person", "resident_key", "resident_identity")
Sights = dict[tuple[str, str], frozenset[str]]


def furnished(life: Life) -> World:
    """The partnership with a conversation open at every adviser's, one agreement for each partner, and no resident."""
    world = life.as_world()
    talks = tuple(Contact(f"k-{council}", new_reference(), council, f"{council}-adviser", life.now, None)
                  for council in COUNCILS)
    return replace(world, residents=(), requests=(), contacts=talks, agreements=tuple(
        each for each in world.agreements if each.slug.endswith("-whole")))


class Lived:
    """A resident in the database, and the requests that are theirs in the order in which they were taken."""

    def __init__(self, asked: Asked, connection: psycopg.Connection, life: Life) -> None:
        self.asked, self.connection = asked, connection
        self.name, self.ref = f"r-{next(NUMBERS):06}", new_reference()
        self.requests: list[str] = []
        self.tables, self.others = itertools.cycle(SEEN_IN), itertools.cycle(PARTNERS)
        self.involved: set[str] = set()
        self.opened: list[tuple[uuid.UUID, datetime]] = []
        self.moves: date | None = None
        self.hats = {hat.key: hat for hat in asked.world.hats}
        made = self.made = replace(life.as_world().residents[0], ref=self.name, sensitive_choice="given")
        talk = Contact(f"k-{self.name}", new_reference(), "applewick", "applewick-resting", life.now, life.now, self.name)
        self.connection.execute("UPDATE agreement SET valid = daterange(lower(valid), NULL)")
        self._lay(residents=(made,), contacts=(talk,))
        self._named("resident", self.name, self.ref)

    # Who sees what

    def sights(self, involved: Collection[str | None], *, law: bool) -> Sights:
        """(organisation, scope) -> the groups of which rows come, as `Life.sees` tells them. Every council looks, and of the
        partners those that have or had anything to do with the resident and one other, in turn; without ``law`` nobody
        looks for what a disclosure opens. Each look costs the database a dozen plans."""
        found: Sights = {}
        self.involved |= {*involved} & {*PARTNERS}
        for organisation in (*COUNCILS, *sorted(self.involved | {next(self.others)})):
            eyes = COUNCIL_EYES if organisation in COUNCILS else PARTNER_EYES
            for name, purpose in (eye for eye in eyes if law or eye[1] != "protect"):
                scopes, groups = self._sight(self.hats[f"{organisation}-{name}"], purpose)
                assert len(scopes) < 2, f"{organisation} sees through {scopes}"
                assert bool(scopes) == bool(groups), f"{organisation} for {purpose}: {scopes} and {groups}"
                found |= {(organisation, scope): groups for scope in scopes}
        return found

    def _sight(self, hat: Hat, purpose: str) -> tuple[frozenset[str], frozenset[str]]:
        """The scopes and the groups that are shown, held against the rows that come: of the record itself, and of two of
        the groups' tables at a time, since each table costs the database a plan of its own."""
        with self.asked.work(hat, purpose, {Action.RESIDENT_SEE}) as work:
            if work is None:
                return frozenset(), frozenset()
            whose = key("resident", self.name)
            basis = basis_of(work, "resident", [whose]).get(whose)
            groups = frozenset(map(str, groups_shown(work, "resident", [whose]).get(whose, ())))
            there = work.session.scalar(select(Resident.id).where(Resident.id == whose))
            assert (there is not None) == (basis is not None), "a row without a right, or a right without a row"
            for group in (next(self.tables), next(self.tables)):
                model = SEEN_IN[group]
                rows = work.session.scalar(select(func.count()).select_from(model).where(model.resident_id == whose))
                assert bool(rows) == (group in groups), f"{hat.key} for {purpose}: {group} is shown, or its rows come, alone"
            return frozenset(map(str, basis.scopes)) if basis else frozenset(), groups

    def decides(self, ref: str) -> tuple[bool, frozenset[str], bool]:
        """What of a record decides on sight: whether it is shared, who is objected to, whether it is protected."""
        row = self.connection.execute(
            "SELECT shared, ARRAY(SELECT slug::text FROM organisation WHERE id = ANY (objected_to)), protected FROM resident"
            " WHERE ref = %s", [ref]).fetchone()
        assert row is not None
        return row[0], frozenset(row[1]), row[2]

    def made_of(self, ref: str, *tables: str) -> dict[str, list[str]]:
        """Every row of a record in these tables. That a key stands where others find it follows from the record."""
        asked = sql.SQL("SELECT (to_jsonb(t) - 'shared')::text FROM {} t"
                        " WHERE resident_id = (SELECT id FROM resident WHERE ref = %s) ORDER BY 1")
        return {table: [row for row, in self.connection.execute(asked.format(sql.Identifier(table)), [ref])] for table in tables}

    def followed(self, home: str, twin: str, request: str) -> tuple[bool, bool]:
        """Whether the requests and the journal of the one record are read with the other's, as the home council reads them."""
        with self._as(self.hats[f"{home}-adviser"], FOLLOWING) as work:
            found = desk.requests(work, queries.one(work, self.ref), only_open=False)
        with self._as(self.hats[f"{home}-information"], READING) as work:
            of_both, of_one = (rights.read(work, ref, limit=200)[0] for ref in (self.ref, twin))
        told = [{each.at for each in lines if each.event == "choice.recorded"} for lines in (of_both, of_one)]
        return request in {each["ref"] for each in found}, told[0] >= told[1]

    # What is said and done. Each raises Failure where the application refuses.

    def sharing(self, by: Hat, answer: str) -> None:
        with self._as(by, SAYING) as work:
            say(work, self.ref, "sharing", answer, "current", "telephone")

    def passing(self, by: Hat, answer: str) -> None:
        with self._as(by, SAYING) as work:
            say(work, self.ref, "passing", answer, "current", "telephone")

    def objecting(self, by: Hat, organisation: str, *, active: bool) -> None:
        with self._as(by, OBJECTING) as work:
            if active:
                object_to(work, self.ref, organisation, "A quarrel")
            else:
                take_back(work, self.ref, organisation)

    def step(self, by: Hat, action: Action, verb: Callable[..., Any], job: int, *words: str) -> None:
        with self._as(by, STEPPING | {action}) as work:
            verb(work, self.requests[job], *words)

    def assign(self, by: Hat, job: int, partner: str) -> None:
        self.step(by, Action.REQUEST_ASSIGN, working.assign, job, partner)

    def move(self, by: Hat, days: int, to: str | None) -> None:
        """As a change of address does when it makes the resident another council's."""
        with self._as(by, MOVING) as work:
            resident = queries.one(work, self.ref, lock=True)
            home = key("organisation", to) if to else None
            work.session.execute(select(func.wall.move(resident.id, home, work.today + timedelta(days=days))))
            work.session.expunge(resident)

    def join(self, by: Hat, twin: str) -> None:
        """As the page does it: what was previewed is what is done."""
        with self._as(by, JOINING) as work:
            one, other = duplicates.pair(work, self.ref, twin)
            ways = {each.name: each.field.usual for each in held.held(work, one, other)}
            made = merging.preview(work, one, other, ways)
            merging.join(work, self.ref, twin, ways | {"fingerprint": made.fingerprint, "reason": "They said so"})

    def part(self, by: Hat, twin: str) -> None:
        with self._as(by, JOINING) as work:
            merging.part(work, self.ref, twin)

    @contextmanager
    def _as(self, hat: Hat, needs: set[Action]) -> Iterator[Work]:
        advising = hat.role == "adviser"
        with self.asked.desk.work(self.asked.loaded.secret(hat), frozenset(needs),
                                  purpose=None if advising else _usual(hat)) as work:
            yield work

    # What has no operation

    def taken(self, lgsl: int, responsible: str) -> None:
        name = f"q-{next(NUMBERS):06}"
        self.requests.append(new_reference())
        self._lay(requests=(Request(name, lgsl, "hillshire", responsible, f"k-{self.name}", resident=self.name,
                                    status="queued"),))
        self._named("request", name, self.requests[-1])

    def second(self, twin: Twin) -> tuple[str, str]:
        """A second record, what was said of it, and a request that is over: both references."""
        name, ref, number, asked = f"r-{next(NUMBERS):06}", new_reference(), f"q-{next(NUMBERS):06}", new_reference()
        made = replace(self.made, ref=name, home=twin.home, keeper=twin.home, protected=twin.protected)
        over = Request(number, 376, twin.home, twin.home, f"k-{self.name}", resident=name, status="closed",
                       closed_at=self.asked.world.now)
        self._lay(residents=(made,), requests=(over,))
        self._named("resident", name, ref)
        self._named("request", number, asked)
        with self._as(self.hats[f"{twin.home}-adviser"], SAYING | OBJECTING) as work:
            for matter in ("sharing", "passing"):
                for answer in ANSWERS[getattr(twin, matter).replace("not asked", "never")]:
                    say(work, ref, matter, answer, "current", "telephone")
            say(work, ref, "news", "refused", "current", "telephone")
            for organisation in sorted(twin.objected):
                object_to(work, ref, organisation, "A quarrel")
        return ref, asked

    def _lay(self, **facts: Any) -> None:
        none = {"residents": (), "contacts": (), "requests": (), "assignments": ()}
        add(self.connection, replace(self.asked.world, **none | facts))

    def _named(self, table: str, name: str, ref: str) -> None:
        """Under a reference that can be said."""
        self.connection.execute(sql.SQL("UPDATE {} SET ref = %s WHERE id = %s").format(sql.Identifier(table)),
                                [ref, key(table, name)])

    def end_agreement(self, partner: str) -> None:
        on = self.asked.world.on
        self.connection.execute("UPDATE agreement SET valid = %s WHERE slug = %s", [
            DateRange(on - timedelta(days=9), on), f"{partner}-whole"])

    def shield(self, column: str, on: bool) -> None:
        self.connection.execute(sql.SQL("UPDATE resident SET {} = %s WHERE ref = %s").format(sql.Identifier(column)),
                                [on, self.ref])

    def disclose(self, organisation: str, groups: frozenset[str], until: datetime) -> None:
        made = uuid.uuid4()
        self.opened.append((made, until))
        self.connection.execute(
            "INSERT INTO disclosure (id, resident_id, organisation_id, groups, ground, requester, authority, since, until,"
            " opened_by_id) VALUES (%s, %s, %s, %s, 'court order', '.', '.', now() - interval '9 days',"
            " now() + interval '9 days', %s)",
            [made, key("resident", self.name), key("organisation", organisation), sorted(groups),
             key("person", self.asked.world.people[0].key)])

    def at(self, life: Life) -> None:
        """It is as late as that in the life: what is dated comes nearer; the jobs that are done every day are done."""
        for made, until in self.opened:
            self.connection.execute("UPDATE disclosure SET until = greatest(now() + %s, since + interval '1 second')"
                                    " WHERE id = %s", [until - life.now, made])
        if self.moves is not None:
            self.connection.execute("UPDATE resident SET home_until = wall.today() + %s WHERE ref = %s"
                                    " AND home_until IS NOT NULL", [(self.moves - life.today).days, self.ref])
        for deed in periodic_deeds():
            self.connection.execute(deed.sql)


def _usual(hat: Hat) -> Purpose:
    known = {"information_officer": Purpose.RIGHTS, "team_leader": Purpose.MATCH}
    return known.get(hat.role, Purpose.DELIVER)


def refused(act: Callable[[], None]) -> bool:
    """Whether the application refuses."""
    try:
        act()
    except Failure:
        return True
    return False
