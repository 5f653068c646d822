"""Checks that read the code: each takes sources by path and says what is wrong where. They know Python's grammar, not its text,
so that a word in a docstring is no offence."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Sources = Mapping[str, str]
Check = Callable[[Sources], list[str]]


def sources(folder: str = "app", pattern: str = "*.py") -> dict[str, str]:
    """Every file of a folder by its path from the root."""
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob(pattern))
            if "built" not in path.parts and "__pycache__" not in path.parts}


def _calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """Each call as (what it is called on, the last name, the node)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            on, name = "", ""
            if isinstance(node.func, ast.Attribute):
                on, name = ast.unparse(node.func.value), node.func.attr
            elif isinstance(node.func, ast.Name):
                name = node.func.id
            yield on, name, node


def _offences(given: Sources, allowed: Iterable[str], find: Callable[[ast.AST], Iterator[int]]) -> list[str]:
    allowed = tuple(allowed)
    return [f"{path}:{line}" for path, text in given.items() if not path.startswith(allowed)
            for line in find(ast.parse(text))]


# Where SQL may be spelled, past the guard or beside it. Every other module reads through a Work's session.
SQL = ("app/policy/wall.py", "app/policy/roles.py", "app/policy/guard.py", "app/journal/showing.py", "app/places/imports.py",
       "app/places/staging.py", "app/kernel/", "app/shell/health.py")


def plain_sql(given: Sources) -> list[str]:
    """`text(...)` of SQLAlchemy, driver SQL and the connection of a session, outside the modules that may."""
    def find(tree: ast.AST) -> Iterator[int]:
        made = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                and node.module and node.module.startswith("sqlalchemy") for alias in node.names if alias.name == "text"}
        for on, name, node in _calls(tree):
            # A condition of an index or a default is part of a table, and is compared with the database by a test.
            if name in made and not on and not _in_a_table(tree, node):
                yield node.lineno
            if name in ("exec_driver_sql", "connection", "from_statement") and on and not on.startswith("psycopg"):
                yield node.lineno
    return _offences(given, SQL, find)


def _in_a_table(tree: ast.AST, call: ast.Call) -> bool:
    return any(isinstance(node, ast.keyword) and node.arg in ("postgresql_where", "server_default") and node.value is call
               for node in ast.walk(tree))


def core_tables(given: Sources) -> list[str]:
    """`__table__` and `local_table` outside the scopes and the criteria: a Core select is not filtered by the guard."""
    def find(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("__table__", "local_table"):
                yield node.lineno
    allowed = ("app/policy/criteria.py", *(path for path in given if path.endswith("/scopes.py")), "app/organisations/",
               "app/services/", "app/places/")
    return _offences(given, allowed, find)


def commits(given: Sources) -> list[str]:
    """`commit()` outside the unit of work and the commands that load public facts."""
    def find(tree: ast.AST) -> Iterator[int]:
        yield from (node.lineno for _, name, node in _calls(tree) if name == "commit")
    return _offences(given, ("app/policy/work.py", *(path for path in given if path.endswith("/commands.py"))), find)


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
          ("time", "time_ns"), ("time", "localtime"), ("time", "monotonic")}


def clocks(given: Sources) -> list[str]:
    """A process's clock outside kernel/clock.py; ids.py is the one other, for the time in a key."""
    def find(tree: ast.AST) -> Iterator[int]:
        yield from (node.lineno for on, name, node in _calls(tree) if (on.rpartition(".")[2], name) in CLOCKS)
    return _offences(given, ("app/kernel/clock.py", "app/kernel/ids.py"), find)


CONNECTING = {"socket", "requests", "httpx", "urllib3", "urllib.request", "http.client", "smtplib", "ftplib", "aiohttp"}


def connections(given: Sources) -> list[str]:
    """A module that can open a connection to elsewhere, outside sync/ and the launcher."""
    def find(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            if CONNECTING & set(names):
                yield node.lineno  # type: ignore[attr-defined]
    return _offences(given, ("app/sync/", "app/kernel/embedded.py", "app/kernel/launch.py", "app/kernel/supervision.py",
                             "app/kernel/children.py"), find)


def unescaped(given: Sources) -> list[str]:
    """`|safe` in a template and `Markup(` in code: what people typed is always text."""
    found = []
    for path, text in given.items():
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"\|\s*safe\b", line) if path.endswith(".html") else re.search(r"\bMarkup\(", line):
                found.append(f"{path}:{number}")
    return found


def evaluated(given: Sources) -> list[str]:
    """`eval` and `exec`, anywhere."""
    def find(tree: ast.AST) -> Iterator[int]:
        yield from (node.lineno for on, name, node in _calls(tree) if not on and name in ("eval", "exec"))
    return _offences(given, (), find)


def swallowed(given: Sources) -> list[str]:
    """An exception that is caught and left without a word: a handler with nothing but `pass` or `...`."""
    def find(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and all(
                    isinstance(held, ast.Pass) or isinstance(held, ast.Expr) and isinstance(held.value, ast.Constant)
                    for held in node.body):
                yield node.lineno
    return _offences(given, (), find)


def settings_of_a_session(given: Sources) -> list[str]:
    """`SET` that outlives a transaction: it leaks to whoever gets the connection next."""
    return [f"{path}:{number}" for path, text in given.items() for number, line in enumerate(text.splitlines(), 1)
            if re.search(r"""(^|["'])\s*SET\s+(SESSION\s+|ROLE\s|jc\.)|set_config\([^)]*,\s*false\s*\)""", line)]


def undocumented(given: Sources) -> list[str]:
    """A module without a first sentence about itself."""
    return [path for path, text in given.items() if not ast.get_docstring(ast.parse(text))]


UNTOLD = ("utils", "helpers", "common", "manager", "service")


def vague_names(given: Sources) -> list[str]:
    """A module named for nothing in particular."""
    return [path for path in given if Path(path).stem in UNTOLD]


def names_of(words: Iterable[str]) -> Check:
    """A check for words that belong to a partnership's data and to no code."""
    wanted = re.compile("|".join(re.escape(word) for word in sorted(words)), re.IGNORECASE)

    def check(given: Sources) -> list[str]:
        return [f"{path}:{number}" for path, text in given.items() for number, line in enumerate(text.splitlines(), 1)
                if wanted.search(line)]

    return check
