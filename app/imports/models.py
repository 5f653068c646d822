"""One load of residents from a file: the file in sealed parts, how far it is, the rows that were handed back, and which records
came of it. Mappings of columns are remembered for the council.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.secrets_at_rest import Encrypted
from app.kernel.tables import Base, Folded, Key
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.protection import protected

RUN, RESIDENT = "import_run.id", "resident.id"
STEPS = ("columns", "checking", "checked", "loading", "loaded", "undoing", "undone", "over")
# Steps in which a worker is at it, or should be.
WORKING = ("checking", "loading", "undoing")
WITH_MATCHES = ("leave-out", "load")


class ImportRun(Base):
    """One load. ``position`` counts the rows gone through of this step; ``round`` the checks, so that what an earlier one
    found is not taken for what this one does. ``notes`` counts slips that were mended, by their sentence."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(f"step IN {STEPS}", name="step"),
        CheckConstraint(f"with_matches IN {WITH_MATCHES}", name="with_matches"),
        Index(None, "organisation_id", "created_at"),
    )
    id: Mapped[Key]
    ref: Mapped[Folded] = mapped_column(unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str]
    size: Mapped[int]
    encoding: Mapped[str | None]
    asks: Mapped[str | None]
    headings: Mapped[list[str]] = mapped_column(JSONB)
    fields: Mapped[dict[str, str]] = mapped_column(JSONB)
    month_first: Mapped[bool] = mapped_column(server_default=text("false"))
    with_matches: Mapped[str] = mapped_column(server_default="leave-out")
    step: Mapped[str] = mapped_column(server_default="columns")
    halted: Mapped[bool] = mapped_column(server_default=text("false"))
    round: Mapped[int] = mapped_column(server_default="0")
    rows: Mapped[int] = mapped_column(server_default="0")
    position: Mapped[int] = mapped_column(server_default="0")
    fine: Mapped[int] = mapped_column(server_default="0")
    mended: Mapped[int] = mapped_column(server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    likely: Mapped[int] = mapped_column(server_default="0")
    told: Mapped[int] = mapped_column(server_default="0")
    recorded: Mapped[int] = mapped_column(server_default="0")
    taken_back: Mapped[int] = mapped_column(server_default="0")
    problems: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    words: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    notes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_at: Mapped[datetime]
    step_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default="0")
    job_id: Mapped[uuid.UUID | None]
    nonce: Mapped[str | None]


class ImportPart(Base):
    """A piece of the file, sealed with the key of the installation, until the load is ended."""

    __tablename__ = "import_part"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RUN), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportHandedBack(Base):
    """A row that was not loaded (``loaded``: one that was, with something left out), with why, sealed."""

    __tablename__ = "import_handed_back"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RUN), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loaded: Mapped[bool] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportMapping(Base):
    """Which heading holds which field, as the council settled it last under a name."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Folded]
    fields: Mapped[dict[str, str]] = mapped_column(JSONB)
    month_first: Mapped[bool]
    at: Mapped[datetime]


@protected("resident", parent="resident_id", writes=(Action.RESIDENT_IMPORT,))
class ImportRecord(Base):
    """A record that came of a load. ``kept``: it was left as it is when the load was taken back."""

    __tablename__ = "import_record"
    __table_args__ = (Index(None, "run_id", "resident_id", postgresql_where=text("NOT kept")),)

    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RUN))
    line: Mapped[int]
    kept: Mapped[bool] = mapped_column(server_default=text("false"))


class ImportLikeness(Base):
    """A row that is likely to be a resident who is there already, and by what. It is read beside the resident alone, so that it
    goes when the sight of the resident does."""

    __tablename__ = "import_likeness"
    __table_args__ = (Index(None, "run_id", "round", "line"), Index(None, "resident_id"))

    id: Mapped[Key]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RUN))
    round: Mapped[int]
    line: Mapped[int]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    why: Mapped[list[str]] = mapped_column(JSONB)


@protected("resident", group=Group.CHOICES, parent="resident_id", writes=(Action.RESIDENT_IMPORT,))
class ImportEvidence(Base):
    """Where the evidence of a choice is that was brought in with a record."""

    __tablename__ = "import_evidence"
    __table_args__ = (Index(None, "resident_id"),)

    choice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("choice.id", ondelete="CASCADE"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RESIDENT, ondelete="CASCADE"))
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RUN))
    reference: Mapped[str] = mapped_column(Encrypted)
