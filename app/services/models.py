"""The catalogue's tables: a service, what it needs and why, the questions that decide who answers, the exceptions.

Public facts without residents. Who delivers for a council is `organisations` (agreements and deliveries); the decision
itself is `requests.routing`.
"""

import uuid

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.schema import UniqueConstraint

from app.kernel.tables import Base, Key, Period
from app.organisations.words import AREA_KINDS, PASSABLE_GROUPS, check_in
from app.organisations.words import TIERS as COUNCIL_TIERS
from app.services.words import DECISIONS, FIELD_KINDS, LAWFUL_BASES, TARGET_UNITS, TIERS


class Service(Base):
    """A service by its LGSL code. `name` and `tier` are the partnership's own where it is `ours`, else as published."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("lgsl > 0", name="lgsl"),
        CheckConstraint(check_in("tier", TIERS), name="tier"),
        CheckConstraint(check_in("published_tier", TIERS), name="published_tier"),
    )

    lgsl: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str]
    tier: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    # Other words in which callers ask for it; searched, never shown.
    words: Mapped[str] = mapped_column(server_default="")
    # True while the partnership's own catalogue names it; the published list keeps to the columns below.
    ours: Mapped[bool] = mapped_column(server_default="false")
    published_name: Mapped[str | None]
    published_tier: Mapped[str | None]

    fields: Mapped[list["ServiceField"]] = relationship(order_by="ServiceField.position")
    needs: Mapped[list["ServiceNeed"]] = relationship(order_by="ServiceNeed.position")
    questions: Mapped[list["ServiceQuestion"]] = relationship(order_by="ServiceQuestion.position")
    local: Mapped[list["LocalService"]] = relationship()
    exceptions: Mapped[list["RoutingException"]] = relationship()
    related: Mapped[list["RelatedService"]] = relationship(
        foreign_keys="RelatedService.lgsl", order_by="RelatedService.position")


class LocalService(Base):
    """One council's own provision of a service: since when it is live, which unit, by when, on what basis."""

    __tablename__ = "local_service"
    __table_args__ = (
        CheckConstraint(check_in("target_unit", TARGET_UNITS), name="target_unit"),
        CheckConstraint("(target_amount IS NULL) = (target_unit IS NULL)", name="target_whole"),
        CheckConstraint("target_amount > 0", name="target_amount"),
        CheckConstraint(check_in("lawful_basis", LAWFUL_BASES), name="lawful_basis"),
        ForeignKeyConstraint(["unit_id", "council_id"], ["unit.id", "unit.organisation_id"]),
        ExcludeConstraint(("council_id", "="), ("lgsl", "="), ("live", "&&"),
                          using="gist", name="ex_local_service_once", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[Key]
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"))
    unit_id: Mapped[uuid.UUID]
    # A service taken in the catalogue before it starts has a period that begins later.
    live: Mapped[Period]
    target_amount: Mapped[int | None]
    target_unit: Mapped[str | None]
    lawful_basis: Mapped[str]
    # The system of the council's own that holds the work, to be told once; null where this product holds it.
    own_system: Mapped[str | None]


class ServiceField(Base):
    """One thing the service must know that is not part of a resident's record, with the reason shown beside it."""

    __tablename__ = "service_field"
    __table_args__ = (
        CheckConstraint(check_in("kind", FIELD_KINDS), name="kind"),
        CheckConstraint("(kind = 'choice') = (cardinality(choices) > 0)", name="choices"),
    )

    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    why: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    required: Mapped[bool]
    position: Mapped[int] = mapped_column(SmallInteger)


class ServiceNeed(Base):
    """A field group of the resident that the service needs, and why. What is not named here is not asked."""

    __tablename__ = "service_need"
    __table_args__ = (CheckConstraint(check_in('"group"', PASSABLE_GROUPS), name="group"),)

    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"), primary_key=True)
    group: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str]
    required: Mapped[bool]
    position: Mapped[int] = mapped_column(SmallInteger)


class ServiceQuestion(Base):
    """A question whose answer decides which council answers, asked before the service's own fields."""

    __tablename__ = "service_question"
    __table_args__ = (UniqueConstraint("lgsl", "key"),)

    id: Mapped[Key]
    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"))
    key: Mapped[str]
    words: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)

    answers: Mapped[list["ServiceAnswer"]] = relationship(
        order_by="ServiceAnswer.position", cascade="all, delete-orphan", passive_deletes=True)


class ServiceAnswer(Base):
    """One answer and what it settles: a tier, one council, a signpost elsewhere, a queue, or nothing (`open`)."""

    __tablename__ = "service_answer"
    __table_args__ = (
        CheckConstraint(check_in("decides", DECISIONS), name="decides"),
        CheckConstraint(check_in("tier", COUNCIL_TIERS), name="tier"),
        CheckConstraint("(decides = 'tier') = (tier IS NOT NULL)", name="tier_where_decided"),
        CheckConstraint("(decides = 'council') = (council_id IS NOT NULL)", name="council_where_decided"),
    )

    question_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service_question.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    decides: Mapped[str]
    tier: Mapped[str | None]
    council_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    # The sentence that follows from the answer: the because, and for a signpost where to turn.
    because: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)


class RoutingException(Base):
    """Here, for a time, another council answers for a service than its tier says. The narrowest place decides."""

    __tablename__ = "routing_exception"
    __table_args__ = (
        CheckConstraint(check_in("area_kind", AREA_KINDS), name="area_kind"),
        ExcludeConstraint(("lgsl", "="), ("area_kind", "="), ("area", "="), ("valid", "&&"),
                          using="gist", name="ex_routing_exception_one", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[Key]
    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"))
    area_kind: Mapped[str]
    area: Mapped[str]
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str]
    valid: Mapped[Period]


class RelatedService(Base):
    """A service worth naming when another is asked for: said by the adviser, never sent without a choice."""

    __tablename__ = "related_service"
    __table_args__ = (CheckConstraint("lgsl <> related_lgsl", name="not_itself"),)

    lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"), primary_key=True)
    related_lgsl: Mapped[int] = mapped_column(ForeignKey("service.lgsl"), primary_key=True)
    why: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
