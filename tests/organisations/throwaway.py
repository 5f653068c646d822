"""The tables of organisations, places and services in a database of their own, and the folders to load into them."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, text

import app.organisations.models
import app.places.models
import app.services.models
from app.kernel.addresses import Addresses
from app.kernel.config import sqlalchemy_url
from app.kernel.tables import Base

ROOT = Path(__file__).resolve().parents[2]
SOMERSET = ROOT / "tenants" / "somerset"
SECOND = ROOT / "tests" / "data" / "partnership_two"
OURS = (app.organisations.models, app.places.models, app.services.models)
TABLES = [mapper.local_table for mapper in Base.registry.mappers
          if mapper.class_.__module__ in {module.__name__ for module in OURS}]


def build(at: Addresses) -> None:
    """The tables as the models state them: what a migration makes of them is tried with the whole application."""
    made = create_engine(sqlalchemy_url(at.admin_url))
    with made.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
        Base.metadata.create_all(connection, tables=TABLES)
    made.dispose()


def clear(engine: Engine) -> None:
    """Take every row out."""
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)}"))
