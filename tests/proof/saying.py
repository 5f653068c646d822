"""What outsiders type and send: words that come near a hidden resident, references of what is theirs, hidden and absent, and
the bodies of the calls of programs."""

import random
from collections.abc import Callable
from typing import Any

from tests.proof.gathered import Field, Form
from tests.proof.neighbourhood import BORN, EMAIL, NAMES, OTHER_TELEPHONE, PASSWORD, POSTCODE, TELEPHONE, Asker, Place
from tests.world import BINS, BOROUGH, COUNTY

ABSENT = {"person": "0190a3f0-0000-7000-8000-000000000001", "hat": "0190a3f0-0000-7000-8000-000000000002"}
ABSENT_REFERENCE = "7ZZ-ZZZ-ZZ7"
BORN_WORDS = [f"{BORN.day}/{BORN.month}/{BORN.year}", BORN.isoformat(), "27 March 1971", "28/3/1971"]
TELEPHONES = [TELEPHONE, "01823 555012", "01823555013", OTHER_TELEPHONE, "07700 900 123", "01632 960999"]
EMAILS = [EMAIL, EMAIL.upper(), "rosa@example.org"]
SPELT = [name for pair in NAMES for name in pair] + ["okafr", "Rsoa", "OKAFOR", "Okafor-Mash", "Lost"]
POSTCODES = [*POSTCODE.values(), "ta11he", "TA6", "TA6 3AB", "BS1 1AA"]
LINES = ["11 Mill Lane", "12 Mill Lane", "11 mill ln", "9 Lost Lane"]
SERVICES = [530, 315, 524, 576, 139]
LINE = {BOROUGH: "borough-main", COUNTY: "county-main"}
MATTERS = ["sharing", "passing", "sensitive", "news", "surveys"]


class Sayings:
    """What one outsider says; by chance, and the same in both worlds."""

    def __init__(self, drawn: random.Random, place: Place, found: dict[str, list[str]]) -> None:
        self.drawn, self.place, self.found = drawn, place, found

    def any(self, *options: Any) -> Any:
        return self.drawn.choice(options)

    def reference(self, asker: Asker, kind: str) -> str:
        """Of one's own more often than not; else a hidden one, one that came up, or none."""
        own = self.place.known.get((asker.organisation, kind), [])
        if kind in ABSENT:
            return self.drawn.choice([*own, ABSENT[kind]])
        hidden = self.place.hidden["request" if kind.startswith(("job", "with")) else kind.split(" ")[0]]
        near = self.drawn.random()
        if near < 0.6 and own:
            return self.drawn.choice(own)
        if near < 0.85:
            return hidden
        came_up = self.found.get(asker.organisation, [])
        return self.drawn.choice(came_up) if came_up and near < 0.95 else self.any(ABSENT_REFERENCE, "nonsense")

    def newcomer(self) -> str:
        """Given name, family name, telephone and e-mail address, as like the hidden one's as may be."""
        given, family = (self.any(*SPELT).replace(" ", "-") for _ in range(2))
        return f"{given} {family} {self.any(*TELEPHONES).replace(' ', '')} {self.any(*EMAILS)}"

    def search(self) -> str:
        """Words for the one box."""
        parts = [self.any(*SPELT), f"{self.any(*SPELT)} {self.any(*SPELT)}", self.any(*TELEPHONES), self.any(*EMAILS),
                 self.any(*BORN_WORDS), self.any(*POSTCODES), self.any(*LINES), self.place.hidden["resident"]]
        return " ".join(self.drawn.sample(parts, self.any(1, 2, 2, 3)))

    def typed(self, asker: Asker, field: Field) -> str:
        """Something for a field by its name."""
        name = field.name.lower()
        if name in ("wanted", "q"):
            return self.search()
        if name == "username":
            return str(self.any(*self.place.logins, f"new.name.{self.drawn.randrange(99)}"))
        if name in ("ref", "resident", "person"):
            return self.reference(asker, "resident")
        for hint, options in BY_NAME:
            if hint in name:
                return str(self.any(*options))
        return str(self.any("Rang twice", "Not needed any more", "2"))

    def filled(self, asker: Asker, form: Form) -> dict[str, Any]:
        """A form filled in: hidden fields mostly as they are, choices among what is offered, words by name."""
        said: dict[str, Any] = {}
        for field in form.fields:
            if field.kind == "hidden":
                said[field.name] = field.value
            elif field.kind == "checkbox":
                said[field.name] = self.drawn.sample(field.options, self.drawn.randint(min(1, len(field.options)),
                                                                                      len(field.options)))
            elif field.options:
                said[field.name] = self.any(*[option for option in field.options if option] or [""])
            elif field.value and self.drawn.random() < 0.6:
                said[field.name] = field.value
            else:
                said[field.name] = self.typed(asker, field)
        if form.buttons:
            said |= dict([self.drawn.choice(form.buttons)])
        return said


