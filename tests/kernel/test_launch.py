"""One command starts everything; Ctrl-C, a kill or a death leaves nothing that stands in the way of the next start."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.kernel import config, supervising
from app.kernel.embedded import Cluster
from tests import clusters

# A project with every command the launcher runs, none of which does anything.
WSGI = """
import os, signal
from flask import Flask
from app.kernel.launch import LOGINS, STEPS, WORKER

app = Flask("app")
print("loaded by", os.getpid())

@app.get("/readyz")
def ready():
    return "ready"

def said(words):
    def run():
        print("did", words)
        if os.environ.get("FAILS") == words:
            raise SystemExit(f"{words} had enough")
        if words == WORKER:
            signal.pause()
    return run

for words in [command for _, command, _ in STEPS if command.startswith("flask ")] + [LOGINS, WORKER]:
    _, group, name = words.split()
    if group not in app.cli.commands:
        app.cli.group(group)(lambda: None)
    app.cli.commands[group].command(name)(said(words))
"""
RUNS = """
import sys
from pathlib import Path
from app.kernel import launch

class Small(launch.Launch):
    def __init__(self, settings):
        steps = tuple(step for step in launch.STEPS if step[1].startswith("flask "))
        super().__init__(settings, project=Path(sys.argv[1]), steps=steps)

launch.Launch = Small
raise SystemExit(launch.main())
"""


class Run:
    """A launcher at work, as somebody at a terminal sees it."""

    def __init__(self, project: Path, var: Path, port: int, **variables: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNS, str(project)], cwd=project, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=clusters.environment({"PYTHONPATH": str(config.ROOT), "JC_VAR": str(var), "JC_PORT": str(port), "JC_WORKERS": "1"}
                                     | variables))

    def until(self, words: str) -> list[str]:
        """What it says up to a line with these words; to the end if there is none."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                break
        return lines

    def ends(self) -> tuple[int, str]:
        rest = self.process.stdout.read()
        return self.process.wait(timeout=20), rest

    def started(self, word: str) -> list[psutil.Process]:
        """The processes that run because of it, by a word of their command."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in found if word in " ".join(process.cmdline())]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """What the launches keep: one database is made for all of them, and they find it again."""
    folder = config.ROOT / "var" / f"launch-{os.getpid()}"
    yield folder
    Cluster(folder / "postgresql").remove()
    shutil.rmtree(folder)


@pytest.fixture
def launched(tmp_path, var) -> Iterator[Callable[..., Run]]:
    """Launches the small project, as often as wanted."""
    (tmp_path / "wsgi.py").write_text(WSGI)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runs: list[Run] = []

    def launch(**variables: str) -> Run:
        runs.append(Run(tmp_path, var, port, **variables))
        return runs[-1]

    yield launch
    for run in runs:
        run.close()


def answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asked.request("GET", "/readyz")
        return asked.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        asked.close()


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_every_step_in_order_and_stops_all_of_it_when_told(launched, order):
    run = launched()
    said = run.until("answers at")
    steps = [line.split(" ...")[0] for line in said if " ... done in" in line]
    assert steps[:3] == ["Starting the database", "Preparing the roles and the database",
                         "Bringing the tables up to date"]
    assert steps[-1] == "Starting the server and the worker"
    assert any("did flask demo logins" in line for line in said)
    assert answers(run.port)
    processes = run.started("")
    run.process.send_signal(order)
    code, rest = run.ends()
    assert (code, rest.split()[-1]) == (0, "Stopped.")
    assert not [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not answers(run.port)


def test_a_killed_launcher_and_a_killed_server_do_not_block_the_next_start(launched):
    first = launched()
    first.until("answers at")
    master = next(process for process in first.started("granian") if process.ppid() == first.process.pid)
    first.process.kill()
    master.kill()
    second = launched()
    assert any("answers at" in line for line in second.until("answers at"))
    assert answers(second.port)


def test_a_child_that_dies_is_started_again_and_told_of(launched):
    run = launched()
    run.until("answers at")
    (worker,) = run.started("worker run")
    worker.kill()
    assert "The worker ended (signal SIGKILL)" in run.until("The worker ended")[-1]
    assert answers(run.port)


def test_a_busy_port_is_told_before_anything_is_started(launched):
    run = launched()
    run.close()
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", run.port))
        squatter.listen()
        code, said = launched().ends()
    assert code == 1
    assert f"port {run.port} of 127.0.0.1 cannot be used" in said and "Starting" not in said


def test_a_second_launch_from_the_same_folder_is_refused(launched):
    launched().until("answers at")
    code, said = launched().ends()
    assert code == 1 and "it runs already" in said


def test_a_step_that_fails_ends_the_launch_with_its_words(launched):
    code, said = launched(FAILS="flask partnership load").ends()
    assert code == 1
    assert "this step failed: flask partnership load" in said and "flask partnership load had enough" in said


def test_a_named_database_needs_the_owner_and_an_administrator(launched):
    code, said = launched(DATABASE_URL="postgresql://web@127.0.0.1:1/nowhere").ends()
    assert code == 1 and "JC_OWNER_URL and JC_ADMIN_URL must be too" in said


def test_the_mark_keeps_strangers_out_of_what_is_ended():
    marked, other = (
        subprocess.Popen(["sh", "-c", "echo; exec sleep 60"], env=os.environ | {supervising.MARK: mark},
                         stdout=subprocess.PIPE)
        for mark in ("this one", "another")
    )  # fmt: skip
    try:
        assert marked.stdout.readline() == other.stdout.readline() == b"\n"  # both have their environment now
        assert supervising.end_marked("this one") == 1
        assert not psutil.pid_exists(marked.pid)
        assert other.poll() is None
    finally:
        other.kill()
        for process in (marked, other):
            process.communicate()
