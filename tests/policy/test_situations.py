"""The table of facts and rights that examples are answered by is what the database says of such rows: each example that looks
at something is laid down as rows, and the guard's answer for each group is the example's."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.policy.actions import Action
from app.policy.examples import Case, Example, read
from app.policy.plainly import Plain
from app.policy.situations import Disclosure, Facts, Job, Matter, Sharing, State, Whose
from app.policy.words import OF_PARTNERS, SCOPES_OF, Role, decides
from tests.oracle import facts as world
from tests.oracle.generate import ON
from tests.oracle.partnership import partnership
from tests.policy.papers import SHIPPED
from tests.proof.asking import Asked
from tests.proof.laid import laid_down, vocabulary_of
from tests.proof.loading import key

OWN, OTHER, THIRD = "applewick", "hillshire", "marlbrook"
HATS = {Role.ADVISER: "applewick-adviser", Role.TEAM_LEADER: "applewick-leader", Role.SERVICE_OFFICER: "applewick-officer",
        Role.INFORMATION_OFFICER: "applewick-information", Role.CONTRACTOR: "cleanstreets-worker",
        Role.VOLUNTARY: "hearthlink-worker", Role.ADMINISTRATOR: "applewick-administrator", Role.AUDITOR: "applewick-auditor",
        Role.SERVICE_MANAGER: "applewick-manager", Role.PARTNER_MANAGER: "cleanstreets-manager"}
# What only looks, at something that rows decide. Through what an intake offers, a linked record is not looked at.
LOOKED_AT = ("resident", "request", "contact")
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.xdist_group("situations")


class Scene:
    """Every example's rows, in one world: the resident, the request and the contact of number n belong to example n."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.facts = partnership(ON)
        self.hats = {hat.key: hat for hat in self.facts["hats"]}
        self.residents: list[world.Resident] = []
        self.requests: list[world.Request] = []
        self.assignments: list[world.Assignment] = []
        self.contacts = [world.Contact(f"open-{name}", f"open-{name}", OWN, HATS[role], now - HOUR)
                         for name, role in (("adviser", Role.ADVISER), ("leader", Role.TEAM_LEADER))]
        self.contacts += [world.Contact(f"over-{council}", f"over-{council}", council, f"{council}-resting", now - HOUR,
                                        now - HOUR / 2)
                          for council in (OWN, OTHER, THIRD)]

    def hat(self, example: Example) -> world.Hat:
        """Who asks: of another unit than the request's where the example says so; without a contact where it has none."""
        if not example.facts.contact:
            return self.hats["applewick-resting"]
        if Matter.OTHER_UNIT in example.facts.matter:
            return self.hats["applewick-streets"]
        return self.hats[HATS[example.role]]

    def lay(self, number: int, example: Example) -> None:
        so, hat = example.facts, self.hat(example)
        self.residents.append(self._resident(f"r-{number:06}", example, hat))
        linked = f"r-{number:06}" if so.linked else None
        talk = world.Contact(f"k-{number}", f"k-{number}", OWN if Matter.TAKEN in so.matter else THIRD,
                             "applewick-auditor" if Matter.TAKEN in so.matter else "marlbrook-resting",
                             self.now - 9 * HOUR, self.now - 8 * HOUR, linked)
        self.contacts.append(talk)
        about_one = any(action.kind.value in ("request", "disposal", "intake") for action in example.actions)
        if about_one or so.matter - {Matter.UNLINKED} or so.job is not Job.NONE:
            self.requests.append(self._request(f"q-{number:06}", so, hat, linked))
        if so.job is not Job.NONE:
            kind = {Job.NOT_COVERED: "disjoint", Job.AGREEMENT_OVER: "over"}.get(so.job, "whole")
            until = self.now - HOUR if so.job is Job.REFUSED else None
            self.assignments.append(world.Assignment(
                f"q-{number:06}", hat.organisation, f"{hat.organisation}-{kind}", self.now - 9 * HOUR, until))

    def _resident(self, ref: str, example: Example, hat: world.Hat) -> world.Resident:
        so = example.facts
        own, other = (THIRD, OWN) if example.role in OF_PARTNERS else (OWN, OTHER)
        council = {Whose.OWN: own, Whose.OTHER: other, Whose.NONE: None}
        said = {Sharing.GIVEN: ("given",), Sharing.REFUSED: ("refused",), Sharing.WITHDRAWN: ("given", "withdrawn"),
                Sharing.NOT_ASKED: ()}[so.sharing]
        return world.Resident(
            ref, council[so.home], council[so.keeper] or other, restricted=State.RESTRICTED in so.states,
            protected=State.PROTECTED in so.states,
            sharing=tuple((self.now - (9 - n) * HOUR, answer) for n, answer in enumerate(said)),
            objections=(world.Objection(hat.organisation, self.now - HOUR),) if so.objection else (),
            relations=frozenset({hat.person} if State.OWN_RECORD in so.states else ()),
            disclosures=self._disclosures(so, example, hat))

    def _disclosures(self, so: Facts, example: Example, hat: world.Hat) -> tuple[world.Disclosure, ...]:
        if so.disclosure is Disclosure.NONE:
            return ()
        groups = world.GROUPS if so.disclosure is not Disclosure.OTHER_GROUPS else world.GROUPS - set(map(str, example.groups))
        person = "p-applewick-auditor" if so.disclosure is Disclosure.OTHER_PERSON else None
        until = self.now - HOUR if so.disclosure is Disclosure.ENDED else self.now + 99 * HOUR
        return (world.Disclosure(hat.organisation, person, frozenset(groups), self.now - 9 * HOUR, until),)

    def _request(self, ref: str, so: Facts, hat: world.Hat, linked: str | None) -> world.Request:
        taker = OWN if Matter.TAKEN in so.matter else THIRD
        typing, offered = Matter.TYPING in so.matter, Matter.OFFERED in so.matter
        closed = Matter.CLOSED in so.matter or so.job is Job.CLOSED
        answering = OWN if so.job is not Job.NONE or Matter.RESPONSIBLE in so.matter else OTHER
        own = "open-leader" if hat.role == "team_leader" else "open-adviser"
        return world.Request(
            ref, 376, taker, answering, own if typing else f"over-{taker}", "housing" if Matter.OTHER_UNIT in so.matter else None,
            linked, typing or offered, OWN if offered else None, "given" if offered else None,
            "closed" if closed else "passed", self.now - HOUR if closed else None)

    def world(self) -> world.World:
        return world.World(self.now.date(), ON, self.now, **self.facts, residents=tuple(self.residents),
                           requests=tuple(self.requests), assignments=tuple(self.assignments), contacts=tuple(self.contacts))


