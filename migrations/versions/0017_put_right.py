"""How a contact came may be put right while it lasts."""

from migrations.statements import run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0017_put_right_up")


def downgrade() -> None:
    run("0017_put_right_down")
