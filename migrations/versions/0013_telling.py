"""Joining and parting say whose protection comes and goes; who moved somebody out withdraws; new weights weigh queues anew."""

from migrations.statements import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0013_telling_up")


def downgrade() -> None:
    run("0013_telling_down")
