"""Child processes that are kept running: started in groups of their own, started again when they die, stopped in order.

What they are is for ``app.kernel.launch``. A child dies with its parent, however the parent dies, and what survives
all the same is recognised by the mark in its environment.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from app.kernel.clock import monotonic

MARK = "JOINT_CONTACT_LAUNCH"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A child that ran this long had started well; its next death is waited for as briefly as its first.
WELL_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One program that should always run. ``deaths`` counts those since it last ran well."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    directory: Path
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    again_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.directory,
                env=dict(self.environment), process_group=0, preexec_fn=_die_with_parent,
            )  # fmt: skip
        self.began = monotonic()

    def watch(self, say: Callable[[str], None]) -> None:
        """Notice a death, wait longer after each, start again."""
        if self.process is not None and self.process.poll() is not None:
            self.deaths = 1 if monotonic() - self.began > WELL_SECONDS else self.deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            say(f"The {self.name} ended ({_ending(self.process.returncode)}); it is started again in {pause:.0f} s. "
                f"Its last words are in {self.log}")
            self.signal(signal.SIGKILL)
            self.process, self.again_at = None, monotonic() + pause
        if self.process is None and monotonic() >= self.again_at:
            self.start()

    def signal(self, number: int) -> None:
        """To the child and all it started: its group outlives it."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return  # nobody of the group is left (macOS says it the second way)

    def gone(self) -> bool:
        if self.process is None:
            return True
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return True
        return self.process.returncode is not None and not _living(self.process.pid)


@dataclass(slots=True)
class Supervision:
    """The children of one launch, in the order in which they start; they stop in the opposite one."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        child.log.unlink(missing_ok=True)
        self.children.append(child)
        child.start()

    def watch(self) -> None:
        for child in self.children:
            child.watch(self.say)

    def stop(self, seconds: float) -> None:
        """Ask all to end, the last started first; end what does not within the seconds."""
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        until = monotonic() + seconds
        while monotonic() < until and not all(child.gone() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait(timeout=5)
        self.children.clear()


def end_marked(mark: str) -> int:
    """Kill what an earlier launch left running and say how many that were. The mark keeps strangers out of it."""
    left = [process for process in psutil.process_iter() if process.pid != os.getpid() and _mark_of(process) == mark]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=5)
    return len(left)


def _mark_of(process: psutil.Process) -> str | None:
    try:
        found: str | None = process.environ().get(MARK)
    except psutil.Error:
        return None
    return found


def _living(group: int) -> bool:
    """Whether anybody of the group is more than a zombie."""
    for process in psutil.process_iter(["pid", "status"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                return True
        except ProcessLookupError:
            continue
    return False


def _die_with_parent() -> None:
    """Runs in the child before its program does. Elsewhere than on Linux the next launch clears up instead."""
    if sys.platform == "linux" and _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
