# ruff: noqa: E501
"""Pairs of records that may be one person's, what was said of them, and what the matching rule has yet to look at."""

import sqlalchemy as sa
from alembic import op

from migrations.statements import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('duplicate_pair',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=False),
    sa.Column('bits', sa.Float(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_pair_in_order')),
    sa.ForeignKeyConstraint(['council_id'], ['organisation.id'], name=op.f('fk_duplicate_pair_council_id')),
    sa.ForeignKeyConstraint(['first_id'], ['resident.id'], name=op.f('fk_duplicate_pair_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['resident.id'], name=op.f('fk_duplicate_pair_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pair'))
    )
    op.create_index('uq_duplicate_pair', 'duplicate_pair', ['council_id', 'first_id', 'second_id'], unique=True)
    op.create_index('ix_duplicate_pair_queue', 'duplicate_pair', ['council_id', 'bits', 'id'], unique=False)
    op.create_index(op.f('ix_duplicate_pair_first_id'), 'duplicate_pair', ['first_id'], unique=False)
    op.create_index(op.f('ix_duplicate_pair_second_id'), 'duplicate_pair', ['second_id'], unique=False)
    op.create_table('duplicate_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.Text(collation='C'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hat_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("answer IN ('same', 'not-same', 'look-again')", name=op.f('ck_duplicate_answer_answer')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_answer_in_order')),
    sa.ForeignKeyConstraint(['council_id'], ['organisation.id'], name=op.f('fk_duplicate_answer_council_id')),
    sa.ForeignKeyConstraint(['first_id'], ['resident.id'], name=op.f('fk_duplicate_answer_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['hat_id'], ['hat.id'], name=op.f('fk_duplicate_answer_hat_id')),
    sa.ForeignKeyConstraint(['second_id'], ['resident.id'], name=op.f('fk_duplicate_answer_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_answer'))
    )
    op.create_index(op.f('ix_duplicate_answer_first_id_second_id_at'), 'duplicate_answer', ['first_id', 'second_id', 'at'], unique=False)
    op.create_index(op.f('ix_duplicate_answer_second_id'), 'duplicate_answer', ['second_id'], unique=False)
    op.create_table('match_due',
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['organisation.id'], name=op.f('fk_match_due_council_id')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_match_due_resident_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('resident_id', 'council_id', name=op.f('pk_match_due'))
    )
    op.create_index(op.f('ix_match_due_council_id_since'), 'match_due', ['council_id', 'since'], unique=False)
    op.create_table('resident_merge',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('survivor_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('hat_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(collation='C'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('raised', sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('survivor_id <> other_id', name=op.f('ck_resident_merge_two')),
    sa.CheckConstraint('(undone_at IS NULL) = (undone_by IS NULL)', name=op.f('ck_resident_merge_undone')),
    sa.ForeignKeyConstraint(['council_id'], ['organisation.id'], name=op.f('fk_resident_merge_council_id')),
    sa.ForeignKeyConstraint(['hat_id'], ['hat.id'], name=op.f('fk_resident_merge_hat_id')),
    sa.ForeignKeyConstraint(['other_id'], ['resident.id'], name=op.f('fk_resident_merge_other_id')),
    sa.ForeignKeyConstraint(['survivor_id'], ['resident.id'], name=op.f('fk_resident_merge_survivor_id')),
    sa.ForeignKeyConstraint(['undone_by'], ['hat.id'], name=op.f('fk_resident_merge_undone_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident_merge'))
    )
    op.create_index(op.f('ix_resident_merge_survivor_id'), 'resident_merge', ['survivor_id'], unique=False)
    op.create_index('uq_resident_merge_standing', 'resident_merge', ['other_id'], unique=True, postgresql_where=sa.text('undone_at IS NULL'))
    run("0006_duplicates_up")


def downgrade() -> None:
    run("0006_duplicates_down")
    for table in ("resident_merge", "match_due", "duplicate_answer", "duplicate_pair"):
        op.drop_table(table)
