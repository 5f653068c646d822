"""Which indexes PostgreSQL uses under row security: the plans of the statements that the application itself sends, explained as the
audience that sends them."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from app.policy import wall
from app.policy.routes import gate
from app.policy.work import BY_KEYS
from bench.loading import Place, borough_of
from bench.questions import QUESTIONS, ask_through_policy, asked_about


def under_row_security(place: Place) -> Iterator[str]:
    """For each question the indexes and sequential scans of every statement on residents' tables."""
    with psycopg.connect(place.admin_url) as connection:
        council = borough_of(connection)
    person = next(asked_about(place, borough=True, count=1, seed=11))
    for question in QUESTIONS:
        statements = _sent(place, council, question, person)
        used: set[str] = set()
        scanned: set[str] = set()
        for statement, parameters in statements:
            plan = _explained(place, council, statement, None if question.needs & BY_KEYS else parameters)
            used |= set(re.findall(r"(?:Index (?:Only )?Scan using|Bitmap Index Scan on) (\w+)", plan))
            scanned |= set(re.findall(r"Seq Scan on (resident\w*|choice|objection|request\w*|contact\w*)", plan))
        yield f"{question.words}: {len(statements)} statements; indexes {', '.join(sorted(used))}; "\
              f"tables read whole: {', '.join(sorted(scanned)) or 'none'}"


def _sent(place: Place, council: str, question: Any, person: Any) -> list[tuple[str, Any]]:
    statements: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT") and "wall.begin" not in statement:
            statements.append((statement, parameters))

    engine = gate().desk.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        ask_through_policy(place, council, question, person)
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    return statements


def _explained(place: Place, council: str, statement: str, parameters: Any) -> str:
    desk = gate().desk
    with desk.engine.connect() as connection, connection.begin():
        wall.begin(connection, desk.prefix, place.secrets[council], place.contact_refs[council])
        return explained(connection, statement, parameters)


def explained(connection: Connection, statement: str, parameters: Any = None) -> str:
    """The plan for these parameters; without any, the one that serves for all, as who looks for people has it made."""
    if parameters:
        rows: Any = connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters)
    else:
        # What has marks for parameters and no parameters can be explained, and not be prepared.
        rows = connection.connection.cursor().execute(f"EXPLAIN (COSTS OFF, GENERIC_PLAN) {statement}", prepare=False)  # type: ignore[call-arg]
    return "\n".join(row[0] for row in rows)
