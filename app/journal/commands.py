"""``flask journal``: seal what is settled, and check the whole against its seals."""

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.journal.chain import Sealed, first_fault
from app.journal.models import Seal
from app.kernel.commands import PlainGroup, as_owner

journal = PlainGroup("journal", help="Seal the journal and check it against its seals.")


@journal.command("seal")
def seal() -> None:
    """Seal every entry older than two minutes. The worker does this each minute by itself."""
    with as_owner() as session:
        sealed = session.scalar(select(func.wall.seal_journal(func.make_interval(0, 0, 0, 0, 0, 2))))
    click.echo(f"{sealed} entries sealed.")


@journal.command("verify")
@click.option("--head", help="The digest that was written down elsewhere, in hex: shows that the end was not cut off.")
def verify(head: str | None) -> None:
    """Check every sealed entry, and print the digest to write down. Ends with status 1 at the first fault."""
    with as_owner() as session:
        seals = [Sealed(row.id, row.first_number, row.last_number, row.entries, row.digest)
                 for row in session.scalars(select(Seal).order_by(Seal.id))]
        fault = first_fault(seals, lambda first, last: _lines(session, first, last), bytes.fromhex(head) if head else None)
    if fault is not None:
        raise click.ClickException(f"The journal does not hold: seal {fault.seal}: {fault.why}.")
    entries = sum(sealed.entries for sealed in seals)
    click.echo(f"{entries} sealed entries under {len(seals)} seals hold.")
    if seals:
        click.echo(f"Write down elsewhere: {seals[-1].digest.hex()}")


def _lines(session: Session, first: int, last: int) -> list[str]:
    found = func.wall.journal_lines(first - 1, last).table_valued("number", "line")
    return [line for line, in session.execute(select(found.c.line).order_by(found.c.number))]
