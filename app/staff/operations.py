"""Signing in and out: checking passwords, counting the wrong ones, beginning and ending sign-ins, choosing hats. Each
is journalled in its own transaction.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import column, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.journal.record import record_at_the_door
from app.kernel.config import Settings
from app.kernel.errors import NotSignedIn
from app.kernel.ids import new_secret, secret_hash
from app.policy.work import Door
from app.staff import lockout, passwords
from app.staff.hats import Worn
from app.staff.models import Credential, Person, SignIn, SignInFailure

CHOOSING_MINUTES = 10
COUNTS_KEPT = timedelta(days=1)
NOBODY = uuid.UUID(int=0)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a user name and a password: the person, or nobody; and when the door opens where it is closed."""

    person: Person | None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose sign-in it is that came with the request."""

    sign_in_id: uuid.UUID
    person_id: uuid.UUID
    hat_id: uuid.UUID


def attempt(door: Door, settings: Settings, username: str, address: str | None,
            proof: Callable[[Person | None], T]) -> tuple[Checked, T | None]:
    """Let somebody prove who they are. ``proof`` answers what is falsy for a proof that fails, and takes as long for
    nobody.

    Attempts on one user name take turns, so that no more are made than are counted; whether there is such a user
    changes neither the answer nor what is done for it.
    """
    account = _subject(settings, f"account:{username}")
    where = _subject(settings, f"address:{lockout.address_subject(address)}")
    _take_turns(door.session, account)
    closed = [
        opens for subject in (account, where) if (opens := lockout.opens_at(_count(door.session, subject), door.now))
    ]
    if closed:
        return Checked(None, max(closed)), None
    person = door.session.scalar(select(Person).where(
        Person.username == username, or_(Person.ended_at.is_(None), Person.ended_at > door.now)))
    proven = proof(person)
    if not proven or person is None:
        return Checked(None, _count_failure(door, settings, account, where, person)), None
    door.session.execute(delete(SignInFailure).where(SignInFailure.subject == account)
                         .execution_options(synchronize_session=False))
    return Checked(person), proven


def check(door: Door, settings: Settings, username: str, password: str, address: str | None) -> Checked:
    """Compare a password with the one that is kept, or with nobody's. One kept at another cost is kept anew."""
    maker = passwords.hasher(settings)

    def proof(person: Person | None) -> Credential | None:
        kept = door.session.get(Credential, person.id if person else NOBODY)
        return kept if passwords.matches(maker, kept.password_hash if kept else None, password) else None

    checked, kept = attempt(door, settings, username, address, proof)
    if kept is not None and maker.check_needs_rehash(kept.password_hash):
        kept.password_hash = maker.hash(password)
    return checked


def begin(door: Door, settings: Settings, person_id: uuid.UUID, hat: Worn, *, kind: str = "browser",
          until: datetime | None = None) -> tuple[str, datetime]:
    """A new sign-in with that hat: its secret, told this once, and when it ends. ``until`` keeps an earlier end."""
    hours = settings.token_hours if kind == "token" else settings.session_hours
    idle = hours * 60 if kind == "token" else settings.session_idle_minutes
    ends = until or door.now + timedelta(hours=hours)
    secret = _new_sign_in(door, person_id, hat.id, kind, idle, ends)
    record_at_the_door(
        door, "sign-in.begun", person_id, {"kind": kind}, hat_id=hat.id, organisation_id=hat.organisation_id
    )
    return secret, ends


def begin_choosing(door: Door, person_id: uuid.UUID) -> str:
    """A sign-in without a hat: it speaks for nobody, and lasts as long as it takes to choose one."""
    ends = door.now + timedelta(minutes=CHOOSING_MINUTES)
    return _new_sign_in(door, person_id, None, "browser", CHOOSING_MINUTES, ends)


def chooser(door: Door, secret: str) -> uuid.UUID:
    """Who is choosing a hat with this secret. Raises NotSignedIn for one that was used, or is too old."""
    person_id = door.session.scalar(
        select(SignIn.person_id).join(Person, Person.id == SignIn.person_id)
        .where(SignIn.secret_hash == secret_hash(secret), SignIn.hat_id.is_(None), SignIn.revoked_at.is_(None),
               SignIn.expires_at > door.now, or_(Person.ended_at.is_(None), Person.ended_at > door.now)))
    if person_id is None:
        raise NotSignedIn("It took too long to choose a hat. Sign in again.")
    return person_id


