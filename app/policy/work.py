"""A unit of work: one transaction of one actor for one purpose, with the reach it declared. Opened here, committed here and
nowhere else: leaving the block commits, an exception rolls everything back.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.kernel.clock import london_date
from app.kernel.errors import Conflict, NotPermitted
from app.policy import wall
from app.policy.actions import Action
from app.policy.actor import Actor, Asking
from app.policy.guard import GuardedSession
from app.policy.purposes import Purpose
from app.policy.reach import Reach, Wearer, compile_reach
from app.policy.rulebook import Rulebook
from app.policy.shelf import Held, Shelf
from app.policy.words import ADVISING, PARTNER_ROLES, Role

# What a role works for unless another purpose is chosen (the table in the policy's README).
PURPOSE_OF = {Role.SERVICE_OFFICER: Purpose.DELIVER, Role.INFORMATION_OFFICER: Purpose.RIGHTS,
              Role.SERVICE_MANAGER: Purpose.PLAN, Role.ADMINISTRATOR: Purpose.RUN, Role.AUDITOR: Purpose.RUN,
              Role.PARTNER_MANAGER: Purpose.RUN} | dict.fromkeys(ADVISING, Purpose.ENQUIRY) | dict.fromkeys(
                  PARTNER_ROLES, Purpose.DELIVER)
# Looking for people asks by keys alone, for which one plan serves.
BY_KEYS = frozenset({Action.RESIDENT_FIND})


@dataclass(frozen=True, slots=True)
class Work:
    """What every query and operation takes first. ``on`` is the date at which facts about councils are read; ``rulebook`` the
    policy that was live when this transaction began, and decides until it ends."""

    session: GuardedSession
    actor: Actor
    purpose: Purpose
    reach: Reach
    now: datetime
    today: date
    on: date
    contact_id: uuid.UUID | None
    policy_version: int
    rulebook: Rulebook
    request_id: str | None = None

    def may(self, action: Action) -> bool:
        """Whether the rules let this hat do it at all for the purpose of this work; which rows it reaches is another matter."""
        actor = self.actor
        return bool(self.rulebook.allowed(actor.role, actor.organisation, actor.unit, action, self.purpose))


@dataclass(frozen=True, slots=True)
class Door:
    """A unit of work of nobody yet: signing in and out. Its audience sees people and sign-ins, and no resident."""

    session: Session
    now: datetime
    today: date
    on: date
    request_id: str | None = None


@dataclass(frozen=True)
class Desk:
    """Where work is opened: the engine, the prefix of the database's roles, and the policies this process has at hand."""

    engine: Engine
    prefix: str
    shelf: Shelf

    @contextmanager
    def work(self, secret: str, needs: frozenset[Action], *, contact_ref: str | None = None,
             purpose: Purpose | None = None, request_id: str | None = None,
             wishes: frozenset[Action] = frozenset(), also: frozenset[Action] = frozenset()) -> Iterator[Work]:
        """One transaction as the holder of a secret. ``also`` are needs that are dropped where the hat has them not;
        ``wishes`` are dropped as well where no conversation is open.

        Raises NotSignedIn, NotReady (no policy that can be read and trusted is live), NotPermitted (a need that the hat can never
        have) and Conflict ``contact-needed`` (something of a resident, without a conversation).
        """
        with wall.refusals_as_not_found(), self.engine.connect() as connection, connection.begin():
            begun = wall.begin(connection, self.prefix, secret, contact_ref, once=not needs.isdisjoint(BY_KEYS))
            held = self.shelf.live(connection, begun.policy_version, begun.policy_fingerprint)
            assert begun.policy_version is not None, "without a policy nothing is opened"
            actor = _actor(begun)
            needs |= _granted(held.rulebook, actor, also if begun.contact_id is None else also | wishes)
            chosen = _purpose(actor, needs, purpose, begun.contact_id)
            talking = begun.contact_id is not None or actor.role not in ADVISING
            reach = _reach(held, actor, chosen, needs, talking)
            asking = Asking(actor, begun.at, london_date(begun.at), begun.facts_on)
            with _session(connection, reach, asking) as session:
                yield Work(session, actor, chosen, reach, asking.now, asking.today, asking.on, begun.contact_id,
                           begun.policy_version, held.rulebook, request_id)
                session.flush()

    @contextmanager
    def door(self, request_id: str | None = None) -> Iterator[Door]:
        """One transaction of somebody who has not signed in, or is signing out."""
        with self.engine.connect() as connection, connection.begin():
            now, on = wall.stand_at_the_door(connection, self.prefix)
            with Session(connection, autoflush=False, expire_on_commit=False) as session:
                yield Door(session, now, london_date(now), on, request_id)
                session.flush()


def _granted(rulebook: Rulebook, actor: Actor, wishes: frozenset[Action]) -> frozenset[Action]:
    return frozenset(action for action in wishes if rulebook.allowed(
        actor.role, actor.organisation, actor.unit, action, PURPOSE_OF[actor.role]))


def _reach(held: Held, actor: Actor, purpose: Purpose, needs: frozenset[Action], talking: bool) -> Reach:
    wearer = Wearer(actor.role, actor.organisation, actor.unit)
    _check_possible(held.rulebook, actor, purpose, needs)
    key = (wearer, purpose, needs, talking)
    found = held.reaches.get(key)
    if found is None:
        made = compile_reach(held.rulebook, wearer, purpose, needs, talking=talking)
        alike = held.alike.setdefault(made.content, made)
        found = held.reaches.setdefault(key, alike.worn_by(wearer))
    return found


@contextmanager
def _session(connection: Connection, reach: Reach, asking: Asking) -> Iterator[GuardedSession]:
    with GuardedSession(reach, asking.values(), bind=connection, join_transaction_mode="conditional_savepoint") as session:
        yield session


def _actor(begun: wall.Begun) -> Actor:
    return Actor(begun.person_id, begun.hat_id, begun.organisation_id, begun.organisation, begun.organisation_kind,
                 Role(begun.role), begun.unit, begun.sign_in_id, begun.audience)


def _purpose(actor: Actor, needs: frozenset[Action], wanted: Purpose | None, contact: uuid.UUID | None) -> Purpose:
    if wanted is None and actor.role in ADVISING and contact is None and any(action.needs_a_contact for action in needs):
        raise Conflict("Open a contact first: a resident's record is used for a conversation.", kind="contact-needed")
    return wanted or PURPOSE_OF[actor.role]


def _check_possible(rulebook: Rulebook, actor: Actor, purpose: Purpose, needs: frozenset[Action]) -> None:
    for action in needs:
        if not rulebook.allowed(actor.role, actor.organisation, actor.unit, action, purpose):
            raise NotPermitted()
