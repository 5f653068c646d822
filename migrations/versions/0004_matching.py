"""How common names, postcodes and telephones are, counted for each council among its own residents, and who may read it; and the
weights that were accepted."""

import sqlalchemy as sa
from alembic import op

from migrations.statements import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frequency_measure",
        _council("frequency_measure"),
        sa.Column("people", sa.Integer(), nullable=False), sa.Column("same_birth", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("council_id", name="pk_frequency_measure"))
    op.create_table(
        "term_frequency",
        _council("term_frequency"),
        *(sa.Column(name, sa.Text(collation="C"), nullable=False) for name in ("term", "value")),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 5", name="ck_term_frequency_people"),
        sa.CheckConstraint("term IN ('given', 'family', 'postcode', 'telephone')", name="ck_term_frequency_term"),
        sa.PrimaryKeyConstraint("council_id", "term", "value", name="pk_term_frequency"))
    op.create_table(
        "match_weights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(collation="C"), nullable=False), sa.Column("file", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_match_weights"))
    op.create_index("ix_match_weights_accepted_at", "match_weights", ["accepted_at"])
    run("0004_matching_up")


def downgrade() -> None:
    run("0004_matching_down")
    op.drop_table("match_weights")
    op.drop_table("term_frequency")
    op.drop_table("frequency_measure")


def _council(of: str) -> sa.Column[object]:
    return sa.Column("council_id", sa.Uuid(), sa.ForeignKey("organisation.id", name=f"fk_{of}_council_id"), nullable=False)
