"""``flask residents import``: a load from the command line, in the foreground, as a person who may do it: under the same rules
and with the same hands as from the page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.imports import handing_back, operations, queries, steps
from app.imports.encodings import ENCODINGS
from app.imports.models import WITH_MATCHES, ImportRun
from app.kernel.commands import PlainGroup
from app.kernel.errors import Invalid
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.work import Work
from app.staff.borrowing import hat_of

BLOCK = 1_000_000
residents = PlainGroup("residents", help="Residents' records, many at a time.")


@residents.command("import")
@click.argument("path", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--council", required=True, help="The slug of the council whose residents they are.")
@click.option("--by", "username", required=True, help="The user name of a team leader of that council.")
@click.option("--mapping", default=queries.USUAL, help="The name of the mapping of columns to use, and to remember.")
@click.option("--encoding", type=click.Choice(list(ENCODINGS)), help="In which letters the file was saved, where it does not say.")
@click.option("--month-first", is_flag=True, help="Dates are written with the month first.")
@click.option("--matches", type=click.Choice(WITH_MATCHES), default="leave-out",
              help="What becomes of rows that are likely to be there already. [leave-out]")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and record nothing.")
@click.option("--resume", metavar="REFERENCE", help="Go on with a load that was broken off, or load one that was checked.")
@click.option("--handed-back", "handed_back", type=click.Path(dir_okay=False, path_type=Path),
              help="Where rows that cannot be taken are written. [handed-back-REFERENCE.csv]")
def bring_in(path: Path | None, council: str, username: str, mapping: str, encoding: str | None, month_first: bool, matches: str,
             dry_run: bool, resume: str | None, handed_back: Path | None) -> None:
    """Bring in residents of a council from a CSV file or an .xlsx workbook."""
    if (path is None) == (resume is None):
        raise _told("file", "name a file, or with --resume the reference of a load that was begun")
    with hat_of(username, council) as secret:
        ref = resume or _arrived(secret, path, mapping, encoding, month_first)  # type: ignore[arg-type]
        click.echo(f"Load {ref}.")
        run = _gone_on(secret, ref)
        if run.step == "columns":
            run = _step(secret, ref, lambda work: operations.check(work, ref, queued=False))
        if run.step == "checked" and run.problems:
            raise _told("file", "\n".join(run.problems))
        if run.step == "checked" and not dry_run:
            run = _step(secret, ref, lambda work: operations.load(work, ref, matches, queued=False))
        _report(secret, run, handed_back)


def _arrived(secret: str, path: Path, mapping: str, encoding: str | None, month_first: bool) -> str:
    with _work(secret) as work, path.open("rb") as file:
        run = operations.arrive(work, path.name, iter(lambda: file.read(BLOCK), b""), encoding, mapping)
        return operations.settle(work, run.ref, run.fields, month_first=month_first or run.month_first, mapping=mapping).ref


def _gone_on(secret: str, ref: str) -> ImportRun:
    """A step that was broken off is gone on with first; any other load is left as it is."""
    with _work(secret) as work:
        run = queries.one(work, ref)
        working = run.step in ("checking", "loading", "undoing")
    return _step(secret, ref, lambda work: operations.go_on(work, ref, queued=False)) if working else run


def _step(secret: str, ref: str, begin: Callable[[Work], ImportRun]) -> ImportRun:
    with _work(secret) as work:
        run = begin(work)
        assert run.nonce is not None, "a step that was begun has its word"
        key, nonce, step, total, size = run.id, run.nonce, run.step, run.rows, run.size
    label = {"checking": "Checking", "loading": "Loading"}.get(step, "Taking back")
    # How many rows there are is not known before the first check: the file's size says about as much.
    with click.progressbar(length=total or max(1, size // 100), label=label) as bar:
        steps.go_on(gate().desk, key, nonce, told=bar.update)
    with _work(secret) as work:
        return queries.one(work, ref)


def _report(secret: str, run: ImportRun, path: Path | None) -> None:
    told = [f"{run.fine:,} rows are fine", f"{run.mended:,} with a slip mended", f"{run.failed:,} handed back"]
    click.echo(f"{'; '.join(told)}. {run.likely:,} are likely to be there already. {run.recorded:,} residents recorded.")
    for note, count in sorted(run.notes.items()):
        click.echo(f"  {note}: {count:,} rows.")
    if run.told:
        click.echo(f"  A choice without its evidence is not asked: {run.told:,} rows.")
    for words in run.words:
        click.echo(f"  {words}")
    if run.failed:
        path = path or Path(f"handed-back-{run.ref}.csv")
        with _work(secret) as work, path.open("w", encoding="utf-8", newline="") as file:
            found = queries.one(work, run.ref)
            file.writelines(handing_back.lines(found.headings, queries.handed_back(work, found)))
        path.chmod(0o600)
        click.echo(f"The rows handed back are in {path}, each with its reason. Mend them and bring that file in.")


@contextmanager
def _work(secret: str) -> Iterator[Work]:
    with gate().desk.work(secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
        yield work


def _told(field: str, words: str) -> Invalid:
    return Invalid({field: [words]}, detail=f"{field}: {words}")
