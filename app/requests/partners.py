"""Which partners a request may be given to: those with an agreement in force that names the service and the council,
and to which the resident did not say no. What the partner then sees is for the scopes."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.organisations.models import Agreement, AgreementCouncil, AgreementService, Organisation
from app.organisations.queries import holds
from app.policy.purposes import Purpose
from app.policy.work import Work
from app.requests.models import Request


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner that may be given a request: its words, its name, whether the resident said no to it."""

    slug: str
    name: str
    objected: bool


def partners_for(work: Work, request: Request) -> list[Partner]:
    """Every partner under agreement for the service with the council responsible, by name."""
    found = work.session.scalars(
        select(Organisation).join(Agreement, Agreement.partner_id == Organisation.id)
        .where(holds(Agreement.valid, work.on), holds(Organisation.valid, work.on))
        .where(Agreement.services.any(AgreementService.lgsl == request.lgsl))
        .where(Agreement.councils.any(AgreementCouncil.council_id == request.responsible_id))
        .order_by(Organisation.name).distinct())
    return [Partner(each.slug, each.name, objected(work, request, each)) for each in found]


def objected(work: Work, request: Request, partner: Organisation) -> bool:
    """Whether the resident said no to this partner, or to passing anything on. The database answers, because the asker may
    not look."""
    return bool(work.session.scalar(select(func.wall.objects(request.id, partner.id))))


def agreement_with(work: Work, request: Request, slug: str) -> Agreement:
    """The agreement under which the request goes to this partner. Raises Invalid where it may not go there."""
    partner = work.session.scalar(
        select(Organisation).where(Organisation.slug == slug, holds(Organisation.valid, work.on)))
    known = (organisations.agreements_for(work.session, partner.id, request.responsible_id, request.lgsl, work.on)
             if partner is not None and request.responsible_id is not None else ())
    allowed = [each for each in known if str(Purpose.DELIVER) in {row.purpose for row in each.purposes}]
    if partner is None or not allowed:
        raise Invalid({"to": [f"No agreement in force lets “{slug}” have this service for this council: "
                              f"{_others(work, request)}"]})
    if objected(work, request, partner):
        raise Invalid({"to": [f"The resident objected to {partner.name}, or to passing anything on: "
                              f"{_others(work, request)}"]})
    return allowed[0]


def _others(work: Work, request: Request) -> str:
    others = [each.slug for each in partners_for(work, request) if not each.objected]
    return f"choose one of {', '.join(others)}" if others else "there is no other; the council does this one itself"
