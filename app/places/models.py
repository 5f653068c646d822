"""Tables of public facts about places: authorities, postcodes, sectors, and addresses that differ from their postcode.

They hold no residents, so every hat may read them; who lives at a place is told by ``residents`` alone.
"""

import uuid

from sqlalchemy import CheckConstraint, Index, SmallInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Day, Folded, Instant, Key, Period
from app.places.succession import TIERS

GSS = "~ '^[A-Z][0-9]{8}$'"


class Authority(Base):
    """A council that exists or existed: when, what it became, and where its own pages are."""

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint(f"gss {GSS}", name="gss"),
        CheckConstraint(f"tier IN ({', '.join(repr(tier) for tier in TIERS)})", name="tier"),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        CheckConstraint("successor <> gss", name="successor"),
    )

    gss: Mapped[Folded] = mapped_column(primary_key=True)
    name: Mapped[str]
    tier: Mapped[str]
    valid: Mapped[Period]
    successor: Mapped[Folded | None]
    # The slug of the organisation, where the council belongs to the partnership.
    member_slug: Mapped[str | None]
    homepage: Mapped[str | None]


class Place(Base):
    """A postcode as one edition of a publisher's file states it. Codes are kept as stated, not as succeeded."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(f"county_gss {GSS}", name="county_gss"),
        CheckConstraint(f"district_gss {GSS}", name="district_gss"),
        Index(None, "district_gss"),
    )

    postcode: Mapped[Folded] = mapped_column(primary_key=True)
    # The day from which the edition is taken to hold: the first of its month, unless told.
    edition: Mapped[Day] = mapped_column(primary_key=True)
    county_gss: Mapped[Folded | None]
    # Null where the publisher has no position for the postcode.
    district_gss: Mapped[Folded | None]
    # The publisher's own indicator: 10 is a building, 90 is no position at all.
    quality: Mapped[int | None] = mapped_column(SmallInteger)
    introduced: Mapped[Day | None]
    ended: Mapped[Day | None]


class Sector(Base):
    """What is known of a postcode sector as a whole; one that straddles a boundary has a row for each side."""

    __tablename__ = "sector"
    __table_args__ = (
        CheckConstraint(f"county_gss {GSS}", name="county_gss"),
        CheckConstraint(f"district_gss {GSS}", name="district_gss"),
    )

    sector: Mapped[Folded] = mapped_column(primary_key=True)
    district_gss: Mapped[Folded] = mapped_column(primary_key=True)
    county_gss: Mapped[Folded | None]
    straddles: Mapped[bool]


class PlaceOverride(Base):
    """An address confirmed to lie in another district than its postcode says. Kept whole; the latest one holds."""

    __tablename__ = "place_override"
    __table_args__ = (
        CheckConstraint(f"county_gss {GSS}", name="county_gss"),
        CheckConstraint(f"district_gss {GSS}", name="district_gss"),
        Index(None, "postcode", "address_line", "at"),
    )

    id: Mapped[Key]
    postcode: Mapped[Folded]
    address_line: Mapped[Folded]
    district_gss: Mapped[Folded]
    county_gss: Mapped[Folded | None]
    confirmed_by: Mapped[uuid.UUID] = mapped_column(Uuid)
    at: Mapped[Instant]
