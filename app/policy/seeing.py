"""Who sees which part of a record in a stated situation: a purpose, what the resident said, and where they live. One square for
each group of viewers and each part of the record, and what decides it.

The table by rights is for ``matrix``; questions about one resident are for ``rights``.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.policy.actions import Action
from app.policy.examples import Case, Example, answer
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.plainly import Plain
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, NO_UNIT
from app.policy.situations import Disclosure, Facts, Job, Matter, Sharing, Whose
from app.policy.words import OF_PARTNERS, Role


class Sight(StrEnum):
    """What a square says; these are the very words that are shown, the widest first."""

    ALL = "sees"
    JOB = "for a job"
    ASK = "if they agree"
    LAW = "by law only"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Situation:
    """Of whom it is asked: what for, what the resident said about sharing, and the slug of their home council."""

    purpose: Purpose
    sharing: Sharing
    home: str

    def facts(self, organisation: str) -> Facts:
        """The situation as it is seen from an organisation. The home council keeps the record, and may withhold more of it."""
        whose = Whose.OWN if organisation == self.home else Whose.OTHER
        return Facts(home=whose, keeper=whose, sharing=self.sharing, of=self.home)


@dataclass(frozen=True, slots=True)
class Viewers:
    """People who all see the same: those of one role in these organisations."""

    role: Role
    organisations: tuple[str, ...]

    @property
    def organisation(self) -> str:
        """One that stands for all."""
        return self.organisations[0]


@dataclass(frozen=True, slots=True)
class Seen:
    """The table: of each part of the record what each of the viewers sees of it."""

    viewers: tuple[Viewers, ...]
    rows: tuple[tuple[Group, tuple[Sight, ...]], ...]


def seen(plain: Plain, situation: Situation, hats: Iterable[tuple[Role, str]]) -> Seen:
    """The table of a situation for these roles and organisations. Roles that never see anything for its purpose are left out; of
    one role, organisations of which all is the same stand together."""
    groups = sorted(RESIDENT_GROUPS)
    columns: dict[tuple[Role, bool, tuple[Sight, ...]], list[str]] = {}
    for role, organisation in sorted(hats, key=lambda hat: (list(Role).index(hat[0]), hat[1] != situation.home, hat[1])):
        sights = tuple(sight(plain, situation, role, organisation, group) for group in groups)
        columns.setdefault((role, organisation == situation.home, sights), []).append(organisation)
    telling = {role for role, _, sights in columns if set(sights) != {Sight.NEVER}}
    kept = {Viewers(role, tuple(those)): sights for (role, _, sights), those in columns.items() if role in telling}
    return Seen(tuple(kept), tuple((group, tuple(sights[at] for sights in kept.values())) for at, group in enumerate(groups)))


def sight(plain: Plain, situation: Situation, role: Role, organisation: str, group: Group) -> Sight:
    """One square."""
    facts = situation.facts(organisation)
    for found, tried in _wider(role, facts):
        if answer(plain, case(situation, role, organisation, group, tried)).yes:
            return found
    return Sight.NEVER


def _wider(role: Role, facts: Facts) -> Iterator[tuple[Sight, Facts]]:
    """The situation, and what else would have to be so, one thing at a time."""
    yield Sight.ALL, facts
    yield Sight.JOB, replace(facts, job=Job.OPEN) if role in OF_PARTNERS else replace(facts, matter=frozenset({Matter.RESPONSIBLE}))
    yield Sight.ASK, replace(facts, sharing=Sharing.GIVEN)
    yield Sight.LAW, replace(facts, disclosure=Disclosure.OPEN)


def case(situation: Situation, role: Role, organisation: str, group: Group, facts: Facts | None = None) -> Case:
    """The question behind a square."""
    asked = Example("", "", role, organisation, NO_UNIT, situation.purpose, (Action.RESIDENT_SEE,), (group,),
                    facts or situation.facts(organisation), True)
    return Case(asked, organisation, NO_UNIT, Action.RESIDENT_SEE, group)


def covering(plain: Plain, examples: Collection[Example], situation: Situation, viewers: Viewers, group: Group) -> list[Example]:
    """The worked examples that say something about a square: the same viewers and purpose, this part of the record, somebody of
    theirs or not, and the same answer about sharing."""
    facts = situation.facts(viewers.organisation)
    return [example for example in examples
            if example.role is viewers.role and example.purpose is situation.purpose and group in example.groups
            and Action.RESIDENT_SEE in example.actions and example.facts.sharing is facts.sharing
            and example.facts.of in ("", situation.home)
            and any(each.organisation in viewers.organisations and each.facts.home is facts.home for each in example.cases(plain))]


def example(plain: Plain, situation: Situation, viewers: Viewers, group: Group, name: str, rule: str) -> Example:
    """The square as an example of every organisation that has the role. The home council is named only where it is what that
    council withholds that decides: else the example is about the partnership's policy."""
    asked = case(situation, viewers.role, viewers.organisation, group)
    yes = answer(plain, asked).yes
    facts = replace(asked.facts, of="")
    alike = answer(plain, case(situation, viewers.role, viewers.organisation, group, facts)).yes is yes
    # Seen from nobody in particular, a named council is another one.
    named = replace(asked.facts, home=Whose.OTHER, keeper=Whose.OTHER)
    return replace(asked.example, name=name, rule=rule, organisation=EVERY, facts=facts if alike else named, answer=yes)


def as_csv(found: Seen, more: Collection[tuple[str, Mapping[Group, str]]] = ()) -> str:
    """The table for a spreadsheet: the parts of the record down, the viewers across, and whatever else is told of each part."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["group", *(f"{viewers.role} of {' '.join(viewers.organisations)}" for viewers in found.viewers),
                     *(heading for heading, _ in more)])
    for group, sights in found.rows:
        writer.writerow([group, *sights, *(cells[group] for _, cells in more)])
    return written.getvalue()
