"""Reads the SQL files that stand beside the revisions and puts the names of this installation's roles into them."""

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
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(_worded((FOLDER / f"{name}.sql").read_text(encoding="utf-8"), words))


def _worded(text: str, words: dict[str, str]) -> str:
    prefix = current_app.config["JC_SETTINGS"].role_prefix
    for word, value in ({role: f'"{prefix}_{role}"' for role in ROLES} | {"prefix": prefix} | words).items():
        text = text.replace(f"@{word}@", value)
    return text
