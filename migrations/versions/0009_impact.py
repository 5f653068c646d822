# ruff: noqa: E501
"""What a draft of the policy would change over everybody, and that it is known and read before it is approved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.statements import run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = ("begun", "edited", "brought-up-to-date", "submitted", "returned", "approved", "tightened", "published", "withdrawn")
ACTS = ("begun", "edited", "brought-up-to-date", "submitted", "returned", "read", "approved", "tightened", "published", "withdrawn")
# What a resident said last: who is shared with said yes; of records that were joined the database's own answer counts.
SHARING = """CASE WHEN r.shared THEN 'given' ELSE coalesce(nullif(CASE WHEN r.joined OR r.merged_into IS NOT NULL
    THEN wall.answer_on(r.id, 'sharing') ELSE (SELECT y.answer FROM public.choice y WHERE y.resident_id = r.id
    AND y.matter = 'sharing' ORDER BY y.at DESC, y.id DESC LIMIT 1) END, 'given'), 'not-asked') END"""
BASE = f"""concat_ws('|', coalesce(CASE WHEN r.home_until <= today THEN r.next_home_id ELSE r.home_id END::text, ''), r.keeper_id,
    {SHARING}, array_to_string(r.objected_to, ' '), CASE WHEN r.protected THEN 'protected' ELSE '' END,
    CASE WHEN r.restricted THEN 'restricted' ELSE '' END)"""


def upgrade() -> None:
    _say_acts(ACTS)
    op.create_table(
        "policy_impact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), sa.ForeignKey("policy_draft.id", name="fk_policy_impact_draft_id"), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('working', 'done', 'left')", name="ck_policy_impact_state"),
        sa.PrimaryKeyConstraint("id", name="pk_policy_impact"))
    op.create_index("ix_policy_impact_draft_id_asked_at", "policy_impact", ["draft_id", "asked_at"])
    op.create_index("ix_policy_impact_job_id", "policy_impact", ["job_id"])
    run("0009_impact_up", base=BASE)


def downgrade() -> None:
    run("0009_impact_down")
    op.drop_table("policy_impact")
    _say_acts(BEFORE)


def _say_acts(acts: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_policy_draft_step_act"), "policy_draft_step", type_="check")
    op.create_check_constraint(op.f("ck_policy_draft_step_act"), "policy_draft_step", f"act IN {acts}")
