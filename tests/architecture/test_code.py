"""The rules of the house as checks that read the code, each first shown to fail on a bad example."""

import csv
import tomllib

import pytest
from importlinter.cli import lint_imports

from tests.architecture import code
from tests.architecture.code import ROOT, Check, sources

BAD: list[tuple[Check, str, str]] = [
    (code.plain_sql, "app/residents/queries.py", "from sqlalchemy import text\ndef f(w):\n    w.execute(text('SELECT 1'))\n"),
    (code.plain_sql, "app/residents/queries.py", "def f(work):\n    work.session.connection().execute(1)\n"),
    (code.plain_sql, "app/residents/queries.py", "def f(s, q):\n    s.scalars(select(X).from_statement(q))\n"),
    (code.core_tables, "app/residents/views.py", "from m import R\nx = R.__table__.select()\n"),
    (code.commits, "app/residents/operations.py", "def f(work):\n    work.session.commit()\n"),
    (code.clocks, "app/residents/operations.py", "import datetime\nx = datetime.datetime.now()\n"),
    (code.clocks, "app/residents/operations.py", "from datetime import date\nx = date.today()\n"),
    (code.connections, "app/residents/operations.py", "import requests\n"),
    (code.connections, "app/residents/operations.py", "from urllib.request import urlopen\n"),
    (code.unescaped, "app/x/templates/x/a.html", "<p>{{ note | safe }}</p>"),
    (code.unescaped, "app/x/views.py", "x = Markup('<p>')"),
    (code.evaluated, "app/policy/rulebook.py", "x = eval('1')\n"),
    (code.swallowed, "app/x/views.py", "try:\n    f()\nexcept ValueError:\n    pass\n"),
    (code.settings_of_a_session, "app/x.py", "c.execute('SET ROLE x')"),
    (code.settings_of_a_session, "app/x.py", "set_config('role', 'x', false)"),
    (code.undocumented, "app/x.py", "x = 1\n"),
    (code.vague_names, "app/residents/utils.py", ""),
]
CHECKS = [check for check, path, _ in BAD]


@pytest.mark.parametrize(("check", "path", "text"), BAD, ids=[f"{c.__name__}-{n}" for n, (c, _, _) in enumerate(BAD)])
def test_a_check_finds_its_bad_example(check: Check, path: str, text: str) -> None:
    assert check({path: text}) != []


@pytest.mark.parametrize("check", dict.fromkeys(CHECKS), ids=lambda check: check.__name__)
def test_the_code_keeps_the_rule(check: Check) -> None:
    given = sources() | (sources(pattern="*.html") if check is code.unescaped else {})
    assert check(given) == []


def _words_of_the_partnership() -> set[str]:
    folder = ROOT / "tenants" / "somerset"
    words = {tomllib.loads(path.read_text())[key] for path in (folder / "organisations").glob("*.toml")
             for key in ("slug", "name")}
    with open(folder / "areas.csv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return words | {row["gss"] for row in rows}


def test_no_council_is_named_in_the_code() -> None:
    check = code.names_of(_words_of_the_partnership())
    assert check({"app/x.py": "HOME = 'Taunton-Deane'"}) != []
    for folder, pattern in (("app", "*.py"), ("app", "*.html"), ("policies", "*.csv"), ("migrations", "*.py"),
                            ("migrations", "*.sql")):
        # The folder of the partnership is a setting, and no name of a council in code.
        assert check(sources(folder, pattern)) == []


def test_an_import_only_points_down_the_ladder() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_ladder_finds_an_import_that_points_up(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name, text in {"ladderdemo/__init__.py": "", "ladderdemo/low.py": "import ladderdemo.high\n",
                       "ladderdemo/high.py": ""}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "rules.toml").write_text(
        '[tool.importlinter]\nroot_package = "ladderdemo"\n[[tool.importlinter.contracts]]\nname = "ladder"\n'
        'type = "layers"\nlayers = ["ladderdemo.high", "ladderdemo.low"]\n')
    monkeypatch.syspath_prepend(str(folder))
    assert lint_imports(config_filename=str(folder / "rules.toml"), no_cache=True) == 1
