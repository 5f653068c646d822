"""What a council sees of residents is asked in fewer questions of who speaks, and each is answered sooner."""

from migrations.statements import restore, run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0015_sight_up")


def downgrade() -> None:
    run("0015_sight_down")
    restore("0002_wall_up", "org", "person")
    restore("0008_speaking_up", "sealed", "speaker")
    run("0015_sight_gone")
