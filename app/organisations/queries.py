"""Questions about who there is: organisations, lines, agreements, deliveries and wordings, on a date.

These are public facts: every hat may ask. The date is the partnership's own (`as_at`, else today).
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Integer, Select, Text, column, func, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from app.kernel.errors import NotFound, NotReady
from app.kernel.tables import Period
from app.organisations.areas import Area
from app.organisations.models import (
    Agreement,
    AgreementCouncil,
    AgreementService,
    Delivery,
    Line,
    Organisation,
    Partnership,
    Unit,
    Wording,
)


def partnership(session: Session) -> Partnership:
    """The partnership of this installation."""
    found = session.get(Partnership, 1)
    if found is None:
        raise NotReady("No partnership is loaded yet: run flask partnership load.", kind="no-partnership")
    return found


def facts_date(session: Session, today: date) -> date:
    """The date at which facts about councils, areas, agreements and services are read."""
    return partnership(session).as_at or today


def holds(period: "InstrumentedAttribute[Period]", on: date) -> ColumnElement[bool]:
    """The period covers that day."""
    return period.op("@>", is_comparison=True)(on)


def organisation(session: Session, slug: str) -> Organisation:
    """An organisation by its slug, whether it still exists or not. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound()
    return found


def organisations(session: Session, on: date, *kinds: str) -> Sequence[Organisation]:
    """Those that exist that day, of those kinds (of any, if none is named), councils from the county down first."""
    query = select(Organisation).where(holds(Organisation.valid, on)).order_by(Organisation.accent, Organisation.slug)
    return session.scalars(query.where(Organisation.kind.in_(kinds)) if kinds else query).all()


def all_organisations(session: Session) -> Sequence[Organisation]:
    """Every organisation that there is, was or will be, councils first, with its lines and units."""
    return session.scalars(select(Organisation).order_by(Organisation.accent, Organisation.slug)
                           .options(selectinload(Organisation.lines), selectinload(Organisation.units))).all()


def by_key(session: Session, key: uuid.UUID) -> Organisation:
    """The organisation of a key that another row holds."""
    return session.scalars(select(Organisation).where(Organisation.id == key).options(
        selectinload(Organisation.lines), selectinload(Organisation.units))).one()


def councils(session: Session, on: date) -> Sequence[Organisation]:
    """The member councils that day."""
    return organisations(session, on, "council")


def lines(session: Session, on: date) -> Sequence[Line]:
    """The telephone lines that ring that day, each with its organisation, in the order in which that states them."""
    return session.scalars(select(Line).where(holds(Line.valid, on)).order_by(Line.position, Line.slug)
                           .options(selectinload(Line.organisation))).all()


def line(session: Session, slug: str, on: date) -> Line:
    """A line by its slug. Raises NotFound where it does not ring that day."""
    found = session.scalar(select(Line).where(Line.slug == slug, holds(Line.valid, on))
                           .options(selectinload(Line.organisation)))
    if found is None:
        raise NotFound()
    return found


def units(session: Session, organisation_id: uuid.UUID, on: date) -> Sequence[Unit]:
    """The departments of an organisation that day."""
    return session.scalars(select(Unit).where(Unit.organisation_id == organisation_id, holds(Unit.valid, on))
                           .order_by(Unit.name)).all()


def agreements_in_force(session: Session, on: date, partner_id: uuid.UUID | None = None) -> Sequence[Agreement]:
    """The agreements in force that day, of one partner or of all, with their lists."""
    query = _with_lists(select(Agreement).where(holds(Agreement.valid, on)).order_by(Agreement.slug))
    return session.scalars(query.where(Agreement.partner_id == partner_id) if partner_id else query).all()


def agreements_of(session: Session, party: uuid.UUID | None = None) -> Sequence[Agreement]:
    """Every agreement, whenever it holds, to which an organisation is party as partner or as council; else all."""
    query = _with_lists(select(Agreement).order_by(Agreement.valid, Agreement.slug))
    if party is not None:
        query = query.where(or_(Agreement.partner_id == party,
                                Agreement.councils.any(AgreementCouncil.council_id == party)))
    return session.scalars(query).all()


def service_names(session: Session, codes: Collection[int]) -> dict[int, str]:
    """What services are called, by LGSL code. The catalogue stands above this package and is named, not imported."""
    service = table("service", column("lgsl", Integer), column("name", Text))
    found = session.execute(select(service.c.lgsl, service.c.name).where(service.c.lgsl.in_(codes)))
    return {lgsl: name for lgsl, name in found}


def agreements_for(session: Session, partner_id: uuid.UUID, council_id: uuid.UUID, lgsl: int,
                   on: date) -> Sequence[Agreement]:
    """The agreements in force that day under which the partner may be given this service by this council."""
    query = (select(Agreement)
             .where(Agreement.partner_id == partner_id, holds(Agreement.valid, on))
             .where(Agreement.services.any(AgreementService.lgsl == lgsl))
             .where(Agreement.councils.any(AgreementCouncil.council_id == council_id))
             .order_by(Agreement.slug))
    return session.scalars(_with_lists(query)).all()


def deliveries(session: Session, lgsl: int, areas: Sequence[Area], on: date,
               council_id: uuid.UUID | None = None) -> list[Delivery]:
    """Who delivers a service at a place that day, under an agreement in force, the narrowest area first.

    The areas are the names of the place, narrowest first, as `areas.areas_of` gives them.
    """
    if not areas:
        return []
    query = (select(Delivery).join(Agreement, Agreement.id == Delivery.agreement_id)
             .where(Delivery.lgsl == lgsl, holds(Delivery.valid, on), holds(Agreement.valid, on))
             .where(or_(*((Delivery.area_kind == area.kind) & (Delivery.area == area.code) for area in areas)))
             .options(selectinload(Delivery.partner), selectinload(Delivery.council)))
    if council_id:
        query = query.where(Delivery.council_id == council_id)
    return sorted(session.scalars(query), key=lambda found: areas.index(Area(found.area_kind, found.area)))


def wording(session: Session, matter: str, on: date, language: str | None = None) -> Wording:
    """The words now read out about a matter, in that language if there are any in it, else in the partnership's own."""
    own, *_ = partnership(session).languages
    found = {row.language: row for row in session.scalars(
        select(Wording).where(Wording.matter == matter, holds(Wording.valid, on),
                              Wording.language.in_({own, language or own})))}
    chosen = found.get(language or own) or found.get(own)
    if chosen is None:
        raise NotReady(f"No wording for {matter} holds on {on}: add it to the partnership's files.", kind="no-wording")
    return chosen


def wording_version(session: Session, matter: str, version: str, language: str) -> Wording | None:
    """The words of one version, whether they are still read out or not."""
    return session.scalar(select(Wording).where(
        Wording.matter == matter, Wording.version == version, Wording.language == language))


def known_words(session: Session) -> dict[str, list[str]]:
    """Every organisation's slug with its units' slugs: the words that a policy may name."""
    rows = session.execute(select(Organisation.slug, func.array_remove(func.array_agg(Unit.slug), None))
                           .outerjoin(Unit, Unit.organisation_id == Organisation.id)
                           .group_by(Organisation.slug).order_by(Organisation.slug))
    return {slug: sorted(found) for slug, found in rows}


def _with_lists(query: Select[Agreement]) -> Select[Agreement]:
    return query.options(selectinload(Agreement.partner), selectinload(Agreement.councils),
                         selectinload(Agreement.purposes), selectinload(Agreement.groups),
                         selectinload(Agreement.services))
