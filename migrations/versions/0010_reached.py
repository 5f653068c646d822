# ruff: noqa: E501
"""How many residents and requests each hat reaches under the live policy, counted once a day for each version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.statements import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reach_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), sa.ForeignKey("policy_version.number", name="fk_reach_count_version"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("there_are", postgresql.JSONB(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('working', 'done', 'left')", name="ck_reach_count_state"),
        sa.PrimaryKeyConstraint("id", name="pk_reach_count"))
    op.create_index("ix_reach_count_asked_at", "reach_count", ["asked_at"])
    op.create_index("ix_reach_count_job_id", "reach_count", ["job_id"])
    op.create_table(
        "reach_figure",
        sa.Column("count_id", sa.Uuid(), sa.ForeignKey("reach_count.id", name="fk_reach_figure_count_id"), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("count_id", "organisation", "role", "unit", "purpose", name="pk_reach_figure"))
    run("0010_reached_up")


def downgrade() -> None:
    run("0010_reached_down")
    op.drop_table("reach_figure")
    op.drop_table("reach_count")
