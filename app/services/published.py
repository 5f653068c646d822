"""The published list of services with their tiers: read through to its end, bad rows handed back, merged without harm.

It names services that the partnership's own catalogue does not; what the catalogue says of a service is left alone.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.organisations.problems import not_known
from app.organisations.tally import Tally
from app.services.models import Service
from app.services.words import TIERS

HEADING = ["LGSL", "Description", "Providing Tier"]
HIGHEST = 2**31 - 1


class HandedBack(NamedTuple):
    """A row that cannot be taken, where it stands, why, and what it says."""

    line: int
    reason: str
    row: str


@dataclass(frozen=True, slots=True)
class Published:
    """A service as the list names it."""

    lgsl: int
    name: str
    tier: str


@dataclass(frozen=True, slots=True)
class PublishedList:
    """What could be read of a list, and what could not."""

    services: tuple[Published, ...]
    handed_back: tuple[HandedBack, ...]


def read_published(path: Path) -> PublishedList:
    """Read a list to its end. Raises Invalid only where it is not such a list at all."""
    services: dict[int, Published] = {}
    lines: dict[int, int] = {}
    handed_back: list[HandedBack] = []
    for line, cells in _rows(path):
        reason = _fault(cells)
        if reason is None and int(cells[0]) in services:
            reason = f"{cells[0]} was on line {lines[int(cells[0])]} already, which was taken"
        if reason:
            handed_back.append(HandedBack(line, reason, ",".join(cells)))
            continue
        lgsl = int(cells[0])
        lines[lgsl] = line
        services[lgsl] = Published(lgsl, " ".join(cells[1].split()), cells[2])
    return PublishedList(tuple(services.values()), tuple(handed_back))


def merge_published(session: Session, services: tuple[Published, ...]) -> Tally:
    """Lay the list into the catalogue. Services that it does not name are left as they are. Commits nothing."""
    tally = Tally()
    held = {row.lgsl: row for row in session.scalars(select(Service))}
    wanted = {}
    for service in services:
        values = {"lgsl": service.lgsl, "published_name": service.name, "published_tier": service.tier}
        own = service.lgsl in held and held[service.lgsl].ours
        wanted[service.lgsl] = values if own else values | {"name": service.name, "tier": service.tier}
    tally.reconcile(session, "services", Service, held, wanted, lambda row: None)
    return tally


def disagreements(session: Session) -> list[Service]:
    """The services to which the partnership gives another tier than the list."""
    return list(session.scalars(select(Service).where(Service.ours, Service.published_tier.is_not(None),
                                                      Service.tier != Service.published_tier).order_by(Service.lgsl)))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as unreadable:
        raise _told(path, f"cannot be opened: {unreadable.strerror}") from unreadable
    except UnicodeDecodeError as broken:
        raise _told(path, "is not UTF-8; save the file as UTF-8") from broken
    reader = csv.reader(text.splitlines())
    heading = [cell.strip() for cell in next(reader, [])]
    if heading != HEADING:
        raise _told(path, f"line 1: the heading is “{','.join(heading)}”; it must be {','.join(HEADING)}")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _fault(cells: list[str]) -> str | None:
    if len(cells) != len(HEADING):
        return f"has {len(cells)} cells; it must have {len(HEADING)}"
    lgsl, name, tier = cells
    if not (lgsl.isascii() and lgsl.isdigit() and 0 < int(lgsl) <= HIGHEST):
        return f"“{lgsl}” is not a service's code; it is a whole number above 0"
    if not name:
        return "the description is empty"
    return None if tier in TIERS else not_known(tier, TIERS, "a tier")


def _told(path: Path, what: str) -> Invalid:
    return Invalid({path.name: [what]}, kind="unreadable-file", detail=f"{path.name}: {what}")
