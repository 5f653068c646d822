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
from tests.oracle.facts import Contact, Hat, Request, World
from tests.oracle.partnership import COUNCILS, PARTNERS
from tests.oracle.stateful import Life
from tests.proof.asking import Asked
from tests.proof.loading import add, key

SEEN_IN = {"name": ResidentName, "address": ResidentAddress, "channels": ResidentChannel, "birth": ResidentBirth,
           "needs": ResidentNeed, "history": ContactNote, "choices": Choice, "identity": ResidentIdentity,
           "sensitive": ResidentSensitive}
SAYING = {Action.CHOICE_RECORD, Action.CHOICE_SEE, Action.OBJECTION_SEE}
OBJECTING = {Action.OBJECTION_RECORD, Action.CHOICE_SEE, Action.OBJECTION_SEE}
MOVING = {Action.RESIDENT_SEE, Action.RESIDENT_CHANGE, Action.RESIDENT_MOVE}
STEPPING = {Action.REQUEST_SEE, Action.RESIDENT_SEE}
# Who looks, and what for.
COUNCIL_EYES = (("adviser", "enquiry"), ("adviser", "protect"), ("officer", "deliver"), ("information", "rights"))
PARTNER_EYES = (("worker", "deliver"), ("worker", "protect"))
NUMBERS = itertools.count(1)
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
        made = replace(life.as_world().residents[0], ref=self.name, sensitive_choice="given")
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
    return Purpose.RIGHTS if hat.role == "information_officer" else Purpose.DELIVER


def refused(act: Callable[[], None]) -> bool:
    """Whether the application refuses."""
    try:
        act()
    except Failure:
        return True
    return False
