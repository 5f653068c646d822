"""What every group of commands shares: failures told in words, and a transaction as the owner of the tables.

Only facts that no hat may write are written so: the partnership, its places, its staff at the start. The owner is behind
row security like everybody: it sees no resident.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.kernel.config import WrongConfiguration
from app.kernel.errors import Failure


class PlainGroup(AppGroup):
    """A group of commands whose failures are told in words, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what fails in a way we know ends it with status 1."""
        try:
            return super().invoke(ctx)
        except Failure as failure:
            raise click.ClickException(failure.detail) from failure
        except WrongConfiguration as wrong:
            raise click.ClickException(str(wrong)) from wrong


@contextmanager
def as_owner() -> Iterator[Session]:
    """One transaction of the owner of the tables: all of it or nothing."""
    engine = create_engine(current_app.config["JC_SETTINGS"].owner_url, hide_parameters=True)
    try:
        with Session(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()
