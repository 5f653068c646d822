"""The page on which a request is taken: between its flat fields and what is taken, and what the page shows beside them.

A field of the service is ``details-<name>``, a question's answer ``answers-<key>``, what a caller says
``intake-<part>``: the names under which what is wrong with them comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.forms import Form, attempt
from app.kernel.telephones import telephone_words
from app.policy.groups import Group
from app.policy.work import Work
from app.requests.copies import READING
from app.requests.intakes import PARTS
from app.requests.routing import DISTRICT, Asked, Decision
from app.requests.taking import Taking, decision_for
from app.residents.clues import Clues
from app.residents.models import Resident
from app.services.models import Service

GROUP_TITLES = {Group.NAME: "Name", Group.ADDRESS: "Address", Group.CHANNELS: "Telephone and e-mail",
                Group.BIRTH: "Date of birth", Group.NEEDS: "Needs"}
NEVER = ("history of contacts", "choices", "how the caller was verified")


@dataclass(frozen=True, slots=True)
class Panel:
    """Where it goes, why, and who will see what."""

    outcome: str
    who: str
    partner: str | None
    because: tuple[str, ...]
    will_see: tuple[str, ...]
    will_not: tuple[str, ...]
    question: Asked | None


def taking_of(typed: Mapping[str, Any], lgsl: int, *, resident: str | None, intake: bool) -> Taking:
    """What the page says, as the command that a program would send."""
    said = {name: value for name, value in typed.items() if isinstance(value, str)}
    caller = {part: _caller(part, said.get(f"intake-{part}", "")) for part in PARTS} if intake else None
    return Taking(lgsl, said.get("postcode", ""), _under("answers", said), _details(said), resident, caller,
                  said.get("permission") or None if intake else None)


def said_in(clues: Clues) -> dict[str, str]:
    """What a question to the records already said of the caller, under the names of the page."""
    said = {"postcode": clues.postcode, "intake-name": " ".join(word.title() for word in clues.names),
            "intake-telephone": clues.telephone and telephone_words(clues.telephone), "intake-email": clues.email,
            "intake-birth": clues.born and f"{clues.born.day} {clues.born.month} {clues.born.year}",
            "intake-address": clues.house and clues.street and f"{clues.house} {clues.street.title()}"}
    return {name: value for name, value in said.items() if value}


def fields_of(service: Service) -> list[dict[str, Any]]:
    """The service's own fields as the page draws them, each with its reason."""
    return [{"name": f"details-{field.name}", "label": field.label, "why": field.why, "kind": field.kind,
             "choices": [(choice, choice) for choice in field.choices], "required": field.required}
            for field in service.fields]


def questions_of(service: Service, decision: Decision | None) -> list[dict[str, Any]]:
    """The questions that decide where it goes; for a postcode on a boundary, on which side the address lies."""
    found = [{"name": f"answers-{asked.key}", "words": asked.words,
              "options": [(answer.key, answer.words) for answer in asked.answers]} for asked in service.questions]
    asked = decision.question if decision is not None else None
    if asked is not None and asked.key == DISTRICT:
        found.append({"name": f"answers-{DISTRICT}", "words": asked.words,
                      "options": [(option.key, option.words) for option in asked.options]})
    return found


def needs_of(service: Service) -> list[dict[str, Any]]:
    """The parts of the caller that the service needs, for an intake: with the reason, and whether they must be."""
    why = {Group(need.group): (need.why, need.required) for need in service.needs}
    return [{"name": f"intake-{part}", "part": part, "why": why[group][0], "required": why[group][1]}
            for part, group in PARTS.items() if group in why]


def given_from(work: Work, resident: Resident, service: Service) -> list[tuple[str, str]]:
    """What the record gives for this service, in lines to read."""
    return [(GROUP_TITLES[Group(need.group)], _line(READING[Group(need.group)](work, resident)) or "Nothing is held")
            for need in service.needs]


def panel_of(work: Work, service: Service, taking: Taking, resident: Resident | None,
             names: Mapping[str, str]) -> tuple[Decision | None, Panel | None]:
    """Where it would go as far as the page is filled in; nothing while there is no postcode that can be read."""
    if not taking.postcode.strip():
        return None, None
    _, decision = attempt(work.session, Form(), lambda: decision_for(
        work, service.lgsl, taking.postcode, taking.answers, resident=resident))
    if decision is None:
        return None, None
    sees = tuple(GROUP_TITLES[Group(group)] for group in decision.will_see)
    needed = tuple(GROUP_TITLES[Group(need.group)] for need in service.needs)
    held_back = tuple(title for title in GROUP_TITLES.values() if title not in sees)
    who = names.get(decision.responsible or "", "")
    return decision, Panel(decision.outcome, who, names.get(decision.provider or ""), decision.because,
                           sees if decision.outcome == "route" else needed, (*held_back, *NEVER), decision.question)


def flat(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every message under the name of the field it stands beside: parts of a name or an address under the whole."""
    found: dict[str, list[str]] = {}
    for name, said in errors.items():
        if isinstance(said, Mapping):
            for inner, deeper in said.items():
                found.setdefault(f"{name}-{inner}", []).extend(_messages(deeper))
        else:
            found.setdefault(name, []).extend(_messages(said))
    return found


def _messages(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    held = said.values() if isinstance(said, Mapping) else said
    return list(dict.fromkeys(message for deeper in held for message in _messages(deeper)))


def _under(prefix: str, said: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(f"{prefix}-"): value for name, value in said.items()
            if name.startswith(f"{prefix}-") and value.strip()}


def _details(said: Mapping[str, str]) -> dict[str, str]:
    """Three boxes of a date are one answer."""
    found = _under("details", said)
    for name in [name.removesuffix("-year") for name in found if name.endswith("-year")]:
        day, month, year = (found.pop(f"{name}-{part}", "") for part in ("day", "month", "year"))
        found[name] = f"{year.strip():0>4}-{month.strip():0>2}-{day.strip():0>2}"
    return found


def _caller(part: str, typed: str) -> Any:
    return [line.strip() for line in typed.splitlines() if line.strip()] if part == "needs" else typed.strip()


def _line(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(part for held in value.values() for part in held)
    if isinstance(value, list):
        return ", ".join(_line(held) if not isinstance(held, Mapping) else _place(held) for held in value)
    return str(value) if value else ""


def _place(held: Mapping[str, Any]) -> str:
    if "lines" in held:
        return ", ".join([*held["lines"], held["postcode"]])
    return f"{held['given']} {held['family']}".strip()
