"""``flask policy``: read the policy's files strictly, print them as a table, and ask them why. No database is needed.

Publishing versions and comparing them on real rows are for the pages of the policy.
"""

from enum import StrEnum
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.kernel.commands import PlainGroup, as_owner
from app.policy import matrix as tables
from app.policy import publishing, roles
from app.policy.actions import Action
from app.policy.examples import run
from app.policy.explain import Explanation, Hat, Question, explain
from app.policy.folders import VOCABULARY, built, folder, refusal, told
from app.policy.groups import Group
from app.policy.models import PolicyVersion
from app.policy.publishing import SHIPPED
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.rulebook import Rulebook
from app.policy.sentences import by_line, grant_sentence, inheritance_sentence, mask_sentence, narrowing_sentence
from app.policy.sheets import PolicyRefused
from app.policy.word_commands import COMMANDS, warned
from app.policy.words import MaskWord, Of, Role, ScopeWord

__all__ = ["SHIPPED", "VOCABULARY", "commands", "database"]

commands = PlainGroup("policy", help="Read, print, question and publish the policy.")
database = PlainGroup("database", help="What an administrator of the database does once.")
for _command in COMMANDS:
    commands.add_command(_command)


def _one_of(words: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([str(word) for word in words])


@commands.command()
@click.argument("path", type=folder, default=SHIPPED)
@click.option("--sentences", is_flag=True, help="Print every line as a sentence.")
def check(path: Path, sentences: bool) -> None:
    """Read the policy in PATH strictly and compare it with the table that people expect of it."""
    files, rulebook = built(path)
    try:
        wanted = tables.expected(files.matrix)
    except PolicyRefused as refused:
        raise click.ClickException(refusal(refused)) from refused
    hat = min(rulebook.vocabulary.organisations)
    found = tables.differences(wanted, tables.said_by(rulebook, hat))
    if found:
        raise click.ClickException("\n".join(["The policy and its expected table differ.", *found]))
    known = told(files)
    wrong = [str(outcome) for outcome in run(rulebook, known) if not outcome.right]
    if wrong:
        raise click.ClickException("\n".join(["The policy does not answer what its examples expect.", *wrong]))
    for line in warned(rulebook):
        click.echo(line)
    if sentences:
        for line in _sentences(rulebook):
            click.echo(line)
    lines = len(by_line(rulebook.grants()))
    click.echo(f"{lines} lines of grants ({len(rulebook.grants())} rules), {len(rulebook.masks())} masks and"
               f" {len(rulebook.tables.narrowings)} narrowings are right,"
               f" and give what {tables.MATRIX} expects in {len(wanted)} cells and {len(known)} examples.")
    click.echo(f"Fingerprint {rulebook.fingerprint}")


def _sentences(rulebook: Rulebook) -> list[str]:
    return [*(grant_sentence(*line) for line in by_line(rulebook.grants())),
            *(inheritance_sentence(pair) for pair in rulebook.tables.inheritances),
            *(mask_sentence(mask) for mask in rulebook.masks()),
            *(narrowing_sentence(narrowing) for narrowing in rulebook.tables.narrowings)]


@commands.command()
@click.option("--purpose", type=_one_of(Purpose), help="Only this purpose.")
@click.option("--organisation", help="For hats of this organisation.")
@click.option("--unit", help="For hats that carry this unit.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.option("--path", type=folder, default=SHIPPED, help="The policy's folder.")
def matrix(purpose: str | None, organisation: str | None, unit: str | None, as_csv: bool, path: Path) -> None:
    """Print who has what: groups down, roles and scopes across, a table for each purpose."""
    _, rulebook = built(path)
    purposes = [Purpose(purpose)] if purpose else list(Purpose)
    said = tables.said_by(rulebook, _hat_of(rulebook, organisation, unit), unit, purposes)
    write = tables.as_csv if as_csv else tables.as_text
    click.echo("\n\n".join(write(tables.draw(said, each)).rstrip() for each in purposes))


def _hat_of(rulebook: Rulebook, organisation: str | None, unit: str | None) -> str:
    """The organisation asked for, or any; one that is not loaded is refused, for it would be allowed nothing."""
    known = rulebook.vocabulary
    chosen = organisation or min(known.organisations)
    if chosen not in known.organisations:
        raise click.BadParameter(f"{chosen!r} is not loaded; use one of {', '.join(sorted(known.organisations))}.",
                                 param_hint="--organisation")
    if unit is not None and unit not in known.units_of(chosen):
        raise click.BadParameter(f"{chosen} has no unit {unit!r}.", param_hint="--unit")
    return chosen


@commands.command("explain")
@click.option("--organisation", help="The hat's organisation.")
@click.option("--unit", help="The hat's unit.")
@click.option("--role", type=_one_of(Role), required=True)
@click.option("--purpose", type=_one_of(Purpose), required=True)
@click.option("--action", type=_one_of(Action), required=True)
@click.option("--group", type=_one_of(Group), required=True)
@click.option("--scope", "scopes", type=_one_of(ScopeWord), multiple=True, help="Holds for the row; may be repeated.")
@click.option("--mask", "masks", type=_one_of(MaskWord), multiple=True, help="Bites on the row; may be repeated.")
@click.option("--home", help="The council whose resident it is: what it withholds of its own residents counts.")
@click.option("--path", type=folder, default=SHIPPED, help="The policy's folder.")
def explain_command(organisation: str | None, unit: str | None, role: str, purpose: str, action: str, group: str,
                    scopes: tuple[str, ...], masks: tuple[str, ...], home: str | None, path: Path) -> None:
    """May this hat do this, why, and what would change it?"""
    _, rulebook = built(path)
    hat = Hat(Role(role), _hat_of(rulebook, organisation, unit), unit)
    click.echo(_written(explain(rulebook, Question(
        hat, Action(action), Group(group), Purpose(purpose), frozenset(map(ScopeWord, scopes)),
        frozenset({*map(MaskWord, masks), *([Of(home)] if home else [])})))))


def _written(explanation: Explanation) -> str:
    lines = [str(explanation.outcome), "", "Because:", *(f"  {line}" for line in explanation.because)]
    if explanation.would_change:
        lines += ["", "What would change this:", *(f"  {line}" for line in explanation.would_change)]
    return "\n".join(lines)


@commands.command("import")
@click.argument("path", type=folder, default=SHIPPED)
@click.option("--reason", help="Why. Needed to replace a policy that is live.")
def import_command(path: Path, reason: str | None) -> None:
    """Publish the policy in PATH. Without --reason only as the first version of a database that has none.

    Whoever may use the owner's address of the database passes by drafts and approvals: this is for the first day, and for
    the day on which nobody is left who could approve.
    """
    files, rulebook = built(path)
    with as_owner() as session:
        now = publishing.live(session)
        if now is not None and now.fingerprint == rulebook.fingerprint:
            click.echo(f"Policy version {now.number} is live and says the same: nothing was changed.")
        elif now is not None and reason is None:
            click.echo(f"Policy version {now.number} is live and stays: the policy lives in the database. A change is drafted, "
                       "tried and approved on its pages; to publish this folder past them say why with --reason.")
        else:
            made = publishing.publish(session, gate().desk.shelf, files.content, reason or "the first policy")
            click.echo(f"Policy version {made.number} is live.")


@commands.command()
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--number", type=int, help="Of this version; of the live one if it is not said.")
def export(path: Path, number: int | None) -> None:
    """Write a published policy into the folder PATH, as the files that `import` reads."""
    with as_owner() as session:
        version = _version(session, number)
        path.mkdir(parents=True, exist_ok=True)
        for name, text in version.content.items():
            (path / name).write_text(text, encoding="utf-8")
    click.echo(f"Policy version {version.number} is written to {path}.")


def _version(session: Session, number: int | None) -> PolicyVersion:
    found = publishing.live(session) if number is None else session.get(PolicyVersion, number)
    if found is None:
        raise click.ClickException("No policy is live." if number is None else f"There is no policy version {number}.")
    session.expunge(found)
    return found


@database.command()
def prepare() -> None:
    """Make the roles, the database and its extensions, with the administrator's address. Doing it twice changes nothing."""
    settings = current_app.config["JC_SETTINGS"]
    roles.prepare(settings.admin_url, settings.database_url, settings.owner_url, settings.role_prefix)
    click.echo("The roles and the database are ready.")
