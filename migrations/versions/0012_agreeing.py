"""What a council withholds of its own residents is agreed to by its own information officer."""

from alembic import op

from migrations.statements import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = ("begun", "edited", "brought-up-to-date", "submitted", "returned", "read", "approved", "tightened", "published",
          "withdrawn")
ACTS = ("begun", "edited", "brought-up-to-date", "submitted", "returned", "read", "approved", "agreed", "tightened", "published",
        "withdrawn")


def upgrade() -> None:
    _say_acts(ACTS)
    run("0012_agreeing_up")


def downgrade() -> None:
    run("0012_agreeing_down")
    _say_acts(BEFORE)


def _say_acts(acts: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_policy_draft_step_act"), "policy_draft_step", type_="check")
    op.create_check_constraint(op.f("ck_policy_draft_step_act"), "policy_draft_step", f"act IN {acts}")
