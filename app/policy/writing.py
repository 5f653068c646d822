"""Rules written as lines of the policy's files, the way round that ``reading`` undoes: for who makes a policy by other
means than a text editor."""

from collections.abc import Iterable

from app.policy.examples import Example
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.narrowings import NARROWINGS_HEADER
from app.policy.reading import GRANTS_HEADER, MASKS_HEADER, ROLES_HEADER
from app.policy.rules import EVERY, NO_UNIT, NONE_NEEDED, Grant, Inheritance, Lift, Mask, Narrowing, Tables
from app.policy.sentences import by_line
from app.policy.sheets import joined_cells
from app.policy.situations import Whose
from app.policy.words import MaskWord


def grant_line(*grants: Grant) -> str:
    """Grants that differ in their group only, as one line of grants.csv."""
    grant = grants[0]
    return joined_cells(grant.role, grant.organisation, grant.unit, grant.action, " ".join(str(each.group) for each in grants),
                        grant.purpose, grant.scope, grant.effect, grant.basis or NONE_NEEDED, grant.agreement, grant.owner,
                        grant.review.isoformat())


def mask_line(mask: Mask) -> str:
    """What a mask takes, as a line of masks.csv."""
    groups = EVERY if mask.groups == frozenset(Group) else " ".join(sorted(mask.groups))
    return joined_cells(mask.word, "takes", " ".join(sorted(mask.scopes)), groups, *[NONE_NEEDED] * 3, mask.owner,
                        mask.review.isoformat())


def lift_line(word: MaskWord, lift: Lift) -> str:
    """Whom a mask spares, as a line of masks.csv."""
    return joined_cells(word, "lifts", " ".join(sorted(lift.scopes)), NONE_NEEDED, lift.role, lift.purpose, lift.where,
                        lift.owner, lift.review.isoformat())


def inheritance_line(pair: Inheritance) -> str:
    """An inheritance as a line of roles.csv."""
    return joined_cells(pair.role, pair.includes)


def narrowing_line(narrowing: Narrowing) -> str:
    """What a council withholds of its own residents, as a line of narrowings.csv."""
    groups = EVERY if narrowing.groups == RESIDENT_GROUPS else " ".join(sorted(narrowing.groups))
    return joined_cells(narrowing.council, groups, " ".join(sorted(narrowing.organisations)), " ".join(sorted(narrowing.roles)),
                        narrowing.reason, narrowing.owner, narrowing.review.isoformat())


def example_line(example: Example) -> str:
    """A worked example as a line of examples.csv."""
    facts = example.facts
    home = facts.of or ("" if facts.home is facts.keeper is Whose.NONE else facts.home)
    keeper = "" if facts.keeper is facts.home else facts.keeper
    every = frozenset().union(*(GROUPS_OF[action.kind] for action in example.actions))
    return joined_cells(example.name, example.rule, example.role, "" if example.organisation == EVERY else example.organisation,
                        "" if example.unit == NO_UNIT else example.unit, example.purpose, " ".join(example.actions),
                        EVERY if every == set(example.groups) else " ".join(example.groups), home, keeper, facts.sharing,
                        "yes" if facts.objection else "",
                        " ".join(sorted(facts.states)), " ".join(sorted(facts.matter)), facts.job, facts.disclosure,
                        "" if facts.contact else "none", "yes" if example.answer else "no")


def grants_file(tables: Tables) -> str:
    """The whole of grants.csv."""
    return _file(GRANTS_HEADER, (grant_line(*line) for line in by_line(tables.grants)))


def masks_file(tables: Tables) -> str:
    """The whole of masks.csv."""
    return _file(MASKS_HEADER, (line for mask in tables.masks for line in (
        mask_line(mask), *(lift_line(mask.word, lift) for lift in mask.lifts))))


def roles_file(tables: Tables) -> str:
    """The whole of roles.csv."""
    return _file(ROLES_HEADER, map(inheritance_line, tables.inheritances))


def narrowings_file(tables: Tables) -> str:
    """The whole of narrowings.csv."""
    return _file(NARROWINGS_HEADER, map(narrowing_line, tables.narrowings))


def _file(header: Iterable[str], lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in (",".join(header), *lines))
