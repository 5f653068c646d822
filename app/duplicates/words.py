"""What the pages about duplicates call things."""

from collections.abc import Mapping
from types import MappingProxyType

from app.matching.judging import Verdict

VERDICT_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    Verdict.LINK: ("Almost surely one person", "good"), Verdict.REVIEW: ("Needs a look", "attention"),
    Verdict.HOUSEHOLD: ("Same household", "neutral"), Verdict.NEW: ("Probably two people", "neutral")})
MATTER_WORDS: Mapping[str, str] = MappingProxyType({
    "sharing": "Sharing between the councils", "passing": "Passing on to those who carry out a request",
    "sensitive": "Keeping sensitive details", "news": "News from the councils", "surveys": "Surveys",
    "related-services": "Being told of related services"})
ANSWER_WORDS: Mapping[str, str] = MappingProxyType({
    "not-asked": "Not asked yet", "given": "Yes", "refused": "No", "withdrawn": "No, withdrawn"})
SAID_WORDS: Mapping[str, str] = MappingProxyType({
    "same": "one person", "not-same": "two people", "look-again": "to be looked at again"})
DONE: Mapping[str, str] = MappingProxyType({
    "not-same": "It is noted that these are two people. They will not be put to you again.",
    "same": "It is noted that these are one person.", "look-again": "This pair is looked at again.",
    "joined": "The records are joined.", "parted": "The records are parted: each has again what is its own."})
