"""Every record is filed under the sound of its surnames at its postcodes too."""

from migrations.statements import run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0016_filed_up")


def downgrade() -> None:
    """Nothing: a key that nobody asks for does no harm, and goes when the record is next filed."""
