"""Questions to the tables of places. Deciding what the rows mean is left to ``answers`` and ``succession``."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel.errors import Invalid
from app.kernel.tables import among
from app.places.addresses import fold_line
from app.places.answers import UNKNOWN, Answer, Stated, decide
from app.places.models import Authority, Place, PlaceOverride, Sector
from app.places.postcodes import Postcode, normalise, sector_of
from app.places.succession import Council, PlaceFacts, Register


def authorities(session: Session) -> Register:
    """Every authority known, ready to be followed through its successions."""
    rows = session.execute(select(Authority.gss, Authority.name, Authority.tier, Authority.valid, Authority.successor,
                                  Authority.member_slug, Authority.homepage))
    return Register(Council(row.gss, row.name, row.tier, row.valid.lower, row.valid.upper, row.successor,
                            row.member_slug, row.homepage) for row in rows)


def look_up(session: Session, typed: str, on: date, address_line: str | None = None) -> Answer:
    """Which councils cover what somebody typed as a postcode; a postcode that nobody knows is refused with words."""
    found = find(session, typed, on, address_line)
    if found.outcome == UNKNOWN:
        kept = f"“{typed.strip()}”" if found.note is None else f"“{typed.strip()}” (read as {found.postcode})"
        raise Invalid({"postcode": [f"We do not know the postcode {kept}: check it, or ask for the name of the place"]},
                      kind="unknown-postcode")
    return found


def find(session: Session, typed: str, on: date, address_line: str | None = None) -> Answer:
    """As ``look_up``, for those who can go on without an answer: one nobody knows has the outcome ``unknown``."""
    postcode = normalise(typed)
    confirmed = overridden(session, postcode.written, address_line) if address_line else None
    return _answers(session, [postcode], on, confirmed)[postcode.written]


def find_many(session: Session, written: Iterable[str], on: date) -> dict[str, Answer]:
    """The answers for many postcodes already in their written form, in a fixed number of queries."""
    return _answers(session, [Postcode(postcode) for postcode in written], on)


def _answers(session: Session, postcodes: Collection[Postcode], on: date,
             confirmed: PlaceFacts | None = None) -> dict[str, Answer]:
    register = authorities(session)
    places = places_stated(session, [postcode.written for postcode in postcodes], on)
    sectors = sectors_stated(session, {postcode.sector for postcode in postcodes})
    return {
        postcode.written: decide(
            postcode, Stated(confirmed, places.get(postcode.written), sectors.get(postcode.sector, ())), register, on)
        for postcode in postcodes
    }


def places_stated(session: Session, written: Collection[str], on: date) -> dict[str, PlaceFacts]:
    """What the edition in force says: the latest up to that day, else the earliest after it. By postcode."""
    past = Place.edition <= on
    rows = session.execute(
        select(Place.postcode, Place.district_gss, Place.county_gss)
        .ext(distinct_on(Place.postcode))
        .where(among(Place.postcode, written), Place.district_gss.is_not(None))
        .order_by(Place.postcode, past.desc(), case((past, Place.edition)).desc(), Place.edition)
    )
    return {row.postcode: PlaceFacts(row.district_gss, row.county_gss) for row in rows}


def sectors_stated(session: Session, sectors: Collection[str]) -> dict[str, tuple[PlaceFacts, ...]]:
    """What is known of whole sectors; more than one statement for a sector that straddles a boundary."""
    rows = session.execute(
        select(Sector.sector, Sector.district_gss, Sector.county_gss)
        .where(among(Sector.sector, sectors)).order_by(Sector.sector, Sector.district_gss)
    )
    found: dict[str, tuple[PlaceFacts, ...]] = {}
    for row in rows:
        found[row.sector] = (*found.get(row.sector, ()), PlaceFacts(row.district_gss, row.county_gss))
    return found


def overridden(session: Session, written: str, address_line: str) -> PlaceFacts | None:
    """What was confirmed last for one address, if anything was."""
    row = last_override(session, written, fold_line(address_line))
    return PlaceFacts(row.district_gss, row.county_gss) if row else None


def last_override(session: Session, written: str, folded_line: str) -> PlaceOverride | None:
    """The statement itself, with who made it and when."""
    return session.scalar(
        select(PlaceOverride).where(PlaceOverride.postcode == written, PlaceOverride.address_line == folded_line)
        .order_by(PlaceOverride.at.desc(), PlaceOverride.id.desc()).limit(1))


def county_above(session: Session, district_gss: str, written: str) -> str | None:
    """The county that a district lies in, as the sector of the postcode or else any postcode of it states."""
    for stated in sectors_stated(session, {sector_of(written)}).values():
        for facts in stated:
            if facts.district_gss == district_gss:
                return facts.county_gss
    return session.execute(
        select(Place.county_gss).where(Place.district_gss == district_gss, Place.county_gss.is_not(None)).limit(1)
    ).scalar()


def districts(session: Session) -> list[str]:
    """The outward halves of all postcodes and sectors known, such as ``TA1``. One step of an index for each."""
    known = [*session.scalars(_outwards(Place.postcode)), *session.scalars(_outwards(Sector.sector))]
    return sorted({outward for outward in known if outward})


def _outwards(column: InstrumentedAttribute[str]) -> Select[str]:
    """From the first postcode to the first that lies behind all of the same outward half, and so on."""
    step = select(func.min(column).label("first")).cte("step", recursive=True)
    # An exclamation mark sorts behind the space that ends an outward half, and before whatever could make it longer.
    behind = func.split_part(step.c.first, " ", 1).concat("!")
    step = step.union_all(select(select(func.min(column)).where(column >= behind).scalar_subquery())
                          .where(step.c.first.is_not(None)))
    return select(func.split_part(step.c.first, " ", 1))
