"""Gathers what a routing decision depends on: the place, the service there, agreements in force, and of a resident only
what limits passing on. The decision is ``routing``'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.choices.models import Choice
from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.organisations.areas import areas_of
from app.organisations.models import Agreement, Organisation
from app.places import queries as places
from app.places.answers import ASK, Answer, Stated
from app.places.answers import decide as where
from app.places.postcodes import normalise
from app.places.succession import PlaceFacts
from app.policy.purposes import Purpose
from app.policy.work import Work
from app.requests.routing import CANNOT_SAY, DISTRICT, Member, RoutingQuestion, Terms
from app.residents.models import Resident
from app.services import queries as services
from app.services.deciding import ServiceAt

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a resident said about passing on: to these organisations never, or to nobody."""

    objected: frozenset[str] = frozenset()
    passing_refused: bool = False


def routing_facts(work: Work, lgsl: int, postcode: str, on: date | None = None, *,
                  answers: Mapping[str, str] = NOTHING, address_line: str | None = None,
                  limits: Limits | None = None) -> RoutingQuestion:
    """Everything the decision needs. Raises NotFound for an unknown service, Invalid for no postcode or no answer."""
    day = on or work.on
    place = _place(work, postcode, day, answers, address_line)
    gss = [council.gss for council in place.councils]
    service = services.service_at(work.session, lgsl, areas_of(place.postcode, gss), day)
    _check_answers(service, place, answers)
    limits = limits or Limits()
    members = {council.slug: Member(council.slug, council.name, council.homepage, council.telephone)
               for council in organisations.councils(work.session, day)}
    return RoutingQuestion(service, place, day, members, _terms(work, lgsl, day), dict(answers), limits.objected,
                           limits.passing_refused)


def limits_of(work: Work, resident: Resident | None) -> Limits:
    """What the resident's own words forbid; *not asked* forbids nothing."""
    if resident is None:
        return Limits()
    said = work.session.scalar(select(Choice.answer).where(Choice.resident_id == resident.id)
                               .where(Choice.matter == "passing").order_by(Choice.at.desc(), Choice.id.desc()).limit(1))
    objected = work.session.scalars(select(Organisation.slug).where(Organisation.id.in_(resident.objected_to)))
    return Limits(frozenset(objected), said in ("refused", "withdrawn"))


def _place(work: Work, postcode: str, on: date, answers: Mapping[str, str], address_line: str | None) -> Answer:
    """Where it is. On a boundary the caller's answer settles it, if it names one of the districts that it may be."""
    found = places.find(work.session, postcode, on, address_line)
    chosen = answers.get(DISTRICT)
    if found.outcome != ASK or chosen not in {council.gss for council in found.candidates}:
        return found
    stated = PlaceFacts(chosen, places.county_above(work.session, chosen, found.postcode))
    return where(normalise(postcode), Stated(address=stated), places.authorities(work.session), on)


def _terms(work: Work, lgsl: int, on: date) -> tuple[Terms, ...]:
    slugs = {row.id: row.slug for row in work.session.scalars(select(Organisation))}
    return tuple(Terms(row.id, row.title, row.partner.slug, row.partner.short_name,
                       frozenset(slugs[party.council_id] for party in row.councils),
                       frozenset(given.group for given in row.groups))
                 for row in organisations.agreements_in_force(work.session, on) if _names(row, lgsl))


def _names(agreement: Agreement, lgsl: int) -> bool:
    return (any(named.lgsl == lgsl for named in agreement.services)
            and any(named.purpose == str(Purpose.DELIVER) for named in agreement.purposes))


def _check_answers(service: ServiceAt, place: Answer, answers: Mapping[str, str]) -> None:
    """An answer that nobody offered is a mistake, not a caller who said nothing."""
    offered = {question.key: [answer.key for answer in question.answers] for question in service.questions}
    if place.candidates:
        offered[DISTRICT] = [*(council.gss for council in place.candidates), CANNOT_SAY]
    errors = {}
    for key, said in answers.items():
        if key == DISTRICT and key not in offered:
            continue
        if key not in offered:
            errors[key] = [f"“{key}” is not asked for this service: leave it out"]
        elif said not in offered[key]:
            errors[key] = [f"“{said}” is not an answer to this: choose one of {', '.join(offered[key])}"]
    if errors:
        raise Invalid({"answers": errors})
