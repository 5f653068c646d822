"""How common names, postcodes and telephones are in a council: counts of people, never of fewer than five, and of nobody by name;
and the weights that were accepted.

The counts are written by the worker alone (``wall.measure_frequencies``); a council reads its own. The weights are everybody's to
read and the owner's to add to.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key


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


class MatchWeights(Base):
    """A file of weights that was accepted, as it was. The last one accepted is in use; without any, the one that is shipped."""

    __tablename__ = "match_weights"
    __table_args__ = (Index(None, "accepted_at"),)

    id: Mapped[Key]
    version: Mapped[Folded]
    file: Mapped[str]
    accepted_at: Mapped[datetime]
