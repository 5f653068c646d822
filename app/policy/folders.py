"""A policy's folder on the command line: read, built and told of, in the words of the partnership that is loaded."""

from pathlib import Path

import click
from flask import current_app

from app.policy import examples
from app.policy.examples import Example
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles, Vocabulary
from app.policy.sheets import PolicyRefused

# Where `create_app` leaves the loaded partnership's words for these commands.
VOCABULARY = "policy.vocabulary"
# A hat's organisation where no partnership is loaded: only what is granted to every organisation reaches it.
EXAMPLE = "example"
folder = click.Path(exists=True, file_okay=False, path_type=Path)


def vocabulary() -> Vocabulary:
    """The words of the partnership, or of none."""
    loaded = current_app.extensions.get(VOCABULARY)
    return loaded if isinstance(loaded, Vocabulary) and loaded.organisations else Vocabulary.of({EXAMPLE})


def built(path: Path) -> tuple[PolicyFiles, Rulebook]:
    """The rulebook of a folder; a policy that is refused ends the command with every fault."""
    words = vocabulary()
    try:
        files = PolicyFiles.read(path)
        return files, Rulebook.build(files, words.organisations, words.units, words.kinds)
    except PolicyRefused as refused:
        raise click.ClickException(refusal(refused)) from refused
    except (OSError, UnicodeDecodeError) as unreadable:
        raise click.ClickException(f"{path}: {unreadable}") from unreadable


def told(files: PolicyFiles) -> tuple[Example, ...]:
    """The examples beside a policy; those that cannot be read end the command with every fault."""
    try:
        return examples.read(files.examples, vocabulary())
    except PolicyRefused as refused:
        raise click.ClickException(refusal(refused)) from refused


def refusal(refused: PolicyRefused) -> str:
    """Everything that is wrong."""
    return "\n".join(["The policy is refused.", *(str(fault) for fault in refused.faults)])
