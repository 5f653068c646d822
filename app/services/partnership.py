"""The whole of a partnership's folder: read in one go with every problem told, and loaded in one transaction.

The parts are read and loaded by `organisations` and here by `reading` and `loading`; areas and sectors are also read by
`places`, which keeps them.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.organisations import loading as organisations
from app.organisations.agreements import read_agreements
from app.organisations.areas import KnownAreas
from app.organisations.facts import AgreementsFacts, OrganisationsFacts
from app.organisations.files import Folder
from app.organisations.problems import Problems, not_known
from app.organisations.reading import read_organisations
from app.organisations.tally import Tally
from app.services import loading as services
from app.services.facts import CatalogueFacts
from app.services.reading import read_catalogue

AREA_COLUMNS = ("gss", "name", "tier", "begins", "ends", "successor", "member", "homepage")
SECTOR_COLUMNS = ("sector", "district_gss", "county_gss", "straddles")
READ = ("partnership.toml", "organisations", "agreements", "wording", "services.csv", "fields.csv", "needs.csv",
        "related.csv", "local.csv", "questions.csv", "exceptions.csv", "deliveries.csv")
# Kept beside ours, and read by the features that keep them.
READ_ELSEWHERE = ("areas.csv", "sectors.csv", "README.md")


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """Everything that a partnership's folder says, and the fingerprint of its files."""

    who: OrganisationsFacts
    catalogue: CatalogueFacts
    agreements: AgreementsFacts
    fingerprint: str


def read(path: Path) -> TenantFacts:
    """The facts of a folder. Raises Invalid with every problem, each with its file, line and mending."""
    problems = Problems()
    folder = Folder(path, problems)
    title = f"The partnership in {path.name} cannot be used:"
    if not path.is_dir():
        problems.add(path.name, 0, "", "there is no such folder; name the folder that holds partnership.toml")
        problems.refuse_if_any(title)
    folder.check_nothing_else((*READ, *READ_ELSEWHERE))
    who = read_organisations(folder)
    if who is None:
        problems.refuse_if_any(title)
        raise AssertionError("a partnership that cannot be read has said why")
    areas = _areas(folder, who)
    catalogue = read_catalogue(folder, who, areas)
    agreements = read_agreements(folder, who, {service.lgsl for service in catalogue.services}, areas)
    problems.refuse_if_any(title)
    return TenantFacts(who, catalogue, agreements, folder.fingerprint())


def load(session: Session, facts: TenantFacts) -> Tally:
    """Bring the tables to what the files say, and count what changed. Commits nothing: the caller does, once."""
    tally = Tally()
    on = organisations.begin(session, facts.who.partnership)
    organisations.load(session, facts.who, on, tally)
    services.load(session, facts.catalogue, on, tally)
    organisations.load_agreements(session, facts.agreements, on, tally)
    organisations.finish(session, facts.who.partnership, facts.fingerprint, tally)
    return tally


def _areas(folder: Folder, who: OrganisationsFacts) -> KnownAreas:
    """The codes of areas, and that each member council has its own and no other does."""
    codes = {council.slug: council.gss for council in who.councils.values()}
    found, members = set(), set()
    for row in folder.rows("areas.csv", AREA_COLUMNS):
        gss, member = row.text("gss"), row.maybe_word("member", codes, "a council of this partnership")
        found.add(gss)
        if member in codes:
            members.add(member)
            if codes[member] != gss:
                row.complain("gss", f"{member} has the code {codes[member]} in organisations/{member}.toml; "
                             "state the same in both")
    for slug in sorted(set(codes) - members):
        folder.problems.add("areas.csv", 0, "member", not_known(slug, members, "the member of any row")
                            + f": put {slug} in the row of {codes[slug]}")
    sectors = {row.text("sector") for row in folder.rows("sectors.csv", SECTOR_COLUMNS, optional=True)}
    return KnownAreas(frozenset(found), frozenset(sectors))
