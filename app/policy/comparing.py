"""What one policy says and another does not, in sentences: rules, masks, lifts, inheritances and examples that were added,
removed or changed. How a line is numbered or split makes no difference.

Whom a change reaches is not known here: that takes rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from app.policy.examples import Example
from app.policy.groups import Group
from app.policy.rules import EVERY, Every, Grant, Lift, Mask, Narrowing, Tables
from app.policy.sentences import (
    grant_sentence,
    inheritance_sentence,
    joined,
    lift_sentence,
    narrowing_sentence,
    taking_sentence,
)
from app.policy.words import MaskWord


class How(StrEnum):
    """What became of it; these are the very words that are shown."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class About(StrEnum):
    """What a change is about, in the order in which changes are told."""

    RULE = "rule"
    INHERITANCE = "inheritance"
    MASK = "mask"
    LIFT = "lift"
    NARROWING = "narrowing"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what was said before (nothing, of what was added) and is said after; ``gained`` and ``lost`` name the
    groups and scopes that make the difference where both speak."""

    how: How
    about: About
    before: str = ""
    after: str = ""
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.how is not How.CHANGED:
            return f"{self.how} {self.about}: {self.before or self.after}"
        parts = [f"{word} {joined(list(those))}" for word, those in ((How.ADDED, self.gained), (How.REMOVED, self.lost)) if those]
        what = f" ({'; '.join(parts)})" if parts else ""
        return f"{self.how} {self.about}{what}:\n  {How.REMOVED}: {self.before}\n  {How.ADDED}: {self.after}"


Thing = TypeVar("Thing")


def differences(before: Tables, after: Tables, examples_before: Iterable[Example] = (),
                examples_after: Iterable[Example] = ()) -> tuple[Change, ...]:
    """Every change from one policy to another, in a settled order; none where they say the same."""
    return (*_compared(About.RULE, _rules(before), _rules(after), _rule_said, _groups_named),
            *_compared(About.INHERITANCE, {pair: pair for pair in before.inheritances},
                       {pair: pair for pair in after.inheritances}, inheritance_sentence, lambda _: ()),
            *_compared(About.MASK, _masks(before), _masks(after), taking_sentence, _taken),
            *_compared(About.LIFT, _lifts(before), _lifts(after), lambda lift: lift_sentence(*lift), _spared),
            *_compared(About.NARROWING, _narrowings(before), _narrowings(after), narrowing_sentence, _withheld),
            *_compared(About.EXAMPLE, _examples(examples_before), _examples(examples_after), example_sentence, lambda _: ()))


def _compared(about: About, before: Mapping[object, Thing], after: Mapping[object, Thing], said: Callable[[Thing], str],
              parts: Callable[[Thing], Iterable[str]]) -> list[Change]:
    found = []
    for key in sorted(before.keys() | after.keys(), key=repr):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            found.append(Change(How.ADDED, about, after=said(new)))
        elif new is None and old is not None:
            found.append(Change(How.REMOVED, about, before=said(old)))
        elif old is not None and new is not None and old != new:
            had, has = list(parts(old)), list(parts(new))
            found.append(Change(How.CHANGED, about, said(old), said(new), tuple(part for part in has if part not in had),
                                tuple(part for part in had if part not in has)))
    return found


# All grants that share everything but group and what stands behind them: what a person takes for one rule.
_Rule = tuple[Grant, ...]


def _rules(tables: Tables) -> dict[object, _Rule]:
    """Rules by who may do what, to which rows and what for; of those that differ in what stands behind them, each alone."""
    found: dict[tuple[str, ...], list[Grant]] = {}
    for grant in tables.grants:
        key = (*grant.words[:4], *grant.words[5:], str(grant.effect))
        found.setdefault(key, []).append(grant)
    settled: dict[object, _Rule] = {}
    for key, grants in found.items():
        behind = {(grant.basis, grant.agreement, grant.owner, grant.review) for grant in grants}
        if len(behind) == 1:
            settled[key] = _in_order(grants)
        else:
            for one in sorted(behind, key=repr):
                settled[(key, one)] = _in_order(
                    grant for grant in grants if (grant.basis, grant.agreement, grant.owner, grant.review) == one)
    return settled


def _in_order(grants: Iterable[Grant]) -> _Rule:
    return tuple(replace(grant, line=0) for grant in sorted(grants, key=lambda grant: str(grant.group)))


def _rule_said(rule: _Rule) -> str:
    return grant_sentence(*rule)


def _groups_named(rule: _Rule) -> Iterable[str]:
    return [_group(grant.group) for grant in rule]


def _group(group: Group | Every) -> str:
    return "every part there is" if group == EVERY else Group(group).sentence


def _masks(tables: Tables) -> dict[object, Mask]:
    return {mask.word: replace(mask, lifts=(), line=0) for mask in tables.masks}


def _taken(mask: Mask) -> Iterable[str]:
    return [*(group.sentence for group in sorted(mask.groups)), *map(str, sorted(mask.scopes))]


def _lifts(tables: Tables) -> dict[object, tuple[MaskWord, Lift]]:
    """Lifts by mask, role, purpose and place: those that share all four are told by their scopes."""
    found: dict[object, tuple[MaskWord, Lift]] = {}
    for mask in tables.masks:
        alike: dict[object, list[Lift]] = {}
        for lift in mask.lifts:
            alike.setdefault((mask.word, lift.role, lift.purpose, lift.where), []).append(lift)
        for key, lifts in alike.items():
            for lift in lifts:
                found[key if len(lifts) == 1 else (key, tuple(sorted(lift.scopes)))] = (mask.word, replace(lift, line=0))
    return found


def _spared(lift: tuple[MaskWord, Lift]) -> Iterable[str]:
    return map(str, sorted(lift[1].scopes))


def _narrowings(tables: Tables) -> dict[object, Narrowing]:
    """Narrowings by council and those from whom it withholds: such as share them are told by their groups."""
    alike: dict[object, list[Narrowing]] = {}
    for each in tables.narrowings:
        alike.setdefault((each.council, tuple(sorted(each.organisations)), tuple(sorted(each.roles))), []).append(each)
    return {key if len(those) == 1 else (key, tuple(sorted(each.groups))): replace(each, line=0)
            for key, those in alike.items() for each in those}


def _withheld(narrowing: Narrowing) -> Iterable[str]:
    return [group.sentence for group in sorted(narrowing.groups)]


def _examples(examples: Iterable[Example]) -> dict[object, Example]:
    return {example.name: replace(example, line=0) for example in examples}


def example_sentence(example: Example) -> str:
    """An example in a line: what it is called, what is asked, and what is expected."""
    facts = example.facts
    so = [*([f"home {facts.of}"] if facts.of else [f"home {facts.home}", f"keeper {facts.keeper}"]), f"sharing {facts.sharing}",
          *(["objection"] if facts.objection else []), *sorted(facts.states), *sorted(facts.matter),
          *([f"job {facts.job}"] if facts.job != "none" else []),
          *([f"disclosure {facts.disclosure}"] if facts.disclosure != "none" else []),
          *([] if facts.contact else ["no contact"])]
    where = "".join(f", {name}" for name in (example.organisation, example.unit) if name not in (EVERY, "-"))
    return (f"{example.name} ({example.rule}): {example.role}{where}, {example.purpose}, {' '.join(example.actions)},"
            f" {' '.join(example.groups)}; {', '.join(so)}: {'yes' if example.answer else 'no'}.")
