"""The rights that a request gives: to the request for those who took it, answer for it or carry it out, and to the
resident for those who carry it out (R3). When the request closes the rights are gone, because the rows say so."""

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Uuid,
    and_,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.expression import Exists

from app.choices.scopes import consented
from app.contacts.models import Contact
from app.organisations.models import (
    Agreement,
    AgreementCouncil,
    AgreementGroup,
    AgreementPurpose,
    AgreementService,
)
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.scopes import MASKS, ON, ORG, UNIT, lift, mask, of_council, scope
from app.policy.words import LiftWord, MaskWord, ScopeWord
from app.requests.models import Assignment, Request, RequestResident
from app.residents.models import Resident
from app.residents.scopes import is_home, is_keeper, is_of, is_related, objected, unmasked
from app.services.models import ServiceNeed

request, assignment, link = Request.__table__, Assignment.__table__, RequestResident.__table__
resident_table, contact = Resident.__table__, Contact.__table__
agreement, agreement_group, need = Agreement.__table__, AgreementGroup.__table__, ServiceNeed.__table__
agreement_service, agreement_purpose = AgreementService.__table__, AgreementPurpose.__table__
agreement_council = AgreementCouncil.__table__
# What may be said of a request without saying anything of a person.
BARE = frozenset({Group.STUB, Group.JOB, Group.HISTORY})


def _one() -> Exists:
    return exists(literal_column("1"))


def _running(asked: FromClause, held: FromClause, group: Group | None) -> list[ColumnElement[bool]]:
    """A running assignment of an open request to the asker, under an agreement in force that names the service and the
    council responsible."""
    under, named, purpose = agreement.alias(), agreement_service.alias(), agreement_purpose.alias()
    party = agreement_council.alias()
    in_force = _one().where(
        under.c.id == held.c.agreement_id, under.c.partner_id == held.c.organisation_id, under.c.valid.contains(ON),
        named.c.agreement_id == under.c.id, named.c.lgsl == asked.c.lgsl,
        party.c.agreement_id == under.c.id, party.c.council_id == asked.c.responsible_id,
        purpose.c.agreement_id == under.c.id, purpose.c.purpose == str(Purpose.DELIVER)).correlate(asked, held)
    running = [held.c.organisation_id == ORG, held.c.ended_at.is_(None), asked.c.closed_at.is_(None), in_force]
    if group is not None and group not in BARE:
        given, needed = agreement_group.alias(), need.alias()
        running += [
            _one().where(given.c.agreement_id == held.c.agreement_id, given.c.group == str(group)).correlate(held),
            _one().where(needed.c.lgsl == asked.c.lgsl, needed.c.group == str(group)).correlate(asked)]
    return running


@scope("resident", ScopeWord.ASSIGNED)
def _assigned_resident(resident: FromClause, group: Group | None) -> ColumnElement[bool]:
    asked, held, linked = request.alias(), assignment.alias(), link.alias()
    return _one().where(linked.c.resident_id == resident.c.id, asked.c.id == linked.c.request_id,
                        held.c.request_id == asked.c.id, *_running(asked, held, group)).correlate(resident)


@scope("resident", ScopeWord.SERVED)
def _served(resident: FromClause, _group: Group | None) -> ColumnElement[bool]:
    asked, linked = request.alias(), link.alias()
    return and_(is_home(resident), _one().where(
        linked.c.resident_id == resident.c.id, asked.c.id == linked.c.request_id, asked.c.closed_at.is_(None),
        asked.c.responsible_id == ORG, _of_the_unit(asked)).correlate(resident))


def _of_the_unit(asked: FromClause) -> ColumnElement[bool]:
    return or_(UNIT == "-", asked.c.unit == UNIT)


@scope("request", ScopeWord.TAKEN)
def _taken(asked: FromClause, group: Group | None) -> ColumnElement[bool]:
    """The stub for ever; what was typed at an intake only while the contact lasts in which it was said (R18)."""
    if group in (None, Group.STUB):
        return asked.c.taken_by_id == ORG
    talk = contact.alias()
    return and_(asked.c.taken_by_id == ORG, asked.c.intake, _one().where(
        talk.c.id == asked.c.taken_in, talk.c.organisation_id == ORG, talk.c.ended_at.is_(None)).correlate(asked))


@scope("request", ScopeWord.RESPONSIBLE)
def _responsible(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    return and_(asked.c.responsible_id == ORG, _of_the_unit(asked))


@scope("request", ScopeWord.INTAKE)
def _intake(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    """Offered and not linked: asked of the database's own function, for a link to a hidden record looks like none."""
    linked = select(func.wall.linked_intakes(type_=ARRAY(Uuid)))
    return and_(asked.c.intake_home_id == ORG, asked.c.intake, asked.c.permission == "given",
                asked.c.closed_at.is_(None), asked.c.id != func.all(cast(linked.scalar_subquery(), ARRAY(Uuid))))


@scope("request", ScopeWord.ASSIGNED)
def _assigned(asked: FromClause, group: Group | None) -> ColumnElement[bool]:
    held = assignment.alias()
    return _one().where(held.c.request_id == asked.c.id, *_running(asked, held, group)).correlate(asked)


@scope("request", ScopeWord.PAST)
def _past(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    held = assignment.alias()
    return _one().where(held.c.request_id == asked.c.id, held.c.organisation_id == ORG).correlate(asked)


def _of_a_resident(asked: FromClause, right: ColumnElement[bool], whose: FromClause) -> ColumnElement[bool]:
    linked = link.alias()
    return _one().where(linked.c.request_id == asked.c.id, whose.c.id == linked.c.resident_id, right).correlate(asked)


@scope("request", ScopeWord.HOME)
def _of_home(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _of_a_resident(asked, and_(is_home(whose), unmasked(whose)), whose)


@scope("request", ScopeWord.CONSENTED)
def _of_consented(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _of_a_resident(asked, and_(consented(whose, None), unmasked(whose), ~objected(whose)), whose)


@scope("request", ScopeWord.KEPT)
def _of_kept(asked: FromClause, _group: Group | None) -> ColumnElement[bool]:
    whose = resident_table.alias()
    return _of_a_resident(asked, and_(is_keeper(whose), ~is_related(whose)), whose)


# A mask on a resident reaches the requests linked to them. The one who asks may not see the link that bites, so the
# database's own function names the asker's requests: a mask that looked through the asker's eyes alone would find nothing
# and fail open. What is no request of the asker's is seen through its resident only, and there the asker's eyes do.
def _masked(word: MaskWord) -> None:
    @mask("request", word)
    def _bites(asked: FromClause) -> ColumnElement[bool]:
        whose = resident_table.alias()
        withheld: Select[tuple[object]] = select(func.wall.masked_requests(str(word), type_=ARRAY(Uuid)))
        # The cast makes it an array to look in; a bare subquery would be taken for rows, each an array.
        return or_(asked.c.id == func.any(cast(withheld.scalar_subquery(), ARRAY(Uuid))),
                   _of_a_resident(asked, MASKS["resident", word](whose), whose))


for _word in MaskWord:
    _masked(_word)

lift("request", LiftWord.HOME)(lambda asked: _of_home(asked, None))
lift("request", LiftWord.KEEPER)(lambda asked: _of_kept(asked, None))


@of_council("request")
def _of_a_council(asked: FromClause, council: str) -> ColumnElement[bool]:
    """As with masks, of the asker's own requests the database's function tells what the asker may not see."""
    whose = resident_table.alias()
    return or_(func.wall.request_is_of(asked.c.id, council), _of_a_resident(asked, is_of(whose, council), whose))
