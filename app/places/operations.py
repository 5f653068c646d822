"""Changing the facts about places by hand: confirming where an address lies. ``imports`` brings in files."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.places import queries
from app.places.addresses import fold_line
from app.places.models import PlaceOverride
from app.places.postcodes import normalise
from app.places.succession import COUNTY


def confirm_address(session: Session, typed: str, address_line: str, district_gss: str, confirmed_by: uuid.UUID,
                    at: datetime) -> PlaceOverride:
    """Record that an address lies in a district, whatever its postcode says.

    Earlier statements are kept; saying the same once more adds nothing.
    """
    line = fold_line(address_line)
    if not line:
        raise Invalid({"address_line": ["Enter the first line of the address, such as 31 Mill Lane"]})
    written = normalise(typed).written
    district = queries.authorities(session).get(district_gss)
    if district is None or district.tier == COUNTY:
        raise Invalid({"district_gss": [f"“{district_gss}” is not the code of a district or unitary council that is "
                                        "known here: choose one of the councils offered"]})
    held = queries.last_override(session, written, line)
    if held is not None and held.district_gss == district_gss and held.at <= at:
        return held
    override = PlaceOverride(postcode=written, address_line=line, district_gss=district_gss,
                             county_gss=queries.county_above(session, district_gss, written),
                             confirmed_by=confirmed_by, at=at)
    session.add(override)
    session.flush()
    return override
