"""Whose resident an address makes somebody: the home council, or that the address has to be confirmed first.

Which councils cover a place is asked of ``places``; changing the home of a record is for ``operations``.
"""

import uuid
from dataclasses import dataclass

from app.kernel.errors import Invalid, NotPermitted
from app.organisations import queries as organisations
from app.places import queries as places
from app.places.answers import ASK, UNKNOWN, Answer
from app.places.operations import confirm_address
from app.places.succession import COUNTY
from app.policy.actions import Action
from app.policy.work import Work
from app.residents.wanted import Address


@dataclass(frozen=True, slots=True)
class Home:
    """The council whose resident an address makes somebody; None: an address outside the partnership."""

    id: uuid.UUID | None
    slug: str | None


@dataclass(frozen=True, slots=True)
class NoHome:
    """Why an address does not say whose resident this is, beside the field to mend."""

    kind: str
    message: str

    def refused(self, field: str) -> Invalid:
        """The failure that says so."""
        return Invalid({field: [self.message]}, kind=self.kind)


def sides(work: Work, postcode: str | None, line: str) -> list[tuple[str, str]]:
    """The districts (GSS and name) between which an address has to be confirmed; none where its postcode says."""
    if not postcode:
        return []
    answer = places.find(work.session, postcode, work.on, line)
    return [(council.gss, council.name) for council in answer.candidates if council.tier != COUNTY] \
        if answer.outcome == ASK and answer.home is None else []


def home_of(work: Work, address: Address) -> Home | NoHome:
    """The home council of an address, at the date at which the councils' facts are read.

    A district that was said with the address is written down first, with who confirmed it and when.
    """
    if address.district is not None:
        if Action.PLACE_CONFIRM not in work.reach.needs:
            raise NotPermitted("Your hat may not confirm in which district an address lies.")
        confirm_address(work.session, address.postcode, address.lines[0], address.district, work.actor.person_id, work.now)
    answer = places.find(work.session, address.postcode, work.on, address.lines[0])
    if no_home := unclear(address.postcode, answer):
        return no_home
    if answer.home is None or answer.home.member is None:
        return Home(None, None)
    council = organisations.organisation(work.session, answer.home.member)
    return Home(council.id, council.slug)


def unclear(postcode: str, answer: Answer) -> NoHome | None:
    """Why what is known of a postcode does not say whose resident somebody is there; None where it does."""
    if answer.outcome == UNKNOWN:
        return NoHome("unknown-postcode", f"We do not know the postcode “{postcode}”: check it")
    if answer.outcome == ASK and answer.home is None:
        names = " or ".join(council.name for council in answer.candidates)
        return NoHome("confirm-address", f"{postcode} lies in more than one council's area ({names}): confirm "
                                         "in which of them this address lies, then send it again")
    return None
