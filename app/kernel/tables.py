"""The declarative base, the naming of constraints, and the column types that every feature shares."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import ARRAY, ColumnElement, Date, DateTime, MetaData, Text, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.kernel.ids import new_key

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Key = Annotated[uuid.UUID, mapped_column(Uuid, primary_key=True, default=new_key)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Period = Annotated[Range[date], mapped_column(DATERANGE)]
# Text compared byte by byte: the only kind whose equality and prefix keep their index under row security.
Folded = Annotated[str, mapped_column(Text(collation="C"))]


class Base(DeclarativeBase):
    """The base of every table. A row prints as its class and key, never as what it holds."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True), date: Date, uuid.UUID: Uuid}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', '')}>"


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column is one of these. One array for any number of them, so that the SQL, and its plan, are made once, and
    no list is too long (one of single parameters ends at 65,535)."""
    return column == any_(literal(list(values), ARRAY(column.type)))  # type: ignore[no-any-return]
