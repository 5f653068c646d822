"""Pages about the councils and partners, to read: who they are, their lines, units and contacts, and what was agreed.
The words are the partnership's own; they are changed in its files."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.telephones import telephone_words
from app.organisations import queries
from app.organisations.models import Organisation
from app.organisations.telling import Told, told
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Routes
from app.policy.work import Work

routes = Routes("organisations", __name__)
KIND_WORDS = {"council": "Council", "contractor": "Contractor", "voluntary": "Voluntary organisation",
              "public": "Public body"}
TIER_WORDS = {"county": "county council", "borough": "borough or district council", "unitary": "unitary council"}
STATES = (("in force", "In force"), ("coming", "To come"), ("ended", "Ended"))


@dataclass(frozen=True, slots=True)
class Shown:
    """An organisation for a page."""

    slug: str
    name: str
    kind: str
    telephone: str | None
    email: str | None
    homepage: str | None
    officer: tuple[str, str, str | None]
    since: date | None
    until: date | None
    lines: tuple[tuple[str, str], ...]
    units: tuple[str, ...]


@routes.get("/organisations", needs=(Action.ORGANISATION_READ,))
def index(work: Work) -> str:
    """Every organisation of the partnership, those that are no more apart."""
    found = [(each.valid, _shown(each, work.on)) for each in queries.all_organisations(work.session)]
    now = [shown for valid, shown in found if work.on in valid]
    return render(
        "organisations/index.html", on=work.on, councils=[each for each in now if each.kind.startswith("Council")],
        partners=[each for each in now if not each.kind.startswith("Council")],
        others=[shown for valid, shown in found if work.on not in valid], in_force=_counted(_agreements(work)))


@routes.get("/organisations/<slug>", needs=(Action.ORGANISATION_READ,))
def one(work: Work, slug: str) -> str:
    """One organisation with its agreements."""
    organisation = queries.organisation(work.session, slug)
    return render("organisations/one.html", on=work.on, organisation=_shown(organisation, work.on),
                  agreements=_by_state(_agreements(work, organisation.id)))


@routes.get("/agreement", needs=(Action.AGREEMENT_READ,))
def own_agreement(work: Work) -> str:
    """What the hat's own organisation agreed, in sentences."""
    own = queries.by_key(work.session, work.actor.organisation_id)
    return render("organisations/agreement.html", on=work.on, organisation=_shown(own, work.on),
                  is_partner=own.kind != "council", agreements=_by_state(_agreements(work, own.id)))


def _agreements(work: Work, party: uuid.UUID | None = None) -> list[Told]:
    found = queries.agreements_of(work.session, party)
    names: Mapping[object, str] = {each.id: each.name for each in queries.all_organisations(work.session)}
    services = queries.service_names(work.session, {each.lgsl for agreement in found for each in agreement.services})
    return [told(agreement, work.on, names, services) for agreement in found]


def _by_state(agreements: Sequence[Told]) -> list[tuple[str, list[Told]]]:
    """The agreements under what they are on the day, nothing where there is none of a state."""
    return [(words, of_state) for state, words in STATES
            if (of_state := [each for each in agreements if each.state == state])]


def _counted(agreements: Sequence[Told]) -> dict[str, int]:
    """How many agreements in force each partner has."""
    partners = [each.partner_slug for each in agreements if each.state == "in force"]
    return {slug: partners.count(slug) for slug in partners}


def _shown(organisation: Organisation, on: date) -> Shown:
    kind = KIND_WORDS[organisation.kind]
    if organisation.tier:
        kind += f" ({TIER_WORDS.get(organisation.tier, organisation.tier)})"
    return Shown(
        organisation.slug, organisation.name, kind, _number(organisation.telephone), organisation.email,
        organisation.homepage,
        (organisation.information_officer, organisation.information_officer_email,
         _number(organisation.information_officer_telephone)),
        organisation.valid.lower, organisation.valid.upper,
        tuple((line.words, telephone_words(line.number)) for line in organisation.lines if on in line.valid),
        tuple(unit.name for unit in organisation.units if on in unit.valid))


def _number(number: str | None) -> str | None:
    return telephone_words(number) if number else None
