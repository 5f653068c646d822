"""Which rights hold and which masks bite in a situation that is told in plain facts: whose resident it is, what was said,
what was taken, which job is in hand. One table says it, ``HOLDS``; a test holds it to the SQL of the scopes.

What the policy makes of it is for ``examples``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.policy.actions import Action
from app.policy.groups import BARE, Group
from app.policy.purposes import Purpose
from app.policy.words import ADVISING, SCOPES_OF, LiftWord, MaskWord, Of, Role, ScopeWord, decides


class Whose(StrEnum):
    """Which council, seen from the viewer's organisation."""

    OWN = "own"
    OTHER = "other"
    NONE = "none"


class Sharing(StrEnum):
    """What the resident last said about sharing between the councils."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not-asked"


class State(StrEnum):
    """What stands on the record."""

    PLAIN = "plain"
    PROTECTED = "protected"
    RESTRICTED = "restricted"
    OWN_RECORD = "own-record"


class Matter(StrEnum):
    """What the viewer's organisation has to do with the request, contact, intake or entry that is asked about."""

    TAKEN = "taken"
    RESPONSIBLE = "responsible"
    OTHER_UNIT = "other-unit"
    CLOSED = "closed"
    UNLINKED = "unlinked"
    TYPING = "typing"
    OFFERED = "offered"
    OWN = "own"


class Job(StrEnum):
    """What the viewer's organisation has in hand."""

    NONE = "none"
    OPEN = "open"
    NOT_COVERED = "not-covered"
    CLOSED = "closed"
    REFUSED = "refused"
    AGREEMENT_OVER = "agreement-over"


class Disclosure(StrEnum):
    """What the law opens to the viewer."""

    NONE = "none"
    OPEN = "open"
    OTHER_GROUPS = "other-groups"
    OTHER_PERSON = "other-person"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Facts:
    """A situation, as a viewer stands in it. ``of`` is the council, by its slug, whose resident it is, where that is told: only
    then its own narrowings count."""

    home: Whose = Whose.NONE
    keeper: Whose = Whose.NONE
    sharing: Sharing = Sharing.NOT_ASKED
    objection: bool = False
    states: frozenset[State] = frozenset()
    matter: frozenset[Matter] = frozenset()
    job: Job = Job.NONE
    disclosure: Disclosure = Disclosure.NONE
    contact: bool = True
    of: str = ""

    @property
    def linked(self) -> bool:
        """Whether what is asked about belongs to a resident who is known."""
        return Matter.UNLINKED not in self.matter

    @property
    def answers(self) -> bool:
        """Whether the viewer answers for the request: responsible, and of the viewer's unit."""
        return Matter.RESPONSIBLE in self.matter and Matter.OTHER_UNIT not in self.matter

    @property
    def consented(self) -> bool:
        """Whether another council is the home and the resident agreed to sharing."""
        return self.home is Whose.OTHER and self.sharing is Sharing.GIVEN

    def shows(self, group: Group) -> bool:
        """Whether a running job opens a group: what is to be done, or what service and agreement both name."""
        return self.job is Job.OPEN or (self.job is Job.NOT_COVERED and group in BARE)

    def plain_for(self, *, objection: bool = False, restricted: bool = True) -> bool:
        """Whether nothing on the record takes away what hangs on it."""
        taken = {State.OWN_RECORD} | ({State.RESTRICTED} if restricted else set())
        return self.linked and not (taken & self.states) and not (objection and self.objection)


# Beside residents these hold for everybody: there is no row, or it is public.
_ALWAYS: Final = "any"
Condition = Callable[[Facts, Group], bool]
S = ScopeWord

