"""Brings the tables of organisations to what the files say. It is given a session, and never commits it.

Dated facts that the files no longer state are closed, never deleted: what held on an earlier day can still be asked.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Conflict, Invalid
from app.organisations.facts import (
    AgreementFacts,
    AgreementsFacts,
    DeliveryFacts,
    OrganisationFacts,
    OrganisationsFacts,
    PartnershipFacts,
    WordingFacts,
)
from app.organisations.models import (
    Agreement,
    AgreementCouncil,
    AgreementGroup,
    AgreementPurpose,
    AgreementService,
    Delivery,
    Line,
    Organisation,
    Partnership,
    Unit,
    Wording,
)
from app.organisations.spans import Span
from app.organisations.tally import Tally, closer, period, remover

DatedArea = tuple[uuid.UUID, int, str, str]


def begin(session: Session, facts: PartnershipFacts) -> date:
    """The day on which what is no longer stated ends. Refuses to turn one partnership into another."""
    held = session.get(Partnership, 1)
    if held is not None and held.slug != facts.slug:
        raise Conflict(f"This installation holds the partnership {held.slug}; load {facts.slug} into one of its own.",
                       kind="another-partnership")
    return facts.as_at or clock.london_date(clock.instant(session))


def finish(session: Session, facts: PartnershipFacts, fingerprint: str, tally: Tally) -> None:
    """State the partnership itself, and when its files last changed anything."""
    held = session.get(Partnership, 1)
    values = asdict(facts) | {"languages": list(facts.languages)}
    tally.reconcile(session, "partnership", Partnership, {1: held} if held else {},
                    {1: values | ({} if held else {"fingerprint": fingerprint, "loaded_at": clock.instant(session)})},
                    lambda row: None)
    stated = session.get_one(Partnership, 1)
    if not tally.nothing or stated.fingerprint != fingerprint:
        stated.fingerprint, stated.loaded_at = fingerprint, clock.instant(session)
        session.flush()


def load(session: Session, facts: OrganisationsFacts, on: date, tally: Tally) -> None:
    """Organisations with their lines and units, and the wordings."""
    existing = {row.slug: row for row in session.scalars(select(Organisation))}
    organisations = tally.reconcile(session, "organisations", Organisation, existing,
                                    {o.slug: _organisation(o) for o in facts.organisations}, closer("valid", on))
    ids = {slug: row.id for slug, row in organisations.items()}
    _lines_and_units(session, facts.organisations, ids, on, tally)
    _wordings(session, facts.wordings, on, tally)


def load_agreements(session: Session, facts: AgreementsFacts, on: date, tally: Tally) -> None:
    """Agreements and the deliveries under them. The services that they name must be there."""
    ids = {row.slug: row.id for row in session.scalars(select(Organisation))}
    existing = {row.slug: row for row in session.scalars(select(Agreement))}
    agreements = tally.reconcile(session, "agreements", Agreement, existing,
                                 {a.slug: _agreement(a, ids) for a in facts.agreements}, closer("valid", on))
    agreement_ids = {slug: row.id for slug, row in agreements.items()}
    _agreement_parts(session, facts.agreements, agreement_ids, ids, tally)
    _deliveries(session, facts.deliveries, agreement_ids, ids, on, tally)


def _organisation(facts: OrganisationFacts) -> dict[str, object]:
    values = asdict(facts)
    del values["lines"], values["units"]
    return values | {"valid": period(facts.valid)}


def _lines_and_units(session: Session, facts: Iterable[OrganisationFacts], ids: dict[str, uuid.UUID], on: date,
                     tally: Tally) -> None:
    lines = {line.slug: asdict(line) | {"organisation_id": ids[o.slug], "position": at, "valid": period(o.valid)}
             for o in facts for at, line in enumerate(o.lines)}
    tally.reconcile(session, "lines", Line, {row.slug: row for row in session.scalars(select(Line))}, lines,
                    closer("valid", on))
    units = {(ids[o.slug], unit.slug): asdict(unit) | {"organisation_id": ids[o.slug], "valid": period(o.valid)}
             for o in facts for unit in o.units}
    tally.reconcile(session, "units", Unit,
                    {(row.organisation_id, row.slug): row for row in session.scalars(select(Unit))}, units,
                    closer("valid", on))


def _wordings(session: Session, facts: Iterable[WordingFacts], on: date, tally: Tally) -> None:
    existing = {(row.matter, row.version, row.language): row for row in session.scalars(select(Wording))}
    wanted = {(w.matter, w.version, w.language): asdict(w) | {"valid": period(w.valid)} for w in facts}
    changed = {f"{matter}.toml": [f"version {version} ({language}) has other words now; residents agreed to those that "
                                  "were read to them: add a new version instead"]
               for (matter, version, language), row in existing.items()
               if (matter, version, language) in wanted and wanted[matter, version, language]["text"] != row.text}
    if changed:
        raise Invalid(changed, kind="wording-changed", detail="\n".join(f"wording/{file}: {what[0]}"
                                                                        for file, what in changed.items()))
    spans: dict[tuple[str, str], list[Span]] = {}
    for wording in facts:
        spans.setdefault((wording.matter, wording.language), []).append(wording.valid)
    tally.reconcile(session, "wordings", Wording, existing, wanted,
                    closer("valid", on, lambda row: spans.get((row.matter, row.language), ())))


def _agreement(facts: AgreementFacts, ids: dict[str, uuid.UUID]) -> dict[str, object]:
    return {"slug": facts.slug, "partner_id": ids[facts.partner], "title": facts.title, "standing": facts.standing,
            "valid": period(facts.valid), "disposal_days": facts.disposal_days, "terms": facts.terms,
            "days_after_closing": facts.days_after_closing, "paper_allowed": facts.paper_allowed}


def _agreement_parts(session: Session, facts: Iterable[AgreementFacts], agreement_ids: dict[str, uuid.UUID],
                     ids: dict[str, uuid.UUID], tally: Tally) -> None:
    """The lists of an agreement. One that the files no longer state keeps its own: it is over, and says what it was."""
    stated = set(agreement_ids.values())
    parts: tuple[tuple[type[Any], str, str, Callable[[AgreementFacts], Iterable[Any]]], ...] = (
        (AgreementCouncil, "council_id", "councils of agreements", lambda a: [ids[slug] for slug in a.councils]),
        (AgreementPurpose, "purpose", "purposes of agreements", lambda a: a.purposes),
        (AgreementGroup, "group", "field groups of agreements", lambda a: a.groups),
        (AgreementService, "lgsl", "services of agreements", lambda a: a.services),
    )
    for model, column, kind, values in parts:
        existing = {(row.agreement_id, getattr(row, column)): row
                    for row in session.scalars(select(model)) if row.agreement_id in stated}
        wanted = {(agreement_ids[a.slug], value): {"agreement_id": agreement_ids[a.slug], column: value}
                  for a in facts for value in values(a)}
        tally.reconcile(session, kind, model, existing, wanted, remover(session))


def _deliveries(session: Session, facts: Iterable[DeliveryFacts], agreement_ids: dict[str, uuid.UUID],
                ids: dict[str, uuid.UUID], on: date, tally: Tally) -> None:
    existing = {(row.agreement_id, *_dated_area(row), row.valid.lower): row
                for row in session.scalars(select(Delivery))}
    wanted = {}
    spans: dict[DatedArea, list[Span]] = {}
    for d in facts:
        values = {"agreement_id": agreement_ids[d.agreement], "partner_id": ids[d.partner],
                  "council_id": ids[d.council], "lgsl": d.lgsl, "area_kind": d.area_kind, "area": d.area,
                  "area_words": d.area_words, "valid": period(d.valid)}
        place = (ids[d.council], d.lgsl, d.area_kind, d.area)
        wanted[agreement_ids[d.agreement], *place, d.valid.begins] = values
        spans.setdefault(place, []).append(d.valid)
    tally.reconcile(session, "deliveries", Delivery, existing, wanted,
                    closer("valid", on, lambda row: spans.get(_dated_area(row), ())))


def _dated_area(row: Delivery) -> DatedArea:
    return (row.council_id, row.lgsl, row.area_kind, row.area)
