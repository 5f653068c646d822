"""A sign-in of somebody's hat for the length of one command: what the command does, it does under that hat's rules and name.

Which hats a command may borrow is for the command to say.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, select, update

from app.journal.record import record_at_the_door
from app.kernel.clock import instant, london_date
from app.kernel.commands import as_owner
from app.kernel.errors import Invalid
from app.kernel.ids import new_secret, secret_hash
from app.organisations.models import Organisation
from app.policy.words import Role
from app.policy.work import Door
from app.staff.models import Hat, Person, SignIn


@contextmanager
def hat_of(username: str, council: str, role: Role = Role.TEAM_LEADER) -> Iterator[str]:
    """The secret of a sign-in that ends with the block. Raises Invalid where the person has no such hat today."""
    secret, key = new_secret(), None
    with as_owner() as session:
        now = instant(session)
        today = london_date(now)
        hat = session.scalar(
            select(Hat).join(Person, Person.id == Hat.person_id).join(Organisation, Organisation.id == Hat.organisation_id)
            .where(Person.username == username.strip().lower(), Person.ended_at.is_(None), Organisation.slug == council,
                   Hat.role == str(role), Hat.valid_from <= today,
                   or_(Hat.valid_until.is_(None), Hat.valid_until > today)))
        if hat is None:
            words = (f"{username} is no {str(role).replace('_', ' ')} of {council} today; give the hat with: flask staff hat "
                     f"{username} {council} {role}")
            raise Invalid({"by": [words]}, detail=f"by: {words}")
        key = _signed_in(Door(session, now, today, today), hat, secret)
    try:
        yield secret
    finally:
        with as_owner() as session:
            session.execute(update(SignIn).where(SignIn.id == key, SignIn.revoked_at.is_(None)).values(revoked_at=instant(session)))


def _signed_in(door: Door, hat: Hat, secret: str) -> uuid.UUID:
    made = SignIn(secret_hash=secret_hash(secret), person_id=hat.person_id, hat_id=hat.id, kind="job", created_at=door.now,
                  seen_at=door.now, idle_minutes=24 * 60, expires_at=door.now + timedelta(days=1), revoked_at=None)
    door.session.add(made)
    door.session.flush()
    record_at_the_door(door, "sign-in.begun", None, {"kind": "job", "person": str(hat.person_id)})
    return made.id
