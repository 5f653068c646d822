"""What the desk calls things on a page, where the feature that keeps them has no words of its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from app.kernel.clock import london_words
from app.kernel.days import day_words

MATTER_WORDS: Mapping[str, str] = MappingProxyType({
    "sharing": "Sharing between the councils", "passing": "Passing on to those who carry out a request",
    "sensitive": "Keeping sensitive details", "news": "News from the councils", "surveys": "Surveys",
    "related-services": "Being told of related services"})
ANSWER_WORDS: Mapping[str, str] = MappingProxyType({
    "not-asked": "Not asked yet", "given": "Yes", "refused": "No", "withdrawn": "No, withdrawn"})
ANSWER_TONES: Mapping[str, str] = MappingProxyType({
    "not-asked": "attention", "given": "good", "refused": "neutral", "withdrawn": "neutral"})
SHARING_WORDS: Mapping[str, str] = MappingProxyType({
    "not-asked": "not asked yet: home council only", "given": "yes, both councils", "refused": "no, home council only",
    "withdrawn": "no longer: home council only"})
NAME_WORDS: Mapping[str, str] = MappingProxyType({
    "usual": "Usual name", "legal": "Legal name", "birth": "Birth name", "former": "Former name",
    "known_as": "Known as"})
WAY_WORDS: Mapping[str, str] = MappingProxyType({
    "telephone": "Telephone", "email": "E-mail", "letter": "Letter", "text": "Text message"})
STATUS_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "queued": ("Waiting for a team", "waiting"), "passed": ("Passed on", "waiting"),
    "assigned": ("With a partner", "waiting"), "accepted": ("Accepted", "waiting"), "started": ("Under way", "waiting"),
    "completed": ("Done, to be closed", "good"),
    "closed": ("Closed", "neutral"), "cancelled": ("Cancelled", "neutral")})
GROUP_WORDS: Mapping[str, str] = MappingProxyType({
    "name": "Name", "address": "Address", "channels": "Telephones and e-mail", "birth": "Date of birth",
    "needs": "Needs"})
BASIS_WORDS: Mapping[str, str] = MappingProxyType({
    "home": "Your council is the home council.", "consented": "The resident agreed to sharing between the councils.",
    "kept": "Your council keeps this record.", "served": "Your team carries out a request of this resident.",
    "disclosed": "A lawful disclosure names you.", "assigned": "A request is assigned to you."})


def day(when: date) -> str:
    """A date in words."""
    return day_words(when)


def moment(at: str) -> str:
    """An instant, as a program writes it, in words."""
    return london_words(datetime.fromisoformat(at))


def full_name(names: Sequence[Mapping[str, Any]]) -> str:
    """The name to call somebody by; nothing where no name is shown."""
    usual = next((each for each in names if each["kind"] == "usual"), names[0] if names else None)
    return f"{usual['given']} {usual['family']}".strip() if usual else ""


def address_line(address: Mapping[str, Any]) -> str:
    """An address on one line."""
    return ", ".join([*address["lines"], address["postcode"]])
