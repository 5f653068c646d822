"""Cells that mean the same in every sheet of the policy: which groups are meant, and who answers for a line.

How a line is cut into cells is for ``sheets``; what a whole line says, for whoever reads its sheet.
"""

from app.policy.groups import Group
from app.policy.rules import EVERY, Every
from app.policy.sheets import Row


def groups_in(row: Row, column: str) -> list[Group | Every]:
    """The groups that a cell names, with a space between them; none of them if one is not known."""
    texts = row[column].split()
    if texts == [EVERY]:
        return [EVERY]
    if "equality" in texts:
        row.fault(column, "equality answers are read by nobody but as counts", "Take equality out.")
        return []
    words = [row.one(column, text, Group) for text in texts or [""]]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        row.fault(column, f"{text} is named twice", "Take one of them out.")
    known = [word for word in words if word is not None]
    return list(dict.fromkeys(known)) if len(known) == len(words) else []


def is_owned(row: Row) -> bool:
    """Whether somebody answers for the line."""
    if row["owner"].strip("-"):
        return True
    row.fault("owner", "nobody answers for this line", "Write who does, for example information governance.")
    return False
