"""Two records side by side, as plain values for a page: what each says, where they differ, and why they are alike."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.duplicates import queries
from app.duplicates.models import DuplicatePair
from app.duplicates.operations import COMPARED
from app.duplicates.words import SAID_WORDS
from app.journal.showing import show
from app.kernel.days import day_words
from app.kernel.telephones import telephone_words
from app.matching.judging import Judgement
from app.matching.person import Person
from app.matching.waterfall import Waterfall
from app.organisations import queries as organisations
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.values import home_id
from app.residents.weighing import counted, drawn, weigh

NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records."""

    ref: str
    name: str = field(repr=False)
    home: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """Both records, the rows of the table that lays them side by side, and the weighing of the two."""

    one: Side
    other: Side
    rows: Sequence[tuple[str, str, str, str]] = field(repr=False)
    judgement: Judgement = field(repr=False)
    steps: Waterfall = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair in the queue."""

    refs: tuple[str, str]
    names: tuple[str, str] = field(repr=False)
    judgement: Judgement = field(repr=False)


def sides(work: Work, one: Resident, other: Resident, event: str = "pair.seen") -> Sides:
    """What may be seen of two records, journalled."""
    seen = residents.seen(work, [one.id, other.id])
    named = {each.id: each.name for each in organisations.all_organisations(work.session)}

    def side(row: Resident, _basis: object) -> Side:
        home = home_id(row, work.today)
        return Side(row.ref, name_of(seen[row.id]), named.get(home, "none"), home == work.actor.organisation_id)

    first, second = show(work, event, [one, other], side, COMPARED)
    judged = weigh(seen[one.id], seen[other.id], counted(work, seen.values()))
    return Sides(first, second, rows(seen[one.id], seen[other.id]), judged, drawn(judged))


def rows(one: Person, other: Person) -> list[tuple[str, str, str, str]]:
    """What is compared: a title, what each record says, and in a word whether they say the same."""
    made = [(title, says(title, one), says(title, other)) for title in TITLES]
    return [(title, left, right, _in_a_word(left, right)) for title, left, right in made if left != NOTHING or right != NOTHING]


def _in_a_word(left: str, right: str) -> str:
    return "The same" if left == right else "Only in one" if NOTHING in (left, right) else "Different"


TITLES = ("Names", "Date of birth", "Addresses", "Telephones", "E-mail addresses")


def says(title: str, seen: Person) -> str:
    """What a record says under one title, on one line."""
    said = {
        "Names": [" ".join(filter(None, pair)) for pair in seen.names],
        "Date of birth": [day_words(seen.born)] if seen.born else [],
        "Addresses": seen.told_addresses,
        "Telephones": [telephone_words(number) for number in seen.telephones],
        "E-mail addresses": list(seen.emails)}[title]
    return "; ".join(said) or NOTHING


def name_of(seen: Person) -> str:
    """The name to show for a record."""
    return " ".join(filter(None, seen.names[0])) if seen.names else "Name not shown"


@dataclass(frozen=True, slots=True)
class Joined:
    """That two records are joined: which one leads, since when, by whom of which council, and why."""

    survivor: str
    other: str
    at: datetime
    by: str
    reason: str = field(repr=False)


def joined_since(work: Work, one: Resident, other: Resident) -> Joined | None:
    """The joining that stands between two records."""
    for survivor, gone in ((one, other), (other, one)):
        merge = queries.merge_of(work, gone) if gone.merged_into == survivor.id else None
        if merge is not None:
            named = {each.id: each.name for each in organisations.all_organisations(work.session)}
            return Joined(survivor.ref, gone.ref, merge.at, named.get(merge.council_id, ""), merge.reason)
    return None


def answered(work: Work, said: Mapping[uuid.UUID, str]) -> list[tuple[str, str]]:
    """What each council said of a pair, in words."""
    named = {each.id: each.name for each in organisations.all_organisations(work.session)}
    return sorted((named.get(council, ""), SAID_WORDS[answer]) for council, answer in said.items())


def waiting(work: Work, pairs: Sequence[DuplicatePair]) -> list[Waiting]:
    """The pairs of a page of the queue, weighed anew by what may be seen now; the sight of all is one entry."""
    keys = list(dict.fromkeys(key for pair in pairs for key in (pair.first_id, pair.second_id)))
    rows, seen = residents.residents(work, keys), residents.seen(work, keys)
    shown = dict(show(work, "pair.listed", [rows[key] for key in keys if key in rows],
                      lambda row, _basis: (row.id, (row.ref, name_of(seen[row.id]))), COMPARED[:1]))
    found, common = [], counted(work, seen.values())
    for pair in pairs:
        one, other = shown.get(pair.first_id), shown.get(pair.second_id)
        if one and other:
            judged = weigh(seen[pair.first_id], seen[pair.second_id], common)
            found.append(Waiting((one[0], other[0]), (one[1], other[1]), judged))
    return found
