"""Between the flat fields of a page and the body that the schemas of records take; and back, for what is wrong with it.

Pure. A field that was left empty is not sent; what is wrong comes back beside the field where it was typed.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.desk.words import full_name
from app.kernel.telephones import telephone_words
from app.organisations.words import CHOICE_MATTERS
from app.residents.clues import Clues

TELEPHONES, EMAILS, LINES = 3, 2, 3
Typed = Mapping[str, str]
# Where a part of the body stands on the page.
_FIELDS = {"given": "given", "family": "family", "postcode": "postcode", "lines": "line1", "from": "moved", "district": "district",
           "telephones": "telephone1", "emails": "email1", "channel": "way", "language": "language"}


def body_of(typed: Typed) -> dict[str, Any]:
    """The body of a new record."""
    body: dict[str, Any] = {
        "name": [{"given": typed.get("given", ""), "family": typed.get("family", "")}],
        "address": [address_of(typed)],
        "channels": channels_of(typed),
        "needs": needs_of(typed),
        "choices": {matter: typed[f"choice-{matter}"] for matter in CHOICE_MATTERS if typed.get(f"choice-{matter}")},
    }
    return body | birth_of(typed)


def address_of(typed: Typed) -> dict[str, Any]:
    """The address as typed; the day it began only where one was typed."""
    first, *others = (typed.get(f"line{at}", "").strip() for at in range(1, LINES + 1))
    address: dict[str, Any] = {"lines": [first, *filter(None, others)], "postcode": typed.get("postcode", "")}
    address |= {"district": side} if (side := typed.get("district", "")) else {}
    return address | ({"from": moved} if (moved := parts_of_day(typed, "moved")) else {})


def channels_of(typed: Typed) -> dict[str, Any]:
    """Telephones and e-mail addresses in their order, and the way to be reached."""
    channels: dict[str, Any] = {
        "telephones": _filled(typed, "telephone", TELEPHONES), "emails": _filled(typed, "email", EMAILS)}
    way, language = typed.get("way", ""), typed.get("language", "").strip()
    channels["preferred"] = {"channel": way, "language": language or "en"} if way else None
    return channels


def needs_of(typed: Typed) -> list[str]:
    """One need a line."""
    return [line.strip() for line in typed.get("needs", "").splitlines() if line.strip()]


def birth_of(typed: Typed) -> dict[str, Any]:
    """The date of birth; nothing where none was typed."""
    said = parts_of_day(typed, "birth")
    return {"birth": said} if said else {}


def parts_of_day(typed: Typed, name: str) -> str:
    """Day, month and year as one text, or nothing."""
    said = [typed.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    return "/".join(said) if any(said) else ""


def _filled(typed: Typed, name: str, most: int) -> list[str]:
    return [value for at in range(1, most + 1) if (value := typed.get(f"{name}{at}", "").strip())]


def beside(errors: Mapping[str, Any], typed: Typed) -> dict[str, list[str]]:
    """What is wrong, by the field of the page."""
    found: dict[str, list[str]] = {}
    for path, message in _told(errors):
        found.setdefault(_field(path, typed), []).append(message)
    return found


def _told(errors: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(errors, str):
        yield path, errors
    elif isinstance(errors, Mapping):
        for name, said in errors.items():
            yield from _told(said, (*path, str(name)))
    else:
        for said in errors:
            yield from _told(said, path)


def _field(path: tuple[str, ...], typed: Typed) -> str:
    """The field of a path such as ``channels telephones 0``."""
    for kind, name, most in (("telephones", "telephone", TELEPHONES), ("emails", "email", EMAILS)):
        if kind in path and path[-1].isdigit():
            filled = [at for at in range(1, most + 1) if typed.get(f"{name}{at}", "").strip()]
            return f"{name}{filled[int(path[-1])]}" if int(path[-1]) < len(filled) else f"{name}1"
    if path[0] == "choices":
        return f"choice-{path[1]}" if len(path) > 1 else "choice-sharing"
    if path == ("address",):
        return "postcode"
    known = [_FIELDS[part] for part in path if part in _FIELDS]
    first = {"name": "family", "address": "line1", "channels": "telephone1"}
    return known[-1] if known else first.get(path[0], path[0])


def from_clues(clues: Clues) -> dict[str, str]:
    """What a question already said, so that it need not be typed again."""
    names = [word.title() for word in clues.names]
    typed = {"given": " ".join(names[:-1]), "family": names[-1] if names else "", "postcode": clues.postcode or "",
             "telephone1": telephone_words(clues.telephone) if clues.telephone else "", "email1": clues.email or "",
             "line1": " ".join(filter(None, [clues.house, (clues.street or "").title()]))}
    if clues.born:
        typed |= day_parts("birth", clues.born)
    return {name: value for name, value in typed.items() if value}


def day_parts(name: str, when: date) -> dict[str, str]:
    """The three fields of a day."""
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}


def from_value(value: Mapping[str, Any]) -> dict[str, str]:
    """What a page of a record begins with."""
    typed: dict[str, str] = {}
    if names := value.get("name"):
        usual = next((each for each in names if each["kind"] == "usual"), names[0])
        typed |= {"given": usual["given"], "family": usual["family"]}
    if addresses := value.get("address"):
        typed |= {f"line{at}": line for at, line in enumerate(addresses[0]["lines"], 1)}
        typed["postcode"] = addresses[0]["postcode"]
    if channels := value.get("channels"):
        typed |= {f"telephone{at}": telephone_words(number) for at, number in enumerate(channels["telephones"], 1)}
        typed |= {f"email{at}": address for at, address in enumerate(channels["emails"], 1)}
        typed |= {"way": channels["preferred"]["channel"], "language": channels["preferred"]["language"]} \
            if channels["preferred"] else {}
    if born := value.get("birth"):
        typed |= day_parts("birth", born)
    if needs := value.get("needs"):
        typed["needs"] = "\n".join(needs)
    return typed


def patch_of(typed: Typed, value: Mapping[str, Any], groups: frozenset[str]) -> dict[str, Any]:
    """What the page changes of a record: only groups it drew, and of them only those where something else was typed."""
    began, body = from_value(value), body_of(typed)
    differs = {name for name in {*began, *typed} if (typed.get(name) or "").strip() != began.get(name, "").strip()}
    patch: dict[str, Any] = {}
    if "name" in groups and differs & {"given", "family"}:
        patch["name"] = _names(body["name"][0], value["name"], full_name(value["name"]))
    if "address" in groups and (_any(differs, "line") or differs & {"postcode", "district"}):
        patch["address"] = _addresses(body["address"][0], value["address"])
    if "channels" in groups and (_any(differs, "telephone") or _any(differs, "email") or differs & {"way", "language"}):
        patch["channels"] = body["channels"]
    if "birth" in groups and _any(differs, "birth"):
        patch["birth"] = body.get("birth")
    if "needs" in groups and "needs" in differs:
        patch["needs"] = body["needs"]
    return patch


def _any(differs: set[str], beginning: str) -> bool:
    return any(name.startswith(beginning) for name in differs)


def _names(usual: Mapping[str, Any], held: list[Any], before: str) -> list[dict[str, Any]]:
    """The usual name changes, and the one before is kept as a former name; the others stay."""
    others = [dict(each) for each in held if each["kind"] != "usual"]
    former = [dict(each) | {"kind": "former"} for each in held if each["kind"] == "usual" and before]
    return [dict(usual) | {"kind": "usual"}, *others, *former]


def _addresses(new: Mapping[str, Any], held: list[Any]) -> list[dict[str, Any]]:
    """With a day the new address follows the old; without one the old was wrong and is put right."""
    kept = [{"lines": each["lines"], "postcode": each["postcode"], "from": each["from"].isoformat(),
             "until": each["until"].isoformat() if each["until"] else None} for each in held]
    if "from" in new or not kept:
        return [dict(new), *kept]
    return [dict(kept[0]) | dict(new), *kept[1:]]
