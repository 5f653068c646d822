"""The whole of a partnership's folder: read in one go with every problem told, and loaded in one transaction.

The parts are read and loaded by `organisations`, by `places` (councils round about, postcode sectors) and here by
`reading` and `loading`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.organisations import loading as organisations
from app.organisations.agreements import read_agreements
from app.organisations.areas import KnownAreas
from app.organisations.facts import AgreementsFacts, OrganisationsFacts
from app.organisations.files import Folder
from app.organisations.problems import Problems, not_known
from app.organisations.reading import read_organisations
from app.organisations.tally import Tally
from app.places.authorities import read_authorities
from app.places.sectors import SectorFacts, read_sectors
from app.places.staging import Merged, replace_authorities, replace_sectors
from app.places.succession import Council
from app.services import loading as services
from app.services.facts import CatalogueFacts
from app.services.reading import read_catalogue

T = TypeVar("T")

# How `places` words a problem: file, line, column: what.
PLACED = re.compile(r"[^,]+, line ([0-9]+), ([^:]+): (.*)")
AREAS, SECTORS = "areas.csv", "sectors.csv"
KNOWN = ("partnership.toml", "organisations", "agreements", "wording", "services.csv", "fields.csv", "needs.csv",
         "related.csv", "local.csv", "questions.csv", "exceptions.csv", "deliveries.csv", "demonstration", AREAS,
         SECTORS, "README.md")


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """Everything that a partnership's folder says, and the fingerprint of its files."""

    who: OrganisationsFacts
    catalogue: CatalogueFacts
    agreements: AgreementsFacts
    councils: tuple[Council, ...]
    sectors: tuple[SectorFacts, ...]
    fingerprint: str


def read(path: Path) -> TenantFacts:
    """The facts of a folder. Raises Invalid with every problem, each with its file, line and mending."""
    problems = Problems()
    folder = Folder(path, problems)
    title = f"The partnership in {path.name} cannot be used:"
    if not path.is_dir():
        problems.add(path.name, 0, "", "there is no such folder; name the folder that holds partnership.toml")
        problems.refuse_if_any(title)
    folder.check_nothing_else(KNOWN)
    who = read_organisations(folder)
    if who is None:
        problems.refuse_if_any(title)
        raise AssertionError("a partnership that cannot be read has said why")
    councils = tuple(_read_by_places(folder, AREAS, read_authorities))
    sectors = tuple(_read_by_places(folder, SECTORS, read_sectors)) if (path / SECTORS).exists() else ()
    _check_members(folder, who, councils)
    areas = KnownAreas(frozenset(c.gss for c in councils), frozenset(s.sector for s in sectors))
    catalogue = read_catalogue(folder, who, areas)
    agreements = read_agreements(folder, who, {service.lgsl for service in catalogue.services}, areas)
    problems.refuse_if_any(title)
    return TenantFacts(who, catalogue, agreements, councils, sectors, folder.fingerprint())


def load(session: Session, facts: TenantFacts) -> Tally:
    """Bring the tables to what the files say, and count what changed. Commits nothing: the caller does, once."""
    tally = Tally()
    on = organisations.begin(session, facts.who.partnership)
    organisations.load(session, facts.who, on, tally)
    _note(tally, "councils round about", replace_authorities(session, facts.councils))
    _note(tally, "postcode sectors", replace_sectors(session, facts.sectors))
    services.load(session, facts.catalogue, on, tally)
    organisations.load_agreements(session, facts.agreements, on, tally)
    organisations.finish(session, facts.who.partnership, facts.fingerprint, tally)
    return tally


def _read_by_places(folder: Folder, name: str, read_file: Callable[[Path], list[T]]) -> list[T]:
    """What `places` reads strictly by itself; what it refuses is told with the rest."""
    try:
        return read_file(folder.path / name)
    except Invalid as refused:
        for message in refused.errors[name]:
            placed = PLACED.fullmatch(message)
            line, where, what = placed.groups() if placed else (0, "", message)
            folder.problems.add(name, int(line), where, what)
        return []


def _check_members(folder: Folder, who: OrganisationsFacts, councils: tuple[Council, ...]) -> None:
    """Each member council has its own row among the areas, and no row names another as a member."""
    rows = {council.member: council for council in councils if council.member}
    for slug, council in who.councils.items():
        if councils and (slug not in rows or rows[slug].gss != council.gss):
            folder.problems.add(AREAS, 0, "member", f"{slug} has the code {council.gss} in organisations/{slug}.toml: "
                                f"put {slug} as the member in that row, and in no other")
    for slug, row in rows.items():
        if slug not in who.councils:
            folder.problems.add(AREAS, 0, f"{row.gss}, member",
                                not_known(slug, who.councils, "a council of this partnership"))


def _note(tally: Tally, kind: str, merged: Merged) -> None:
    for change, count in merged._asdict().items():
        if count:
            tally.note(change, kind, count)
