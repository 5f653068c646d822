"""What becomes of each value when two records are joined: what is kept, what is set aside, and in which order.

Pure. Nothing that the surviving record says of itself is ever lost but a date of birth that was chosen against; what is set
aside stays in the record that it came from, and comes back when the two are parted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KEEP, ADD, FIRST = "keep", "add", "first"
TITLES: Mapping[str, str] = {"name": "Names", "birth": "Date of birth", "address": "Addresses", "telephone": "Telephones",
                             "email": "E-mail addresses", "need": "Needs"}
# Of what there can be several, and of what the first is the one that is used.
SEVERAL = frozenset({"name", "address", "telephone", "email", "need"})
RANKED = frozenset({"name", "address", "telephone", "email"})
WAY_WORDS: Mapping[str, str] = {
    KEEP: "Keep only what the surviving record says", ADD: "Keep both, the surviving record’s first",
    FIRST: "Keep both, the other record’s first"}
ONE_WORDS: Mapping[str, str] = {KEEP: "Keep what the surviving record says", ADD: "Take it from the other record",
                                FIRST: "Take the other record’s instead"}


@dataclass(frozen=True, slots=True)
class Field:
    """What the two records say under one title. ``theirs`` is what the surviving record does not say as well."""

    name: str
    ours: Sequence[str] = field(repr=False)
    theirs: Sequence[str] = field(repr=False)

    @property
    def title(self) -> str:
        """What it is called on a page."""
        return TITLES[self.name]

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """What may be chosen, in words; nothing where the other record says nothing further."""
        if not self.theirs:
            return ()
        if self.name not in SEVERAL:
            return tuple((way, ONE_WORDS[way]) for way in ((KEEP, FIRST) if self.ours else (ADD, KEEP)))
        if not self.ours:
            return tuple((way, ONE_WORDS[way]) for way in (ADD, KEEP))
        return tuple((way, WAY_WORDS[way]) for way in ((ADD, FIRST, KEEP) if self.name in RANKED else (ADD, KEEP)))

    @property
    def usual(self) -> str:
        """What is chosen beforehand: the way in which the least is set aside and the surviving record goes first."""
        return self.ways[0][0] if self.ways else KEEP


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one field: every value that stays to be seen, and every one that is set aside."""

    title: str
    kept: Sequence[str] = field(repr=False)
    lost: Sequence[str] = field(repr=False)


def outcome(said: Field, way: str) -> Outcome:
    """What choosing a way does."""
    if way == KEEP or not said.theirs:
        return Outcome(said.title, tuple(said.ours), tuple(said.theirs))
    if said.name not in SEVERAL:
        return Outcome(said.title, tuple(said.theirs), tuple(said.ours))
    kept = (*said.ours, *said.theirs) if way == ADD else (*said.theirs, *said.ours)
    return Outcome(said.title, kept, ())


def chosen(fields: Sequence[Field], typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The way for each field, and what is wrong with what was typed. Where there is nothing to choose nothing is asked."""
    ways, errors = {}, {}
    for each in fields:
        allowed = [way for way, _ in each.ways]
        said = typed.get(each.name, "")
        if allowed and said not in allowed:
            errors[each.name] = [f"Choose what becomes of the {each.title.lower()}"]
        ways[each.name] = said if allowed else KEEP
    return ways, errors
