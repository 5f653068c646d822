"""What a draft would change, told in sentences and counts, as it is kept and shown. Counts under five are withheld, and with them
those from which they could be worked out. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.drafts.alike import Counted, Kind
from app.drafts.impact import Barred, Found, Line, Standing, Whom, barred
from app.policy.actions import Action
from app.policy.figures import FEWEST
from app.policy.groups import Group
from app.policy.rules import NO_UNIT, Vocabulary
from app.policy.sentences import joined, started
from app.policy.words import OF_PARTNERS, Role

FEW: Final = f"fewer than {FEWEST}"
NOUNS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.RESIDENT: ("resident", "residents"), Kind.REQUEST: ("request", "requests"),
    Kind.CONTACT: ("conversation", "conversations"), Kind.JOURNAL: ("resident", "residents")}
BETWEEN: Final[Mapping[str, str]] = {
    "given": "who agreed to sharing between the councils", "refused": "who refused sharing between the councils",
    "withdrawn": "who withdrew their agreement to sharing", "not-asked": "who were not asked about sharing"}
PASSING: Final[Mapping[str, str]] = {
    "given": "who agreed that their details are passed on", "refused": "who refused to have their details passed on",
    "withdrawn": "who withdrew their agreement to passing on", "not-asked": "who were not asked about passing on"}
# How each way of looking is told, with what is seen and the number of those who are seen.
WAYS: Final[Mapping[Action, str]] = {
    Action.RESIDENT_SEE: "see {what} of {many}", Action.RESIDENT_FIND: "find {many} by {what}",
    Action.RESIDENT_MATCH: "compare {what} of {many} with others", Action.CHOICE_SEE: "see what {many} chose",
    Action.OBJECTION_SEE: "see to whom {many} objected", Action.REQUEST_SEE: "see {what} of {many}",
    Action.INTAKE_SEE: "see {what} of {many} that came as an intake", Action.INTAKE_LINK: "see {what} of {many} to link an intake",
    Action.DISPOSAL_SEE: "see of {many} the duty to dispose", Action.CONTACT_SEE: "see {many}: when and how they were held",
    Action.JOURNAL_READ: "read what the journal says of {many}", Action.JOURNAL_AUDIT: "audit what the journal says of {many}"}
REASONS: Final[Mapping[Barred, str]] = {
    Barred.NO_CHOICE: "they refused or were not asked", Barred.OBJECTED: "they objected to that organisation",
    Barred.SENSITIVE: "nobody gains sight of sensitive data by a change of the policy",
    Barred.NO_AGREEMENT: "the organisation has no agreement in force"}


def withheld(parts: Sequence[int]) -> tuple[int | None, list[int | None]]:
    """The sum and its parts, without those under five and without what would give those away."""
    whole = sum(parts)
    if whole < FEWEST:
        return None, [None for _ in parts]
    hidden = {at for at, many in enumerate(parts) if many < FEWEST}
    if hidden and (len(hidden) == 1 or sum(parts[at] for at in hidden) < FEWEST):
        hidden.add(min((at for at in range(len(parts)) if at not in hidden), key=lambda at: parts[at]))
    return whole, [None if at in hidden else many for at, many in enumerate(parts)]


def number(many: int | None, noun: tuple[str, str]) -> str:
    """A count with what is counted; a withheld one in words."""
    return f"{FEW} {noun[1]}" if many is None else f"{many:,} {noun[many != 1]}"


@dataclass(frozen=True)
class Teller:
    """Tells in the names of the partnership's organisations and units. ``in_force`` are the partners with an agreement."""

    vocabulary: Vocabulary
    names: Mapping[str, str]
    in_force: frozenset[str]

    def result(self, found: Found, counted: Counted, pairs: int) -> dict[str, Any]:
        """What is kept of a weighing, in plain values."""
        lines = self._told(found)
        sizes = {str(kind): withheld([sum(counted.of(kind).values())])[0] for kind in (Kind.RESIDENT, Kind.REQUEST, Kind.CONTACT)
                 if counted.of(kind)}
        classes = sum(sum(1 for many in counted.of(kind).values() if many) for kind in (Kind.RESIDENT, Kind.REQUEST, Kind.CONTACT))
        return {"lines": lines, "barred": [words for line in lines for words in line["barred"]], "counted": sizes,
                "classes": classes, "hats": pairs}

    def _told(self, found: Found) -> list[dict[str, Any]]:
        """The lines, those of the same hat that are about the same people put together: gains first, the largest first."""
        alike: dict[tuple[Any, ...], list[Group]] = defaultdict(list)
        for line, whom in sorted(found.items()):
            # Sensitive data is never told among others.
            key = replace(line, group=Group.SENSITIVE if line.group is Group.SENSITIVE else Group.NONE)
            alike[key, tuple(sorted(whom.items()))].append(line.group)
        told = [(parts, self._line(line, groups, dict(parts))) for (line, parts), groups in alike.items()]
        told.sort(key=lambda each: (not each[1]["barred"], not each[1]["gains"], -sum(many for _, many in each[0])))
        return [line for _, line in told]

    def _line(self, line: Line, groups: Collection[Group], whom: Mapping[Whom, int]) -> dict[str, Any]:
        order = sorted(whom, key=lambda each: (-whom[each], each))
        whole, parts = withheld([whom[each] for each in order])
        who, noun = self.who(line.wearer), NOUNS[line.kind]
        reasons = {each: barred(line, each, self.vocabulary, self.in_force) for each in order}
        return {"who": who, "what": _way(line, groups, "them"), "kind": str(line.kind), "to": line.purpose.sentence,
                "gains": line.gains, "whole": whole,
                "said": f"{who} would {'' if line.gains else 'no longer '}{_way(line, groups, number(whole, noun))}, to "
                        f"{line.purpose.sentence}.",
                "parts": [{"whom": self.whom(line, each), "many": many} for each, many in zip(order, parts, strict=True)],
                "barred": [f"{who} would {_way(line, groups, number(many, noun))}: {self.whom(line, each)}. This cannot be "
                           f"approved: {joined([REASONS[why] for why in sorted(reasons[each])])}."
                           for each, many in zip(order, parts, strict=True) if reasons[each]]}

    def who(self, wearer: tuple[str, str, str]) -> str:
        """A hat in words."""
        organisation, role, unit = wearer
        inside = "" if unit == NO_UNIT else f", unit {unit}"
        return f"{started(Role(role).sentence)} of {self.names.get(organisation, organisation)}{inside}"

    def whom(self, line: Line, whom: Whom) -> str:
        """Those of one class in words."""
        if not whom.known:
            permitted = "" if whom.said in ("", "given") else ", who did not permit passing it on"
            return f"{NOUNS[line.kind][1]} of people who are not known{permitted}"
        partner = Role(line.wearer[1]) in OF_PARTNERS
        whose = {Standing.OWN: "residents of their own council", Standing.OTHER: "residents of another council",
                 Standing.KEPT: "residents who left the area and whose record their council keeps",
                 Standing.NOBODY: "residents who left the area"}[whom.standing]
        words = ["residents" if partner and whom.standing is Standing.OTHER else whose]
        words += [(PASSING if partner else BETWEEN)[whom.said]] if whom.said and not whom.law else []
        words += ["and objected to that organisation"] if whom.objected else []
        words += ["(" + joined(list(whom.marks)) + ")"] if whom.marks else []
        words += ["opened to them by a lawful disclosure"] if whom.law else []
        about = {Kind.REQUEST: "requests for ", Kind.CONTACT: "conversations with "}.get(line.kind, "")
        return about + " ".join(words)


def _way(line: Line, groups: Collection[Group], many: str) -> str:
    what = joined(["that there is a record" if line.kind is Kind.RESIDENT and group is Group.STUB else group.sentence
                   for group in sorted(groups)])
    return WAYS[line.action].format(what=what, many=many)
