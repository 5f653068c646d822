"""Laying many rows into the tables at once: COPY into a table of the transaction's own, then one merge.

The only module of places that speaks SQL by hand; everything runs in the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection, Cursor, sql
from sqlalchemy.orm import Session

from app.places.publishers import PlaceRow
from app.places.sectors import SectorFacts
from app.places.succession import Council


class Merged(NamedTuple):
    """What a merge did to the table."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Repeated(NamedTuple):
    """A row whose postcode was already stated on an earlier line, and whether it says the same."""

    file: str
    line: int
    first_file: str
    first_line: int
    postcode: str
    same: bool


FACTS = ("county_gss", "district_gss", "quality", "introduced", "ended")


def _cursor(session: Session) -> "Cursor[tuple[Any, ...]]":
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError("places are brought in through psycopg alone")
    return connection.cursor()


def arrive(session: Session, rows: Iterable[PlaceRow]) -> int:
    """Stream the rows into a table that lives until the transaction ends. How many came."""
    with _cursor(session) as cursor:
        # A national directory takes longer than any page may.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(
            "CREATE TEMP TABLE arriving (number bigint, file text, line int, postcode text COLLATE \"C\", "
            "county_gss text, district_gss text, quality smallint, introduced date, ended date) ON COMMIT DROP")
        number = 0
        with cursor.copy("COPY arriving FROM STDIN") as copy:
            for number, row in enumerate(rows, start=1):
                copy.write_row((number, *row))
        cursor.execute("ANALYZE arriving")
        return number


def take_out_repeated(session: Session) -> list[Repeated]:
    """Keep the first statement of each postcode; give back the later ones."""
    differs = "ROW(l.county_gss, l.district_gss, l.quality, l.introduced, l.ended) IS NOT DISTINCT FROM " \
              "ROW(f.county_gss, f.district_gss, f.quality, f.introduced, f.ended)"
    with _cursor(session) as cursor:
        cursor.execute("CREATE TEMP TABLE repeated ON COMMIT DROP AS SELECT postcode, min(number) AS first "
                       "FROM arriving GROUP BY postcode HAVING count(*) > 1")
        cursor.execute(
            "WITH later AS (DELETE FROM arriving a USING repeated r "
            "WHERE a.postcode = r.postcode AND a.number > r.first RETURNING a.*) "
            f"SELECT l.file, l.line, f.file, f.line, l.postcode, {differs} FROM later l "
            "JOIN repeated r ON r.postcode = l.postcode JOIN arriving f ON f.number = r.first ORDER BY l.number")
        return [Repeated(*row) for row in cursor.fetchall()]


def give_counties(session: Session) -> int:
    """Fill in the county where the source states none and every other statement of the district agrees on one.

    How many rows were given one. A district that has become a unitary since has another code, so none is given wrongly.
    """
    with _cursor(session) as cursor:
        cursor.execute(
            "WITH stated AS (SELECT district_gss, county_gss FROM place UNION SELECT district_gss, county_gss "
            "FROM sector), agreed AS (SELECT district_gss, min(county_gss) AS county_gss FROM stated "
            "WHERE county_gss IS NOT NULL GROUP BY district_gss HAVING count(DISTINCT county_gss) = 1) "
            "UPDATE arriving SET county_gss = agreed.county_gss FROM agreed "
            "WHERE arriving.district_gss = agreed.district_gss AND arriving.county_gss IS NULL")
        return cursor.rowcount


def merge_places(session: Session, edition: date) -> tuple[Merged, int]:
    """Lay what arrived into the edition, and say how many postcodes that were. What is the same is not written again.

    Nothing is removed: an edition may come in many files, so a postcode missing from one of them says nothing.
    """
    facts = ", ".join(FACTS)
    ours = ", ".join(f"place.{fact}" for fact in FACTS)
    theirs = ", ".join(f"excluded.{fact}" for fact in FACTS)
    with _cursor(session) as cursor:
        cursor.execute(
            f"WITH merged AS (INSERT INTO place (postcode, edition, {facts}) SELECT postcode, %s, {facts} "
            f"FROM arriving ORDER BY postcode ON CONFLICT (postcode, edition) DO UPDATE SET ({facts}) = ROW({theirs}) "
            f"WHERE ROW({ours}) IS DISTINCT FROM ROW({theirs}) RETURNING (xmax = 0) AS added) "
            "SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged", (edition,))
        added, changed = cursor.fetchone() or (0, 0)
        cursor.execute("SELECT count(*) FROM arriving")
        (taken,) = cursor.fetchone() or (0,)
        return Merged(int(added), int(changed)), int(taken)


def replace_authorities(session: Session, councils: Sequence[Council]) -> Merged:
    """Make the table say what the file says, and write only what differs."""
    columns = ("gss", "name", "tier", "valid", "successor", "member_slug", "homepage")
    rows = [(c.gss, c.name, c.tier, f"[{c.begins or ''},{c.ends or ''})", c.successor, c.member, c.homepage)
            for c in councils]
    return _replace(session, "authority", ("gss",), columns, rows)


def replace_sectors(session: Session, sectors: Sequence[SectorFacts]) -> Merged:
    """Make the table say what the file says, and write only what differs."""
    return _replace(session, "sector", ("sector", "district_gss"), SectorFacts._fields, sectors)


def _replace(session: Session, table: str, key: Sequence[str], columns: Sequence[str],
             rows: Iterable[Sequence[object]]) -> Merged:
    name, arriving = sql.Identifier(table), sql.Identifier(f"arriving_{table}")
    rest = [column for column in columns if column not in key]

    def listed(names: Sequence[str], of: str | None = None) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(of, name) if of else sql.Identifier(name) for name in names)

    with _cursor(session) as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            arriving, listed(columns), name))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(arriving, listed(columns))) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("DELETE FROM {0} WHERE ({1}) NOT IN (SELECT {2} FROM {3})").format(
            name, listed(key), listed(key), arriving))
        removed = cursor.rowcount
        cursor.execute(sql.SQL(
            "WITH merged AS (INSERT INTO {table} ({columns}) SELECT {columns} FROM {arriving} ON CONFLICT ({key}) "
            "DO UPDATE SET ({rest}) = ROW({theirs}) WHERE ROW({ours}) IS DISTINCT FROM ROW({theirs}) "
            "RETURNING (xmax = 0) AS added) "
            "SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged").format(
                table=name, columns=listed(columns), arriving=arriving, key=listed(key), rest=listed(rest),
                theirs=listed(rest, "excluded"), ours=listed(rest, table)))
        added, changed = cursor.fetchone() or (0, 0)
        return Merged(int(added), int(changed), removed)
