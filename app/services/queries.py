"""Questions about the catalogue: a service with all it needs, services by words, and all that decides who answers.

These are public facts: every hat may ask. The date is the partnership's own.
"""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from app.kernel.errors import NotFound
from app.organisations import queries as organisations
from app.organisations.areas import Area
from app.organisations.models import Organisation, Unit
from app.organisations.queries import holds
from app.services.deciding import Answer, Delivered, Local, Override, Question, ServiceAt
from app.services.models import LocalService, RoutingException, Service, ServiceQuestion
from app.services.search import Entry, ranked

LISTED_AT_MOST = 20
ALL = 5000


def service(session: Session, lgsl: int) -> Service:
    """A service with its fields, needs, questions and related services. Raises NotFound."""
    found = session.scalar(select(Service).where(Service.lgsl == lgsl).options(
        selectinload(Service.fields), selectinload(Service.needs), selectinload(Service.related),
        selectinload(Service.questions).selectinload(ServiceQuestion.answers)))
    if found is None:
        raise NotFound()
    return found


def needed_groups(session: Session, lgsl: int) -> dict[str, bool]:
    """The resident's field groups that a service needs, each with whether it must be given."""
    return {need.group: need.required for need in service(session, lgsl).needs}


def search(session: Session, typed: str, limit: int = LISTED_AT_MOST) -> list[Service]:
    """The services that the words typed may mean, best first; the partnership's own before merely published ones."""
    known = {row.lgsl: row for row in session.scalars(_offered())}
    entries = [Entry(row.lgsl, row.name, f"{row.words} {row.published_name or ''}", row.ours)
               for row in known.values()]
    return [known[lgsl] for lgsl in ranked(entries, typed)[:limit]]


def on_offer(session: Session, typed: str = "") -> list[Service]:
    """The partnership's own services: by name, or best first where words were typed."""
    if typed.strip():
        return [row for row in search(session, typed, limit=ALL) if row.ours]
    return sorted((row for row in session.scalars(_offered()) if row.ours), key=lambda row: row.name)


def catalogue(session: Session, after: int = 0, limit: int = LISTED_AT_MOST) -> Sequence[Service]:
    """The services in the order of their codes, from after a code."""
    return session.scalars(_offered().where(Service.lgsl > after).order_by(Service.lgsl).limit(limit)).all()


def council_name(session: Session, council_id: uuid.UUID) -> str:
    """The name of a council that provides something."""
    return session.execute(select(Organisation.name).where(Organisation.id == council_id)).scalar_one()


def whole(session: Session, lgsls: Sequence[int]) -> list[Service]:
    """These services with all that is asked for them, in the order given."""
    rows = {row.lgsl: row for row in session.scalars(select(Service).where(Service.lgsl.in_(lgsls)).options(
        selectinload(Service.fields), selectinload(Service.needs), selectinload(Service.local),
        selectinload(Service.questions).selectinload(ServiceQuestion.answers)))}
    return [rows[lgsl] for lgsl in lgsls if lgsl in rows]


def local(session: Session, lgsl: int, council_id: uuid.UUID, on: date) -> LocalService | None:
    """A council's own provision of a service, where it is live that day."""
    return session.scalar(select(LocalService).where(
        LocalService.lgsl == lgsl, LocalService.council_id == council_id, holds(LocalService.live, on)))


def exceptions(session: Session, lgsl: int, areas: Sequence[Area], on: date) -> list[RoutingException]:
    """The exceptions in force that day for a service at a place, the narrowest area first."""
    if not areas:
        return []
    found = session.scalars(select(RoutingException)
                            .where(RoutingException.lgsl == lgsl, holds(RoutingException.valid, on))
                            .where(or_(*((RoutingException.area_kind == area.kind)
                                         & (RoutingException.area == area.code) for area in areas))))
    return sorted(found, key=lambda row: areas.index(Area(row.area_kind, row.area)))


def service_at(session: Session, lgsl: int, areas: Sequence[Area], on: date) -> ServiceAt:
    """Everything that decides who answers for a service at a place on a day, as plain facts. Raises NotFound."""
    found = service(session, lgsl)
    slugs = {row.id: row.slug for row in session.scalars(select(Organisation))}
    return ServiceAt(
        lgsl=found.lgsl, name=found.name, tier=found.tier,
        groups=tuple(need.group for need in found.needs),
        questions=tuple(_question(question, slugs) for question in found.questions),
        exceptions=tuple(Override(slugs[row.council_id], row.area_kind, row.area, row.reason)
                         for row in exceptions(session, lgsl, areas, on)),
        local=_local(session, lgsl, slugs),
        deliveries=tuple(Delivered(slugs[row.council_id], slugs[row.partner_id], row.agreement_id, row.area_words)
                         for row in organisations.deliveries(session, lgsl, areas, on)))


def _offered() -> Select[Service]:
    """What may be asked for: not a service that neither the partnership nor the published list names any more."""
    return select(Service).where(or_(Service.ours, Service.published_name.is_not(None)))


def _question(row: ServiceQuestion, slugs: dict[uuid.UUID, str]) -> Question:
    return Question(row.key, row.words, tuple(
        Answer(answer.key, answer.words, answer.decides, answer.tier,
               slugs[answer.council_id] if answer.council_id else None, answer.because) for answer in row.answers))


def _local(session: Session, lgsl: int, slugs: dict[uuid.UUID, str]) -> tuple[Local, ...]:
    rows = session.execute(select(LocalService, Unit.slug).join(Unit, Unit.id == LocalService.unit_id)
                           .where(LocalService.lgsl == lgsl))
    return tuple(Local(slugs[row.council_id], unit, row.target_amount, row.target_unit, row.live.lower, row.live.upper)
                 for row, unit in rows if not row.live.isempty)
