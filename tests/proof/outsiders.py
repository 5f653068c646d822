"""A script of outsiders: by chance, but the same whenever the same seed is drawn, it goes through every address that the
application has, follows what it is led to, sends the forms that it is shown, and keeps to what a browser or program could do.
"""

import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.policy.purposes import Purpose
from app.policy.routes import REGISTERED, Registered, Without
from app.policy.words import ADVISING, Role
from app.policy.work import PURPOSE_OF
from tests.proof import gathered
from tests.proof.fillers import FILLERS
from tests.proof.gathered import Form
from tests.proof.neighbourhood import Asker, Place
from tests.proof.saying import BODIES, LINE, Sayings
from tests.proof.side_by_side import Answer, Call, Pair

REFERENCE = re.compile(r"\b[0-9A-HJ-NP-TV-Z]{3}(?:-[0-9A-HJ-NP-TV-Z]{3}){2}\b")
NOBODY = "nobody signed in"
# Whoever does this is signed in no longer, or in another hat: done by those who have nothing else to do.
LEAVING = {"staff.sign_out", "staff.sign_out_everywhere", "staff.change_hat", "staff.change_password", "tokens.end_token"}
AT_THE_DOOR = {"staff.sign_in", "staff.check_in", "staff.choose_hat", "staff.wear_hat", "staff.first_password",
               "staff.set_first_password", "tokens.make_token"}
# Forms that stand on pages elsewhere; the last of them is the answer to a form itself.
ELSEWHERE_SHOWN = {"desk.find": ("desk.desk", "GET"), "desk.preview": ("desk.ask", "GET"),
                   "desk.say": ("desk.preview", "POST")}
FIRST = {"desk.preview"}
Both = tuple[str, str]


