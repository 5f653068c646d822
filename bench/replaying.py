"""What row security costs of a search: the very statements that searches send, sent again as the asker and as the administrator,
whom no policy filters; and the plan of the statement that asks for keys."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, create_engine, event

from app.kernel import config, database
from app.kernel.clock import monotonic
from app.policy import wall
from app.policy.routes import gate
from app.residents.clues import read
from app.residents.finding import search
from bench.loading import Place
from bench.plans import explained
from bench.questions import SEARCHING

Statement = tuple[str, Any]
KEYS = "resident_key"
TIMES = 5


def compare(place: Place, council: str, texts: Sequence[str]) -> dict[str, object]:
    """Turn about, so that both meet the same caches, and each some times, of which the middle one counts: the median and the 95th
    percentile of each, and their ratio."""
    sent = [list(_sent(place, council, text)) for text in texts]
    # The statements come with PostgreSQL's own marks for parameters, as the application writes them.
    admin = create_engine(config.sqlalchemy_url(place.admin_url), paramstyle="numeric_dollar",
                          connect_args={"cursor_factory": RawCursor})
    database.prepare(admin)
    behind, bare = [], []
    try:
        for statements in sent:
            for into, opened in ((behind, _as_asker(place, council)), (bare, _as_admin(admin))):
                with opened as connection:
                    _replay(connection, statements)
                    into.append(statistics.median(_replay(connection, statements) for _ in range(TIMES)))
    finally:
        admin.dispose()
    (p50, p95), (b50, b95) = _percentiles(behind), _percentiles(bare)
    print(f"the statements of {len(sent)} searches sent again: row security on p50 {p50:.2f} p95 {p95:.2f} ms, off p50 {b50:.2f} "
          f"p95 {b95:.2f} ms, p95 on : off {p95 / b95:.2f}; {statistics.mean(map(len, sent)):.1f} statements a search")
    plan = _plan(place, council, next(each for each in sent[0] if KEYS in each[0]))
    print("asking for keys, as the asker:\n" + plan, flush=True)
    return {"on": [p50, p95], "off": [b50, b95], "plan": plan}


def _sent(place: Place, council: str, text: str) -> Iterator[Statement]:
    """The questions of one search, without what it writes."""
    statements: list[Statement] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")) and "wall." not in statement and "set_config" not in statement:
            statements.append((statement, parameters))

    engine = gate().desk.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        with gate().desk.work(place.secrets[council], SEARCHING, contact_ref=place.contact_refs[council]) as work:
            search(work, read(text, work.today))
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    return iter(statements)


@contextmanager
def _as_asker(place: Place, council: str) -> Iterator[Connection]:
    desk = gate().desk
    with desk.engine.connect() as connection, connection.begin():
        wall.begin(connection, desk.prefix, place.secrets[council], place.contact_refs[council])
        yield connection


@contextmanager
def _as_admin(engine: Any) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        yield connection


def _replay(connection: Connection, statements: Sequence[Statement]) -> float:
    connection.exec_driver_sql("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
    began = monotonic()
    for statement, parameters in statements:
        connection.exec_driver_sql(statement, parameters).all()
    return (monotonic() - began) * 1000


def _plan(place: Place, council: str, statement: Statement) -> str:
    with _as_asker(place, council) as connection:
        return "\n".join(line[:200] for line in explained(connection, statement[0]).splitlines())


def _percentiles(spent: Sequence[float]) -> tuple[float, float]:
    return statistics.median(spent), statistics.quantiles(spent, n=20)[18]
