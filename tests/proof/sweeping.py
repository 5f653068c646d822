"""The sweep itself: one route at a time as one role, and what is wrong with it in sentences. Whatever may not be known is asked
about beside what never was, and the two answers are held against each other."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from flask import Flask
from werkzeug.test import TestResponse

from app.policy.routes import Registered, Without
from app.policy.words import ADVISING, Role
from tests.proof.answers import betrayed, refusal, steady
from tests.proof.crawling import Visitor
from tests.proof.filler import Filler
from tests.proof.fillers import FILLERS, NO_PAIR
from tests.proof.hidden import Concealed, Thing
from tests.proof.mapped import mapped, may
from tests.proof.things import MADE_FOR_THE_ASKING, Things, organisation_of

NOTHING = Thing("")


class Sweep:
    """Asks every route as every role. ``faults`` are sentences; ``tally`` counts what was asked."""

    def __init__(self, application: Flask, things: Things, fillers: Mapping[str, tuple[Filler, ...]] = FILLERS) -> None:
        self.application, self.things, self.fillers = application, things, fillers
        self.tally: Counter[str] = Counter()
        self._visitors: dict[Role, Visitor] = {}
        self._refused: dict[tuple[Role, bool], tuple[Any, ...]] = {}

    def visitor(self, role: Role, comes: str = "signed in") -> Visitor:
        """Who is signed in is so for all routes; who comes otherwise, or leaves, is somebody new."""
        if comes != "signed in":
            return Visitor(self.application, self.things, role, comes)
        if role not in self._visitors:
            self._visitors[role] = Visitor(self.application, self.things, role)
        return self._visitors[role]

    def faults(self, known: Registered, role: Role) -> list[str]:
        """What is wrong with one route for one role."""
        self.tally["routes x roles"] += 1
        here = f"{known.method} {known.endpoint} as {role}: "
        if known.endpoint not in self.fillers:
            return [f"{here}the sweep has no filler for it"]
        fillers = [filler for filler in self.fillers[known.endpoint] if self._means_something(known, filler, role)]
        if may(self.application, known, role, organisation_of(role)):
            found = self._granted(known, fillers, role)
        else:
            found = [fault for filler in fillers[:1] for fault in self._refusals(known, filler, role)]
        return [here + fault for fault in found]

    def _means_something(self, known: Registered, filler: Filler, role: Role) -> bool:
        """Who has not signed in has no role yet, so that one role reads the pages at the door for all. A contact is named
        by those who have contacts."""
        at_the_door = filler.comes == "nobody" and known.method == "GET"
        return role is Role.ADVISER if at_the_door else filler.about != "contact" or role in ADVISING

    def _granted(self, known: Registered, fillers: list[Filler], role: Role) -> list[str]:
        found, pairs = list[str](), 0
        for filler in fillers:
            visitor = self.visitor(role, filler.comes)
            told, asked = self._pairs(known, filler, visitor)
            pairs += asked
            found += [*told, *self._success(known, filler, visitor)]
        if fillers and not pairs and known.endpoint not in NO_PAIR:
            found.append("no pair of hidden and absent was asked")
        if not fillers and self.fillers[known.endpoint][0].comes != "nobody":
            found.append("there is nothing that this role could ask of it")
        return found

    def _refusals(self, known: Registered, filler: Filler, role: Role) -> Iterator[str]:
        """Whoever may not at all is told so in the same words, whatever they ask about."""
        visitor = self.visitor(role)
        thing = self.things.any(filler.about, role) if filler.about else None
        answer = visitor.ask(known, filler, thing, visitor.in_contact(known, filler), granted=False)
        self.tally["refusals"] += 1
        first = self._refused.setdefault((role, known.api), refusal(answer))
        if answer.status_code != 403:
            yield f"may not, and was answered {answer.status_code}"
        elif refusal(answer) != first:
            yield f"may not, and was told so in other words: {_difference(refusal(answer)[2], first[2])}"
        yield from self._told(answer, role, thing)

    def _pairs(self, known: Registered, filler: Filler, visitor: Visitor) -> tuple[list[str], int]:
        """What is hidden and what never was, with all that the route takes and with nothing filled in."""
        if filler.about is None or filler.comes == "nobody" and visitor.role is not Role.ADVISER:
            return [], int(filler.about is not None)
        found, questions = list[str](), self._questions(known, filler, visitor.role)
        for each, bare in questions:
            absent, contact = self.things.absent(filler.about, each.thing), visitor.in_contact(known, filler)
            one = visitor.ask(known, filler, each.thing, contact, bare=bare)
            other = visitor.ask(known, filler, absent, contact, bare=bare)
            self.tally["pairs"] += 1
            found += self._same(known, filler, (one, each.thing), (other, absent))
            for answer, thing in ((one, each.thing), (other, absent)):
                found += self._told(answer, visitor.role, thing, each.betrays)
        return found, len(questions)

    def _questions(self, known: Registered, filler: Filler, role: Role) -> list[tuple[Concealed, bool]]:
        """What is asked about, and whether with nothing filled in: a form that comes back is another way to be told.

        Of several that are hidden the plainest and one other, another one for another route or role; of clues all.
        """
        hidden = self.things.hidden(str(filler.about), role)
        if filler.about == "clue" or not hidden:
            return [(each, False) for each in hidden]
        plainest, others = hidden[0], hidden[1:]
        another = others[crc32(f"{known.endpoint} {role}".encode()) % len(others)] if others else plainest
        sent = filler.body(plainest.thing.typed)
        bare = bool(sent) and plainest.thing.typed not in repr(sent) and filler.about not in MADE_FOR_THE_ASKING
        return [(plainest, False), (another, bare)] if bare or others else [(plainest, False)]

    def _same(self, known: Registered, filler: Filler, one: Any, other: Any) -> Iterator[str]:
        first, second = steady(*one, filler.varies), steady(*other, filler.varies)
        for what, hidden, absent in zip(("status", "headers", "body"), first, second, strict=True):
            if hidden != absent:
                yield f"hidden and absent differ in their {what} ({filler.about}): {_difference(hidden, absent)}"
        if first[0] >= 500:
            yield f"answered {first[0]}"

    def _told(self, answer: TestResponse, role: Role, thing: Thing | None = None, more: tuple[str, ...] = ()) -> Iterator[str]:
        texts = betrayed(answer, {*self.things.betrayals(role), *more}, thing)
        if texts:
            yield f"tells {len(texts)} texts of what is hidden"

    def _success(self, known: Registered, filler: Filler, visitor: Visitor) -> Iterator[str]:
        """With one's own it works, and leaves in the journal what it says it does."""
        contact = visitor.in_contact(known, filler)
        thing = self.things.own(filler.about, filler.state, visitor.wearer(known), visitor.role, contact) \
            if filler.about else None
        mark = visitor.mark()
        answer = visitor.ask(known, filler, thing, contact, own=True)
        self.tally["successes"] += 1
        leads = answer.headers.get("Location", "")
        if answer.status_code not in (200, 201, 204, 303):
            yield f"one's own was answered {answer.status_code}: {_words(answer.text)}"
        elif filler.event and filler.event not in (events := visitor.events_since(mark)):
            yield f"left no {filler.event} but {sorted(events)}, answered {answer.status_code} {leads}"
        elif answer.status_code == 303 and not filler.leads_to(leads):
            yield f"led to {leads}"
        elif known.method == "GET" and thing and filler.shows and answer.status_code == 200 and (
                thing.typed not in answer.text):
            yield "does not show what was asked about"
        yield from self._told(answer, visitor.role, thing)

    # Lists and counts

    def list_faults(self, role: Role) -> list[str]:
        """What is wrong with pages and calls that name nothing: they are the same when there is more that is hidden."""
        visitor, lists = self.visitor(role), list(self._lists(role))
        contacts = visitor.in_two_contacts()
        before = [visitor.ask(known, filler, None, contacts.get(known.api)) for known, filler in lists]
        self.things.hide_more(role)
        after = [visitor.ask(known, filler, None, contacts.get(known.api)) for known, filler in lists]
        self.tally["lists"] += len(lists)
        return [f"{known.endpoint} as {role}: {fault}" for (known, filler), one, other in zip(lists, after, before, strict=True)
                for fault in (*self._same(known, filler, (one, NOTHING), (other, NOTHING)), *self._told(one, role))]

    # Without a sign-in, and without a form's token

    def strangers_faults(self) -> list[str]:
        """Whoever has not signed in is sent to the door, whatever they ask about."""
        stranger, found = self.visitor(Role.ADVISER, "nobody"), list[str]()
        for known, filler in self._about_something():
            one = self.things.any(str(filler.about), Role.ADVISER)
            other = self.things.absent(str(filler.about), one)
            answers = [stranger.ask(known, filler, each, None, granted=False) for each in (one, other)]
            faults = [*self._same(known, filler, (answers[0], one), (answers[1], other)),
                      *self._told(answers[0], Role.ADVISER, one)]
            if answers[0].status_code != 401 and "/sign-in" not in answers[0].headers.get("Location", ""):
                faults.append(f"nobody was answered {answers[0].status_code}")
            found += [f"{known.method} {known.endpoint} as nobody: {fault}" for fault in faults]
        self.tally["asked by strangers"] += len(list(self._about_something()))
        return found

    def _about_something(self) -> Iterator[tuple[Registered, Filler]]:
        for known in mapped(self.application):
            if not isinstance(known.needs, Without):
                yield from ((known, filler) for filler in self.fillers[known.endpoint] if filler.about)

    def forged(self) -> list[str]:
        """The forms that are taken without the token of a page of ours."""
        visitor = self.visitor(Role.ADVISER)
        forms = [known for known in mapped(self.application) if not known.api and known.method == "POST"]
        return [known.endpoint for known in forms if visitor.client.post(
            re.sub(r"<[^>]*>", str(visitor.person_id), re.sub(r"<int:\w+>", "1", known.rule))).status_code != 400]

    def _lists(self, role: Role) -> Iterator[tuple[Registered, Filler]]:
        for known in mapped(self.application):
            if known.method == "GET" and may(self.application, known, role, organisation_of(role)):
                yield from ((known, filler) for filler in self.fillers.get(known.endpoint, ())
                            if filler.about is None and filler.stays and filler.in_contact and filler.comes == "signed in")


def _difference(hidden: Any, absent: Any) -> str:
    if isinstance(hidden, list):
        return f"{sorted(set(hidden) - set(absent))} / {sorted(set(absent) - set(hidden))}"
    if isinstance(hidden, int):
        return f"{hidden} / {absent}"
    at = next((n for n, (a, b) in enumerate(zip(hidden, absent, strict=False)) if a != b), min(len(hidden), len(absent)))
    return f"…{hidden[max(0, at - 80):at + 120]!r} / …{absent[max(0, at - 80):at + 120]!r}"


def _words(page: str) -> str:
    main = page.partition("<main")[2] or page
    return " ".join(main.split())[:900]