class Script:
    """One script. ``visited`` counts the answers of each (endpoint, method) by what kind of status they had."""

    def __init__(self, pair: Pair, application: Flask, place: Place, askers: list[Asker], leaning: int = 0) -> None:
        self.pair, self.place, self.leaning = pair, place, leaning
        self.drawn = random.Random(pair.seed)
        self.askers = [asker for asker in askers if not asker.spare]
        self.spares = [asker for asker in askers if asker.spare]
        self.rules: dict[tuple[str, str], Rule] = {
            (rule.endpoint, method): rule for rule in application.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
        self.adapter = application.url_map.bind("localhost")
        self.shown_on = shown_on(self.rules)
        self.rulebook = application.extensions["jc_gate"].desk.shelf.shipped
        self.visited: Counter[tuple[str, str, bool]] = Counter()
        self.asked_by: Counter[str] = Counter()
        self.links: dict[tuple[str, str], list[Both]] = defaultdict(list)
        self.forms: dict[tuple[str, str], list[tuple[Form, Form]]] = defaultdict(list)
        self.etags: dict[str, Both] = {}
        self.tokens: dict[str, str] = {}
        self.contacts: dict[str, str | None] = dict(place.contacts)
        self.found: dict[str, list[str]] = defaultdict(list)
        self.say = Sayings(self.drawn, place, self.found)
        for asker in askers:
            pair.introduce(asker.name, None if asker.api else asker.wearer.secret)
        pair.introduce(NOBODY, None)

    def run(self, addresses: Collection[tuple[str, str]]) -> None:
        """Every one of these addresses, in an order by chance, and what follows from each."""
        order = sorted(addresses)
        self.drawn.shuffle(order)
        # A page before the form on it, as often as not.
        for endpoint, method in sorted(order, key=lambda each: each[1] != "GET" and self.drawn.random() < 0.8):
            self.visit(endpoint, method)

    # One step

    def visit(self, endpoint: str, method: str) -> None:
        """Go to an address; to a form by way of the page that shows it."""
        asker = self._who(endpoint, method)
        if asker is not None:
            self._in_contact(asker, endpoint)
        shown_on = self.shown_on.get(endpoint) if method == "POST" else None
        if shown_on and not self.forms[name_of(asker), endpoint]:
            self._go(asker, *shown_on)
        if not (method == "POST" and self._send(asker, endpoint)):
            self._go(asker, endpoint, method)

    def _go(self, asker: Asker | None, endpoint: str, method: str) -> None:
        if method == "POST" and endpoint in self.shown_on and endpoint in FIRST and not self._send(asker, endpoint):
            self._go(asker, *self.shown_on[endpoint])
            self._send(asker, endpoint)
            return
        paths = self._address(asker, endpoint, method)
        self._call(asker, endpoint, method, paths, self._body(asker, endpoint, method))

    def _who(self, endpoint: str, method: str) -> Asker | None:
        """Most often somebody who may, and of those one role oftener than others: what a role needs of an address is put
        together once a process, and that costs more than asking. Nobody at the door."""
        known = REGISTERED.get((endpoint, method))
        if known is None or endpoint in AT_THE_DOOR:
            return None
        askers = [asker for asker in (self.spares if endpoint in LEAVING else self.askers) if asker.api == known.api]
        able = [asker for asker in askers if may(self.rulebook, known, asker)]
        if not able or self.drawn.random() < 0.1:
            return self.drawn.choice(askers)
        if self.drawn.random() < 0.8:
            roles = sorted({asker.role for asker in able})
            usual = roles[zlib.crc32(f"{endpoint} {self.leaning}".encode()) % len(roles)]
            able = [asker for asker in able if asker.role is usual]
        return self.drawn.choice(able)

    def _in_contact(self, asker: Asker, endpoint: str) -> None:
        """An adviser whose conversation has ended mostly opens another one first."""
        if asker.role not in ADVISING or self.contacts.get(asker.name) or self.drawn.random() < 0.15:
            return
        if asker.api:
            self._call(asker, "contacts_api.open_contact", "POST", ("/api/v1/contacts",) * 2,
                       {"json": {"channel": "telephone", "line": LINE[asker.organisation]}})
        elif endpoint not in ("contacts.open_contact", "contacts.answered", "desk.find"):
            self._call(asker, "contacts.opening", "GET", ("/contacts/new",) * 2, {})
            self._send(asker, "contacts.open_contact")

    def _address(self, asker: Asker | None, endpoint: str, method: str) -> tuple[str, str]:
        """One that a page led to, or one made of the references that this asker may know of."""
        name = name_of(asker)
        led = self.links[name, endpoint]
        if method == "GET" and led and self.drawn.random() < 0.5:
            return self.drawn.choice(led)
        filler, rule = self._filler(endpoint), self.rules[endpoint, method]
        values: dict[str, Any] = {}
        for argument in sorted(rule.arguments):
            values[argument] = self._argument(asker, endpoint, argument, filler)
        path = self.adapter.build(endpoint, values, method=method)
        if endpoint == "desk.ask":
            path += "?matter=" + self.say.any("sharing", "news", "weather")
        return path, path

    def _filler(self, endpoint: str) -> Any:
        """One of the ways in which the sweep calls this route about a thing; None where it knows none."""
        about = [each for each in FILLERS.get(endpoint, ()) if each.about in THINGS | WORDS]
        return self.drawn.choice(about or [None])

    def _named(self, asker: Asker, endpoint: str, filler: Any) -> str:
        """What a body names: a thing, or words as a caller might say them."""
        if filler.about == "newcomer":
            return self.say.newcomer()
        return self.say.search() if filler.about in WORDS else self.say.reference(asker, kind_of(endpoint, filler))

    def _argument(self, asker: Asker | None, endpoint: str, argument: str, filler: Any) -> Any:
        fixed = {"number": 1, "line": 6, "name": "masks.csv", "path": "govuk-frontend.min.js", "token": "never-given",
                 "verb": "see", "lgsl": 530,
                 "slug": self.say.any("somerset", "taunton-deane", "nobody"), "organisation": self.say.any(
                     "greenbins", "somerset", "nobody")}
        if argument in fixed or asker is None:
            return fixed.get(argument, self.place.hidden["resident"])
        if argument == "contact_ref" and self.contacts.get(asker.name) and self.drawn.random() < 0.7:
            return self.contacts[asker.name]
        kind = {"key": "person", "hat": "hat", "contact_ref": "contact"}.get(argument)
        return self.say.reference(asker, kind or kind_of(endpoint, filler))

    def _body(self, asker: Asker | None, endpoint: str, method: str) -> dict[str, Any]:
        known = REGISTERED.get((endpoint, method))
        if method in ("GET", "DELETE") or known is None:
            return {}
        speaker = asker or self.askers[0]
        if known.api:
            return {"json": BODIES[endpoint](self.say, speaker) if endpoint in BODIES else {}}
        filler = self._filler(endpoint)
        data = dict(filler.body(self._named(speaker, endpoint, filler))) if filler else {}
        return {"data": (data, data)}

    def _send(self, asker: Asker | None, endpoint: str) -> bool:
        """Fill in and send a form that was shown before; False where none was."""
        shown = self.forms[name_of(asker), endpoint]
        if not shown or self.drawn.random() < 0.05:
            return False
        one, two = shown.pop(self.drawn.randrange(len(shown)))
        said = self.say.filled(asker or self.askers[0], one)
        # What the second page held where the first held an instant.
        other = said | {mine.name: theirs.value for mine, theirs in zip(one.fields, two.fields, strict=True)
                        if mine.value != theirs.value and said.get(mine.name) == mine.value}
        self._call(asker, endpoint, "POST", (one.action, two.action), {"data": (said, other)})
        return True

    # What is sent, and what is made of the answer

    def _call(self, asker: Asker | None, endpoint: str, method: str, paths: tuple[str, str], body: dict[str, Any],
              follow: int = 2) -> None:
        name = name_of(asker)
        api = paths[0].startswith("/api/")
        if "data" in body and not api:
            body = {"data": tuple({"csrf_token": self.tokens.get(name, "")} | each for each in body["data"])}
        call = Call(name, method, paths, body.get("data"), body.get("json"),
                    self._headers(asker, method, paths[0]) if api else ({}, {}))
        one, two = self.pair.ask(call)
        # Two views at one address: it is the one that answers that was visited.
        endpoint = self._endpoint(paths[0], method) or endpoint
        self.visited[endpoint, method, one.status < 400] += 1
        self.asked_by[str(asker.role) if asker else NOBODY] += 1
        self._remember(asker, endpoint, call, one, two)
        self._tempted(asker, endpoint, method, one)
        if one.status in (302, 303) and follow and one.header("Location").startswith("/"):
            both = one.header("Location"), two.header("Location")
            led = self._endpoint(both[0], "GET")
            if led is not None:
                self._call(asker, led, "GET", both, {}, follow - 1)

    def _tempted(self, asker: Asker | None, endpoint: str, method: str, one: Answer) -> None:
        """Whoever is shown a form often sends it."""
        waiting = [led for (name, led), shown in self.forms.items()
                   if name == name_of(asker) and shown and led not in LEAVING]
        if method == "GET" and one.status == 200 and waiting and self.drawn.random() < 0.2:
            self._send(asker, self.drawn.choice(sorted(waiting)))

    def _headers(self, asker: Asker | None, method: str, path: str) -> tuple[dict[str, str], dict[str, str]]:
        if asker is None:
            return {}, {}
        headers = dict(asker.wearer.headers)
        if self.contacts.get(asker.name):
            headers["Contact"] = str(self.contacts[asker.name])
        if method == "POST" and self.drawn.random() < 0.2:
            headers["Idempotency-Key"] = self.say.any("once", "twice")
        if method != "PATCH":
            return headers, headers
        if self.drawn.random() < 0.8:
            self._call(asker, "residents_api.read_one", "GET", (path, path), {})
        one, two = self.etags.get(f"{asker.name} {path}", ('"none"', '"none"'))
        return headers | {"If-Match": one}, headers | {"If-Match": two}

    def _remember(self, asker: Asker | None, endpoint: str, call: Call, one: Answer, two: Answer) -> None:
        name = name_of(asker)
        if "ETag" in dict(one.headers):
            self.etags[f"{name} {call.paths[0]}"] = one.header("ETag"), two.header("ETag")
        if asker is not None:
            self._conversation(asker, endpoint, call, one)
        if one.header("Content-Type").startswith("text/html"):
            pages = [gathered.read(answer.body.decode(), path)
                     for answer, path in zip((one, two), call.paths, strict=True)]
            self._gather(name, *pages)
        if asker is not None and one.status < 400:
            came_up = self.found[asker.organisation]
            came_up += [ref for ref in REFERENCE.findall(one.body.decode(errors="replace")) if ref not in came_up]
            del came_up[:-40]

    def _gather(self, name: str, one: gathered.Page, two: gathered.Page) -> None:
        for both in zip(one.links, two.links, strict=True):
            led = self._endpoint(both[0], "GET")
            if led is not None and led not in LEAVING:
                self.links[name, led] = [*self.links[name, led], both][-8:]
        for first, second in zip(one.forms, two.forms, strict=True):
            token = next((field.value for field in first.fields if field.name == "csrf_token"), None)
            if token is not None:
                self.tokens[name] = token
            if first.method == "GET":
                self._ask_list(name, first)
            led = self._endpoint(first.action, "POST") if first.method == "POST" else None
            # Nobody who goes on asking is sent away.
            if led is not None and not (led in LEAVING and "spare" not in name) and "_end_" not in led:
                self.forms[name, led] = [*self.forms[name, led], (first, second)][-4:]

    def _ask_list(self, name: str, form: Form) -> None:
        """A list with a question of its own is asked one by chance."""
        led, asker = self._endpoint(form.action, "GET"), next((a for a in self.askers if a.name == name), self.askers[0])
        if led is not None:
            path = f"{urlsplit(form.action).path}?{urlencode(self.say.filled(asker, form), doseq=True)}"
            self.links[name, led] = [*self.links[name, led], (path, path)][-8:]

    def _conversation(self, asker: Asker, endpoint: str, call: Call, one: Answer) -> None:
        """Which contact this asker has now."""
        if one.status >= 400:
            return
        if endpoint in ("contacts_api.open_contact", "contacts.open_contact", "desk.find"):
            found = REFERENCE.findall(one.body.decode()) if asker.api else ["its own"]
            self.contacts[asker.name] = found[0] if found else None
        elif endpoint in ("contacts.answered", "contacts_api.end_contact", "contacts.end_contact"):
            self.contacts[asker.name] = None

    def _endpoint(self, path: str, method: str) -> str | None:
        try:
            endpoint, _ = self.adapter.match(urlsplit(path).path, method=method)
        except HTTPException:
            return None
        return str(endpoint)


def may(rulebook: Any, known: Registered, asker: Asker) -> bool:
    """Whether the role may do that at all."""
    if isinstance(known.needs, Without):
        return True
    purpose = known.purpose or PURPOSE_OF.get(asker.role, Purpose.ENQUIRY)
    return all(rulebook.allowed(Role(asker.role), asker.organisation, "-", need, purpose) for need in known.needs)


def name_of(asker: Asker | None) -> str:
    return asker.name if asker else NOBODY


def shown_on(rules: dict[tuple[str, str], Rule]) -> dict[str, tuple[str, str]]:
    """Where the form of each page that is sent is shown: at its own address, or at the nearest one above it."""
    pages = {rule.rule: endpoint for (endpoint, method), rule in rules.items()
             if method == "GET" and not rule.rule.startswith("/api/")}
    found = {}
    for (endpoint, method), rule in rules.items():
        above = rule.rule
        while method == "POST" and above and above not in pages:
            above = above.rpartition("/")[0]
        if method == "POST" and above:
            found[endpoint] = pages[above], "GET"
    return found | ELSEWHERE_SHOWN


# What has a reference that an outsider may know or guess.
THINGS = frozenset({None, "resident", "request", "job", "intake", "contact", "person", "hat", "load"})
# What is said in words.
WORDS = frozenset({"clue", "name", "question", "newcomer"})


def kind_of(endpoint: str, filler: Any) -> str:
    """What the reference in an address names."""
    if endpoint.startswith(("drafts.", "impacts.", "narrowing.")):
        return "draft"
    if filler is None or filler.about is None or filler.about in WORDS:
        return "request" if endpoint == "queue.chase_disposal" else "resident"
    about = filler.about
    if filler.state == "with a partner":
        return "with a partner started"
    return f"{about} {filler.state}".rstrip() if about in ("job", "load") else str(about)
