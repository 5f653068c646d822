"""What would have become of the look-ups that people really made under a draft: of each the groups that were shown through the
rights that let them be, and of each refusal whether the rules would still stand in the way. Pure.

What a replay cannot know: what would have been shown that was not, and what was true of the record then.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.drafts.alike import Kind
from app.drafts.eyes import SHOWING, Eyes
from app.policy.actions import Action
from app.policy.figures import FEWEST
from app.policy.groups import Group
from app.policy.plainly import Plain
from app.policy.purposes import Purpose
from app.policy.reach import Wearer
from app.policy.words import ScopeWord

REFUSED_THEN = "refused"
# By what an entry came about, where its name says so; any other was by one of all the ways of looking.
LOOKED_BY = {"resident.seen": frozenset({Action.RESIDENT_SEE}), "resident.searched": frozenset({Action.RESIDENT_FIND}),
             "resident.known": frozenset({Action.RESIDENT_FIND}),
             "choices.seen": frozenset({Action.RESIDENT_SEE, Action.CHOICE_SEE})}


class Outcome(StrEnum):
    """What a draft makes of a look-up."""

    SAME = "same"
    LESS = "less"
    REFUSED = "refused"
    ALLOWED = "allowed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look-ups that are alike: by which hat, for what, what was shown through which rights, under which version."""

    wearer: Wearer
    purpose: Purpose | None
    event: str
    endpoint: str | None
    version: int | None
    groups: frozenset[Group]
    scopes: frozenset[ScopeWord]
    many: int


# What an address needs, and the purpose it is for where it names one; None for one that there is no longer.
Needs = Callable[[str], tuple[frozenset[Action], Purpose | None] | None]


@dataclass(frozen=True)
class Replay:
    """Judges look-ups by the live rules and by a draft's."""

    before: Plain
    after: Plain
    needs: Needs
    usual: Callable[[Wearer], Purpose]
    _eyes: dict[tuple[bool, Wearer, Purpose, frozenset[Action]], Eyes] = field(default_factory=dict, repr=False)

    def outcomes(self, lookups: Iterable[LookUp]) -> dict[str, Any]:
        """How many came out how, in all and for each hat's kind of look-up, as plain values."""
        rows: dict[tuple[str, str, str], Counter[Outcome]] = defaultdict(Counter)
        versions: Counter[int] = Counter()
        for each in lookups:
            outcome = self._refusal(each) if each.event == REFUSED_THEN else self._sight(each)
            rows[each.wearer.organisation, str(each.wearer.role), each.event][outcome] += each.many
            versions[each.version or 0] += each.many
        whole = sum(rows.values(), Counter())
        touched = {key: counts for key, counts in rows.items() if counts[Outcome.LESS] or counts[Outcome.REFUSED]
                   or counts[Outcome.ALLOWED]}
        return {"whole": _plain(whole), "versions": sorted((number, many) for number, many in versions.items()),
                "rows": [{"organisation": key[0], "role": key[1], "event": key[2], "counts": _plain(counts)}
                         for key, counts in sorted(touched.items())]}

    def _sight(self, each: LookUp) -> Outcome:
        if each.purpose is None or not each.scopes:
            # A request's own copy was looked at, or who the caller was: the entry does not say through which right.
            return Outcome.UNKNOWN
        had, has = (_shown(self._seeing(policy, each, each.purpose), each) for policy in (self.before, self.after))
        if not had:
            return Outcome.UNKNOWN
        return Outcome.SAME if has >= had else Outcome.LESS if has else Outcome.REFUSED

    def _seeing(self, policy: Plain, each: LookUp, purpose: Purpose) -> Eyes:
        looking = LOOKED_BY.get(each.event, SHOWING)
        key = (policy is self.after, each.wearer, purpose, looking)
        if key not in self._eyes:
            self._eyes[key] = Eyes.of(policy, each.wearer, purpose, looking)
        return self._eyes[key]

    def _refusal(self, each: LookUp) -> Outcome:
        known = self.needs(each.endpoint or "")
        if known is None:
            return Outcome.UNKNOWN
        actions, purpose = known
        wearer = each.wearer
        had, has = (all(policy.allowed(wearer.role, wearer.organisation, wearer.unit, action, purpose or self.usual(wearer))
                        for action in actions) for policy in (self.before, self.after))
        return Outcome.ALLOWED if has and not had else Outcome.SAME if has == had and not had else Outcome.UNKNOWN


def _shown(eyes: Eyes, each: LookUp) -> frozenset[Group]:
    """Of the groups that were shown, those that the rules give through one of the same rights."""
    granted = eyes.reading.get(str(Kind.RESIDENT), {})
    given = frozenset().union(*(granted.get(scope, frozenset()) for scope in each.scopes))
    # An entry without groups tells that there is a record: anything given shows that.
    return given & each.groups if each.groups else given


def _plain(counts: Mapping[Outcome, int]) -> dict[str, int | None]:
    """None for a number that is too small to be told; none at all is told."""
    return {str(outcome): None if 0 < counts.get(outcome, 0) < FEWEST else counts.get(outcome, 0) for outcome in Outcome}
