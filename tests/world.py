"""One small world for a test: people with hats and live sign-ins, residents, choices. It is made past the wall, by the
administrator of the database, so that what a test shows about the wall is not shown through it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.choices.models import Choice, Objection
from app.contacts.models import Contact
from app.kernel.config import sqlalchemy_url
from app.kernel.ids import new_reference, new_secret, secret_hash
from app.matching import person as compared
from app.organisations.models import Agreement, AgreementService, Organisation
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestResident, RequestStep
from app.residents.keys import keys_of
from app.residents.models import Resident, ResidentAddress, ResidentChannel, ResidentKey, ResidentName
from app.staff.models import Hat, Person, SignIn

COUNTY, BOROUGH, BINS = "somerset", "taunton-deane", "greenbins"
T = TypeVar("T")
# What a request was told, group by group, as residents' records are told to programs.
COPY: dict[str, Any] = {
    "name": [{"given": "Chidi", "family": "Okafor", "kind": "usual"}],
    "address": [{"lines": ["12 Mill Lane"], "postcode": "TA1 1HE"}],
    "channels": {"telephones": ["+441823555012"], "emails": []},
    "needs": ["Large print"],
}


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
        self._engine = create_engine(sqlalchemy_url(settings.admin_url))
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
        found_by = keys_of(compared.Person(names=[(given, family)], addresses=[("\n".join(lines), postcode)],
                                           telephones=[telephone] if telephone else []))
        self.add(*(ResidentKey(resident_id=made.id, council_id=council, shared=made.shared, grp=grp, key=key)
                   for council in {made.home_id, made.keeper_id} - {None} for grp, key in found_by))
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

    def request(self, taken_by: str, responsible: str | None = None, *, lgsl: int = 524, status: str = "queued",
                resident: Resident | None = None, partner: str | None = None, copy: dict[str, Any] | None = None,
                talk: Contact | None = None, **columns: Any) -> Request:
        """A request with its job and its own copy of the contact details (none for ``{}``); linked to a resident, in a
        partner's hands under whichever agreement names the service, where that is said."""
        taker = self.organisations[taken_by]
        talk = talk or self.contact(self.wearer(taken_by, "adviser"), ended=True)
        made = Request(ref=new_reference(), taken_at=self.now, **({
            "lgsl": lgsl, "taken_by_id": taker.id, "taken_in": talk.id, "status": "assigned" if partner else status,
            "responsible_id": self.organisations[responsible or taken_by].id, "intake": False} | columns))
        self.add(made)
        given = COPY if copy is None else copy
        self.add(RequestJob(request_id=made.id, postcode="TA1 1HE", place="12 Mill Lane", answers={},
                            details={"bin": "Refuse"}, because=["The service is the borough's."]),
                 RequestStep(request_id=made.id, status=made.status, organisation_id=taker.id, at=self.now),
                 *(RequestCopy(request_id=made.id, grp=group, value=value) for group, value in given.items()))
        if resident is not None:
            self.add(RequestResident(request_id=made.id, resident_id=resident.id))
        if partner is not None:
            self.assignment(made, partner)
        return made

    def assignment(self, request: Request, partner: str, **columns: Any) -> Assignment:
        """A partner's job, under an agreement that names the service and holds in the partnership's year."""
        worn = self.organisations[partner]
        agreement = self.session.scalar(select(Agreement).join(AgreementService).where(
            Agreement.partner_id == worn.id, AgreementService.lgsl == request.lgsl,
            Agreement.valid.contains(date(2014, 9, 1))))
        assert agreement is not None, f"{partner} has no agreement for {request.lgsl}"
        made = Assignment(request_id=request.id, organisation_id=worn.id, agreement_id=agreement.id,
                          assigned_at=self.now, **columns)
        self.add(made)
        return made

    def _instant(self) -> datetime:
        found: datetime = self.session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
        return found