BY_NAME: list[tuple[str, list[Any]]] = [
    ("telephone", TELEPHONES), ("email", EMAILS), ("postcode", POSTCODES), ("line1", LINES), ("address", LINES),
    ("line2", [""]), ("line3", ["Taunton", ""]), ("family", SPELT), ("given", SPELT), ("intake-name", ["Rosa Okafor"]),
    ("birth-day", [27]), ("birth-month", [3]), ("birth-year", [1971]), ("intake-birth", BORN_WORDS),
    ("on-day", [10]), ("on-month", [11]), ("on-year", [2026, 2014]), ("-day", [1, 8]), ("-month", [9, 10]),
    ("-year", [2014, 2026]), ("password", [PASSWORD, "nine other lanterns gravel"]),
    ("current", [PASSWORD]), ("needs", ["Large print", ""]), ("another", [""]),
    ("promised_by", [""]), ("how-many", [1, 2]), ("language", ["", "en"]), ("word", ["AAAA-BBBB"]),
]


def _record(say: Sayings, asker: Asker) -> dict[str, Any]:
    """The hidden one's double, as far as chance will have it."""
    return {"name": [{"given": say.any(*SPELT), "family": say.any(*SPELT)}],
            "address": [{"lines": [say.any(*LINES)],
                         "postcode": say.any(*[POSTCODE.get(asker.organisation, "TA6 3AB")] * 3, *POSTCODE.values())}],
            "channels": {"telephones": [say.any(*TELEPHONES)], "emails": [say.any(*EMAILS[:2])]},
            "birth": BORN.isoformat(), "needs": ["Interpreter"], "choices": {"sharing": say.any("given", "refused")},
            "another": say.any(True, False)}


def _search(say: Sayings, asker: Asker) -> dict[str, Any]:
    known = {"q": say.search(), "surname": say.any(*SPELT), "given": say.any(*SPELT), "telephone": say.any(*TELEPHONES),
             "email": say.any(*EMAILS), "postcode": say.any(POSTCODE[BOROUGH], POSTCODE[COUNTY], "TA6 3AB"),
             "birth_date": say.any(*BORN_WORDS), "ref": say.reference(asker, "resident")}
    return {name: known[name] for name in say.drawn.sample(sorted(known), say.any(1, 2, 3))}


def _take(say: Sayings, asker: Asker) -> dict[str, Any]:
    bins = {"lgsl": 530, "postcode": say.any("TA1 1HE", "TA6 3AA"), "details": {"how-many": 2, "reason": "Broken"}}
    told = {"name": "Rosa Okafor", "address": "11 Mill Lane", "telephone": say.any(*TELEPHONES)}
    if say.drawn.random() < 0.6:
        return bins | {"resident": say.reference(asker, "resident")}
    return bins | {"intake": told, "permission": say.any("given", "given", "refused")}


def _decision(say: Sayings, asker: Asker) -> dict[str, Any]:
    return {"organisation": say.any(BOROUGH, COUNTY, BINS), "role": say.any("adviser", "contractor", "team_leader"),
            "purpose": say.any("enquiry", "deliver", "match"), "group": say.any("name", "channels", "address"),
            "resident": say.reference(asker, "resident")}


def _token(say: Sayings, asker: Asker) -> dict[str, Any]:
    username = say.any(*say.place.logins)
    organisation, role = say.place.logins[username]
    return {"username": username, "password": PASSWORD, "organisation": organisation, "role": role}


Body = Callable[[Sayings, Asker], dict[str, Any]]
BODIES: dict[str, Body] = {
    "residents_api.record": _record,
    "residents_api.search": _search,
    "residents_api.change": lambda say, asker: say.any(
        {"needs": ["Large print"]}, {"channels": {"telephones": [say.any(*TELEPHONES)]}},
        {"name": [{"given": "Rosa", "family": "Okafor"}]},
        {"address": [{"lines": ["11 Mill Lane"], "postcode": "TA6 3AA"}]}),
    "requests_api.take_request": _take,
    "requests_api.decide_routing": lambda say, _: {"lgsl": say.any(*SERVICES), "postcode": say.any(*POSTCODE.values())},
    "rights_api.decision": _decision,
    "contacts_api.open_contact": lambda say, asker: {
        "channel": "telephone", "line": say.any(*LINE.values(), "counter")} | say.any(
            {}, {"person": say.reference(asker, "resident")}),
    "contacts_api.end_contact": lambda say, _: {"outcome": "answered", "resolved_at_first_contact": True} | say.any(
        {}, {"note": "Rang about the bins"}),
    "contacts_api.name_person": lambda say, asker: {"resident": say.reference(asker, "resident")},
    "places_api.look_up_place": lambda say, _: {"postcode": say.any(*POSTCODES)},
    "choices_api.say": lambda say, _: {"matter": say.any(*MATTERS), "answer": say.any("given", "refused", "withdrawn"),
                                       "wording": "current", "channel": "telephone"},
    "choices_api.object_to": lambda say, _: say.any({}, {"reason": "A quarrel"}),
    "tokens.make_token": _token,
    "working_api.assign": lambda say, _: {"to": say.any(BINS, "orchard-meals")},
    "working_api.pass_on": lambda say, _: {"to": say.any(BOROUGH, COUNTY), "reason": "Theirs"},
    "working_api.close": lambda say, _: {"outcome": "not-needed", "note": ""},
    "working_api.complete": lambda say, _: {"outcome": "done", "note": "Done"},
    "working_api.note": lambda say, _: {"note": "Rang twice"},
    "working_api.update": lambda say, _: {"note": "On the way"},
    "working_api.link": lambda say, asker: {"resident": say.reference(asker, "resident")},
    **{f"working_api.{verb}": lambda say, _: {"reason": "Not needed any more"}
       for verb in ("cancel", "refuse", "take_back")},
}
