"""Which rows of a chunk are this council's to record: the same rule as for one record at a desk, asked for all at once.

An address at a postcode where somebody confirmed one is asked for by itself.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.imports import columns
from app.imports.checking import Checked, Fault
from app.imports.columns import Layout
from app.kernel.errors import Invalid
from app.kernel.tables import among
from app.organisations.models import Organisation
from app.places import queries as places
from app.places.answers import Answer
from app.places.models import PlaceOverride
from app.policy.work import Work
from app.residents import homes
from app.residents.operations import faults_of
from app.residents.wanted import Address, in_order, present

ELSEWHERE = ("This address is not in your council's area, and a council records its own residents alone: leave the row out, or "
             "check the postcode")
NOT_NOW = "The resident does not live there yet, or no longer: enter the address that holds today"


def hand_back_others(work: Work, layout: Layout, rows: Sequence[Checked]) -> dict[int, list[Address]]:
    """The addresses of each row in order, by its line; a row that is not this council's gets a fault and is left out."""
    found: dict[int, list[Address]] = {}
    for row in rows:
        if row.wanted is None:
            continue
        addresses = in_order(row.wanted.addresses or (), work.today)
        if faults_of(work, row.wanted, addresses):
            row.faults.append(Fault(layout.heading(columns.SINCE), NOT_NOW))
            row.wanted = None
        else:
            found[row.line] = addresses
    kept = [row for row in rows if row.line in found]
    refused = _refused(work, {row.line: _now(work, found[row.line]) for row in kept})
    for row in kept:
        if words := refused.get(row.line):
            row.faults.append(Fault(layout.heading(columns.POSTCODE), words))
            row.wanted = None
            del found[row.line]
    return found


def _now(work: Work, addresses: list[Address]) -> Address:
    now = present(addresses, work.today)
    assert now is not None
    return now


def _refused(work: Work, addresses: dict[int, Address]) -> dict[int, str]:
    """Why a row cannot be recorded here, by its line."""
    written = {address.postcode for address in addresses.values()}
    known = places.find_many(work.session, written, work.on)
    confirmed = set(work.session.scalars(select(PlaceOverride.postcode).where(among(PlaceOverride.postcode, written))))
    member = work.session.scalar(select(Organisation.slug).where(Organisation.id == work.actor.organisation_id))
    refused = {}
    for line, address in addresses.items():
        answer = known[address.postcode]
        if address.postcode in confirmed:
            words = _by_itself(work, address)
        elif no_home := homes.unclear(address.postcode, answer):
            words = no_home.message
        else:
            words = None if _ours(answer, member) else ELSEWHERE
        if words:
            refused[line] = words
    return refused


def _ours(answer: Answer, member: str | None) -> bool:
    return answer.home is not None and answer.home.member is not None and answer.home.member == member


def _by_itself(work: Work, address: Address) -> str | None:
    try:
        home = homes.home_of(work, address)
    except Invalid as wrong:
        return wrong.detail
    if isinstance(home, homes.NoHome):
        return home.message
    return None if home.id == work.actor.organisation_id else ELSEWHERE
