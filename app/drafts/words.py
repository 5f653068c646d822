"""What pages call the states of a draft, what was done to one, and the files of a policy."""

from collections.abc import Mapping
from types import MappingProxyType

from app.policy.seeing import Sight

STATE_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "open": ("Being written", "neutral"), "submitted": ("Waiting for approval", "waiting"), "published": ("Published", "good"),
    "withdrawn": ("Withdrawn", "neutral")})
ACT_WORDS: Mapping[str, str] = MappingProxyType({
    "begun": "Began the draft", "edited": "Changed the draft", "brought-up-to-date": "Brought the draft up to date",
    "submitted": "Handed the draft in", "returned": "Returned the draft", "approved": "Approved the draft",
    "read": "Read what the draft would change", "agreed": "Agreed to what the own council would withhold",
    "tightened": "Published it at once, for three days", "published": "Published it", "withdrawn": "Withdrew the draft"})
# The model is not among them: the product refuses any other.
SHEET_WORDS: Mapping[str, str] = MappingProxyType({
    "grants.csv": "Rules", "masks.csv": "Masks: what is taken away", "roles.csv": "Roles that include another",
    "narrowings.csv": "What councils withhold of their own residents",
    "matrix.csv": "The table that people expect", "examples.csv": "Worked examples"})
# A symbol, and what the word of a square means.
SIGHT_WORDS: Mapping[Sight, tuple[str, str]] = MappingProxyType({
    Sight.ALL: ("●", "They see it of everybody of whom this is so, for this purpose."),
    Sight.JOB: ("◐", "They see it only while a job with this person’s request is theirs, as far as it needs this."),
    Sight.ASK: ("?", "They do not see it now, and would if the resident agreed to sharing."),
    Sight.LAW: ("§", "They see it only where a lawful disclosure names the resident to them, until it ends."),
    Sight.NEVER: ("–", "They never see it for this purpose, whatever the resident says.")})
# What is said where a part of a rule was left out.
MISSING_WORDS: Mapping[str, str] = MappingProxyType({
    "effect": "Choose whether it allows or forbids", "role": "Choose whom the rule is for",
    "organisation": "Choose an organisation", "unit": "Choose a unit",
    "action": "Choose what they may do", "group": "Choose the parts of the record",
    "scope": "Choose which rows it is about", "purpose": "Choose what it is for", "basis": "Choose a lawful basis",
    "agreement": "Choose an agreement", "owner": "Write who answers for this rule",
    "review": "Write the day by which it is looked at again"})
