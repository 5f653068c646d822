"""The wall: row security on everything protected, the audiences' privileges, and the functions that look behind it."""

from migrations.statements import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0002_wall_up", reference_tables="'authority', 'place', 'sector', 'place_override'")


def downgrade() -> None:
    run("0002_wall_down")
