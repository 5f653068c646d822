"""``flask matching``: count how common names are, and propose new weights for a person to accept."""

import click
from sqlalchemy import func, select

from app.kernel.commands import PlainGroup, as_owner

matching = PlainGroup("matching", help="Count what records are weighed by.")


@matching.command("measure")
def measure() -> None:
    """Count names, postcodes and telephones in every council, among its own residents. The worker does this each night."""
    with as_owner() as session:
        kept = session.scalar(select(func.wall.measure_frequencies()))
    click.echo(f"{kept} names, postcodes and telephones that five people or more have were counted.")
