"""The catalogue for programs: what can be asked for, what each service must know and why."""

from typing import Any

from sqlalchemy import select

from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.routes import Api
from app.policy.work import Work
from app.services import queries
from app.services.models import LocalService, Service
from app.services.schemas import CatalogueQuestion, ServiceOut, ServicesOut

api = Api("services_api", __name__, url_prefix="/api/v1", description="The catalogue of services")
# In hours of a working day, to say which of two targets is the longer.
HOURS = {"working-hours": 1, "working-days": 8, "days": 6}


@api.call("GET", "/services", needs=(Action.SERVICE_READ,), query=CatalogueQuestion, answer=ServicesOut)
def services(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """The catalogue in the order of its codes, or what the words may mean, best first."""
    limit = query["limit"]
    if query["q"].strip():
        found, after = queries.search(work.session, query["q"], limit), None
    else:
        rows = list(queries.catalogue(work.session, query["after"], limit + 1))
        found, after = rows[:limit], str(rows[limit - 1].lgsl) if len(rows) > limit else None
    whole = queries.whole(work.session, [row.lgsl for row in found])
    return {"items": [_answered(work, row) for row in whole], "next": after}


@api.call("GET", "/services/<int:lgsl>", needs=(Action.SERVICE_READ,), answer=ServiceOut)
def service(work: Work, lgsl: int) -> dict[str, Any]:
    """One service."""
    return _answered(work, queries.service(work.session, lgsl))


def _answered(work: Work, row: Service) -> dict[str, Any]:
    slugs = {council.id: council.slug for council in work.session.scalars(select(Organisation))}
    live = [local for local in row.local if work.on in local.live]
    longest = max((local for local in live if local.target_amount), default=None, key=lambda local: (
        local.target_amount or 0) * HOURS[local.target_unit or "days"])
    return {
        "lgsl": row.lgsl, "name": row.name, "tier": row.tier, "description": row.description,
        "fields": [{"name": field.name, "why": field.why, "required": field.required, "label": field.label,
                    "kind": field.kind, "choices": list(field.choices)} for field in row.fields],
        "needs": [{"group": need.group, "why": need.why, "required": need.required} for need in row.needs],
        "questions": [{"key": asked.key, "words": asked.words, "answers": [
            {"key": answer.key, "words": answer.words} for answer in asked.answers]} for asked in row.questions],
        "target": _target(longest), "provided_by": sorted(
            ({"council": slugs[local.council_id], "target": _target(local)} for local in live),
            key=lambda one: str(one["council"]))}


def _target(local: LocalService | None) -> str | None:
    """``5 working days``."""
    if local is None or local.target_amount is None or local.target_unit is None:
        return None
    words = local.target_unit.replace("-", " ")
    return f"{local.target_amount} {words if local.target_amount != 1 else words.removesuffix('s')}"
