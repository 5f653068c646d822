"""Joining and parting say whose protection comes and goes; who moved somebody out withdraws; new weights weigh queues anew."""

from migrations.statements import restore, run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0013_telling_up")
    run("0013_telling_granted")


def downgrade() -> None:
    run("0013_telling_down")
    restore("0003_jobs_up", "settle_moves")
    restore("0006_duplicates_up", "join_records", "part_records")
    run("0013_telling_granted")
