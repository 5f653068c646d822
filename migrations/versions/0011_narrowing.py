"""Whose resident a request is about, for what a council withholds of its own residents."""

from migrations.statements import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0011_narrowing_up")


def downgrade() -> None:
    run("0011_narrowing_down")
