"""The revisions make what the models say, every table is walled or known to be public, and going back and forth loses
nothing that a revision does not own."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy_utils import StringEncryptedType

from app import create_app
from app.kernel import config
from app.kernel.database import db
from app.kernel.tables import Base
from app.policy.protection import PROTECTED
from tests import clusters
from tests.world import BOROUGH, COUNTY, World

MIGRATIONS = config.ROOT / "migrations"
# Facts about councils, places and services, and what runs the installation: reviewed, no resident in any of them.
PUBLIC = {
    "agreement", "agreement_council", "agreement_group", "agreement_purpose", "agreement_service", "alembic_version",
    "authority", "delivery", "line", "local_service", "match_weights", "organisation", "partnership", "place",
    "place_override", "policy_version", "related_service", "routing_exception", "sector", "service", "service_answer",
    "service_field", "service_need", "service_question", "unit", "wording",
}
# Walled, and not a kind that the guard filters: staff, their sign-ins, and what only the database's functions read.
ALSO_WALLED = {"journal_seal", "person", "hat", "credential", "sign_in", "sign_in_word", "sign_in_failure", "find_question",
               "relation", "disclosure", "idempotency", "import_run", "import_part", "import_handed_back", "import_mapping",
               "import_likeness", "policy_draft", "policy_draft_step", "policy_impact", "reach_count", "reach_figure",
               "frequency_measure", "term_frequency", "match_due"}


@pytest.fixture(scope="module")
def connection(template: str) -> Iterator[Connection]:
    """The administrator's, on a fresh copy with the application's models read."""
    with clusters.copy(template) as at:
        settings = clusters.settings(at)
        application = create_app(settings)
        engine = create_engine(config.sqlalchemy_url(settings.admin_url))
        with application.app_context(), engine.connect() as made:
            yield made
            made.rollback()
            db.engine.dispose()
        engine.dispose()


def tables(connection: Connection) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if not name.startswith("procrastinate_")}


def test_the_revisions_make_exactly_what_the_models_say(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": _differs, "include_name": _ours})
    assert compare_metadata(context, Base.metadata) == []


def test_every_table_is_walled_or_reviewed_as_public(connection: Connection) -> None:
    walled = set(connection.execute(text("""
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND relrowsecurity AND relforcerowsecurity""")).scalars())
    protected = {model.__tablename__ for model in PROTECTED}
    assert protected - walled == set(), "protected by the guard alone"
    assert tables(connection) - walled == PUBLIC & tables(connection), "neither walled nor reviewed as public"
    assert PUBLIC - tables(connection) == set(), "reviewed, and gone"
    assert walled - protected - ALSO_WALLED == set(), "walled, and known to nobody"


def test_no_audience_may_do_more_with_a_public_table_than_read_it(connection: Connection) -> None:
    given = connection.execute(text("""
        SELECT DISTINCT table_name, privilege_type FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND grantee ~ '_(web|worker|council|partner|rights|office|job|signin)$'
           AND privilege_type <> 'SELECT'""")).all()
    # A council confirms where an address lies; who did, and when, stands in the row.
    assert {tuple(row) for row in given if row.table_name in PUBLIC} == {("place_override", "INSERT")}


@pytest.fixture
def world(template: str) -> Iterator[World]:
    """A copy whose tables' owner may do what it may in a database of its own: privileges on a database are not copied."""
    with clusters.copy(template) as at:
        settings = clusters.settings(at)
        application = create_app(settings)
        with application.app_context(), World(application) as made:
            names = make_url(settings.owner_url)
            made.session.execute(text(f"GRANT CREATE, TEMPORARY ON DATABASE {names.database} TO {names.username}"))
            made.session.commit()
            yield made
            db.engine.dispose()


