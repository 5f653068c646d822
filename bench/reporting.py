"""What every benchmark says beside its figures: on which machine; and where it keeps them."""

import json
import os
import platform
from pathlib import Path

from app.kernel import config
from app.kernel.clock import monotonic


def machine() -> str:
    """The machine in words, and how long it takes for ten million additions: in another hour it may be half as fast."""
    kibibytes = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    memory = round(int(kibibytes.split()[1]) / 2**20)
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}, {_yardstick():.2f} s"


def _yardstick() -> float:
    """The least of three, in seconds."""
    def once() -> float:
        began, total = monotonic(), 0
        for each in range(10_000_000):
            total += each
        return monotonic() - began

    return min(once() for _ in range(3))


def keep(name: str, figures: object) -> None:
    """Keep the figures of a run as bench/results/NAME.json."""
    folder = config.ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