def holder(door: Door, secret: str | None) -> Holder:
    """Whose sign-in this is. Raises NotSignedIn for a secret that speaks for nobody."""
    spoken = func.wall.speaker_of(secret, None).table_valued(
        column("sign_in_id"), column("person_id"), column("hat_id")
    )
    row = (
        door.session.execute(select(spoken.c.sign_in_id, spoken.c.person_id, spoken.c.hat_id)).one() if secret else None
    )
    if row is None or row.sign_in_id is None:
        raise NotSignedIn("Your sign-in has ended. Sign in again: nothing that was saved is lost.")
    return Holder(row.sign_in_id, row.person_id, row.hat_id)


def end(door: Door, secret: str) -> None:
    """End one sign-in, and the conversation it left open. One that has ended already stays so."""
    row = door.session.scalar(
        select(SignIn).where(SignIn.secret_hash == secret_hash(secret), SignIn.revoked_at.is_(None))
    )
    if row is not None:
        row.revoked_at = door.now
        abandoned = door.session.scalar(select(func.wall.abandon(secret)))
        record_at_the_door(
            door, "sign-in.ended", row.person_id, {"kind": row.kind, "abandoned": abandoned}, hat_id=row.hat_id
        )


def end_all(door: Door, person_id: uuid.UUID, *, as_owner: bool = False) -> int:
    """End every sign-in of a person, in browsers and of programs. How many they were.

    ``as_owner``: not by the person, so that the journal names them as the one it was done to.
    """
    ended = door.session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
                                 .values(revoked_at=door.now).execution_options(synchronize_session=False))
    count: int = ended.rowcount  # type: ignore[attr-defined]
    by, facts = (None, {"person": str(person_id)}) if as_owner else (person_id, {})
    record_at_the_door(door, "sign-in.ended-everywhere", by, {"count": count} | facts)
    return count


def set_password(
    door: Door, settings: Settings, person_id: uuid.UUID, password: str, *, as_owner: bool = False
) -> None:
    """Keep a new password: whoever is signed in with the old one is signed in no more."""
    kept = door.session.get(Credential, person_id)
    if kept is None:
        kept = Credential(person_id=person_id)
        door.session.add(kept)
    kept.password_hash, kept.changed_at = passwords.hasher(settings).hash(password), door.now
    end_all(door, person_id, as_owner=as_owner)


def _new_sign_in(
    door: Door, person_id: uuid.UUID, hat_id: uuid.UUID | None, kind: str, idle: int, ends: datetime
) -> str:
    secret = new_secret()
    door.session.add(SignIn(secret_hash=secret_hash(secret), person_id=person_id, hat_id=hat_id, kind=kind,
                            created_at=door.now, seen_at=door.now, idle_minutes=idle, expires_at=ends, revoked_at=None))
    door.session.flush()
    return secret


def _subject(settings: Settings, words: str) -> str:
    return hmac.new(settings.data_key, words.encode(), hashlib.sha256).hexdigest()[:40]


def _take_turns(session: Session, subject: str) -> None:
    """Until the end of this transaction nobody else counts for this subject."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))


def _count(session: Session, subject: str) -> lockout.Count | None:
    row = session.execute(select(SignInFailure.failures, SignInFailure.since, SignInFailure.locked_until)
                          .where(SignInFailure.subject == subject)).first()
    return lockout.Count(*row) if row else None


def _count_failure(door: Door, settings: Settings, account: str, where: str, person: Person | None) -> datetime | None:
    """Count it for the user name and for the address; when the door opens, if this closed it."""
    _take_turns(door.session, where)
    opens = []
    for subject, attempts in ((account, settings.lockout_attempts), (where, settings.lockout_address_attempts)):
        allowance = lockout.Allowance(attempts, settings.lockout_minutes)
        counted = lockout.after_failure(_count(door.session, subject), allowance, door.now)
        door.session.merge(SignInFailure(subject=subject, failures=counted.failures, since=counted.since,
                                         locked_until=counted.locked_until))
        if counted.locked_until:
            opens.append(counted.locked_until)
    door.session.execute(
        delete(SignInFailure)
        .where(SignInFailure.since < door.now - max(COUNTS_KEPT, 2 * allowance.span))
        .execution_options(synchronize_session=False)
    )
    record_at_the_door(door, "sign-in.failed", person.id if person else None, {"closed": bool(opens)})
    return max(opens, default=None)
