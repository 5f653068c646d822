"""Reads the SQL files that stand beside the revisions and puts the names of this installation's roles into them."""

import re
from pathlib import Path

from alembic import op
from flask import current_app

from app.policy.roles import AUDIENCES

FOLDER = Path(__file__).parent / "sql"
ROLES = (*AUDIENCES, "owner", "web", "definer")


def run(name: str, **words: str) -> None:
    """Run ``sql/<name>.sql`` with ``@role@`` and each ``@word@`` replaced. The words are ours, never a person's.

    It goes to the driver as it is: many statements at once, with no parameters to be mistaken for.
    """
    _execute(_worded(_text(name), words))


def restore(name: str, *functions: str) -> None:
    """Make functions of the schema ``wall`` what ``sql/<name>.sql`` made them, for the way back from a later revision.

    Raises ValueError if the file makes no such function.
    """
    for function in functions:
        made = re.search(rf"^CREATE (?:OR REPLACE )?FUNCTION (wall\.{function}\(.*?^END \$\$;)$",
                         _text(name), re.DOTALL | re.MULTILINE)
        if made is None:
            raise ValueError(f"{name}.sql makes no function {function}")
        _execute(_worded(f"CREATE OR REPLACE FUNCTION {made[1]}", {}))


def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _execute(text: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(text)


def _worded(text: str, words: dict[str, str]) -> str:
    prefix = current_app.config["JC_SETTINGS"].role_prefix
    for word, value in ({role: f'"{prefix}_{role}"' for role in ROLES} | {"prefix": prefix} | words).items():
        text = text.replace(f"@{word}@", value)
    return text
