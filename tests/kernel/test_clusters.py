"""Copies of a template are alike, apart from each other and gone after use."""

import psycopg

from app.kernel.addresses import Addresses
from tests import clusters


def with_a_table(at: Addresses) -> None:
    database = at.database_url.rpartition("/")[2]
    with psycopg.connect(at.admin_url.rpartition("/")[0] + "/" + database) as connection:
        connection.execute("CREATE TABLE thing (number integer)")
        connection.execute("INSERT INTO thing VALUES (1)")


def administrator_in(at: Addresses) -> psycopg.Connection:
    return psycopg.connect(at.admin_url.rpartition("/")[0] + "/" + at.database_url.rpartition("/")[2])


def things(at: Addresses) -> int:
    with administrator_in(at) as connection:
        return connection.execute("SELECT count(*) FROM thing").fetchone()[0]


def test_what_one_copy_writes_another_does_not_see():
    made = clusters.template("thing", with_a_table)
    with clusters.copy(made) as one, clusters.copy(made) as other:
        with administrator_in(one) as connection:
            connection.execute("INSERT INTO thing VALUES (2)")
        assert things(one) == 2
        assert things(other) == 1


def test_a_template_of_unchanged_sources_is_built_once():
    built = []

    def counted(at: Addresses) -> None:
        built.append(at)

    first = clusters.template("counted", counted)
    assert clusters.template("counted", counted) == first
    assert len(built) <= 1


def test_a_copy_is_dropped_even_while_somebody_is_connected():
    made = clusters.template("thing", with_a_table)
    with clusters.copy(made) as at:
        left_open = administrator_in(at)
        name = at.database_url.rpartition("/")[2]
    with psycopg.connect(clusters.server()) as connection:
        assert connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None
    left_open.close()


def test_addresses_keep_their_passwords_out_of_what_is_printed():
    made = clusters.template("thing", with_a_table)
    with clusters.copy(made) as at:
        password = at.owner_url.split(":")[2].split("@")[0]
        assert password not in repr(at)
