"""Reads who may be given work and who does it where: agreements and deliveries. Pure but for reading the files."""

from collections.abc import Collection, Iterable, Mapping

from app.organisations.areas import KnownAreas
from app.organisations.claims import Claims, services
from app.organisations.entries import Entry
from app.organisations.facts import AgreementFacts, AgreementsFacts, DeliveryFacts, OrganisationsFacts
from app.organisations.files import Folder
from app.organisations.problems import not_known
from app.organisations.reading import slug
from app.organisations.words import PASSABLE_GROUPS, PURPOSES, STANDINGS

AGREEMENT_KEYS = ("slug", "title", "partner", "councils", "standing", "purposes", "services", "groups", "from", "until",
                  "disposal_days", "days_after_closing", "paper_allowed", "terms")
DELIVERY_COLUMNS = ("agreement", "council", "service", "area", "area_words", "from", "until")


def read_agreements(folder: Folder, who: OrganisationsFacts, lgsls: Collection[int],
                    areas: KnownAreas) -> AgreementsFacts:
    """The agreements, and the deliveries made under them, of the services that the catalogue knows."""
    agreements = {}
    for stem, document in folder.documents("agreements", AGREEMENT_KEYS):
        agreement = _agreement(document.top, who, lgsls)
        if agreement.slug and agreement.slug != stem:
            document.top.complain("slug", f"“{agreement.slug}” is not the file's name; call it {agreement.slug}.toml")
        agreements[agreement.slug] = agreement
    rows = folder.rows("deliveries.csv", DELIVERY_COLUMNS)
    return AgreementsFacts(tuple(agreements.values()), tuple(_deliveries(rows, agreements, areas)))


def _agreement(entry: Entry, who: OrganisationsFacts, lgsls: Collection[int]) -> AgreementFacts:
    own = slug(entry)
    partner = entry.word("partner", who.partners, "a partner of this partnership")
    councils = entry.words("councils", who.councils, "a council of this partnership")
    valid = entry.span()
    if partner in who.partners and not valid.overlaps(who.partners[partner].valid):
        entry.complain("from", f"{partner} does not exist in {valid.words()}; see organisations/{partner}.toml")
    return AgreementFacts(
        slug=own, partner=partner, title=entry.text("title"),
        standing=entry.word("standing", STANDINGS, "a standing"), valid=valid,
        disposal_days=entry.number("disposal_days"),
        days_after_closing=entry.number("days_after_closing") if entry.has("days_after_closing") else 0,
        paper_allowed=entry.yes("paper_allowed", otherwise=False), terms=entry.text("terms"), councils=councils,
        purposes=entry.words("purposes", PURPOSES, "a purpose"),
        groups=entry.words("groups", PASSABLE_GROUPS, "a field group that may be passed"),
        services=services(entry, "services", lgsls))


def _deliveries(rows: Iterable[Entry], agreements: Mapping[str, AgreementFacts],
                areas: KnownAreas) -> list[DeliveryFacts]:
    found: list[DeliveryFacts] = []
    claims = Claims()
    for row in rows:
        name = row.word("agreement", agreements, "an agreement in agreements/")
        agreement = agreements.get(name)
        if agreement is None:
            continue
        council = row.word("council", agreement.councils, f"a council that is party to {name}")
        lgsls, places, words = row.numbers("service"), areas.read(row, "area"), row.text("area_words")
        valid = row.span(default=agreement.valid)
        if not valid.within(agreement.valid):
            row.complain("from", f"{valid.words()} is not within {name}, which holds {agreement.valid.words()}")
        for lgsl in lgsls:
            if lgsl not in agreement.services:
                row.complain("service", not_known(lgsl, agreement.services, f"a service of {name}"))
            for area in places:
                claims.stake(row, "area", (council, lgsl, area), valid, f"who delivers {lgsl} in {area.code}")
                found.append(DeliveryFacts(name, agreement.partner, council, lgsl, area.kind, area.code, words, valid))
    return found
