"""Tells PostgreSQL, at the beginning of each transaction, who speaks. One round trip: the sign-in is checked, the audience
put on as the transaction's role, and the policy version read in the same snapshot as the data that follow.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound, NotSignedIn

log = structlog.get_logger(__name__)
# insufficient_privilege, foreign_key_violation, no_data_found: what PostgreSQL says of a row that is behind the wall.
BEHIND_THE_WALL = frozenset({"42501", "23503", "P0002", "02000"})

# The role is put on by the outer select: a function that looks behind the wall may not change the role itself.
_BEGIN = text("""
    SELECT b.*, set_config('jc.secret', :secret, true), set_config('jc.contact', coalesce(b.contact_id::text, ''), true),
           wall.remember(), set_config('plan_cache_mode', :plans, true),
           set_config('role', :prefix || '_' || b.audience, true)
      FROM wall.begin(:secret, :contact) b
""")
# Whether statements are planned for the values of each asking, or once for any.
_EACH, _ONCE = "auto", "force_generic_plan"
_PLAN_ONCE = text("SELECT set_config('plan_cache_mode', :plans, true)")
_PLAN_ANEW = text("DISCARD PLANS")
_AT_THE_DOOR = text("SELECT set_config('role', :prefix || '_signin', true), now() AS at, wall.facts_on() AS facts_on")


@dataclass(frozen=True, slots=True)
class Begun:
    """What the database said when a unit of work began."""

    sign_in_id: uuid.UUID
    person_id: uuid.UUID
    hat_id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    organisation_kind: str
    role: str
    unit: str
    audience: str
    contact_id: uuid.UUID | None
    policy_version: int | None
    policy_fingerprint: str | None
    facts_on: date
    at: datetime


def begin(connection: Connection, prefix: str, secret: str, contact_ref: str | None, *, once: bool = False) -> Begun:
    """Begin as the holder of a secret; ``once`` as ``plan_once``. Raises NotSignedIn for a secret that speaks for nobody."""
    row: Any = connection.execute(_BEGIN, {"secret": secret, "contact": contact_ref, "prefix": prefix,
                                           "plans": _ONCE if once else _EACH}).mappings().first()
    if row is None:
        raise NotSignedIn("Your sign-in has ended. Sign in again: nothing that was saved is lost.")
    return Begun(**{name: row[name] for name in Begun.__slots__})


def plan_once(session: Session) -> None:
    """From here to the end of the transaction statements are planned for any values, and the plan is kept: under row
    security planning costs more than looking. Only for who asks by equality on an index: a page of a list wants a plan
    for its own values."""
    session.connection().execute(_PLAN_ONCE, {"plans": _ONCE})


def plan_anew(session: Session) -> None:
    """What was planned in this connection before is planned once more: for who has meanwhile made a table many times as large. A
    plan for an empty table reads the whole of it, and would go on to."""
    session.connection().execute(_PLAN_ANEW)


def stand_at_the_door(connection: Connection, prefix: str) -> tuple[datetime, date]:
    """Begin as nobody yet: the audience that checks passwords and sees no resident. The instant and the facts' date."""
    row = connection.execute(_AT_THE_DOOR, {"prefix": prefix}).mappings().one()
    return row["at"], row["facts_on"]


@contextmanager
def refusals_as_not_found() -> Iterator[None]:
    """What the wall refused is not found, as if there were nothing; that it got as far as the wall is reported."""
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in BEHIND_THE_WALL:
            raise
        log.error("the wall refused what the guard had let by", sqlstate=state)
        raise NotFound() from None
