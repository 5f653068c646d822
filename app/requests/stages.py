"""Which step a request may take from which state, by whom, and what it leads to. Pure: one table, tested as one.

Who belongs to a side is for the rows to say; who may do a verb at all is for the policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.kernel.errors import Conflict, NotPermitted

WAITING = frozenset({"queued", "passed"})
IN_HAND = frozenset({"assigned", "accepted", "started"})
COMPLETED = frozenset({"completed"})
TERMINAL = frozenset({"closed", "cancelled"})
OPEN = WAITING | IN_HAND | COMPLETED
WORDS = {"queued": "waiting in the queue", "passed": "passed on and waiting", "accepted": "accepted",
         "started": "started", "assigned": "with a partner, not yet accepted", "completed": "completed",
         "closed": "closed", "cancelled": "cancelled"}
# What came of the doing. Words of a list, because the stub carries one to everybody who may see the stub.
OUTCOMES: Mapping[str, str] = MappingProxyType({
    "done": "Done", "partly-done": "Partly done", "not-needed": "There was nothing to do",
    "no-access": "Could not get in", "not-possible": "Could not be done"})


class Verb(StrEnum):
    """One step, with the words that follow *it cannot be*."""

    done: str

    def __new__(cls, word: str, done: str = "") -> "Verb":
        member = str.__new__(cls, word)
        member._value_ = word
        member.done = done
        return member

    ACCEPT = "accept", "accepted"
    REFUSE = "refuse", "refused"
    START = "start", "started"
    UPDATE = "update", "updated"
    COMPLETE = "complete", "completed"
    ASSIGN = "assign", "given to a partner"
    TAKE_BACK = "take-back", "taken back"
    NOTE = "note", "written about"
    PASS = "pass", "passed to another council"
    CANCEL = "cancel", "cancelled"
    CLOSE = "close", "closed"


class Side(StrEnum):
    """Where the one who steps stands to the request."""

    PARTNER = "the partner that has it in hand"
    RESPONSIBLE = "the council responsible"
    TAKER = "the council that took it or that the resident belongs to"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a side may step, the state it leads to (None: the same), and how it ends the assignment."""

    whence: frozenset[str]
    whither: str | None
    ends_as: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a step comes to: the state, and the word under which the assignment in hand ends (None: it runs on)."""

    status: str
    ends_as: str | None


_P, _R, _T = Side.PARTNER, Side.RESPONSIBLE, Side.TAKER
TABLE: Mapping[tuple[Verb, Side], Rule] = MappingProxyType({
    (Verb.ACCEPT, _P): Rule(frozenset({"assigned"}), "accepted"),
    (Verb.REFUSE, _P): Rule(IN_HAND, "queued", "refused"),
    (Verb.START, _P): Rule(frozenset({"accepted"}), "started"),
    (Verb.UPDATE, _P): Rule(frozenset({"accepted", "started"}), None),
    (Verb.COMPLETE, _P): Rule(frozenset({"accepted", "started"}), "completed", "completed"),
    (Verb.ASSIGN, _R): Rule(OPEN, "assigned", "withdrawn"),
    (Verb.TAKE_BACK, _R): Rule(IN_HAND, "queued", "withdrawn"),
    (Verb.NOTE, _R): Rule(OPEN, None),
    (Verb.PASS, _R): Rule(WAITING | IN_HAND, "passed", "withdrawn"),
    (Verb.CANCEL, _R): Rule(WAITING | IN_HAND, "cancelled", "closed"),
    (Verb.CANCEL, _T): Rule(WAITING | frozenset({"assigned", "accepted"}), "cancelled", "closed"),
    (Verb.CLOSE, _R): Rule(OPEN, "closed", "closed"),
})


def step(status: str, verb: Verb, side: Side) -> Step:
    """What the verb leads to. Raises NotPermitted for a side that never may, Conflict naming the state for not now."""
    rule = TABLE.get((verb, side))
    if rule is None:
        raise NotPermitted(f"Only {_whose(verb)} can do this.")
    if status not in rule.whence:
        raise wrong_state(status, verb)
    return Step(rule.whither or status, rule.ends_as if status in IN_HAND else None)


def wrong_state(status: str, verb: Verb) -> Conflict:
    """The answer to a step that the state does not allow."""
    return Conflict(f"This request is {WORDS[status]} (“{status}”): it cannot be {verb.done} now.", kind="wrong-state",
                    facts={"state": status})


def possible(status: str, side: Side) -> frozenset[Verb]:
    """The steps that this side may take from here."""
    return frozenset(verb for (verb, whose), rule in TABLE.items() if whose is side and status in rule.whence)


def _whose(verb: Verb) -> str:
    return " or ".join(side for known, side in TABLE if known is verb)
