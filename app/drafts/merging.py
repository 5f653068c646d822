"""Brings a draft's changes over to a policy that was published meanwhile, line by line; two that speak of the same rule are
never put together unsaid.

Pure: texts in, texts out.
"""

from collections import Counter
from collections.abc import Mapping

from app.kernel.errors import Conflict

# What two lines of a sheet have in common when they speak of the same: the first so many cells.
SUBJECT = {"grants.csv": (0, 1, 2, 3, 5, 6), "masks.csv": (0, 1, 4, 5, 6), "roles.csv": (0, 1), "matrix.csv": (0, 1, 2, 3),
           "examples.csv": (0,), "narrowings.csv": (0, 1, 2, 3)}
Content = Mapping[str, str]


def brought_up_to_date(base: Content, draft: Content, live: Content) -> dict[str, str]:
    """The live policy with the changes that the draft makes to its base. Raises Conflict naming the lines that both change."""
    clashing: list[str] = []
    merged = {name: _sheet(name, base.get(name, ""), draft.get(name, ""), live.get(name, ""), clashing)
              for name in {**base, **draft, **live}}
    if clashing:
        raise Conflict("The policy that was published meanwhile changes the same: " + "; ".join(clashing)
                       + ". Make the change anew in a draft of the policy as it is now.", kind="both-changed")
    return merged


def _sheet(name: str, base: str, draft: str, live: str, clashing: list[str]) -> str:
    if draft == base or draft == live:
        return live
    if live == base:
        return draft
    removed, added = _changes(base, draft)
    theirs = sum(_changes(base, live), Counter())
    spoken_of = {_subject(name, line) for line in theirs}
    both = [line for line in removed + added if _subject(name, line) in spoken_of]
    if both or name not in SUBJECT:
        clashing += [f"{name}: {line}" for line in both] or [name]
        return live
    left = []
    for line in live.splitlines():
        if removed[line]:
            removed[line] -= 1
        else:
            left.append(line)
    return "".join(f"{line}\n" for line in [*left, *added.elements()])


def _changes(before: str, after: str) -> tuple[Counter[str], Counter[str]]:
    """The lines that are gone and those that came, comments and empty ones apart."""
    old, new = (Counter(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
                for text in (before, after))
    return old - new, new - old


def _subject(name: str, line: str) -> tuple[str, ...]:
    cells = [cell.strip() for cell in line.split(",")]
    return tuple(cells[at] for at in SUBJECT.get(name, ()) if at < len(cells))
