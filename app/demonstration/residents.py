"""The invented residents: recorded by an adviser of their own council through the operations that the desk uses, under the same
guard and wall, with a contact open."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contacts.operations import end_contact, open_contact
from app.kernel.clock import instant
from app.kernel.errors import Conflict
from app.kernel.ids import new_secret, secret_hash
from app.organisations.models import Line, Organisation
from app.policy.actions import Action
from app.policy.words import Role
from app.policy.work import Desk, Work
from app.residents.models import Resident
from app.residents.operations import record
from app.residents.schemas import ResidentIn
from app.staff.models import Hat, SignIn

RECORDING = frozenset({Action.RESIDENT_RECORD, Action.RESIDENT_SEE, Action.CHOICE_RECORD, Action.CHOICE_SEE,
                       Action.OBJECTION_RECORD})
OPENING = frozenset({Action.CONTACT_OPEN, Action.CONTACT_SEE})
ENDING = frozenset({Action.CONTACT_END, Action.CONTACT_SEE})


@dataclass(frozen=True, slots=True)
class Recorder:
    """An adviser who records: the secret of a sign-in of a few minutes, and a line of the council."""

    council: str
    secret: str
    line: str


def recorders(session: Session) -> list[Recorder]:
    """For each council, a sign-in of one of its invented advisers, good for some minutes."""
    found = []
    for council in session.scalars(select(Organisation).where(Organisation.kind == "council").order_by(Organisation.slug)):
        hat = session.scalars(select(Hat).where(Hat.organisation_id == council.id, Hat.role == Role.ADVISER)).first()
        line = session.scalars(select(Line).where(Line.organisation_id == council.id).order_by(Line.slug)).first()
        if hat is not None and line is not None:
            found.append(Recorder(council.slug, _sign_in(session, hat), line.slug))
    return found


def _sign_in(session: Session, hat: Hat) -> str:
    secret, now = new_secret(), instant(session)
    session.add(SignIn(secret_hash=secret_hash(secret), person_id=hat.person_id, hat_id=hat.id, kind="job", created_at=now,
                       seen_at=now, idle_minutes=15, expires_at=now + timedelta(minutes=15)))
    session.flush()
    return secret


def bodies(folder: Path) -> Iterator[Mapping[str, object]]:
    """What would be sent to record each resident, in the order of the file."""
    with open(folder / "demonstration" / "residents.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            yield _body(row)


def _body(row: Mapping[str, str]) -> Mapping[str, object]:
    names = [{"given": row["given"], "family": row["family"], "kind": "usual"}]
    if row["former_family"]:
        names.append({"given": row["given"], "family": row["former_family"], "kind": "former"})
    body: dict[str, object] = {
        "name": names, "address": [{"lines": [row["line"]], "postcode": row["postcode"], "from": "2010-04-01"}],
        "channels": {"telephones": [row["telephone"]] if row["telephone"] else [],
                     "emails": [row["email"]] if row["email"] else []},
        "needs": [row["needs"]] if row["needs"] else [],
        "choices": {matter: row[matter] for matter in ("sharing", "passing") if row[matter] in ("given", "refused")}}
    if row["born"]:
        body["birth"] = row["born"]
    return body


def load_residents(desk: Desk, folder: Path, advisers: list[Recorder]) -> int:
    """Record those of the file whose telephone is not on record yet with their council. The number recorded."""
    made = 0
    with _contacts(desk, advisers) as refs:
        for body in bodies(folder):
            made += any(_recorded(desk, adviser, refs[adviser.council], body) for adviser in advisers)
    return made


@contextmanager
def _contacts(desk: Desk, advisers: list[Recorder]) -> Iterator[dict[str, str]]:
    refs = {}
    for adviser in advisers:
        with desk.work(adviser.secret, OPENING, contact_ref="") as work:
            refs[adviser.council] = open_contact(work, "counter", adviser.line, in_browser=False).ref
    yield refs
    for adviser in advisers:
        with desk.work(adviser.secret, ENDING, contact_ref=refs[adviser.council]) as work:
            end_contact(work, "answered", True)


def _recorded(desk: Desk, adviser: Recorder, contact: str, body: Mapping[str, object]) -> bool:
    try:
        with desk.work(adviser.secret, RECORDING, contact_ref=contact) as work:
            record(work, ResidentIn().load(body))
    except Conflict as conflict:
        if conflict.kind != "use-intake":
            raise
        return False
    return True


def any_there(desk: Desk, adviser: Recorder) -> bool:
    """Whether the council has residents already: a demonstration is loaded once, and then lived in."""
    with _contacts(desk, [adviser]) as refs, desk.work(
            adviser.secret, frozenset({Action.RESIDENT_SEE}), contact_ref=refs[adviser.council]) as work:
        return _count(work) > 0


def _count(work: Work) -> int:
    return work.session.scalar(select(func.count(Resident.id))) or 0
