"""Questions about loads: the council's own, one by its reference, its file, and the rows that were handed back."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select, tuple_

from app.imports import safekeeping
from app.imports.models import ImportHandedBack, ImportLikeness, ImportMapping, ImportPart, ImportRecord, ImportRun
from app.kernel.errors import NotFound
from app.kernel.ids import parse_reference
from app.organisations.models import Wording
from app.policy.work import Work
from app.residents.models import Resident

USUAL = "usual"
PAGE = 50


def data_key() -> bytes:
    """The key of the installation."""
    found: bytes = current_app.config["JC_SETTINGS"].data_key
    return found


def runs(work: Work, after: str | None = None) -> tuple[list[ImportRun], str | None]:
    """A page of this council's loads, the newest first, and the reference that the next page comes after."""
    query = select(ImportRun).where(ImportRun.organisation_id == work.actor.organisation_id).order_by(
        ImportRun.created_at.desc(), ImportRun.id.desc()).limit(PAGE + 1)
    if after:
        last = one(work, after)
        query = query.where(tuple_(ImportRun.created_at, ImportRun.id) < tuple_(last.created_at, last.id))
    found = list(work.session.scalars(query))
    return found[:PAGE], found[PAGE - 1].ref if len(found) > PAGE else None


def one(work: Work, typed: str, *, lock: bool = False) -> ImportRun:
    """The load of a reference, of this council. Raises NotFound."""
    return _found(work, ImportRun.ref == (parse_reference(typed) or ""), lock)


def by_key(work: Work, key: uuid.UUID) -> ImportRun:
    """The load of a key, held until the unit of work ends."""
    return _found(work, ImportRun.id == key, True)


def _found(work: Work, criterion: Any, lock: bool) -> ImportRun:
    asked = select(ImportRun).where(criterion, ImportRun.organisation_id == work.actor.organisation_id)
    found = work.session.scalar(asked.with_for_update() if lock else asked)
    if found is None:
        raise NotFound()
    return found


def part(work: Work, run: uuid.UUID, number: int) -> bytes | None:
    """One piece of the file; None after the last."""
    sealed = work.session.scalar(select(ImportPart.sealed).where(ImportPart.run_id == run, ImportPart.number == number))
    return None if sealed is None else safekeeping.unseal(data_key(), sealed, run, f"part {number}")


def blocks(work: Work, run: uuid.UUID) -> Iterator[bytes]:
    """The file, piece by piece, within one unit of work."""
    number = 0
    while (content := part(work, run, number)) is not None:
        yield content
        number += 1


def remembered(work: Work, name: str = USUAL) -> ImportMapping | None:
    """The mapping that the council settled under a name."""
    return work.session.scalar(select(ImportMapping).where(
        ImportMapping.organisation_id == work.actor.organisation_id, ImportMapping.name == name))


def wordings(work: Work) -> dict[str, set[str]]:
    """Every version there is of the words on each matter."""
    found: dict[str, set[str]] = {}
    for matter, version in work.session.execute(select(Wording.matter, Wording.version)):
        found.setdefault(matter, set()).add(version)
    return found


def handed_back(work: Work, run: ImportRun, *, loaded: bool = False, most: int | None = None) -> Iterator[tuple[int, Any]]:
    """Line and {faults, cells} of each row that was handed back (``loaded``: loaded with something left out), in order."""
    key, run_id = data_key(), run.id
    for row in work.session.scalars(
            select(ImportHandedBack).where(ImportHandedBack.run_id == run_id, ImportHandedBack.round == run.round,
                                           ImportHandedBack.loaded == loaded)
            .order_by(ImportHandedBack.line).limit(most).execution_options(yield_per=500)):
        yield row.line, safekeeping.unseal_value(key, row.sealed, run_id, f"row {row.round} {row.line} {row.loaded}")
        work.session.expunge(row)


def likenesses(work: Work, run: ImportRun, most: int) -> list[tuple[int, list[str], Resident]]:
    """Line, why and record of the rows that are likely there already, as far as those records may still be seen."""
    return [(line, why, resident) for line, why, resident in work.session.execute(
        select(ImportLikeness.line, ImportLikeness.why, Resident).join(Resident, Resident.id == ImportLikeness.resident_id)
        .where(ImportLikeness.run_id == run.id, ImportLikeness.round == run.round)
        .order_by(ImportLikeness.line, Resident.ref).limit(most))]


def left(work: Work, run: ImportRun, most: int) -> Sequence[tuple[int, Resident]]:
    """The records that were not taken back with the load, with their lines, as far as they may be seen."""
    return [(line, resident) for line, resident in work.session.execute(
        select(ImportRecord.line, Resident).join(Resident, Resident.id == ImportRecord.resident_id)
        .where(ImportRecord.run_id == run.id, ImportRecord.kept).order_by(ImportRecord.line).limit(most))]
