"""What a resident says is written down: an answer on a matter, an objection, the taking back of one.

Nothing is overwritten. What is said may end the very sight through which it was written down, at once and everywhere:
so the consequence is worked out before, and the row is the last thing read or written of the resident.
"""

from dataclasses import dataclass

from app.choices import queries
from app.choices.effects import Effect, effect
from app.choices.models import Choice, Objection
from app.choices.states import GIVEN, Said, answer_on, check_next, moment
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident

CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new state of a matter, and who gains or loses sight by it."""

    said: Said
    effect: Effect


def say(work: Work, ref: str, matter: str, answer: str, wording: str, channel: str) -> Outcome:
    """Write an answer down. Raises NotFound, Conflict ``nothing-to-withdraw``, Invalid for an unknown wording."""
    resident = residents.one(work, ref, lock=True)
    before = queries.said(work, resident)
    check_next(answer_on(queries.present(work, resident), matter), answer)
    version = version_of(work, matter, wording)
    event = Said(matter, answer, version, channel, moment(work.now, max((each.at for each in before), default=None)))
    consequence = consequence_of(work, resident, matter, answer)
    _journal(work, "choice.recorded", resident, {"matter": matter})
    keep(work, resident, event)
    return Outcome(event, consequence)


def keep(work: Work, resident: Resident, event: Said) -> None:
    """The row itself; the database draws the consequence for sharing in the same breath."""
    work.session.add(Choice(resident_id=resident.id, matter=event.matter, answer=event.answer, at=event.at,
                            wording_version=event.wording, channel=event.channel, hat_id=work.actor.hat_id))
    work.session.flush()


def consequence_of(work: Work, resident: Resident, matter: str, answer: str) -> Effect:
    """Who would gain or lose sight by an answer. Only sharing decides on sight; the others on what is done."""
    if matter != "sharing":
        return Effect()
    now = queries.standing(work, resident)
    return effect(now, now.with_sharing(answer == GIVEN), queries.parties(work))


def object_to(work: Work, ref: str, slug: str, reason: str | None) -> Effect:
    """Write an objection down; one that stands already changes nothing. Raises NotFound."""
    return _objecting(work, ref, slug, active=True, reason=reason)


def take_back(work: Work, ref: str, slug: str) -> Effect:
    """End an objection; where there is none nothing changes. Raises NotFound."""
    return _objecting(work, ref, slug, active=False, reason=None)


def _objecting(work: Work, ref: str, slug: str, *, active: bool, reason: str | None) -> Effect:
    resident = residents.one(work, ref, lock=True)
    organisation = organisations.organisation(work.session, slug)
    events = queries.objected(work, resident)
    if (organisation.id in queries.present_objections(work, resident)) == active:
        return Effect()
    consequence = consequence_of_objection(work, resident, organisation, active)
    at = moment(work.now, max((each.at for each in events), default=None))
    _journal(work, "objection.recorded" if active else "objection.ended", resident, {"organisation": slug})
    work.session.add(Objection(resident_id=resident.id, organisation_id=organisation.id, active=active, reason=reason,
                               at=at, hat_id=work.actor.hat_id))
    work.session.flush()
    return consequence


def consequence_of_objection(work: Work, resident: Resident, organisation: Organisation, active: bool) -> Effect:
    """Who would gain or lose sight by an objection, or by taking it back."""
    now = queries.standing(work, resident)
    return effect(now, now.with_objection(organisation.slug, active), queries.parties(work))


def version_of(work: Work, matter: str, wording: str) -> str:
    """The version of the words that were read out. ``current`` is the one that holds now."""
    if wording == CURRENT:
        return organisations.wording(work.session, matter, work.on).version
    for language in organisations.partnership(work.session).languages:
        if organisations.wording_version(work.session, matter, wording, language) is not None:
            return wording
    raise Invalid({"wording": [f"There is no version “{wording}” of the words on {matter}: send current, or the "
                               "version that was read out"]})


def _journal(work: Work, event: str, resident: Resident, facts: dict[str, str]) -> None:
    basis = basis_of(work, "resident", [resident.id])[resident.id]
    record(work, event, [Subject(resident.id, [Group.CHOICES], basis.scopes)], facts)
