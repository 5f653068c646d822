"""The invented staff: who they are, which hats they wear, and the passwords they are shown with."""

import base64
import csv
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.clock import instant
from app.kernel.errors import Invalid
from app.organisations.models import Organisation, Unit
from app.policy.words import Role
from app.staff.models import Credential, Hat, Person
from app.staff.passwords import hasher

SINCE = date(2014, 4, 1)


@dataclass(frozen=True, slots=True)
class Login:
    """One hat of one invented person, and how to sign in with it."""

    username: str
    name: str
    organisation: str
    role: str
    unit: str | None
    password: str


def logins(folder: Path, secret: str) -> list[Login]:
    """The log-ins of a demonstration. Raises Invalid with the line of a role that is not known."""
    found = []
    with open(folder / "demonstration" / "people.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if row["role"] not in set(Role):
                raise Invalid({"role": [f"people.csv, {row['username']}: {row['role']} is no role"]})
            found.append(Login(row["username"], row["name"], row["organisation"], row["role"], row["unit"] or None,
                               password_of(row["username"], secret)))
    return found


def password_of(username: str, secret: str) -> str:
    """A password that follows from the installation's secret: no two installations share one, and none is written down."""
    digest = hmac.new(secret.encode(), f"demonstration {username}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def load_people(session: Session, wanted: Sequence[Login]) -> int:
    """Make the people and hats that are not there yet. The number of people made."""
    organisations = {o.slug: o for o in session.scalars(select(Organisation))}
    units = {(unit.organisation_id, unit.slug) for unit in session.scalars(select(Unit))}
    made = 0
    for login in wanted:
        person = session.scalars(select(Person).where(Person.username == login.username)).first()
        if person is None:
            person, made = _new_person(session, login), made + 1
        organisation = organisations[login.organisation]
        if login.unit and (organisation.id, login.unit) not in units:
            raise Invalid({"unit": [f"people.csv, {login.username}: {login.organisation} has no unit {login.unit}"]})
        _wear(session, person, organisation, login)
    return made


def _new_person(session: Session, login: Login) -> Person:
    person = Person(username=login.username, name=login.name)
    session.add(person)
    session.flush()
    session.add(Credential(person_id=person.id, password_hash=_hashed(login.password), changed_at=instant(session)))
    session.flush()
    return person


def _hashed(password: str) -> str:
    return hasher(current_app.config["JC_SETTINGS"]).hash(password)


def _wear(session: Session, person: Person, organisation: Organisation, login: Login) -> None:
    worn = session.scalars(select(Hat).where(
        Hat.person_id == person.id, Hat.organisation_id == organisation.id, Hat.role == login.role)).first()
    if worn is None:
        session.add(Hat(person_id=person.id, organisation_id=organisation.id, role=login.role, unit=login.unit,
                        valid_from=SINCE))
        session.flush()
