"""What a sight is cut by is named by an index, not looked for among all: whom a mask reaches, open contacts, open intakes."""

from alembic import op
from sqlalchemy import text

from migrations.statements import restore, run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for word in ("protected", "restricted"):
        op.create_index(f"ix_resident_{word}", "resident", ["id"], postgresql_where=text(word))
    op.create_index("ix_resident_objected_to", "resident", ["objected_to"], postgresql_using="gin")
    op.create_index("ix_contact_open", "contact", ["organisation_id"], postgresql_where=text("ended_at IS NULL"))
    op.create_index("ix_request_intake_open", "request", ["intake_home_id"],
                    postgresql_where=text("intake_home_id IS NOT NULL AND closed_at IS NULL"))
    run("0014_masked_up")


def downgrade() -> None:
    restore("0002_wall_up", "masked_requests")
    op.drop_index("ix_request_intake_open", "request")
    op.drop_index("ix_contact_open", "contact")
    for name in ("objected_to", "restricted", "protected"):
        op.drop_index(f"ix_resident_{name}", "resident")
