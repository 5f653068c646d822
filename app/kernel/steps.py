"""Runs the application's commands one after another without loading the application for each.

``Steps`` is for the launcher. Behind it, on Linux, one process loads the application once, and each command runs in a
fork of it: as fresh as a process of its own, and seconds sooner.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from flask.cli import FlaskGroup, ScriptInfo

FLASK = ("-m", "flask", "--app", "wsgi")


@dataclass(slots=True)
class Steps:
    """Where commands run and where their output goes."""

    project: Path
    environment: Mapping[str, str]
    log: Path
    loaded: "subprocess.Popen[str] | None" = None

    def run(self, command: str) -> tuple[int, str]:
        """The exit code of the command, and what it said."""
        program, _, rest = command.partition(" ")
        self.log.touch()
        said_before = self.log.stat().st_size
        code = self._in_fork(rest) if program == "flask" and sys.platform == "linux" else self._alone(words(command))
        with open(self.log, encoding="utf-8", errors="replace") as file:
            file.seek(said_before)
            return code, file.read()

    def stop(self) -> None:
        """End what still runs. Commands are transactions: they may be cut off."""
        if self.loaded is not None:
            _end(self.loaded)
            for pipe in (self.loaded.stdin, self.loaded.stdout):
                if pipe is not None:
                    pipe.close()
            self.loaded = None

    def _alone(self, command: list[str]) -> int:
        with open(self.log, "ab") as output:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                     cwd=self.project, env=dict(self.environment), process_group=0)
        try:
            return child.wait()
        finally:
            _end(child)

    def _in_fork(self, command: str) -> int:
        if self.loaded is None:
            with open(self.log, "ab") as output:
                self.loaded = subprocess.Popen(
                    [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output,
                    text=True, cwd=self.project, env=dict(self.environment), process_group=0,
                )  # fmt: skip
        asked, answered = self.loaded.stdin, self.loaded.stdout
        assert asked is not None and answered is not None
        try:
            asked.write(command + "\n")
            asked.flush()
            answer = answered.readline()
        except BrokenPipeError:
            answer = ""
        return int(answer) if answer else 1  # it ended before it answered: the application did not load


def words(command: str) -> list[str]:
    """The command with our own Python: no program of the same name elsewhere on the PATH is taken."""
    program, *rest = command.split()
    return [sys.executable, *(FLASK if program == "flask" else ()), *rest]


def _end(child: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(timeout=5)


def main() -> None:
    """Reads commands, a line each, and answers with their exit codes; their output goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    application = ScriptInfo(app_import_path="wsgi")
    application.load_app()
    commands = FlaskGroup()
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            _as_a_process(commands, line.split(), application)
        _, status = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def _as_a_process(commands: FlaskGroup, arguments: list[str], application: ScriptInfo) -> NoReturn:
    """Run one command and end as a process would, without what the parent meant to do at its own end."""
    code = 1
    try:
        commands.main(args=arguments, prog_name="flask", obj=application)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
