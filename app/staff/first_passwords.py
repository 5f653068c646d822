"""One-time words: made by whoever looks after somebody's hats, told once, and taken at the door for a password of one's
own.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.journal.record import record_at_the_door
from app.kernel.config import Settings
from app.kernel.errors import Invalid
from app.kernel.ids import ALPHABET, HEARD_AS, secret_hash
from app.organisations.models import Organisation
from app.policy.work import Door
from app.staff import operations, passwords
from app.staff.models import Hat, Person, SignInWord

GROUPS, LENGTH = 4, 4
LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the password was set; if not, when the door opens where it is closed."""

    done: bool
    checked: operations.Checked = operations.Checked(None)


def make(session: Session, person_id: uuid.UUID, now: datetime) -> str:
    """A new word (eighty random bits in four groups) for this person, told this once."""
    word = "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
    session.add(
        SignInWord(
            person_id=person_id, word_hash=secret_hash(_folded(word)), made_at=now, expires_at=now + LASTS, used_at=None
        )
    )
    session.flush()
    return word


def take(door: Door, settings: Settings, given: dict[str, Any], address: str | None) -> Taken:
    """Set a password with a word. A wrong word counts as a wrong password does. Raises Invalid for a password that is
    easy.
    """
    checked, found = operations.attempt(
        door, settings, given["username"], address, lambda person: _words(door, person, given["word"]))
    if checked.person is None:
        return Taken(False, checked)
    if wrong := passwords.problems(given["password"], known_of(door.session, checked.person)):
        raise Invalid({"password": wrong})
    for word in found or ():
        word.used_at = door.now
    operations.set_password(door, settings, checked.person.id, given["password"])
    record_at_the_door(door, "password.set", checked.person.id)
    return Taken(True, checked)


def known_of(session: Session, person: Person) -> list[str]:
    """What a guesser may know of somebody."""
    organisations = session.execute(
        select(Organisation.name, Organisation.short_name)
        .distinct()
        .join(Hat, Hat.organisation_id == Organisation.id)
        .where(Hat.person_id == person.id)
    )
    return [person.username, person.name, person.email or "", *(name for row in organisations for name in row)]


def _words(door: Door, person: Person | None, word: str) -> list[SignInWord]:
    """All of the person's words, if this is one that may be taken: one use spends them all."""
    if person is None:
        return []
    unused = door.session.scalars(select(SignInWord).where(
        SignInWord.person_id == person.id, SignInWord.used_at.is_(None), SignInWord.expires_at > door.now)).all()
    wanted = secret_hash(_folded(word))
    return list(unused) if any(secrets.compare_digest(each.word_hash, wanted) for each in unused) else []


def _folded(word: str) -> str:
    """As it is kept, whatever the case, the spacing or the look-alikes it was typed with."""
    return "".join(sign for sign in word.upper() if sign not in " -.\u2010\u2011\u2013").translate(HEARD_AS)
