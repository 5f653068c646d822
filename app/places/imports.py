"""Bringing postcodes, authorities and sectors in from files: what is read by the readers is merged, and reported."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.places import staging
from app.places.authorities import read_authorities
from app.places.publishers import HandedBack, Source
from app.places.sectors import read_sectors
from app.places.staging import Merged


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: counts, and the rows that were handed back."""

    edition: date
    taken: int
    merged: Merged
    repeated: int
    counties_given: int = 0
    handed_back: list[HandedBack] = field(default_factory=list)


def import_places(session: Session, source: Source, edition: date, progress: Callable[[int], None],
                  *, counties_missing: bool = False) -> Imported:
    """Lay one edition of a publisher's postcodes into the table. Doing it again changes nothing."""
    staging.arrive(session, source.rows(progress))
    handed_back, alike = _repeated(session, source)
    given = staging.give_counties(session) if counties_missing else 0
    merged, taken = staging.merge_places(session, edition)
    return Imported(edition, taken, merged, alike, given, [*source.handed_back, *handed_back])


def _repeated(session: Session, source: Source) -> tuple[list[HandedBack], int]:
    """Later statements of a postcode: those that say the same are counted, those that differ are handed back."""
    repeated = staging.take_out_repeated(session)
    differing = [row for row in repeated if not row.same]
    wanted: dict[str, set[int]] = {}
    for row in differing:
        wanted.setdefault(row.file, set()).add(row.line)
    said = {file: source.said(file, lines) for file, lines in wanted.items()}
    handed_back = [
        HandedBack(row.file, row.line, f"{row.postcode} is stated otherwise in {row.first_file} on line "
                                       f"{row.first_line}, which was taken", said[row.file][row.line])
        for row in differing
    ]
    return handed_back, len(repeated) - len(differing)


def import_authorities(session: Session, path: Path) -> Merged:
    """Lay a partnership's file of authorities into the table."""
    return staging.replace_authorities(session, read_authorities(path))


def import_sectors(session: Session, path: Path) -> Merged:
    """Lay a partnership's file of sectors into the table."""
    return staging.replace_sectors(session, read_sectors(path))


def edition_of(text: str) -> date:
    """``2014-08`` is the first of August 2014; a full date is taken as it is."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?", text):
        try:
            return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
        except ValueError as wrong:
            raise _not_an_edition(text) from wrong
    raise _not_an_edition(text)


def _not_an_edition(text: str) -> Invalid:
    told = f"“{text}” is not an edition; write its year and month, such as 2014-08"
    return Invalid({"edition": [told]}, detail=told)
