"""``flask partnership`` and ``flask services``: check and load a partnership's files, bring in the published list."""

import csv
from pathlib import Path

import click
from flask import current_app

from app.kernel.commands import PlainGroup, as_owner
from app.kernel.config import Settings
from app.services.partnership import TenantFacts, load, read
from app.services.published import HandedBack, disagreements, merge_published, read_published

partnership = PlainGroup("partnership", help="Check and load the partnership's own files.")
services = PlainGroup("services", help="The catalogue of services.")
GROUPS = (partnership, services)
_folder = click.argument("path", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")


@partnership.command("check")
@_folder
def check(path: Path | None) -> None:
    """Read a partnership's folder and tell everything that is wrong with it. No database is needed."""
    facts = read(path or _configured())
    click.echo(f"{_said(facts)} Nothing is wrong.")


@partnership.command("load")
@_folder
def load_folder(path: Path | None) -> None:
    """Bring the database to what a partnership's folder says, all or nothing. Doing it twice changes nothing."""
    facts = read(path or _configured())
    with as_owner() as session:
        tally = load(session, facts)
    click.echo(_said(facts))
    click.echo(tally.words())


@services.command("import")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--handed-back", "handed_back", type=click.Path(dir_okay=False, path_type=Path),
              default=Path("handed-back-services.csv"), show_default=True,
              help="Where rows that cannot be taken are written.")
def import_published(path: Path, handed_back: Path) -> None:
    """Bring in a published list of services with their tiers. Doing it twice changes nothing."""
    found = read_published(path)
    with as_owner() as session:
        tally = merge_published(session, found.services)
        differing = [f"{row.lgsl} {row.name}: {row.tier} here, {row.published_tier} in the list"
                     for row in disagreements(session)]
    click.echo(f"{len(found.services)} services read.")
    click.echo(tally.words())
    for words in differing:
        click.echo(f"The partnership's own catalogue gives another tier, which holds: {words}.")
    if found.handed_back:
        _hand_back(found.handed_back, handed_back)
        click.echo(f"{len(found.handed_back)} rows could not be taken: they are in {handed_back}, each with its "
                   "reason. Mend them and import that part again.")


def _hand_back(rows: tuple[HandedBack, ...], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HandedBack._fields)
        writer.writerows(rows)


def _said(facts: TenantFacts) -> str:
    who = facts.who
    return (f"{who.name}: {len(who.councils)} councils, {len(who.partners)} partners, "
            f"{len(facts.agreements.agreements)} agreements, {len(facts.catalogue.services)} services, "
            f"{len(who.wordings)} wordings.")


def _configured() -> Path:
    settings: Settings = current_app.config["JC_SETTINGS"]
    return settings.partnership
