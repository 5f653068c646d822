"""``flask matching``: count how common names are, and accept new weights. Proposing them is for ``duplicates``, whose pairs were
decided.
"""

from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.journal.record import record_at_the_door
from app.kernel.clock import instant, london_date
from app.kernel.commands import PlainGroup, as_owner
from app.kernel.errors import Conflict
from app.matching.models import MatchWeights
from app.matching.queries import in_use
from app.matching.weighing import FOLDER, read
from app.policy.work import Door

matching = PlainGroup("matching", help="What records are weighed by: count it, propose it, accept it.")


@matching.command("measure")
def measure() -> None:
    """Count names, postcodes and telephones in every council, among its own residents. The worker does this each night."""
    with as_owner() as session:
        kept = session.scalar(select(func.wall.measure_frequencies()))
    click.echo(f"{kept} names, postcodes and telephones that five people or more have were counted.")


@matching.command("accept")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
def accept(path: Path) -> None:
    """Weigh by the weights of a file from now on. To go back, accept the file that was in use before."""
    weights, text = read(path), path.read_text(encoding="utf-8")
    with as_owner() as session:
        before = in_use(session).version
        _refuse_another(session, weights.version, text)
        now = instant(session)
        session.add(MatchWeights(version=weights.version, file=text, accepted_at=now))
        day = london_date(now)
        record_at_the_door(Door(session, now, day, day), "matching.accepted", None, {"version": weights.version, "before": before})
        again = session.scalar(select(func.wall.match_queues()))
    click.echo(f"Records are weighed by {weights.version} from now on; before it was {before}. "
               f"The worker weighs anew what is in the queues of duplicates: {again} records.")


def _refuse_another(session: Session, version: str, text: str) -> None:
    """One version is one file, for ever: a score names it."""
    kept = set(session.scalars(select(MatchWeights.file).where(MatchWeights.version == version)))
    shipped = FOLDER / f"{version}.toml"
    kept |= {shipped.read_text(encoding="utf-8")} if shipped.exists() else set()
    if kept - {text}:
        raise Conflict(f"There are other weights called {version}: give the file, and the version in it, another name.")
