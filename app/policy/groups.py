"""Field groups: the parts of a record that are granted or withheld as one, and which of them each kind has.

Which table holds a group is for the feature that keeps it; who is given a group is for the policy files.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.policy.actions import Kind


class Group(StrEnum):
    """One field group, with the words that stand for it in a sentence."""

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> "Group":
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member

    ADDRESS = "address", "addresses"
    BIRTH = "birth", "the date of birth"
    CHANNELS = "channels", "contact channels"
    CHOICES = "choices", "what the resident chose or objected to"
    HISTORY = "history", "the history of contacts and requests"
    IDENTITY = "identity", "how and how well the caller was verified"
    JOB = "job", "what is to be done and how far it is"
    NAME = "name", "names"
    NEEDS = "needs", "needs in how a service is delivered"
    NONE = "none", "no resident's data"
    SENSITIVE = "sensitive", "sensitive data"
    STUB = "stub", "the stub (reference, service, dates, outcome)"


RESIDENT_GROUPS = frozenset({Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS, Group.HISTORY,
                             Group.CHOICES, Group.IDENTITY, Group.SENSITIVE})
# A request and an intake carry their own copy of what was said for them, beside what they are about.
_COPY = frozenset({Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS})
# What may be said of a request without saying anything of a person.
BARE = frozenset({Group.STUB, Group.JOB, Group.HISTORY})
_NOTHING = frozenset({Group.NONE})

GROUPS_OF: Mapping[Kind, frozenset[Group]] = MappingProxyType(dict.fromkeys(Kind, _NOTHING) | {
    Kind.RESIDENT: RESIDENT_GROUPS,
    Kind.CHOICE: frozenset({Group.CHOICES}),
    Kind.OBJECTION: frozenset({Group.CHOICES}),
    Kind.CONTACT: frozenset({Group.STUB, Group.JOB, Group.HISTORY}),
    Kind.REQUEST: _COPY | {Group.STUB, Group.JOB, Group.HISTORY},
    Kind.INTAKE: _COPY | {Group.STUB, Group.JOB},
    Kind.DISPOSAL: frozenset({Group.STUB}),
})
