"""``flask policy`` over words: sentences read back, examples run and what they leave untried, two policies compared."""

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.policy import comparing, folders
from app.policy.examples import run
from app.policy.judging import doubts
from app.policy.phrasing import Line, read_back
from app.policy.publishing import SHIPPED
from app.policy.rulebook import Rulebook
from app.policy.rules import Grant, Inheritance, Lift, Mask, Narrowing
from app.policy.sheets import PolicyRefused
from app.policy.trying import Coverage, coverage
from app.policy.words import MaskWord
from app.policy.writing import grant_line, inheritance_line, lift_line, mask_line, narrowing_line


def warned(rulebook: Rulebook) -> list[str]:
    """What is wrong with rules that can be read all the same."""
    return [f"Warning: {doubt}" for doubt in doubts(rulebook.tables, folders.vocabulary())]


@click.command("examples")
@click.argument("path", type=folders.folder, default=SHIPPED)
@click.option("--coverage", "covered", is_flag=True, help="Tell which lines and cells no example touches.")
@click.option("--mutate", is_flag=True, help="Take each line out and tell which examples fail.")
@with_appcontext
def examples_command(path: Path, covered: bool, mutate: bool) -> None:
    """Run the examples beside the policy in PATH; fail where one comes out otherwise than it says."""
    files, rulebook = folders.built(path)
    known = folders.told(files)
    wrong = [outcome for outcome in run(rulebook, known) if not outcome.right]
    for outcome in wrong:
        click.echo(str(outcome))
    click.echo(f"{len(known)} examples, {len(known) - len(wrong)} of them as the policy answers.")
    if covered or mutate:
        found = coverage(rulebook, known)
        for line in _uncovered(found) if covered else ():
            click.echo(line)
        for line in _mutated(found) if mutate else ():
            click.echo(line)
    if wrong:
        raise click.exceptions.Exit(1)


def _uncovered(found: Coverage) -> Iterable[str]:
    yield from (f"Untouched: {line}" for line in found.untouched)
    yield from (f"Untouched cell: {', '.join(map(str, cell))}" for cell in found.untouched_cells)
    yield (f"{len(found.lines)} lines, {len(found.untouched)} of them untouched; {len(found.untouched_cells)} cells of the table"
           " untouched.")


def _mutated(found: Coverage) -> Iterable[str]:
    for tried in found.lines:
        failing = ", ".join(str(example.line) for example in tried.missed_by)
        what = f"the examples of line {failing} fail" if failing else f"no example fails. {tried.line.sentence}"
        yield f"{tried.line.file}, line {tried.line.number}: without it {what}"
    yield f"{len(found.lines)} lines, {len(found.unmissed)} of them would not be missed."


@click.command("diff")
@click.argument("before", type=folders.folder)
@click.argument("after", type=folders.folder, required=False)
@with_appcontext
def diff_command(before: Path, after: Path | None) -> None:
    """What the policy in AFTER says and that in BEFORE does not. With one folder, what it says beside the shipped one."""
    one, other = (before, after) if after else (SHIPPED, before)
    (files, rulebook), (files_after, rulebook_after) = folders.built(one), folders.built(other)
    changes = comparing.differences(rulebook.tables, rulebook_after.tables, folders.told(files), folders.told(files_after))
    for change in changes:
        click.echo(str(change))
    click.echo(f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}." if changes else "They say the same.")


@click.command("read")
@click.argument("sentence")
@with_appcontext
def read_command(sentence: str) -> None:
    """The line of the policy's files that SENTENCE makes."""
    try:
        click.echo(_written(read_back(sentence, folders.vocabulary())))
    except PolicyRefused as refused:
        raise click.ClickException("\n".join(f"{fault.problem}. {fault.mend}" for fault in refused.faults)) from refused


def _written(line: Line) -> str:
    if isinstance(line, Narrowing):
        return narrowing_line(line)
    if isinstance(line, Mask):
        return mask_line(line)
    if isinstance(line, Inheritance):
        return inheritance_line(line)
    match line:
        case (MaskWord() as word, Lift() as lift):
            return lift_line(word, lift)
        case _:
            return grant_line(*(grant for grant in line if isinstance(grant, Grant)))


COMMANDS = (examples_command, diff_command, read_command)
