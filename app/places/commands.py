"""``flask places``: bringing postcodes, authorities and the demonstration's sectors in from the command line."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.commands import PlainGroup
from app.kernel.config import Settings
from app.kernel.errors import Invalid
from app.places.imports import Imported, edition_of, import_authorities, import_places, import_sectors
from app.places.package import edition_of_package, installed_package
from app.places.publishers import CODEPOINT, ONSPD, HandedBack, PublishedFiles, Source, files_of
from app.places.staging import Merged

PUBLISHERS = {"codepoint": CODEPOINT, "onspd": ONSPD}
PACKAGE = "package"
# Where `create_app` may leave how a transaction is opened that may write facts about places.
UNIT_OF_WORK = "places.unit_of_work"


places = PlainGroup("places", help="Postcodes, councils and sectors.")


def _configured() -> Path:
    settings: Settings = current_app.config["JC_SETTINGS"]
    return settings.partnership


@contextmanager
def _unit_of_work() -> Iterator[Session]:
    """A transaction that commits at its end: as the application opens it or, without its word, as the tables' owner.

    Those who answer residents may only read what is brought in here.
    """
    if opened := current_app.extensions.get(UNIT_OF_WORK):
        with opened() as session:
            yield session
        return
    settings: Settings = current_app.config["JC_SETTINGS"]
    if not settings.owner_url:
        raise _told("owner_url", "bringing places in needs the owner of the tables: set JC_OWNER_URL")
    engine = create_engine(settings.owner_url)
    try:
        with sessionmaker(engine).begin() as session:
            yield session
    finally:
        engine.dispose()


@places.command("import")
@click.argument("path", required=False, type=click.Path(path_type=Path), metavar="[FILE|DIRECTORY]")
@click.option("--kind", required=True, type=click.Choice([*PUBLISHERS, PACKAGE]),
              help="codepoint: Code-Point Open; onspd: ONS Postcode Directory; package: the extra 'postcodes'.")
@click.option("--edition", help="Year and month from which the file holds, such as 2014-08.")
@click.option("--handed-back", "handed_back", type=click.Path(dir_okay=False, path_type=Path),
              help="Where rows that cannot be taken are written. [handed-back-KIND-EDITION.csv]")
def import_postcodes(path: Path | None, kind: str, edition: str | None, handed_back: Path | None) -> None:
    """Bring in postcodes as their publisher gives them. Doing it twice changes nothing."""
    source: Source
    if kind == PACKAGE:
        if path is not None:
            raise _told("path", "leave the file out: with --kind package the installed package is read")
        source = installed_package()
        holds_from = edition_of(edition) if edition else edition_of_package()
    else:
        if path is None:
            raise _told("path", "name the file or directory of the publisher")
        if edition is None:
            raise _told("edition", "state the edition's year and month with --edition, such as --edition 2014-08")
        source = PublishedFiles(PUBLISHERS[kind], files_of(path, PUBLISHERS[kind].called))
        holds_from = edition_of(edition)
    with click.progressbar(length=source.size, label="Reading postcodes") as bar, _unit_of_work() as session:
        done = import_places(session, source, holds_from, bar.update, counties_missing=kind == PACKAGE)
    _report(done, handed_back or Path(f"handed-back-{kind}-{holds_from:%Y-%m}.csv"))


@places.command("authorities")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
def authorities(path: Path) -> None:
    """Bring in the councils, when they began and ended and what they became, from a partnership's areas.csv."""
    with _unit_of_work() as session:
        merged = import_authorities(session, path)
    click.echo(f"Councils: {_words(merged)}.")


@places.command("demonstration")
@click.option("--from", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="The partnership's folder. [the one that is configured]")
def demonstration(folder: Path | None) -> None:
    """Bring in the partnership's own councils and postcode sectors, so that its area is known without any download."""
    folder = folder or _configured()
    with _unit_of_work() as session:
        councils = import_authorities(session, folder / "areas.csv")
        sectors = import_sectors(session, folder / "sectors.csv")
    click.echo(f"Councils: {_words(councils)}. Postcode sectors: {_words(sectors)}.")


def _report(done: Imported, path: Path) -> None:
    merged = f"{done.edition:%Y-%m}: {done.taken:,} postcodes read, {_words(done.merged)}"
    click.echo(f"Edition {merged}.")
    if done.repeated:
        click.echo(f"{done.repeated:,} rows say again what an earlier row had said.")
    if done.counties_given:
        click.echo(f"{done.counties_given:,} postcodes were given the county that other editions state for their "
                   "district; this package states none.")
    if done.handed_back:
        _hand_back(done.handed_back, path)
        click.echo(f"{len(done.handed_back):,} rows could not be taken: they are in {path}, each with its reason. "
                   "Mend them and import that part again.")


def _hand_back(rows: list[HandedBack], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HandedBack._fields)
        writer.writerows(rows)


def _words(merged: Merged) -> str:
    if not any(merged):
        return "nothing changed"
    parts = [f"{count:,} {word}" for word, count in zip(Merged._fields, merged, strict=True) if count]
    return ", ".join(parts)


def _told(field: str, words: str) -> Invalid:
    return Invalid({field: [words]}, detail=words)
