"""The rows of two records that can be taken over when they are joined, and taking them over: copied and marked, so that
parting the records again takes away exactly what joining brought."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.duplicates.joining import FIRST, KEEP, Field
from app.kernel.days import day_words
from app.kernel.telephones import telephone_words
from app.matching import folding
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChannel,
    ResidentName,
    ResidentNeed,
)

Row = Any
MARKED = (ResidentName, ResidentAddress, ResidentChannel, ResidentBirth, ResidentNeed)
GROUPS = {"name": Group.NAME, "birth": Group.BIRTH, "address": Group.ADDRESS, "telephone": Group.CHANNELS,
          "email": Group.CHANNELS, "need": Group.NEEDS}
# Places in the order of a record: what comes before all that is there, and after all of it.
BEFORE, AFTER = -1000, 1000


@dataclass(frozen=True)
class Kind:
    """How the rows of one field are written for people, and what makes two of them say the same."""

    model: type
    words: Callable[[Row], str]
    says: Callable[[Row], object]
    where: str = ""


def _address(row: Row) -> str:
    until = f", until {day_words(row.until)}" if row.until else ""
    return f"{', '.join([*row.lines, row.postcode])} (from {day_words(row.since)}{until})"


KINDS: Mapping[str, Kind] = {
    "name": Kind(ResidentName, lambda row: f"{row.given} {row.family}".strip(),
                 lambda row: (folding.name(row.given), folding.name(row.family))),
    "birth": Kind(ResidentBirth, lambda row: day_words(row.born), lambda row: row.born),
    "address": Kind(ResidentAddress, _address,
                    lambda row: (tuple(map(folding.name, row.lines)), row.postcode)),
    "telephone": Kind(ResidentChannel, lambda row: telephone_words(row.value), lambda row: row.value, "telephone"),
    "email": Kind(ResidentChannel, lambda row: row.value, lambda row: row.value.lower(), "email"),
    "need": Kind(ResidentNeed, lambda row: row.words, lambda row: folding.name(row.words)),
}


@dataclass(frozen=True)
class Held:
    """The rows of one field: the surviving record's, and those of the other that say something further."""

    name: str
    ours: Sequence[Row]
    theirs: Sequence[Row]

    @property
    def field(self) -> Field:
        """The same in words."""
        words = KINDS[self.name].words
        return Field(self.name, tuple(map(words, self.ours)), tuple(map(words, self.theirs)))


def held(work: Work, survivor: Resident, other: Resident) -> list[Held]:
    """What both records hold, field by field, as far as it may be seen of both."""
    found = []
    for name, kind in KINDS.items():
        ours, theirs = (_rows(work, kind, each) for each in (survivor, other))
        known = {kind.says(row) for row in ours}
        found.append(Held(name, ours, [row for row in theirs if kind.says(row) not in known]))
    return found


def _rows(work: Work, kind: Kind, resident: Resident) -> list[Row]:
    order: tuple[Any, ...] = ()
    if kind.model in (ResidentName, ResidentChannel):
        order = (kind.model.position,)  # type: ignore[attr-defined]
    elif kind.model is ResidentAddress:
        order = (ResidentAddress.since.desc(),)
    rows = queries.of_each(work, kind.model.resident_id, [resident.id], *order)[resident.id]  # type: ignore[attr-defined]
    return [row for row in rows if not kind.where or row.kind == kind.where]


def take_over(work: Work, survivor: Resident, other: Resident, fields: Iterable[Held], ways: Mapping[str, str]) -> None:
    """Copy what was chosen of the other record, marked with where it came from."""
    for each in fields:
        way = ways[each.name]
        if way != KEEP:
            for at, row in enumerate(each.theirs):
                TAKING[each.name](work, survivor, other, each, row, (BEFORE if way == FIRST else AFTER) + at)


def _mark(survivor: Resident, other: Resident) -> dict[str, uuid.UUID]:
    return {"resident_id": survivor.id, "merged_from": other.id}


def _name(work: Work, survivor: Resident, other: Resident, _held: Held, row: Row, position: int) -> None:
    kind = "known_as" if row.kind == "usual" and position > 0 else row.kind
    work.session.add(ResidentName(kind=kind, given=row.given, family=row.family, position=position,
                                  **_mark(survivor, other)))


def _channel(work: Work, survivor: Resident, other: Resident, _held: Held, row: Row, position: int) -> None:
    work.session.add(ResidentChannel(kind=row.kind, value=row.value, position=position, **_mark(survivor, other)))


def _need(work: Work, survivor: Resident, other: Resident, _held: Held, row: Row, _position: int) -> None:
    work.session.add(ResidentNeed(words=row.words, **_mark(survivor, other)))


def _address_row(work: Work, survivor: Resident, other: Resident, held: Held, row: Row, position: int) -> None:
    """An address to be the present one begins after the surviving record's; another ends where that one begins."""
    since, until = row.since, row.until
    last = max((each.since for each in held.ours), default=None)
    if last is not None and position < 0 and until is None:
        since = max(since, last + timedelta(days=1))
    elif last is not None and until is None:
        since = min(since, last - timedelta(days=1))
        until = last
    work.session.add(ResidentAddress(lines=list(row.lines), postcode=row.postcode, since=since, until=until,
                                     **_mark(survivor, other)))


def _birth(work: Work, survivor: Resident, other: Resident, held: Held, row: Row, _position: int) -> None:
    """The one date of birth. What it was before stands in the versions of the record, from which parting restores it."""
    if held.ours:
        held.ours[0].born = row.born
        held.ours[0].merged_from = other.id
    else:
        work.session.add(ResidentBirth(born=row.born, **_mark(survivor, other)))


TAKING = {"name": _name, "telephone": _channel, "email": _channel, "need": _need, "address": _address_row, "birth": _birth}


def give_back(work: Work, survivor: Resident, other: Resident, born: tuple[date | None, date | None]) -> None:
    """Take away what was taken over. ``born`` is the date of birth before and after joining: where it is still the one
    that was taken over, the one before is put back; one that was written since stays."""
    before, after = born
    for model in MARKED:
        for row in work.session.scalars(select(model).where(
                model.resident_id == survivor.id, model.merged_from == other.id)):  # type: ignore[attr-defined]
            if not isinstance(row, ResidentBirth) or row.born == after and before is None:
                work.session.delete(row)
            else:
                row.born, row.merged_from = before if row.born == after and before else row.born, None
