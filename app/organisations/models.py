"""The partnership of this installation, its organisations, agreements and wordings: public facts, dated, no residents.

Which services exist is the catalogue's (`services`); which postcodes and areas exist is `places`.
"""

import uuid
from datetime import time

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, SmallInteger, Text, Time
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.schema import UniqueConstraint

from app.kernel.tables import Base, Day, Instant, Key, Period
from app.organisations.words import (
    AREA_KINDS,
    KINDS,
    MATTERS,
    NATIONS,
    PASSABLE_GROUPS,
    PURPOSES,
    STANDINGS,
    TIERS,
    check_in,
)


class Partnership(Base):
    """The one partnership of this installation. `as_at` is the date at which its facts are shown; null is today."""

    __tablename__ = "partnership"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint(check_in("nation", NATIONS), name="nation"),
        CheckConstraint("day_begins < day_ends", name="working_day"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1, autoincrement=False)
    slug: Mapped[str]
    name: Mapped[str]
    as_at: Mapped[Day | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # For deadlines: whose bank holidays, and the hours in which a working hour can pass (local time).
    nation: Mapped[str] = mapped_column(server_default="england")
    day_begins: Mapped[time] = mapped_column(Time, server_default="09:00")
    day_ends: Mapped[time] = mapped_column(Time, server_default="17:00")
    fingerprint: Mapped[str]
    loaded_at: Mapped[Instant]


class Organisation(Base):
    """A tenant: a member council, or a partner that delivers for the councils."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(check_in("kind", KINDS), name="kind"),
        CheckConstraint(check_in("tier", TIERS), name="tier"),
        CheckConstraint("(kind = 'council') = (tier IS NOT NULL AND gss IS NOT NULL)", name="council_has_tier_and_gss"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    tier: Mapped[str | None]
    gss: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None]
    telephone: Mapped[str | None]
    homepage: Mapped[str | None]
    # The person to whom a resident, or the other council, turns about records: a post, not a person of ours.
    information_officer: Mapped[str]
    information_officer_email: Mapped[str]
    information_officer_telephone: Mapped[str | None]
    accent: Mapped[int] = mapped_column(SmallInteger)
    valid: Mapped[Period]

    lines: Mapped[list["Line"]] = relationship(back_populates="organisation", order_by="Line.position")
    units: Mapped[list["Unit"]] = relationship(back_populates="organisation", order_by="Unit.slug")


class Line(Base):
    """A telephone line that rings: the line decides the hat of a joint adviser for the length of the contact."""

    __tablename__ = "line"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    words: Mapped[str]
    number: Mapped[str]
    # As the organisation states them, the one most people ring first.
    position: Mapped[int]
    valid: Mapped[Period]

    organisation: Mapped[Organisation] = relationship(back_populates="lines")


class Unit(Base):
    """A department inside an organisation. A hat may carry one, and a grant may be limited to one."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"), UniqueConstraint("id", "organisation_id"))

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str]
    name: Mapped[str]
    valid: Mapped[Period]

    organisation: Mapped[Organisation] = relationship(back_populates="units")


class Agreement(Base):
    """The information-sharing agreement without which a partner receives nothing."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint(check_in("standing", STANDINGS), name="standing"),
        CheckConstraint("disposal_days >= 0", name="disposal_days"),
        CheckConstraint("days_after_closing >= 0", name="days_after_closing"),
        UniqueConstraint("id", "partner_id"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    standing: Mapped[str]
    valid: Mapped[Period]
    # Days after closing within which the partner confirms disposal; days for which it may still see the request.
    disposal_days: Mapped[int] = mapped_column(Integer)
    days_after_closing: Mapped[int] = mapped_column(Integer, server_default="0")
    paper_allowed: Mapped[bool] = mapped_column(server_default="false")
    terms: Mapped[str]

    partner: Mapped[Organisation] = relationship()
    councils: Mapped[list["AgreementCouncil"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    purposes: Mapped[list["AgreementPurpose"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    groups: Mapped[list["AgreementGroup"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    services: Mapped[list["AgreementService"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class AgreementCouncil(Base):
    """A council that is party to an agreement."""

    __tablename__ = "agreement_council"

    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class AgreementPurpose(Base):
    """A purpose for which the partner may use what it receives."""

    __tablename__ = "agreement_purpose"
    __table_args__ = (CheckConstraint(check_in("purpose", PURPOSES), name="purpose"),)

    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)


class AgreementGroup(Base):
    """A field group that the partner may receive; what it does receive is what the service needs as well."""

    __tablename__ = "agreement_group"
    __table_args__ = (CheckConstraint(check_in('"group"', PASSABLE_GROUPS), name="group"),)

    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    group: Mapped[str] = mapped_column(primary_key=True)


class AgreementService(Base):
    """A service for which the agreement holds."""

    __tablename__ = "agreement_service"

    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"), primary_key=True)


class Delivery(Base):
    """Who delivers one service of one council in one area. The narrowest area in force that covers a place decides."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(check_in("area_kind", AREA_KINDS), name="area_kind"),
        ForeignKeyConstraint(["agreement_id", "partner_id"], ["agreement.id", "agreement.partner_id"]),
        # Two partners for one service in one area at one time: nobody could say who is to go.
        ExcludeConstraint(("council_id", "="), ("lgsl", "="), ("area_kind", "="), ("area", "="), ("valid", "&&"),
                          using="gist", name="ex_delivery_one_at_a_time", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[Key]
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    agreement_id: Mapped[uuid.UUID]
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"))
    # A GSS code, a sector as `TA1 4`, or a postcode as `TA1 4DY`; the words are for people.
    area_kind: Mapped[str]
    area: Mapped[str]
    area_words: Mapped[str]
    valid: Mapped[Period]

    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id])
    council: Mapped[Organisation] = relationship(foreign_keys=[council_id])


class Wording(Base):
    """What is read out about one matter, in one language and version. The text of a version never changes."""

    __tablename__ = "wording"
    __table_args__ = (
        CheckConstraint(check_in("matter", MATTERS), name="matter"),
        UniqueConstraint("matter", "version", "language"),
        ExcludeConstraint(("matter", "="), ("language", "="), ("valid", "&&"),
                          using="gist", name="ex_wording_one_at_a_time", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[Key]
    matter: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    valid: Mapped[Period]
