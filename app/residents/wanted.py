"""What somebody wants a record to say, as plain values made by the schemas: names, addresses with their days, channels.

Pure. Putting the days of addresses in order is here; whose resident the last of them makes is for ``homes``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.matching.person import Person
from app.policy.groups import Group


@dataclass(frozen=True, slots=True)
class Name:
    """One name and which it is."""

    given: str = field(repr=False)
    family: str = field(repr=False)
    kind: str = "usual"


@dataclass(frozen=True, slots=True)
class Address:
    """One address and the days it held; ``district`` (GSS) is said where the postcode leaves it open."""

    lines: Sequence[str] = field(repr=False)
    postcode: str = field(repr=False)
    since: date | None = None
    until: date | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Preferred:
    """How and in what language to be reached."""

    channel: str
    language: str = "en"


class Recorded:
    """What was sent, by group. What was not sent is not there; ``None`` is to be removed."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        channels: Mapping[str, Any] = sent.get("channels") or {}
        self.names: Sequence[Name] | None = sent.get("name")
        self.addresses: Sequence[Address] | None = sent.get("address")
        self.telephones: Sequence[str] | None = _once(channels.get("telephones"))
        self.emails: Sequence[str] | None = _once(channels.get("emails"))
        self.needs: Sequence[str] | None = _once(sent.get("needs"))
        self.born: date | None = sent.get("birth")
        preferring = channels if "preferred" in channels else sent
        self.preferred: Preferred | None = preferring.get("preferred")
        self.choices: Mapping[str, str] = sent.get("choices", {})
        self.channel: str = sent.get("channel", "telephone")
        self.another: bool = sent.get("another", False)
        self.says_birth = "birth" in sent
        self.says_preferred = "preferred" in preferring

    def person(self) -> Person:
        """The same, as a record is found and compared."""
        return Person(names=[(name.given, name.family) for name in self.names or ()],
                      addresses=[("\n".join(each.lines), each.postcode) for each in self.addresses or ()],
                      telephones=self.telephones or (), emails=self.emails or (), born=self.born)

    def groups(self) -> Iterator[Group]:
        """The groups that something was sent of."""
        if self.names is not None:
            yield Group.NAME
        if self.addresses is not None:
            yield Group.ADDRESS
        if self.telephones is not None or self.emails is not None or self.says_preferred:
            yield Group.CHANNELS
        if self.says_birth:
            yield Group.BIRTH
        if self.needs is not None:
            yield Group.NEEDS


def _once(values: Sequence[str] | None) -> Sequence[str] | None:
    return None if values is None else list(dict.fromkeys(values))


def in_order(addresses: Sequence[Address], today: date) -> list[Address]:
    """The addresses from the first to the last: each ends where the next begins, and without a
    beginning begins today."""
    dated = sorted((each.since or today, at) for at, each in enumerate(addresses))
    ends = [since for since, _ in dated[1:]] + [None]
    return [replace(addresses[at], since=since, until=_earlier(addresses[at].until, end))
            for (since, at), end in zip(dated, ends, strict=True)]


def _earlier(until: date | None, then: date | None) -> date | None:
    given = [day for day in (until, then) if day is not None]
    return min(given) if given else None


def faults(addresses: Sequence[Address], today: date) -> dict[str, list[str]]:
    """What is wrong with the days of addresses in order, by the place of each in that order."""
    for at, each in enumerate(addresses):
        assert each.since is not None
        if each.until is not None and each.until <= each.since:
            return {str(at): ["This address ends before it begins, or two begin on one day: check the dates"]}
    if present(addresses, today) is None:
        return {"0": ["None of these addresses holds today: enter the one where the resident lives now"]}
    return {}


def present(addresses: Sequence[Address], today: date) -> Address | None:
    """The address that holds on a day."""
    for each in addresses:
        if each.since is not None and each.since <= today and (each.until is None or each.until > today):
            return each
    return None


def last(addresses: Sequence[Address]) -> Address:
    """The address that will hold in the end: the present one, or that of a move to come."""
    return addresses[-1]
