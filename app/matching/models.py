"""How common names, postcodes and telephones are in a council: counts of people, never of fewer than five, and of nobody by name.

Written by the worker alone (``wall.measure_frequencies``); a council reads its own.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded


class FrequencyMeasure(Base):
    """When a council's residents were counted, how many there were, and how often two of them have one date of birth."""

    __tablename__ = "frequency_measure"

    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    people: Mapped[int]
    same_birth: Mapped[float | None]
    at: Mapped[datetime]


class TermFrequency(Base):
    """How many of a council's residents bear a folded name, a postcode or a telephone."""

    __tablename__ = "term_frequency"
    __table_args__ = (CheckConstraint("people >= 5", name="people"),
                      CheckConstraint("term IN ('given', 'family', 'postcode', 'telephone')", name="term"))

    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    term: Mapped[Folded] = mapped_column(primary_key=True)
    value: Mapped[Folded] = mapped_column(primary_key=True)
    people: Mapped[int]
