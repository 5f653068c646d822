# ruff: noqa: E501
"""Drafts of the policy and the steps that lead from one to a version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.statements import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('policy_draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ref', sa.Text(collation='C'), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=True),
    sa.Column('councils', sa.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('returned_by', sa.Uuid(), nullable=True),
    sa.Column('live_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'submitted', 'published', 'withdrawn')", name=op.f('ck_policy_draft_state')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_policy_draft_author_id')),
    sa.ForeignKeyConstraint(['base'], ['policy_version.number'], name=op.f('fk_policy_draft_base')),
    sa.ForeignKeyConstraint(['number'], ['policy_version.number'], name=op.f('fk_policy_draft_number')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_policy_draft_organisation_id')),
    sa.ForeignKeyConstraint(['returned_by'], ['person.id'], name=op.f('fk_policy_draft_returned_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_draft')),
    sa.UniqueConstraint('ref', name=op.f('uq_policy_draft_ref'))
    )
    op.create_index(op.f('ix_policy_draft_state_created_at'), 'policy_draft', ['state', 'created_at'], unique=False)
    op.create_table('policy_draft_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('act', sa.Text(collation='C'), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.CheckConstraint("act IN ('begun', 'edited', 'brought-up-to-date', 'submitted', 'returned', 'approved', 'tightened', 'published', 'withdrawn')", name=op.f('ck_policy_draft_step_act')),
    sa.ForeignKeyConstraint(['draft_id'], ['policy_draft.id'], name=op.f('fk_policy_draft_step_draft_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_policy_draft_step_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_policy_draft_step_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_draft_step'))
    )
    op.create_index(op.f('ix_policy_draft_step_draft_id_at'), 'policy_draft_step', ['draft_id', 'at'], unique=False)
    run("0007_drafts_up")


def downgrade() -> None:
    run("0007_drafts_down")
    op.drop_table('policy_draft_step')
    op.drop_table('policy_draft')
