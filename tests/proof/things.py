"""The things that the sweep asks about: what is hidden from whoever asks, what never was, and what is their own, made afresh
in the state that a route needs."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.drafts.models import OPEN, SUBMITTED
from app.duplicates.models import ResidentMerge
from app.kernel.ids import new_reference, new_secret
from app.policy.words import Role
from app.residents.models import FindQuestion
from app.staff.first_passwords import make
from app.staff.models import Hat, Person
from tests.oracle.canaries import telephone
from tests.proof.answers import betrayed
from tests.proof.drafted import Change, drafted
from tests.proof.hidden import Concealed, Hidden, Thing, clues, load, names, newcomer, place, the_place_beside
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

MEALS = "orchard-meals"
PARTNERS = {Role.CONTRACTOR, Role.VOLUNTARY, Role.PARTNER_MANAGER}
# Whose telephones are no organisation's; nobody has those of the absent.
FIRST, NEWCOMERS, ABSENT, OWN = 3000, 5000, 9000, 12_000
MADE_FOR_THE_ASKING = {"newcomer", "intake of a newcomer"}
ENDED = datetime(2026, 10, 1, 12, tzinfo=UTC)


def organisation_of(role: Role) -> str:
    return MEALS if role is Role.VOLUNTARY else BINS if role in PARTNERS else BOROUGH


class AtOnce(World):
    """A world whose things are made in one transaction, which whoever asks ends first: commits are what takes long."""

    def add(self, *rows: Any) -> None:
        self.session.add_all(rows)
        self.session.flush()


class Things:
    """What there is to ask about, for all roles."""

    def __init__(self, world: World, application: Flask) -> None:
        self.world, self.application, self._sets = world, application, count(FIRST, 20)
        self._numbers = {kind: count(kind) for kind in (NEWCOMERS, ABSENT, OWN)}
        self._hidden: list[Hidden] = []
        self.hide_more()

    def hide_more(self, role: Role | None = None) -> None:
        """One more of everything that is hidden from a role, or from any. Its keeper sees it, and the journal has it."""
        made = Hidden(self.world, self.application, next(self._sets), role)
        self._hidden.append(made)
        talk, known = self.world.contact(made.keeper), made.found[0]
        self.world.session.commit()
        answer = self.application.test_client().get(
            f"/api/v1/residents/{known.thing.typed}", headers=made.keeper.headers | {"Contact": talk.ref})
        assert betrayed(answer, list(known.betrays), None), "what nobody sees is not hidden but lost"

    def hidden(self, about: str, role: Role) -> list[Concealed]:
        """What is hidden from a role, of that kind. What answers differently each time is made for the asking."""
        if about in MADE_FOR_THE_ASKING:
            return [self._met_before(about)]
        about = "resident" if about == "double" else about
        if about == "question":
            return [Concealed(about, Thing(self._question(self.world.adviser(COUNTY))), ())]
        return self._hidden[0].of(about, role)

    def any(self, about: str, role: Role) -> Thing:
        """Something of that kind that is somebody else's, for whoever may ask about none at all."""
        asked = self.hidden(about, role)
        return asked[0].thing if asked else self._hidden[0].any("resident" if about == "double" else about).thing

    def betrayals(self, role: Role) -> list[str]:
        """Every text that must reach nobody of that role."""
        return [text for hidden in self._hidden for each in hidden.found if role in each.roles for text in each.betrays]

    def absent(self, about: str, hidden: Thing) -> Thing:
        """What never was, named in the same way as what is hidden."""
        n = self._next(ABSENT)
        if about == "newcomer":
            return newcomer(n)
        if about == "intake of a newcomer":
            return self._intake_of(newcomer(n))
        if about == "clue":
            asked = clues(n, new_reference())
            return next(each for each in asked if _shape(each.typed) == _shape(hidden.typed))
        if about == "name":
            return names(n)
        if about == "place in the list":
            return Thing(the_place_beside(hidden.typed))
        if about == "username":
            return Thing(f"u{uuid.uuid4().hex[:10]}")
        if about == "question":
            return Thing(new_secret())
        return Thing(str(uuid.uuid4()) if about in ("person", "hat", "worn hat") else new_reference())

    def own(self, about: str, state: str, wearer: Wearer, role: Role, contact: Any = None) -> Thing:
        """Something that this hat may ask about, in the state in which the route takes it."""
        if made := getattr(self, f"_own_{about.replace(' ', '_')}", None):
            return made(wearer, role, state, contact)
        raise LookupError(f"nothing of one's own is known as {about}")

    # Residents and what they are found by

    def _own_resident(self, _wearer: Wearer, role: Role, state: str, _contact: Any) -> Thing:
        world, council = self.world, self._council(role)
        made = world.resident(council)
        world.request(council, council, lgsl=self._lgsl(role), resident=made, partner=self._partner(role))
        if state == "objecting":
            world.object(made, BINS, world.wearer(council, "adviser"))
        return Thing(made.ref)

    def _own_further_resident(self, *asking: Any) -> Thing:
        """One more of one's own, where the first is another."""
        return self._own_resident(*asking)

    def _own_double(self, _wearer: Wearer, _role: Role, state: str, _contact: Any) -> Thing:
        """Two records of the asker's council, joined where that is said."""
        one, other = (self.world.resident(BOROUGH, given=given) for given in ("Chidi", "Chidozie"))
        if state == "joined":
            leader = self.world.wearer(BOROUGH, "team_leader")
            self.world.add(ResidentMerge(survivor_id=one.id, other_id=other.id, council_id=leader.organisation_id,
                                         hat_id=leader.hat_id, at=self.world.now, reason="One person", fingerprint="f",
                                         version=1))
            other.merged_into, other.merged_at, one.joined = one.id, self.world.now, True
            self.world.session.flush()
        return Thing(one.ref, beside={"ref": one.ref, "other": other.ref})

    def _own_clue(self, _wearer: Wearer, role: Role, _state: str, _contact: Any) -> Thing:
        dialled = telephone(f"r-{self._next(OWN):06}")
        self.world.resident(self._council(role), telephone=f"+44{dialled[1:]}")
        return Thing(dialled, (f"+44{dialled[1:]}",))

    def _own_name(self, *_: Any) -> Thing:
        return names(self._next(ABSENT))

    def _own_newcomer(self, *_: Any) -> Thing:
        return newcomer(self._next(ABSENT))

    def _own_question(self, wearer: Wearer, *_: Any) -> Thing:
        return Thing(self._question(wearer))

    def _question(self, wearer: Wearer) -> str:
        token = new_secret()
        with self.application.app_context():
            self.world.add(FindQuestion(sign_in_id=wearer.sign_in_id, token=token, question="Nobody Known TA1 1HE",
                                        at=self.world.now))
        return token

    def _met_before(self, about: str) -> Concealed:
        """Somebody who says what stands on a record that is hidden, made for this one question."""
        n, keeper = self._next(NEWCOMERS), self._hidden[0]
        with self.application.app_context():
            known = keeper.resident(n, COUNTY)
        said = newcomer(n) if about == "newcomer" else self._intake_of(newcomer(n))
        return Concealed(about, said, (known.ref, str(known.id)))

    # Requests

    def _own_request(self, wearer: Wearer, role: Role, state: str, contact: Any) -> Thing:
        if role in PARTNERS:
            return self._own_job(wearer, role, state, contact)
        world = self.world
        if state == "with a partner":
            return Thing(world.request(BOROUGH, BOROUGH, lgsl=530, partner=BINS).ref)
        made = world.request(BOROUGH, BOROUGH, lgsl=530)
        if state == "overdue":
            world.assignment(made, BINS, ended_at=ENDED, ended_as="completed", dispose_by=date(2026, 10, 2))
        return Thing(made.ref)

    def _own_job(self, _wearer: Wearer, role: Role, state: str, _contact: Any) -> Thing:
        world, council = self.world, self._council(role)
        done = {"accepted": ("accepted",), "started": ("accepted", "started")}.get(state, ())
        ended = {"ended_at": ENDED, "ended_as": "completed", "dispose_by": date(2099, 12, 1)}
        made = world.request(council, council, lgsl=self._lgsl(role), status=state or "assigned")
        world.assignment(made, self._partner(role), **{f"{step}_at": world.now for step in done},
                         **(ended if state == "completed" else {}))
        return Thing(made.ref)

    def _own_intake(self, *_: Any) -> Thing:
        return Thing(self._intake().ref)

    def _own_intake_of_a_newcomer(self, *_: Any) -> Thing:
        return self._intake_of(newcomer(self._next(ABSENT)))

    def _intake_of(self, said: Thing) -> Thing:
        given, family, dialled, email = said.typed.split()
        made = self._intake(copy={
            "name": [{"given": given, "family": family, "kind": "usual"}],
            "channels": {"telephones": [f"+44{dialled[1:]}"], "emails": [email]}})
        return Thing(made.ref, said.spelled)

    def _intake(self, **columns: Any) -> Any:
        return self.world.request(COUNTY, COUNTY, intake=True, permission="given",
                                  intake_home_id=self.world.organisations[BOROUGH].id, **columns)

    def _own_place_in_the_list(self, *_: Any) -> Thing:
        return Thing(place(self.world.request(BOROUGH, BOROUGH, lgsl=530).id))

    def _own_contact(self, _wearer: Wearer, _role: Role, _state: str, contact: Any) -> Thing:
        return Thing(contact.ref)

    def _own_load(self, wearer: Wearer, role: Role, state: str, _contact: Any) -> Thing:
        return Thing(load(self.world, organisation_of(role), wearer, "people.csv", state or "columns").ref)

    # The policy's drafts

    def _own_draft(self, *_: Any) -> Thing:
        """Of somebody else, as it was begun: whoever asks may go on with it."""
        return self._draft_of(OPEN, self._worded)

    def _own_narrowing_draft(self, *_: Any) -> Thing:
        return self._draft_of(OPEN, lambda name, line: None if "figures:read" in line else line)

    def _own_withholding_draft(self, *_: Any) -> Thing:
        """The council would withhold more of its own residents."""
        return self._draft_of(OPEN, self._withholding)

    def _own_withheld_draft(self, *_: Any) -> Thing:
        """It waits for the council's information officer."""
        return self._draft_of(SUBMITTED, self._withholding)

    def _withholding(self, name: str, line: str) -> str | None:
        more = f"{BOROUGH},needs,*,contractor,they do without,information governance,2027-{self._next(OWN) % 12 + 1:02}-17"
        return f"{line}\n{more}" if name == "narrowings.csv" and line.startswith("council,") else line

    def _own_unweighed_draft(self, *_: Any) -> Thing:
        """Nobody has had it worked out what it would change."""
        return self._draft_of(OPEN, self._worded, weighed=False)

    def _own_submitted_draft(self, wearer: Wearer, *_: Any) -> Thing:
        """Whoever asks has read what it would change."""
        return self._draft_of(SUBMITTED, self._worded, readers=[wearer])

    def _own_approved_draft(self, *_: Any) -> Thing:
        return self._draft_of(SUBMITTED, self._worded, approved=True)

    def _worded(self, name: str, line: str) -> str | None:
        """The same policy, looked at again on another day."""
        again = f"internal audit,2027-{self._next(OWN) % 12 + 1:02}-17"
        return re.sub(r"internal audit,.*", again, line) if name == "grants.csv" else line

    def _draft_of(self, state: str, change: Change, *, approved: bool = False, weighed: bool = True,
                  readers: Sequence[Wearer] = ()) -> Thing:
        shelf = self.application.extensions["jc_gate"].desk.shelf
        return Thing(drafted(self.world, shelf, BOROUGH, state, change, approved=approved, weighed=weighed, readers=readers).ref)

    # Staff

    def _own_person(self, wearer: Wearer, role: Role, *_: Any) -> Thing:
        made = self.world.wearer(organisation_of(role), "partner_manager" if role in PARTNERS else "adviser")
        return Thing(str(made.person_id), beside={"hat": str(made.hat_id)})

    def _own_hat(self, wearer: Wearer, role: Role, *_: Any) -> Thing:
        person = self._own_person(wearer, role)
        return Thing(person.beside["hat"], beside={"key": person.typed})

    def _own_worn_hat(self, wearer: Wearer, *_: Any) -> Thing:
        hats = self.world.session.scalars(select(Hat.id).where(Hat.person_id == wearer.person_id, Hat.id != wearer.hat_id))
        return Thing(str(hats.one()))

    def _own_username(self, wearer: Wearer, *_: Any) -> Thing:
        return Thing(self.world.session.get_one(Person, wearer.person_id).username)

    def word(self, wearer: Wearer) -> str:
        """A one-time word of this person's."""
        return make(self.world.session, wearer.person_id, self.world.now)

    def _council(self, role: Role) -> str:
        return COUNTY if role is Role.VOLUNTARY else BOROUGH

    def _partner(self, role: Role) -> str:
        return MEALS if role is Role.VOLUNTARY else BINS

    def _lgsl(self, role: Role) -> int:
        return 315 if role is Role.VOLUNTARY else 530

    def _next(self, kind: int) -> int:
        return next(self._numbers[kind])


def _shape(typed: str) -> tuple[object, ...]:
    """What kind of clue it is: which signs it has, and how long it is."""
    return len(typed), typed[:1].isdigit() and typed.isdigit(), "@" in typed, typed.count("-"), typed.count(" ")
