"""The worker's queue, in a schema of its own, and what the worker may do."""

from alembic import op
from procrastinate.schema import SchemaManager

from migrations.statements import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute("CREATE SCHEMA jobs; SET LOCAL search_path = jobs, public")
    connection.execute(SchemaManager.get_schema().encode())
    connection.execute("SET LOCAL search_path = public")
    run("0003_jobs_up")


def downgrade() -> None:
    run("0003_jobs_down")
