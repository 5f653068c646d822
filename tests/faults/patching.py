"""Reads patches in the unified form and makes their changes. A change is made where its lines are, wherever they stand now;
lines that are gone, or are there twice, make the patch outdated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class Outdated(ValueError):
    """A patch whose lines are not in the code as it stands."""


@dataclass(frozen=True)
class Change:
    """Lines of one file and what becomes of them. ``at`` is the patch's own word for where."""

    path: str
    at: str
    before: str
    after: str


def changes(patch: Path) -> Iterator[Change]:
    """The changes of a patch, in its order."""
    text = patch.read_text(encoding="utf-8")
    for path, hunks in re.findall(r"^\+\+\+ b/(\S+)\n((?:(?!diff |--- ).*\n)+)", text, re.M):
        for at, body in re.findall(r"^@@ (\S+ \S+) @@.*\n((?:[ +-].*\n|\n)+)", hunks, re.M):
            lines = [line or " " for line in body.removesuffix("\n").split("\n")]
            before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] in kept) for kept in (" -", " +"))
            yield Change(path, at, before, after)


def make(patch: Path, root: Path) -> None:
    """Make the changes under a folder. Raises Outdated, naming the file and what is not there."""
    made = list(changes(patch))
    if not made:
        raise Outdated(f"{patch.name} changes nothing")
    for change in made:
        file = root / change.path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if text.count(change.before) != 1:
            raise Outdated(f"{patch.name}, {change.at}: {change.path} has these lines {text.count(change.before)} times, "
                           f"not once; write the patch anew\n{change.before}")
        file.write_text(text.replace(change.before, change.after), encoding="utf-8")
