"""``flask staff``: people, hats and passwords from the command line, as the owner of the tables. For the first
administrator, and for when nobody can sign in.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import select

from app.journal.record import record_at_the_door
from app.kernel.clock import instant, london_date
from app.kernel.commands import PlainGroup, as_owner
from app.kernel.config import Settings
from app.kernel.errors import Invalid
from app.organisations.models import Organisation, Unit
from app.policy.work import Door
from app.staff import first_passwords, operations, passwords
from app.staff.models import Hat, Person
from app.staff.schemas import USERNAME
from app.staff.words import ROLES_OF_KIND

staff = PlainGroup("staff", help="People who sign in, their hats and passwords.")


@contextmanager
def _door() -> Iterator[Door]:
    with as_owner() as session:
        now = instant(session)
        yield Door(session, now, london_date(now), london_date(now))


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", help="Where to reach them.")
@click.option("--organisation", required=True, help="The slug of the organisation of the first hat.")
@click.option("--role", required=True, help="The role of the first hat.")
@click.option("--unit", help="The department that the hat is limited to.")
def add(username: str, name: str, email: str | None, organisation: str, role: str, unit: str | None) -> None:
    """Add somebody with a first hat, and print a one-time word for a password of their own."""
    with _door() as door:
        made = Person(username=_username(door, username), name=name.strip(), email=email, ended_at=None)
        if not made.name:
            raise _wrong("name", "type the person's name")
        door.session.add(made)
        door.session.flush()
        _give(door, made, organisation, role, unit)
        word = first_passwords.make(door.session, made.id, door.now)
        record_at_the_door(door, "staff.added", None, {"person": str(made.id)})
    click.echo(f"{username.strip().lower()} is added. One-time word, for three days, at /sign-in/first: {word}")


@staff.command()
@click.argument("username")
@click.argument("organisation")
@click.argument("role")
@click.option("--unit", help="The department that the hat is limited to.")
def hat(username: str, organisation: str, role: str, unit: str | None) -> None:
    """Give somebody another hat."""
    with _door() as door:
        _give(door, _person(door, username), organisation, role, unit)
    click.echo(f"{username} may act as {role} of {organisation} from today.")


@staff.command()
@click.argument("username")
@click.option("--organisation", help="Only the hats of this organisation.")
@click.option("--role", help="Only the hats of this role.")
def end(username: str, organisation: str | None, role: str | None) -> None:
    """End somebody, or some of their hats. What is ended speaks for nobody from the next request on."""
    with _door() as door:
        person = _person(door, username)
        if organisation is None and role is None:
            person.ended_at = door.now
            record_at_the_door(door, "staff.ended", None, {"person": str(person.id)})
            ended = "signs in no more"
        else:
            ended = f"lost {_end_hats(door, person, organisation, role)} hat(s)"
    click.echo(f"{username} {ended}.")


@staff.command()
@click.argument("username")
@click.option("--word", is_flag=True, help="Print a one-time word instead of asking for a password.")
def password(username: str, word: bool) -> None:
    """Set somebody's password (it is asked for, and not shown); every sign-in of theirs ends."""
    settings: Settings = current_app.config["JC_SETTINGS"]
    with _door() as door:
        person = _person(door, username)
        if word:
            made = first_passwords.make(door.session, person.id, door.now)
            record_at_the_door(door, "password.word-made", None, {"person": str(person.id)})
            click.echo(f"One-time word, for three days, at /sign-in/first: {made}")
            return
        chosen = click.prompt("New password", hide_input=True, confirmation_prompt=True)
        if wrong := passwords.problems(chosen, first_passwords.known_of(door.session, person)):
            raise _wrong("password", " ".join(wrong))
        operations.set_password(door, settings, person.id, chosen, as_owner=True)
    click.echo(f"{username} has a new password.")


def _username(door: Door, typed: str) -> str:
    username = typed.strip().lower()
    if not re.match(USERNAME, username):
        raise _wrong(
            "username",
            "use 3 to 64 small letters, digits, dots, hyphens and underscores, beginning and ending with a "
            "letter or a digit",
        )
    if door.session.scalar(select(Person.id).where(Person.username == username)) is not None:
        raise _wrong("username", "somebody has it: choose another")
    return username


def _person(door: Door, username: str) -> Person:
    found = door.session.scalar(select(Person).where(Person.username == username.strip().lower()))
    if found is None:
        raise _wrong("username", "nobody has it")
    return found


def _give(door: Door, person: Person, organisation: str, role: str, unit: str | None) -> None:
    found = door.session.scalar(select(Organisation).where(Organisation.slug == organisation))
    if found is None:
        raise _wrong("organisation", "no organisation has this slug")
    roles = ROLES_OF_KIND.get(found.kind, ())
    if role not in roles:
        raise _wrong("role", f"{organisation} has the roles {', '.join(roles)}")
    if unit is not None and door.session.scalar(
            select(Unit.id).where(Unit.organisation_id == found.id, Unit.slug == unit)) is None:
        raise _wrong("unit", f"{organisation} has no such department")
    given = Hat(
        person_id=person.id, organisation_id=found.id, role=role, unit=unit, valid_from=door.today, valid_until=None
    )
    door.session.add(given)
    door.session.flush()
    record_at_the_door(door, "hat.given", None, {"person": str(person.id), "hat": str(given.id), "role": role,
                                                 "organisation": organisation})


def _end_hats(door: Door, person: Person, organisation: str | None, role: str | None) -> int:
    query = select(Hat).join(Organisation, Organisation.id == Hat.organisation_id).where(
        Hat.person_id == person.id, (Hat.valid_until.is_(None)) | (Hat.valid_until > door.today))
    if organisation is not None:
        query = query.where(Organisation.slug == organisation)
    if role is not None:
        query = query.where(Hat.role == role)
    found = door.session.scalars(query).all()
    for each in found:
        each.valid_until = door.today
        record_at_the_door(door, "hat.ended", None, {"person": str(person.id), "hat": str(each.id)})
    return len(found)


def _wrong(field: str, words: str) -> Invalid:
    return Invalid({field: [words]}, detail=f"{field}: {words}")
