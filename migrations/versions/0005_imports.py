"""Loads of residents from files: their tables, the wall around them, and what a load's job may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.statements import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
TABLES = ("import_evidence", "import_likeness", "import_record", "import_handed_back", "import_part", "import_mapping",
          "import_run")
STEPS = ("columns", "checking", "checked", "loading", "loaded", "undoing", "undone", "over")
COUNTS = ("round", "rows", "position", "fine", "mended", "failed", "likely", "told", "recorded", "taken_back")


def upgrade() -> None:
    op.create_table(
        "import_run", _id(), sa.Column("ref", sa.Text(collation="C"), nullable=False), _to("organisation"), _to("person"),
        sa.Column("file_name", sa.Text(), nullable=False), sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=True), sa.Column("asks", sa.Text(), nullable=True),
        _json("headings"), _json("fields"), _flag("month_first"),
        sa.Column("with_matches", sa.Text(), server_default="leave-out", nullable=False),
        sa.Column("step", sa.Text(), server_default="columns", nullable=False), _flag("halted"),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
        _json("problems", "'[]'"), _json("words", "'[]'"), _json("notes", "'{}'"),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "step_at", "seen_at")),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True), sa.Column("nonce", sa.Text(), nullable=True),
        sa.CheckConstraint(f"step IN {STEPS}", name="ck_import_run_step"),
        sa.CheckConstraint("with_matches IN ('leave-out', 'load')", name="ck_import_run_with_matches"),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"), sa.UniqueConstraint("ref", name="uq_import_run_ref"))
    op.create_index("ix_import_run_organisation_id_created_at", "import_run", ["organisation_id", "created_at"])
    op.create_table("import_part", _run("import_part"), sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
                    _sealed(), sa.PrimaryKeyConstraint("run_id", "number", name="pk_import_part"))
    op.create_table("import_handed_back", _run("import_handed_back"),
                    *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in ("round", "line")),
                    sa.Column("loaded", sa.Boolean(), nullable=False), _sealed(),
                    sa.PrimaryKeyConstraint("run_id", "round", "line", "loaded", name="pk_import_handed_back"))
    op.create_table("import_mapping", _id(), _to("organisation", "import_mapping"),
                    sa.Column("name", sa.Text(collation="C"), nullable=False), _json("fields"),
                    sa.Column("month_first", sa.Boolean(), nullable=False),
                    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
                    sa.PrimaryKeyConstraint("id", name="pk_import_mapping"),
                    sa.UniqueConstraint("organisation_id", "name", name="uq_import_mapping_organisation_id_name"))
    op.create_table("import_record", _resident("import_record"), _run("import_record"),
                    sa.Column("line", sa.Integer(), nullable=False), _flag("kept"),
                    sa.PrimaryKeyConstraint("resident_id", name="pk_import_record"))
    op.create_index("ix_import_record_run_id_resident_id", "import_record", ["run_id", "resident_id"],
                    postgresql_where=sa.text("NOT kept"))
    op.create_table("import_likeness", _id(), _run("import_likeness"),
                    *(sa.Column(name, sa.Integer(), nullable=False) for name in ("round", "line")),
                    _resident("import_likeness"), _json("why"), sa.PrimaryKeyConstraint("id", name="pk_import_likeness"))
    op.create_index("ix_import_likeness_run_id_round_line", "import_likeness", ["run_id", "round", "line"])
    op.create_index("ix_import_likeness_resident_id", "import_likeness", ["resident_id"])
    op.create_table("import_evidence",
                    sa.Column("choice_id", sa.Uuid(), sa.ForeignKey(
                        "choice.id", name="fk_import_evidence_choice_id", ondelete="CASCADE"), nullable=False),
                    _resident("import_evidence"), _run("import_evidence"), sa.Column("reference", sa.Text(), nullable=False),
                    sa.PrimaryKeyConstraint("choice_id", name="pk_import_evidence"))
    op.create_index("ix_import_evidence_resident_id", "import_evidence", ["resident_id"])
    run("0005_imports_up")


def downgrade() -> None:
    run("0005_imports_down")
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _to(table: str, of: str = "import_run") -> sa.Column[object]:
    return sa.Column(f"{table}_id", sa.Uuid(), sa.ForeignKey(f"{table}.id", name=f"fk_{of}_{table}_id"), nullable=False)


def _run(of: str) -> sa.Column[object]:
    return sa.Column("run_id", sa.Uuid(), sa.ForeignKey("import_run.id", name=f"fk_{of}_run_id"), nullable=False)


def _resident(of: str) -> sa.Column[object]:
    return sa.Column("resident_id", sa.Uuid(), sa.ForeignKey(
        "resident.id", name=f"fk_{of}_resident_id", ondelete="CASCADE"), nullable=False)


def _json(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text(default) if default else None, nullable=False)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _sealed() -> sa.Column[object]:
    return sa.Column("sealed", sa.LargeBinary(), nullable=False)
