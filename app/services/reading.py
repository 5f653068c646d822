"""Reads the catalogue: which services there are, what each needs and why. Pure but for reading the files.

Who answers and by when is read by `provision`.
"""

import re
from collections import Counter
from collections.abc import Collection

from app.organisations.areas import KnownAreas
from app.organisations.claims import one_service
from app.organisations.facts import OrganisationsFacts
from app.organisations.files import Folder
from app.organisations.words import PASSABLE_GROUPS
from app.services.facts import CatalogueEntry, CatalogueFacts, FieldFacts, NeedFacts, RelatedFacts
from app.services.provision import read_exceptions, read_local, read_questions
from app.services.words import FIELD_KINDS, TIERS

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FEWEST_CHOICES = 2


def read_catalogue(folder: Folder, who: OrganisationsFacts, areas: KnownAreas) -> CatalogueFacts:
    """Everything the files say of services."""
    services = _services(folder)
    lgsls = {service.lgsl for service in services}
    questions = read_questions(folder, who, lgsls)
    exceptions = read_exceptions(folder, who, lgsls, areas)
    return CatalogueFacts(
        services=services, fields=_fields(folder, lgsls), needs=_needs(folder, lgsls), questions=questions,
        local=read_local(folder, who, services, questions, exceptions), exceptions=exceptions,
        related=_related(folder, lgsls))


def _services(folder: Folder) -> tuple[CatalogueEntry, ...]:
    found: dict[int, CatalogueEntry] = {}
    lines: dict[int, int] = {}
    for row in folder.rows("services.csv", ("service", "name", "tier", "description", "words")):
        lgsl = row.number("service", least=1)
        if lgsl in found:
            row.complain("service", f"{lgsl} is already on line {lines[lgsl]}; state it once")
        lines.setdefault(lgsl, row.line)
        found.setdefault(lgsl, CatalogueEntry(
            lgsl, row.text("name"), row.word("tier", TIERS, "a tier"), row.maybe_text("description") or "",
            row.maybe_text("words") or ""))
    return tuple(found.values())


def _fields(folder: Folder, lgsls: Collection[int]) -> tuple[FieldFacts, ...]:
    found: dict[tuple[int, str], FieldFacts] = {}
    positions: Counter[int] = Counter()
    for row in folder.rows("fields.csv", ("service", "name", "label", "kind", "choices", "required", "why")):
        lgsl, name = one_service(row, lgsls), row.text("name")
        if name and not NAME.fullmatch(name):
            row.complain("name", f"“{name}” is not a name; use small letters, digits and hyphens")
        if (lgsl, name) in found:
            row.complain("name", f"“{name}” is a field of {lgsl} already; state it once")
        positions[lgsl] += 1
        kind, choices = row.word("kind", FIELD_KINDS, "a kind of field"), row.texts("choices")
        if (kind == "choice") != (len(choices) >= FEWEST_CHOICES):
            row.complain("choices", "a choice has two or more, parted by ; and no other kind has any")
        found.setdefault((lgsl, name), FieldFacts(
            lgsl, name, row.text("label"), row.text("why"), kind, choices, row.yes("required"), positions[lgsl]))
    return tuple(found.values())


def _needs(folder: Folder, lgsls: Collection[int]) -> tuple[NeedFacts, ...]:
    found: dict[tuple[int, str], NeedFacts] = {}
    positions: Counter[int] = Counter()
    for row in folder.rows("needs.csv", ("service", "group", "required", "why")):
        lgsl = one_service(row, lgsls)
        group = row.word("group", PASSABLE_GROUPS, "a field group that a service may need")
        if (lgsl, group) in found:
            row.complain("group", f"“{group}” is a need of {lgsl} already; state it once")
        positions[lgsl] += 1
        found.setdefault((lgsl, group), NeedFacts(lgsl, group, row.text("why"), row.yes("required"), positions[lgsl]))
    return tuple(found.values())


def _related(folder: Folder, lgsls: Collection[int]) -> tuple[RelatedFacts, ...]:
    found: dict[tuple[int, int], RelatedFacts] = {}
    positions: Counter[int] = Counter()
    for row in folder.rows("related.csv", ("service", "related", "why"), optional=True):
        lgsl, other = one_service(row, lgsls), one_service(row, lgsls, "related")
        if lgsl == other:
            row.complain("related", f"{other} is the service itself; take the row out")
        if (lgsl, other) in found:
            row.complain("related", f"{other} is named beside {lgsl} already; state it once")
        positions[lgsl] += 1
        found.setdefault((lgsl, other), RelatedFacts(lgsl, other, row.text("why"), positions[lgsl]))
    return tuple(found.values())