def test_each_revision_goes_down_and_up_again_and_keeps_the_rows_of_the_others(world: World) -> None:
    resident, adviser = world.resident(BOROUGH, telephone="+441823000000"), world.adviser(BOROUGH)
    world.choose(resident, "sharing", "given", adviser)
    before = counts(world)
    # The first revision makes the tables themselves: it owns every row.
    for _ in _revisions()[:-1]:
        downgrade(directory=str(MIGRATIONS), revision="-1")
        kept = counts(world)
        assert kept == {name: count for name, count in before.items() if name in kept} and len(kept) >= 50
    upgrade(directory=str(MIGRATIONS))
    assert counts(world) == before


def test_down_to_nothing_and_up_again_meets_the_same_walls_at_every_revision(world: World) -> None:
    before = {}
    for revision in _revisions():
        before[revision] = walls(world)
        downgrade(directory=str(MIGRATIONS), revision="-1")
    left = tables(world.session.connection()) - {"alembic_version"}
    world.session.commit()
    assert left == set()
    for revision in reversed(_revisions()):
        upgrade(directory=str(MIGRATIONS), revision=revision)
        assert walls(world) == before[revision], revision


def test_every_record_that_stands_is_filed_under_surnames_at_its_postcodes_as_a_new_one_is(world: World) -> None:
    world.resident(BOROUGH, family="van der Berg-O'Neill", telephone="+441823000000")
    shared = world.resident(COUNTY, postcode="TA6 3AA")
    world.choose(shared, "sharing", "given", world.adviser(COUNTY))
    moving = world.resident(COUNTY, given="Zoë", family="Lee")
    world.session.execute(text("UPDATE resident SET next_home_id = :to, home_until = '2031-01-01' WHERE id = :id"),
                          {"to": world.organisations[BOROUGH].id, "id": moving.id})
    world.resident(BOROUGH, family="Stephens", postcode="BA1 1AA", protected=True)
    as_new = filed(world)
    assert len([key for *_, key in as_new if key.startswith("s:")]) == 7
    downgrade(directory=str(MIGRATIONS), revision="0015")
    world.session.execute(text("DELETE FROM resident_key WHERE key LIKE 's:%' AND key NOT LIKE 's:% BA11AA'"))
    world.session.commit()
    upgrade(directory=str(MIGRATIONS))
    assert filed(world) == as_new, "each once, where an earlier release had left some and filed none"


def filed(world: World) -> list[tuple]:
    """What everybody is filed under."""
    found = world.session.execute(text(
        "SELECT resident_id, council_id, shared, grp, key FROM resident_key ORDER BY 1, 2, 4, 5")).all()
    world.session.commit()
    return list(map(tuple, found))


def _revisions() -> list[str]:
    """The latest first."""
    return [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def counts(world: World) -> dict[str, int]:
    """How many rows each table has, past the wall. Nothing stays open that a revision would wait for."""
    found = {name: world.session.scalar(text(f'SELECT count(*) FROM "{name}"'))
             for name in tables(world.session.connection()) - {"alembic_version"}}
    world.session.commit()
    return found


def walls(world: World) -> list[tuple]:
    """Every policy, privilege and function that makes the wall."""
    found = world.session.execute(text("""
        SELECT tablename::text, policyname::text, cmd::text, roles::text, qual::text, with_check::text FROM pg_policies
        UNION ALL SELECT table_name::text, grantee::text, privilege_type::text, column_name::text, NULL, NULL
                    FROM information_schema.column_privileges WHERE table_schema = 'public'
        UNION ALL SELECT proname::text, pg_get_userbyid(proowner)::text, prosrc, proacl::text, prorettype::regtype::text, NULL
                    FROM pg_proc WHERE pronamespace = to_regnamespace('wall')""")).all()
    world.session.commit()
    return sorted(map(tuple, found), key=str)


def _differs(_context, _column, _known, _found, said) -> bool | None:
    """What is encrypted is stored as text; of every other type Alembic judges."""
    return False if isinstance(said, StringEncryptedType) else None


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))
