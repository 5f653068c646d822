"""The phrases of the policy's English that are no word's own: how a sentence leads on to its groups, rows and reasons.

Writing sentences of them is for ``sentences``, reading sentences back for ``phrasing``: both use these tables, so that
neither can say what the other does not know.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.policy.actions import Action
from app.policy.words import ScopeWord

# The joints of a sentence, in the order in which they come.
OF, IN_UNIT = " of ", " in the unit "
MAY, MUST_NOT = " may ", " must not "
EVERY_PART = ", every part there is"
WHERE, PURPOSE, EVERY_PURPOSE = ", where ", ", to ", ", for any purpose"
BASIS, AGREEMENT, IN_FORCE_WORDS = ", on the lawful basis of ", ", under the agreement ", "in force"
OWNER, REVIEW = "; ", " answers for this and reviews it by "
WITHHOLD, REACHED, EVERYTHING = ", we withhold ", " reached through ", "everything"
NARROWS, WITHHOLDS, FROM, EVERYBODY, BECAUSE = "Of its own residents, ", " withholds ", " from ", "everybody", ", because "
SPARE, OF_WHAT, INCLUDES, MAY_TOO = ", we spare ", " what is reached through ", " may do whatever ", " may"

# How an action leads on to its groups, where *namely* would read badly.
_BY: Final = {Action.RESIDENT_FIND: "by", Action.RESIDENT_MATCH: "by", Action.RESIDENT_PAIR: "by"}
_WITH: Final = dict.fromkeys((Action.RESIDENT_IMPORT, Action.RESIDENT_RECORD, Action.REQUEST_TAKE, Action.INTAKE_TAKE,
                              Action.INTAKE_LINK, Action.CONTACT_OPEN), "with")
_TOUCHING: Final = dict.fromkeys((
    Action.CONTACT_CHANGE, Action.CONTACT_END, Action.DISPOSAL_CONFIRM, Action.REQUEST_ACCEPT, Action.REQUEST_ASSIGN,
    Action.REQUEST_CANCEL, Action.REQUEST_CHASE, Action.REQUEST_CLOSE, Action.REQUEST_COMPLETE, Action.REQUEST_PASS,
    Action.REQUEST_REFUSE, Action.REQUEST_UPDATE, Action.REQUEST_WORK), "touching")
_LEADS: Mapping[Action, str] = MappingProxyType({**_BY, **_WITH, **_TOUCHING})


def leading(action: Action) -> str:
    """The joint between an action and its groups."""
    return f", {_LEADS.get(action, 'namely')} "


# What must be so of a row, after *where*. Of what is anybody's nothing must be so.
CONDITIONS: Mapping[ScopeWord, str] = MappingProxyType({
    ScopeWord.ASSIGNED: "the request is open and assigned to them under an agreement in force",
    ScopeWord.CONSENTED: "the resident agreed to sharing between the councils",
    ScopeWord.DISCLOSED: "a lawful disclosure names the resident to them and has not ended",
    ScopeWord.HOME: "the resident's home council is theirs",
    ScopeWord.INTAKE: "the intake was passed to their council for linking",
    ScopeWord.KEPT: "their council keeps the resident's record",
    ScopeWord.OWN: "it is their own organisation's",
    ScopeWord.PAST: "the request was assigned to them at some time",
    ScopeWord.RESPONSIBLE: "their council is responsible for the request",
    ScopeWord.SERVED: "the resident is their council's and has an open request of the officer's service",
    ScopeWord.TAKEN: "their council took it",
})
# The same rights as things, for what a mask takes away or spares.
RIGHTS: Mapping[ScopeWord, str] = MappingProxyType({
    ScopeWord.ANY: "being public reference",
    ScopeWord.ASSIGNED: "an assigned job",
    ScopeWord.CONSENTED: "the resident's agreement to sharing",
    ScopeWord.DISCLOSED: "a lawful disclosure",
    ScopeWord.HOME: "being the home council",
    ScopeWord.INTAKE: "an intake passed for linking",
    ScopeWord.KEPT: "keeping the record",
    ScopeWord.OWN: "being the own organisation",
    ScopeWord.PAST: "a past job",
    ScopeWord.RESPONSIBLE: "being responsible for the request",
    ScopeWord.SERVED: "an open request of the officer's service",
    ScopeWord.TAKEN: "having taken it",
})
