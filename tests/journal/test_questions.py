"""The pages of the journal are found by an index, however long the journal is."""

from sqlalchemy import text

from app.journal import queries
from app.policy.actions import Action
from app.policy.work import Desk, Work
from tests.world import BOROUGH, COUNTY, World

MANY = 30_000


def test_a_page_of_a_long_journal_reads_no_more_than_a_page(desk: Desk, world: World) -> None:
    resident, other = world.resident(BOROUGH), world.resident(COUNTY)
    for organisation in (BOROUGH, COUNTY):
        world.session.execute(text("""
            INSERT INTO journal_entry (id, at, event, organisation_id, facts)
            SELECT gen_random_uuid(), now() - n * interval '1 second', 'resident.seen', :organisation, '{}'
              FROM generate_series(1, :many) n"""),
            {"organisation": world.organisations[organisation].id, "many": MANY})
    world.session.execute(text("""
        INSERT INTO journal_subject (entry_id, resident_id, groups, scopes)
        SELECT id, CASE WHEN random() < 0.001 THEN :resident ELSE :other END, '[]', '[]' FROM journal_entry"""),
        {"resident": resident.id, "other": other.id})
    world.session.commit()
    world.session.execute(text("ANALYZE journal_entry, journal_subject"))
    world.session.commit()
    needs = frozenset({Action.JOURNAL_READ, Action.JOURNAL_AUDIT, Action.RESIDENT_SEE})
    with desk.work(world.wearer(BOROUGH, "information_officer").secret, needs) as work:
        assert len(queries.entries(work)[0]) == 50
        assert len(queries.about(work, {resident.id: resident.ref})[0]) > 5
        assert touched(work) < MANY / 10
    with desk.work(world.wearer(COUNTY, "auditor").secret, frozenset({Action.JOURNAL_AUDIT})) as work:
        assert len(queries.entries(work)[0]) == 50
        assert touched(work) < MANY / 10


def touched(work: Work) -> int:
    """How many entries were read in this transaction, through an index or without."""
    return int(work.session.connection().execute(text("""
        SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
          FROM pg_stat_xact_user_tables WHERE relname = 'journal_entry'""")).scalar_one())
