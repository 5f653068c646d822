"""The whole policy as a table: what people expect of it, what Casbin says, where the two differ, and how it is drawn.

What a line of the policy means in words is for ``sentences``; the policy's own files are read by ``reading``.
"""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, Group
from app.policy.plainly import Answers
from app.policy.purposes import Purpose
from app.policy.sheets import Fault, PolicyRefused, Row, Sheet
from app.policy.words import Role, ScopeWord

MATRIX = "matrix.csv"
HEADER = ("roles", "purpose", "scope", "actions", "groups")


class Cell(NamedTuple):
    """One cell's place in the table."""

    role: Role
    purpose: Purpose
    scope: ScopeWord
    action: Action


Matrix = Mapping[Cell, frozenset[Group]]


def expected(text: str) -> Matrix:
    """The table that people wrote. A line may name several roles, actions and groups, with spaces between them."""
    faults: list[Fault] = []
    found: dict[Cell, frozenset[Group]] = {}
    lines: dict[Cell, int] = {}
    for row in Sheet(MATRIX, HEADER, faults).rows(text):
        for cell, groups in _cells(row).items():
            if cell in found:
                row.fault("", f"line {lines[cell]} already says what {cell.role} has for {cell.action}",
                          "Take one of them out.")
            found[cell], lines[cell] = groups, row.line
    if faults:
        raise PolicyRefused(faults)
    return found


def _cells(row: Row) -> dict[Cell, frozenset[Group]]:
    roles = [row.one("roles", text, Role) for text in row["roles"].split() or [""]]
    actions = [row.one("actions", text, Action) for text in row["actions"].split() or [""]]
    groups = [row.one("groups", text, Group) for text in row["groups"].split() or [""]]
    purpose, scope = row.word("purpose", Purpose), row.word("scope", ScopeWord)
    known = frozenset(group for group in groups if group)
    if purpose is None or scope is None:
        return {}
    for action in filter(None, actions):
        if known - GROUPS_OF[action.kind]:
            row.fault("groups", f"{action} has no group {', '.join(sorted(known - GROUPS_OF[action.kind]))}",
                      f"It has {', '.join(sorted(GROUPS_OF[action.kind]))}.")
    return {Cell(role, purpose, scope, action): known
            for role in filter(None, roles) for action in filter(None, actions)}


def said_by(rulebook: Answers, organisation: str, unit: str | None = None,
            purposes: Collection[Purpose] = tuple(Purpose)) -> Matrix:
    """What a policy says to every question that the vocabulary can put, for hats of one organisation and unit."""
    return {Cell(role, purpose, scope, action): groups
            for role in Role for purpose in purposes for action in Action
            for scope, groups in rulebook.allowed(role, organisation, unit, action, purpose).items()}


def differences(wanted: Matrix, said: Matrix) -> tuple[str, ...]:
    """Every cell where what is said is more or less than what is wanted, as sentences; none if they agree."""
    found = []
    for cell in sorted(wanted.keys() | said.keys()):
        want, say = wanted.get(cell, frozenset()), said.get(cell, frozenset())
        place = f"{cell.role}, {cell.purpose}, {cell.scope}, {cell.action}"
        if say - want:
            found.append(f"{place}: the policy gives {', '.join(sorted(say - want))}, which {MATRIX} does not expect.")
        if want - say:
            found.append(f"{place}: {MATRIX} expects {', '.join(sorted(want - say))}, which the policy does not give.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Square:
    """One square of a drawn table: the actions that a role has on a group through a scope."""

    actions: tuple[Action, ...]

    @property
    def word(self) -> str:
        """The square in one or two words."""
        changes = any(action.changes for action in self.actions)
        sees = any(not action.changes for action in self.actions)
        return {(False, False): "never", (True, False): "sees", (False, True): "changes",
                (True, True): "sees, changes"}[sees, changes]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table for one purpose: a column for each role and scope that gives anything, a row for each group."""

    purpose: Purpose
    columns: tuple[tuple[Role, ScopeWord], ...]
    rows: tuple[tuple[Group, tuple[Square, ...]], ...]


def draw(said: Matrix, purpose: Purpose) -> Drawn:
    """The squares of one purpose."""
    cells = {cell: groups for cell, groups in said.items() if cell.purpose is purpose}
    columns = tuple(sorted({(cell.role, cell.scope) for cell in cells}))
    shown = sorted({group for groups in cells.values() for group in groups})
    rows = tuple((group, tuple(Square(tuple(sorted(
        cell.action for cell, groups in cells.items() if (cell.role, cell.scope) == column and group in groups)))
        for column in columns)) for group in shown)
    return Drawn(purpose, columns, rows)


def as_text(drawn: Drawn) -> str:
    """The table for a terminal: a block for each role, its scopes as columns."""
    blocks = [f"To {drawn.purpose.sentence} ({drawn.purpose})"]
    for role in dict.fromkeys(role for role, _ in drawn.columns):
        places = [place for place, column in enumerate(drawn.columns) if column[0] is role]
        lines = [[str(role), *(f"@{drawn.columns[place][1]}" for place in places)]]
        for group, squares in drawn.rows:
            if any(squares[place].actions for place in places):
                lines.append([str(group), *(squares[place].word for place in places)])
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        blocks.append("\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                                for line in lines))
    if not drawn.columns:
        blocks.append("Nothing is allowed for this purpose.")
    return "\n\n".join(blocks)


def as_csv(drawn: Drawn) -> str:
    """The table for a spreadsheet: each square lists its actions."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["group", *(f"{role}@{scope}" for role, scope in drawn.columns)])
    for group, squares in drawn.rows:
        writer.writerow([group, *(" ".join(square.actions) or "never" for square in squares)])
    return written.getvalue()