@pytest.fixture(scope="module")
def told() -> list[Example]:
    """The examples that look at residents, requests or contacts."""
    return [example for example in read(SHIPPED.examples, vocabulary_of(world.World(ON, ON, datetime.min)))
            if any(_looked_at(action) for action in example.actions)]


@pytest.fixture(scope="module")
def asked(template: str, told: list[Example]) -> Iterator[Asked]:
    def make(now: datetime) -> world.World:
        scene = Scene(now)
        for number, example in enumerate(told):
            scene.lay(number, example)
        return scene.world()

    with laid_down(template, make) as found:
        yield found


def _looked_at(action: Action) -> bool:
    return not action.changes and action is not Action.RESIDENT_MATCH and action.kind.value in ("resident", "request", "intake",
                                                                                               "contact", "disposal", "choice")


def test_each_example_is_answered_by_the_guard_as_it_says(asked: Asked, told: list[Example]) -> None:
    scene, plain = Scene(asked.world.now), Plain(asked.desk.shelf.shipped.tables, vocabulary_of(asked.world))
    cases: dict[tuple[str, str, Action], list[tuple[int, Case]]] = defaultdict(list)
    for number, example in enumerate(told):
        hat = scene.hat(example)
        for case in replace(example, organisation=hat.organisation).cases(plain):
            if _looked_at(case.action):
                cases[hat.key, str(example.purpose), case.action].append((number, case))
    wrong, asked_for = [], defaultdict(int)
    for (hat, purpose, action), those in cases.items():
        seen = shown(asked, scene.hats[hat], purpose, action, len(told))
        for number, case in those:
            asked_for[case.example.answer] += 1
            if ((number, case.group) in seen) is not case.example.answer:
                wrong.append(f"line {case.example.line}, “{case.example.name}”, {case}")
    assert wrong == [], "\n" + "\n".join(wrong)
    print(f"\n{len(told)} examples, {asked_for[True]} cases yes and {asked_for[False]} no")
    assert asked_for[True] > 150 and asked_for[False] > 250


def shown(asked: Asked, hat: world.Hat, purpose: str, action: Action, count: int) -> set[tuple[int, str]]:
    """The numbers of the examples whose rows the guard shows, with the groups that it shows of them."""
    seen = set()
    with asked.work(hat, purpose, {action}) as work:
        kinds = {decides(action.kind, scope) for scope in SCOPES_OF[action.kind]} & {*LOOKED_AT}
        for kind in sorted(kinds) if work is not None else ():
            groups, statement = work.reach.shown(kind)
            if groups:
                numbers = {key(kind, name): number for number, name in _names(kind, count)}
                rows = work.session.connection().execute(statement, {**work.session.values, "keys": list(numbers)})
                seen |= {(numbers[row[0]], group) for row in rows for group, so in zip(groups, row[1:], strict=True) if so}
    return seen


def _names(kind: str, count: int) -> Iterator[tuple[int, str]]:
    written = {"resident": "r-{:06}", "request": "q-{:06}", "contact": "k-{}"}[kind]
    return ((number, written.format(number)) for number in range(count))