# The one table: of which kind of row, which right, holds when. Whatever is not here never holds.
HOLDS: Mapping[tuple[str, ScopeWord], Condition] = MappingProxyType({
    ("resident", S.HOME): lambda facts, _: facts.home is Whose.OWN,
    ("resident", S.KEPT): lambda facts, _: facts.keeper is Whose.OWN,
    ("resident", S.CONSENTED): lambda facts, _: facts.consented,
    ("resident", S.SERVED): lambda facts, _: (
        facts.home is Whose.OWN and facts.answers and facts.linked and Matter.CLOSED not in facts.matter),
    ("resident", S.ASSIGNED): lambda facts, group: facts.linked and facts.shows(group),
    ("resident", S.DISCLOSED): lambda facts, _: facts.disclosure is Disclosure.OPEN,
    ("request", S.TAKEN): lambda facts, group: Matter.TAKEN in facts.matter and (
        group is Group.STUB or Matter.TYPING in facts.matter),
    ("request", S.RESPONSIBLE): lambda facts, _: facts.answers,
    ("request", S.INTAKE): lambda facts, _: Matter.OFFERED in facts.matter and Matter.CLOSED not in facts.matter,
    ("request", S.ASSIGNED): lambda facts, group: facts.shows(group),
    ("request", S.PAST): lambda facts, _: facts.job is not Job.NONE,
    ("request", S.HOME): lambda facts, _: facts.home is Whose.OWN and facts.plain_for(),
    ("request", S.CONSENTED): lambda facts, _: facts.consented and facts.plain_for(objection=True),
    ("request", S.KEPT): lambda facts, _: facts.keeper is Whose.OWN and facts.plain_for(restricted=False),
    ("contact", S.TAKEN): lambda facts, _: Matter.TAKEN in facts.matter,
    ("contact", S.HOME): lambda facts, _: facts.home is Whose.OWN and facts.plain_for(),
    ("contact", S.CONSENTED): lambda facts, _: facts.consented and facts.plain_for(objection=True),
    ("contact", S.KEPT): lambda facts, _: facts.keeper is Whose.OWN and facts.plain_for(restricted=False),
    ("journal", S.KEPT): lambda facts, _: Matter.OWN in facts.matter or (
        facts.keeper is Whose.OWN and facts.plain_for(restricted=False)),
    ("journal", S.OWN): lambda facts, _: Matter.OWN in facts.matter,
    (_ALWAYS, S.ANY): lambda *_: True,
    (_ALWAYS, S.OWN): lambda facts, _: Matter.OWN in facts.matter,
})
# Rows on which masks stand; of contacts and the journal the rights themselves leave out what a mask would take.
_MASKED: Final = frozenset({"resident", "request"})


def holding(facts: Facts, role: Role, purpose: Purpose, action: Action, group: Group) -> frozenset[ScopeWord]:
    """The rights that hold for what is asked."""
    found = frozenset(scope for scope in SCOPES_OF[action.kind] if _holds(facts, action, group, scope))
    if facts.contact or role not in ADVISING or purpose is not Purpose.ENQUIRY:
        return found
    # Without a conversation advisers read which conversations were held, and nothing else of a resident.
    return frozenset() if action.needs_a_contact else found & {S.TAKEN, S.ANY, S.OWN}


def _holds(facts: Facts, action: Action, group: Group, scope: ScopeWord) -> bool:
    condition = HOLDS.get((decides(action.kind, scope) or _ALWAYS, scope))
    return condition is not None and condition(facts, group)


def standing(facts: Facts, action: Action, scope: ScopeWord) -> frozenset[MaskWord | Of]:
    """What masks and narrowings stand on, on the row through which a scope is asked, lifts apart."""
    kind = decides(action.kind, scope)
    if kind not in _MASKED or (kind == "request" and not facts.linked):
        return frozenset()
    on_record = {State.PROTECTED: MaskWord.PROTECTED, State.RESTRICTED: MaskWord.RESTRICTED,
                 State.OWN_RECORD: MaskWord.OWN_RECORD}
    return frozenset({word for state, word in on_record.items() if state in facts.states}
                     | ({MaskWord.OBJECTION} if facts.objection else set()) | ({Of(facts.of)} if facts.of else set()))


def places(facts: Facts, action: Action, scope: ScopeWord) -> frozenset[LiftWord]:
    """Where the viewer stands, for lifts."""
    through = decides(action.kind, scope) == "request"
    found = {LiftWord.HOME: facts.home is Whose.OWN and (not through or facts.plain_for()),
             LiftWord.KEEPER: facts.keeper is Whose.OWN and (not through or facts.plain_for(restricted=False))}
    return frozenset(place for place, so in found.items() if so)
