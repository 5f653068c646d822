"""One small world for a test: people with hats and live sign-ins, residents, choices. It is made past the wall, by the
administrator of the database, so that what a test shows about the wall is not shown through it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.orm import Session

from app.choices.models import Choice, Objection
from app.contacts.models import Contact
from app.kernel.config import sqlalchemy_url
from app.kernel.ids import new_reference, new_secret, secret_hash
from app.organisations.models import Organisation
from app.residents.models import Resident, ResidentAddress, ResidentChannel, ResidentName
from app.staff.models import Hat, Person, SignIn

COUNTY, BOROUGH, BINS = "somerset", "taunton-deane", "greenbins"
T = TypeVar("T")


@dataclass(frozen=True)
class Wearer:
    """Somebody signed in: the secret, and the keys a test may want."""

    secret: str
    person_id: uuid.UUID
    hat_id: uuid.UUID
    sign_in_id: uuid.UUID
    organisation_id: uuid.UUID

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends."""
        return {"Authorization": f"Bearer {self.secret}"}


class World:
    """Makes things at once and lasting; ``session`` is the administrator's, for what has no maker here."""

    def __init__(self, application: Flask) -> None:
        settings = application.config["JC_SETTINGS"]
        self._engine = create_engine(
            make_url(sqlalchemy_url(settings.admin_url)).set(database=make_url(settings.database_url).database))
        self.session = Session(self._engine, expire_on_commit=False)

    def __enter__(self) -> "World":
        self.organisations = {o.slug: o for o in self.session.scalars(select(Organisation))}
        self.now: datetime = self.session.scalar(select(func.now()))  # type: ignore[assignment]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.session.close()
        self._engine.dispose()

    def add(self, *rows: Any) -> None:
        """Keep these rows for good."""
        self.session.add_all(rows)
        self.session.commit()

    def wearer(self, organisation: str, role: str, *, unit: str | None = None, kind: str = "browser",
               person: uuid.UUID | None = None) -> Wearer:
        """Somebody new (or a further hat of a person) signed in with one hat."""
        worn = self.organisations[organisation]
        if person is None:
            made = Person(username=f"u{uuid.uuid4().hex[:10]}", name="Ama Invented")
            self.add(made)
            person = made.id
        hat = Hat(person_id=person, organisation_id=worn.id, role=role, unit=unit, valid_from=date(2014, 1, 1))
        self.add(hat)
        secret = new_secret()
        sign_in = SignIn(secret_hash=secret_hash(secret), person_id=person, hat_id=hat.id, kind=kind, created_at=self.now,
                         seen_at=self.now, idle_minutes=60, expires_at=self.now + timedelta(hours=8))
        self.add(sign_in)
        return Wearer(secret, person, hat.id, sign_in.id, worn.id)

    def contact(self, wearer: Wearer, *, line: str = "counter", ended: bool = False) -> Contact:
        """A conversation that this person has open, or has had."""
        made = Contact(ref=new_reference(), organisation_id=wearer.organisation_id, line=line, channel="telephone",
                       person_id=wearer.person_id, hat_id=wearer.hat_id, sign_in_id=wearer.sign_in_id, in_browser=True,
                       started_at=self.now, ended_at=self.now if ended else None, outcome="answered" if ended else None)
        self.add(made)
        return made

    def adviser(self, organisation: str) -> Wearer:
        """An adviser with a caller on the line."""
        made = self.wearer(organisation, "adviser")
        self.contact(made)
        return made

    def resident(self, home: str | None, *, given: str = "Chidi", family: str = "Okafor", telephone: str | None = None,
                 postcode: str = "TA1 1HE", lines: Sequence[str] = ("12 Mill Lane",), **columns: Any) -> Resident:
        """A resident of a council (None: of none; say who keeps the record then) with a name, an address, a telephone."""
        home_id = self.organisations[home].id if home else None
        made = Resident(ref=new_reference(), created_at=self.now, **(
            {"home_id": home_id, "keeper_id": home_id, "shared": False, "objected_to": []} | columns))
        self.add(made)
        self.add(ResidentName(resident_id=made.id, kind="usual", given=given, family=family),
                 ResidentAddress(resident_id=made.id, lines=list(lines), postcode=postcode, since=date(2010, 1, 1)))
        if telephone:
            self.add(ResidentChannel(resident_id=made.id, kind="telephone", value=telephone))
        return made

    def choose(self, resident: Resident, matter: str, answer: str, by: Wearer) -> None:
        """What the resident said; for sharing the trigger draws the consequence."""
        self.add(Choice(resident_id=resident.id, matter=matter, answer=answer, wording_version="1", channel="telephone",
                        at=self._instant(), hat_id=by.hat_id))
        self.session.refresh(resident)

    def object(self, resident: Resident, organisation: str, by: Wearer, *, active: bool = True) -> None:
        """An objection to an organisation, or the taking back of it."""
        self.add(Objection(resident_id=resident.id, organisation_id=self.organisations[organisation].id, active=active,
                           at=self._instant(), hat_id=by.hat_id))
        self.session.refresh(resident)

    def _instant(self) -> datetime:
        found: datetime = self.session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
        return found
