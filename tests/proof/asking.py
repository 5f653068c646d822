"""Puts the same questions about a loaded world to the application, to its row security alone and to the oracle,
in sets, so that a world of thousands is answered in seconds.

A sight is {(name, part)}: a resident's name with a field group, a request's or a contact's with one of its parts.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, select, text

from app.contacts.models import Contact, ContactNote, ContactPerson
from app.imports.models import ImportEvidence
from app.kernel.errors import Conflict, NotPermitted
from app.policy import wall
from app.policy.actions import Action
from app.policy.protection import PROTECTED
from app.policy.purposes import Purpose
from app.policy.words import ADVISING, Role
from app.policy.work import Desk, Work
from app.requests.models import Assignment, Request, RequestCopy, RequestJob, RequestNote, RequestResident, RequestStep
from app.residents.models import Resident, ResidentNeed
from tests.oracle import facts, oracle
from tests.oracle.joined import Joining, strictest
from tests.proof.loading import Loaded

Sight = set[tuple[str, str]]
# Tables that hang on a resident and hold one field group, or one a row. Where the evidence of a choice is kept is for those
# alone who answer for rights: it is looked at with the tables that are one by one behind the wall.
OF_A_RESIDENT = [model for model, marked in PROTECTED.items() if marked.kind == "resident" and marked.parent
                 and (marked.group or marked.group_column) and model is not ImportEvidence]
OF_A_REQUEST = {"job": (RequestJob, RequestNote), "stub": (Assignment, RequestStep)}
SEEING = {Action.RESIDENT_SEE, Action.REQUEST_SEE, Action.INTAKE_SEE, Action.CONTACT_SEE}


@dataclass
class Answers:
    """What one hat saw for one purpose. ``tables`` holds, per table, the residents of the rows that came; ``taken_over`` those
    with a need that was taken over from another record, and that record."""

    residents: set[str] = field(default_factory=set)
    tables: dict[type, Sight] = field(default_factory=dict)
    taken_over: Sight = field(default_factory=set)
    requests: Sight = field(default_factory=set)
    contacts: Sight = field(default_factory=set)


class Asked:
    """The application on a loaded world. ``decided`` is the world as the oracle reads it, each record as strict as its person's."""

    def __init__(self, desk: Desk, loaded: Loaded, administrator: Engine, joinings: Collection[Joining] = ()) -> None:
        self.desk, self.loaded, self.world, self.administrator = desk, loaded, loaded.world, administrator
        self.joinings, self.decided = joinings, strictest(loaded.world, joinings)
        self.own_contact = {c.hat: c for c in loaded.world.contacts if c.ended is None}

    @contextmanager
    def work(self, hat: facts.Hat, purpose: str, needs: set[Action]) -> Iterator[Work | None]:
        """The hat's unit of work with those of the needs that it can have at all; None where it has none of them."""
        possible = {need for need in needs if self.desk.shelf.shipped.allowed(
            Role(hat.role), hat.organisation, hat.unit or "-", need, Purpose(purpose))}
        if not possible:
            with self._refused(hat, purpose, needs):
                yield None
            return
        # Naming the purpose is how a contact is opened; for anything else of a resident the open one decides.
        chosen = None if hat.role in ADVISING and purpose == "enquiry" else Purpose(purpose)
        opened = self.desk.work(self.loaded.secret(hat), frozenset(possible), purpose=chosen)
        try:
            work = opened.__enter__()
        except Conflict:
            yield None
            return
        try:
            yield work
        finally:
            opened.__exit__(None, None, None)

    @contextmanager
    def _refused(self, hat: facts.Hat, purpose: str, needs: set[Action]) -> Iterator[None]:
        """That the application refuses is tried, not believed."""
        try:
            with self.desk.work(self.loaded.secret(hat), frozenset(needs), purpose=Purpose(purpose)):
                raise AssertionError(f"{hat.key} was let in for {purpose}")
        except NotPermitted:
            yield

    def answers(self, hat: facts.Hat, purpose: str) -> Answers:
        """Everything through the guard: one select for each protected table."""
        found, name = Answers(), self.loaded.name_of
        match = {Action.RESIDENT_MATCH} if purpose == "match" else {Action.RESIDENT_SEE}
        with self.work(hat, purpose, match) as work:
            if work is not None:
                found.residents = {name[key] for key in work.session.scalars(select(Resident.id))}
                found.tables = {model: self._rows(work, model) for model in OF_A_RESIDENT}
                found.taken_over = {(name[one], name[other]) for one, other in work.session.execute(
                    select(ResidentNeed.resident_id, ResidentNeed.merged_from).where(ResidentNeed.merged_from.is_not(None)))}
        with self.work(hat, purpose, SEEING - {Action.CONTACT_SEE}) as work:
            if work is not None:
                found.requests = self._requests(work)
        advising = Role(hat.role) in ADVISING
        contacts = SEEING if hat.key in self.own_contact or not advising else {Action.CONTACT_SEE}
        with self.work(hat, purpose, contacts) as work:
            if work is not None:
                found.contacts = self._contacts(work)
        return found

    def _rows(self, work: Work, model: type) -> Sight:
        """(resident, field group) of each row of one table."""
        marked = PROTECTED[model]
        group = getattr(model, marked.group_column) if marked.group_column else None
        columns = [model.resident_id] if group is None else [model.resident_id, group]
        return {(self.loaded.name_of[row[0]], row[1] if group is not None else str(marked.group))
                for row in work.session.execute(select(*columns))}

    def _requests(self, work: Work) -> Sight:
        name, read = self.loaded.name_of, work.session.execute
        stubs = {name[key] for key, in read(select(Request.id))}
        seen = {(stub, "stub") for stub in stubs}
        for part, models in OF_A_REQUEST.items():
            found = [{name[key] for key, in read(select(model.request_id))} for model in models]
            having = [stubs if model is not Assignment else set(self.world.assignments_of) for model in models]
            # Whatever hangs on a request is seen where its part is seen, in every table of that part.
            seen |= {(ref, part if ref in stubs else f"{part} without a stub") for rows in found for ref in rows}
            if part == "stub":
                seen |= {(ref, "not the same in every table") for rows, all_ in zip(found, having, strict=True)
                         for ref in (stubs & all_) - rows}
        seen |= {(name[key], group) for key, group in read(select(RequestCopy.request_id, RequestCopy.grp))}
        return seen | {(name[key], "link") for key, in read(
            select(RequestResident.request_id).join(Request, Request.id == RequestResident.request_id))}

    def _contacts(self, work: Work) -> Sight:
        name, read = self.loaded.name_of, work.session.execute
        seen = {(name[key], "stub") for key, in read(select(Contact.id))}
        for part, model in (("link", ContactPerson), ("note", ContactNote)):
            seen |= {(name[key], part) for key, in read(
                select(model.contact_id).join(Contact, Contact.id == model.contact_id))}
        return seen

    # Row security alone

    def wall(self, hat: facts.Hat, statement: str) -> set[str]:
        """The names of the keys that plain SQL gives, as the hat, without the guard."""
        with self.desk.engine.connect() as connection, connection.begin():
            wall.begin(connection, self.desk.prefix, self.loaded.secret(hat), None)
            return {self.loaded.name_of[key] for key, in connection.execute(text(statement))}

    # The oracle

    def contact(self, hat: facts.Hat) -> facts.Contact | None:
        return self.own_contact.get(hat.key)

    def expected_residents(self, hat: facts.Hat, purpose: str) -> dict[str, dict[str, set[str]]]:
        """Resident -> field group -> scopes."""
        in_contact = self.contact(hat) is not None
        found = ((r.ref, oracle.resident_groups(self.decided, hat, purpose, r, in_contact)) for r in self.decided.residents)
        return {ref: groups for ref, groups in found if groups}

    def expected_requests(self, hat: facts.Hat, purpose: str) -> Sight:
        contact = self.contact(hat)
        return {(q.ref, part) for q in self.decided.requests
                for part in oracle.request_parts(self.decided, hat, purpose, q, contact)}

    def expected_contacts(self, hat: facts.Hat, purpose: str) -> Sight:
        contact = self.contact(hat)
        return {(c.key, part) for c in self.decided.contacts
                for part in oracle.contact_parts(self.decided, hat, purpose, c, contact)}
