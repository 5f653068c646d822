"""Brings the catalogue's tables to what the files say. It is given a session, and never commits it.

A service that the files no longer name keeps its row, since requests may hold it: it is merely no longer `ours`.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organisations.models import Organisation, Unit
from app.organisations.spans import Span
from app.organisations.tally import Tally, closer, period, remover
from app.services.facts import CatalogueEntry, CatalogueFacts, ExceptionFacts, LocalFacts, QuestionFacts
from app.services.models import (
    LocalService,
    RelatedService,
    RoutingException,
    Service,
    ServiceAnswer,
    ServiceField,
    ServiceNeed,
    ServiceQuestion,
)


def load(session: Session, facts: CatalogueFacts, on: date, tally: Tally) -> None:
    """The whole catalogue. Organisations and their units must be there."""
    ids = {row.slug: row.id for row in session.scalars(select(Organisation))}
    _services(session, facts.services, tally)
    fields = {(f.lgsl, f.name): asdict(f) | {"choices": list(f.choices)} for f in facts.fields}
    tally.reconcile(session, "fields", ServiceField,
                    {(row.lgsl, row.name): row for row in session.scalars(select(ServiceField))}, fields,
                    remover(session))
    tally.reconcile(session, "needs", ServiceNeed,
                    {(row.lgsl, row.group): row for row in session.scalars(select(ServiceNeed))},
                    {(n.lgsl, n.group): asdict(n) for n in facts.needs}, remover(session))
    tally.reconcile(session, "related services", RelatedService,
                    {(row.lgsl, row.related_lgsl): row for row in session.scalars(select(RelatedService))},
                    {(r.lgsl, r.related_lgsl): asdict(r) for r in facts.related}, remover(session))
    _questions(session, facts.questions, ids, tally)
    _local(session, facts.local, ids, on, tally)
    _exceptions(session, facts.exceptions, ids, on, tally)


def _services(session: Session, facts: Iterable[CatalogueEntry], tally: Tally) -> None:
    def withdraw(row: Service) -> str | None:
        if not row.ours:
            return None
        row.ours, row.name, row.tier = False, row.published_name or row.name, row.published_tier or row.tier
        row.description, row.words = "", ""
        return "closed"

    tally.reconcile(session, "services", Service, {row.lgsl: row for row in session.scalars(select(Service))},
                    {s.lgsl: asdict(s) | {"ours": True} for s in facts}, withdraw)


def _questions(session: Session, facts: Iterable[QuestionFacts], ids: dict[str, uuid.UUID], tally: Tally) -> None:
    existing = {(row.lgsl, row.key): row for row in session.scalars(select(ServiceQuestion))}
    held = {(row.question_id, row.key): row for row in session.scalars(select(ServiceAnswer))}
    wanted = {(q.lgsl, q.key): {"lgsl": q.lgsl, "key": q.key, "words": q.words, "position": q.position} for q in facts}
    questions = tally.reconcile(session, "questions", ServiceQuestion, existing, wanted, remover(session))
    answers = {}
    for question in facts:
        question_id = questions[question.lgsl, question.key].id
        for answer in question.answers:
            values = asdict(answer) | {"question_id": question_id}
            council = values.pop("council")
            answers[question_id, answer.key] = values | {"council_id": ids[council] if council else None}
    kept = {row.id for row in questions.values()}
    tally.reconcile(session, "answers", ServiceAnswer, {key: row for key, row in held.items() if key[0] in kept},
                    answers, remover(session))


def _local(session: Session, facts: Iterable[LocalFacts], ids: dict[str, uuid.UUID], on: date, tally: Tally) -> None:
    units = {(row.organisation_id, row.slug): row.id for row in session.scalars(select(Unit))}
    wanted = {}
    spans: dict[tuple[uuid.UUID, int], list[Span]] = {}
    for local in facts:
        council = ids[local.council]
        wanted[council, local.lgsl, local.live.begins] = {
            "council_id": council, "lgsl": local.lgsl, "unit_id": units[council, local.unit],
            "target_amount": local.target_amount, "target_unit": local.target_unit,
            "lawful_basis": local.lawful_basis, "own_system": local.own_system, "live": period(local.live)}
        spans.setdefault((council, local.lgsl), []).append(local.live)
    existing = {(row.council_id, row.lgsl, row.live.lower): row for row in session.scalars(select(LocalService))}
    tally.reconcile(session, "local services", LocalService, existing, wanted,
                    closer("live", on, lambda row: spans.get((row.council_id, row.lgsl), ())))


def _exceptions(session: Session, facts: Iterable[ExceptionFacts], ids: dict[str, uuid.UUID], on: date,
                tally: Tally) -> None:
    wanted = {}
    spans: dict[tuple[int, str, str], list[Span]] = {}
    for e in facts:
        wanted[e.lgsl, e.area_kind, e.area, e.valid.begins] = {
            "lgsl": e.lgsl, "area_kind": e.area_kind, "area": e.area, "council_id": ids[e.council],
            "reason": e.reason, "valid": period(e.valid)}
        spans.setdefault((e.lgsl, e.area_kind, e.area), []).append(e.valid)
    existing = {(row.lgsl, row.area_kind, row.area, row.valid.lower): row
                for row in session.scalars(select(RoutingException))}
    tally.reconcile(session, "exceptions", RoutingException, existing, wanted,
                    closer("valid", on, lambda row: spans.get((row.lgsl, row.area_kind, row.area), ())))
