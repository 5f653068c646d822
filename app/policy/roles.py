"""The database's roles: made once by an administrator, not by a migration, because roles belong to the whole cluster.

``owner`` owns the tables and runs migrations. ``web`` and ``worker`` are what the processes log in as; ``web`` may do
nothing until it puts on one of the audiences. ``definer`` owns the few functions that look behind the wall.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

AUDIENCES = ("council", "partner", "rights", "office", "job", "signin")
EXTENSIONS = ("btree_gist", "pg_trgm")


@dataclass(frozen=True)
class RoleNames:
    """The names of the roles of one installation: each carries the prefix, so that two can share a cluster."""

    prefix: str

    def __getattr__(self, name: str) -> str:
        if name in (*AUDIENCES, "owner", "web", "worker", "definer"):
            return f"{self.prefix}_{name}"
        raise AttributeError(name)

    @property
    def audiences(self) -> tuple[str, ...]:
        return tuple(f"{self.prefix}_{audience}" for audience in AUDIENCES)


def prepare(admin_url: str, web_url: str, owner_url: str, prefix: str) -> None:
    """Make the roles, the database and its extensions, or bring them to what they should be. Safe to repeat.

    The names and passwords of the log-ins are those of the URLs. Raises psycopg.Error where the administrator may not.
    """
    names, web, owner = RoleNames(prefix), make_url(web_url), make_url(owner_url)
    if owner.database is None or owner.username != names.owner or web.username != names.web:
        raise ValueError(f"the log-ins must be {names.owner} and {names.web}, and the owner's URL must name a database")
    with psycopg.connect(_plain(admin_url), autocommit=True) as connection:
        for role in (*names.audiences, names.definer):
            _ensure_role(connection, role, "NOLOGIN NOINHERIT", None)
        _ensure_role(connection, names.owner, "LOGIN INHERIT", owner.password)
        _ensure_role(connection, names.web, "LOGIN NOINHERIT", web.password)
        for role in names.audiences:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(names.web)))
        connection.execute(sql.SQL("GRANT {} TO {}").format(
            sql.Identifier(names.definer), sql.Identifier(names.owner)))
        _ensure_database(connection, owner.database, names.owner)
    with psycopg.connect(_plain(admin_url, owner.database), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(names.owner)))


def _ensure_role(connection: psycopg.Connection, role: str, options: str, password: str | None) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if exists else "CREATE"
    flags = f"{options} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    statement = sql.SQL(f"{verb} ROLE {{}} {flags}").format(sql.Identifier(role))  # type: ignore[arg-type]
    if password:
        statement = sql.SQL("{} PASSWORD {}").format(statement, sql.Literal(password))
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection, database: str, owner: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0 "
                                   "LC_COLLATE 'C' LC_CTYPE 'C'").format(sql.Identifier(database), sql.Identifier(owner)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
    connection.execute(sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {0} TO {1}").format(
        sql.Identifier(database), sql.Identifier(owner)))
    for login in ("_web",):
        role = owner.removesuffix("_owner") + login
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
            sql.Identifier(database), sql.Identifier(role)))


def _plain(url: str, database: str | None = None) -> str:
    """The URL as libpq takes it, for another database where one is named."""
    made = make_url(url).set(drivername="postgresql")
    return (made.set(database=database) if database else made).render_as_string(hide_password=False)
