"""Who speaks is worked out once a transaction."""

from migrations.statements import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the changes."""
    run("0008_speaking_up")


def downgrade() -> None:
    """Take them back."""
    run("0008_speaking_down")
